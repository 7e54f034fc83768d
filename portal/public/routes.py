"""Routes for anybody."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import PUBLIC
from portal.domain.people import Realm
from portal.logs import log
from portal.public.pages import AccessibilityPage, FrontPage, HelpPage, PrivacyPage
from portal.store.unit import StoreError
from portal.web import cookies
from portal.web.errors import NoError
from portal.web.pages import render
from portal.web.visit import Visit

public = Blueprint("public", __name__)

YEAR_SECONDS = 31_536_000


@public.get("/", access=PUBLIC)
def front(visit: Visit) -> Response:
    """The first page."""
    return render(
        FrontPage(
            sign_in_url=url_for("account.sign_in"),
            way_in_url=url_for("way_in.start"),
            staff_sign_in_url=url_for("account.staff_sign_in"),
            ask_for_help_url=url_for("family_help.start"),
            signed_in=visit.maybe_session is not None,
        )
    )


@public.get("/help", access=PUBLIC)
def help_now(visit: Visit) -> Response:  # noqa: ARG001 the gate gives every handler its visit
    """Whom to call."""
    return render(HelpPage(ask_for_help_url=url_for("family_help.start")))


@public.get("/privacy", access=PUBLIC)
def privacy(visit: Visit) -> Response:  # noqa: ARG001 as above
    """What is kept about you."""
    return render(PrivacyPage())


@public.get("/accessibility", access=PUBLIC)
def accessibility(visit: Visit) -> Response:  # noqa: ARG001 as above
    """How accessible this is."""
    return render(AccessibilityPage())


@public.get("/leave", access=PUBLIC)
def leave(visit: Visit) -> AnyResponse:
    """End the sessions of this browser first, then go to a neutral site (rules.md, safety 3).

    Does nothing to a session when another site sent the browser here.
    """
    response = redirect(visit.service.leave_to, 303)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return response
    for realm in Realm:
        token = cookies.read_session(request, realm)
        if token is None:
            continue
        try:
            _end(visit, realm, token)
        except StoreError as error:  # nothing stands in the way out; without its cookie nobody here gets in again
            log("leave.not_ended", level=logging.ERROR, error=error, service=visit.service.id)
        cookies.clear_session(response, realm)
    cookies.clear_browser_secret(response)  # nobody goes on with what was begun here: a sign-in, a child's code
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _end(visit: Visit, realm: Realm, token: str) -> None:
    session = visit.parts.sessions.read(visit.service.id, realm, token)
    if session is not None:  # one that ran out could still keep a draft, and ends here, too
        visit.end_session("left", session)


@public.get("/health", access=PUBLIC)
def health(visit: Visit) -> Response:
    """Does this process answer, database included?"""
    with visit.parts.store.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    return Response("ok\n", mimetype="text/plain")


@public.get("/static/<name>", access=PUBLIC)
def static(visit: Visit) -> Response:
    """A style sheet, script or icon under a name that changes with its content."""
    asset = visit.parts.assets.find(visit.arguments["name"])
    if asset is None:
        raise NoError
    response = Response(asset.content, mimetype=asset.media_type)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response
