"""Routes of passkeys: made with a worker's code, used to come in. Nothing but the device's own word is asked for."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import PUBLIC
from portal.account.passkey import operations
from portal.account.passkey.pages import MakePasskeyPage, PasskeyPage
from portal.domain.people import Realm
from portal.identity.enrolment import Entered
from portal.identity.invitations import InvitationRefusedError
from portal.identity.passkey_answers import PasskeyError
from portal.texts import NP_
from portal.web import cookies
from portal.web.forms import FieldError
from portal.web.pages import asset_url, render
from portal.web.visit import Visit

account_passkey = Blueprint("account_passkey", __name__)

HOME = "family_home.home"
CODE = "way_in.start"
STOPPED = NP_("child", "That did not work. Press once more. If it still does not work, use your words, or call us.")
"""The same whatever was wrong. A child with a passkey may have no words, and calls."""
NOT_MADE = NP_("child", "That did not work. Press once more, or take four words instead.")


@account_passkey.get("/way-in/passkey", access=PUBLIC)
def sign_in(visit: Visit) -> AnyResponse:
    """One button: the phone asks for a finger, a face or its own code."""
    if visit.maybe_session is not None:
        return visit.redirect(HOME)
    return render(_page())


@account_passkey.post("/way-in/passkey/ask", access=PUBLIC)
def ask(visit: Visit) -> Response:
    """What the script asks the device with."""
    secret = operations.browser_secret()
    return _asked(operations.ask(visit, secret), secret)


@account_passkey.post("/way-in/passkey", access=PUBLIC)
def answer(visit: Visit) -> AnyResponse:
    """What the device answered."""
    try:
        return _enter(operations.sign_in(visit, visit.form.get("answer", "")))
    except PasskeyError as error:
        operations.refused(visit, error)
        return render(_page((FieldError("passkey", STOPPED),)), 422)


@account_passkey.get("/way-in/passkey/new", access=PUBLIC)
def make(visit: Visit) -> AnyResponse:
    """Whether one's own phone should open it, in the browser in which a worker's code was typed."""
    try:
        operations.begun(visit)
    except InvitationRefusedError:
        return visit.redirect(CODE)
    return render(_make_page())


@account_passkey.post("/way-in/passkey/new/ask", access=PUBLIC)
def ask_new(visit: Visit) -> Response:
    """What the script asks the device with to make a passkey; nothing for a browser without an invitation."""
    secret = operations.browser_secret()
    try:
        return _asked(operations.ask_new(visit, secret), secret)
    except InvitationRefusedError:
        return Response(status=403)


@account_passkey.post("/way-in/passkey/new", access=PUBLIC)
def made(visit: Visit) -> AnyResponse:
    """What the device has made."""
    try:
        return _enter(operations.enrol(visit, visit.form.get("answer", "")))
    except InvitationRefusedError:
        return visit.redirect(CODE)
    except PasskeyError as error:
        operations.refused(visit, error)
        return render(_make_page((FieldError("passkey", NOT_MADE),)), 422)


def _enter(entered: Entered) -> AnyResponse:
    response = redirect(url_for(HOME), 303)
    cookies.write_session(response, Realm.FAMILY, entered.token)
    cookies.clear_browser_secret(response)
    return response


def _asked(options: str, browser_secret: str) -> Response:
    response = make_response(options)
    response.mimetype = "application/json"
    cookies.write_browser_secret(response, browser_secret)
    return response


def _page(errors: tuple[FieldError, ...] = ()) -> PasskeyPage:
    return PasskeyPage(
        post_url=url_for("account_passkey.answer"),
        ask_url=url_for("account_passkey.ask"),
        words_url=url_for("way_in.words"),
        script_url=asset_url("passkey.js"),
        stopped=STOPPED,
        errors=errors,
    )


def _make_page(errors: tuple[FieldError, ...] = ()) -> MakePasskeyPage:
    return MakePasskeyPage(
        post_url=url_for("account_passkey.made"),
        ask_url=url_for("account_passkey.ask_new"),
        words_url=url_for("way_in.other_words"),
        script_url=asset_url("passkey.js"),
        stopped=NOT_MADE,
        errors=errors,
    )
