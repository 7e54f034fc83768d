"""Routes of signing in and out, once for each realm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import PUBLIC, USE_ACCOUNT, USE_STAFF_ACCOUNT
from portal.account import operations
from portal.account.pages import Refusal, RefusedPage, SignedOutPage, SignInPage
from portal.domain.people import Realm
from portal.identity.errors import SignInError
from portal.identity.logout import Ended
from portal.identity.next_url import safe_next
from portal.identity.sign_in import Begun
from portal.web import cookies
from portal.web.pages import render
from portal.web.visit import Visit

account = Blueprint("account", __name__)

HOME = {Realm.FAMILY: "family_home.home", Realm.STAFF: "staff_inbox.inbox"}
START = {Realm.FAMILY: "account.start", Realm.STAFF: "account.staff_start"}
SIGN_IN = {Realm.FAMILY: "account.sign_in", Realm.STAFF: "account.staff_sign_in"}
REFUSALS = {
    "cancelled": Refusal.CANCELLED,
    "provider_unavailable": Refusal.DOWN,
    "clock_skew": Refusal.DOWN,
    "relogin": Refusal.TOO_OLD,
    "state": Refusal.TOO_OLD,
    "state_expired": Refusal.TOO_OLD,
    "assurance_too_low": Refusal.NOT_SURE_ENOUGH,
    "person_missing": Refusal.NO_NUMBER,
    "another_person": Refusal.ANOTHER_PERSON,
}


@account.get("/sign-in", access=PUBLIC)
def sign_in(visit: Visit) -> AnyResponse:
    """One button that leads to the national ID."""
    return _ask(visit, Realm.FAMILY)


@account.get("/staff/sign-in", access=PUBLIC)
def staff_sign_in(visit: Visit) -> AnyResponse:
    """One button that leads to the staff's own provider."""
    return _ask(visit, Realm.STAFF)


@account.post("/sign-in", access=PUBLIC)
def start(visit: Visit) -> AnyResponse:
    """Begin at the national ID. A post, so that no link can begin it for somebody."""
    return _start(visit, Realm.FAMILY)


@account.post("/staff/sign-in", access=PUBLIC)
def staff_start(visit: Visit) -> AnyResponse:
    """Begin at the staff's provider."""
    return _start(visit, Realm.STAFF)


@account.get("/sign-in/callback", access=PUBLIC)
def callback(visit: Visit) -> AnyResponse:
    """The national ID's answer."""
    return _finish(visit, Realm.FAMILY)


@account.get("/staff/sign-in/callback", access=PUBLIC)
def staff_callback(visit: Visit) -> AnyResponse:
    """The staff provider's answer."""
    return _finish(visit, Realm.STAFF)


@account.post("/step-up", access=USE_ACCOUNT)
def step_up(visit: Visit) -> AnyResponse:
    """Prove anew at the national ID who one is, and go back to what was to be opened."""
    return _step_up(visit, Realm.FAMILY)


@account.post("/staff/step-up", access=USE_STAFF_ACCOUNT)
def staff_step_up(visit: Visit) -> AnyResponse:
    """Prove anew at the staff's provider who one is."""
    return _step_up(visit, Realm.STAFF)


@account.post("/sign-out", access=USE_ACCOUNT)
def sign_out(visit: Visit) -> AnyResponse:
    """End the session here, then at the national ID."""
    return _sign_out(visit, Realm.FAMILY)


@account.post("/staff/sign-out", access=USE_STAFF_ACCOUNT)
def staff_sign_out(visit: Visit) -> AnyResponse:
    """End the session here, then at the staff's provider."""
    return _sign_out(visit, Realm.STAFF)


@account.get("/signed-out", access=PUBLIC)
def signed_out(visit: Visit) -> AnyResponse:
    """Signed out; the provider may send people here, or never."""
    return _signed_out(visit, Realm.FAMILY)


@account.get("/staff/signed-out", access=PUBLIC)
def staff_signed_out(visit: Visit) -> AnyResponse:
    """Signed out of the staff side."""
    return _signed_out(visit, Realm.STAFF)


def leave_to(ended: Ended, realm: Realm) -> AnyResponse:
    """On to the provider, which ends its own session; this browser has forgotten ours."""
    response = redirect(ended.url, 303)
    cookies.clear_session(response, realm)
    cookies.clear_browser_secret(response)  # what was begun in this browser ends, too
    if ended.state is not None:
        cookies.write_out(response, ended.state)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _ask(visit: Visit, realm: Realm) -> AnyResponse:
    session = visit.maybe_session
    if session is not None and session.realm is realm and session.core_asked:
        return visit.redirect(HOME[realm])
    names = visit.service.sign_in[realm.value]["name"]
    assert isinstance(names, dict)  # noqa: S101 checked when the profile was read
    return render(
        SignInPage(
            provider_name=str(names.get(visit.language) or next(iter(names.values()))),
            start_url=url_for(START[realm]),
            next_url=safe_next(visit.query("next"), url_for(HOME[realm])),
            staff=realm is Realm.STAFF,
            shared_minutes=visit.service.sessions.family_shared_idle // timedelta(minutes=1),
        )
    )


def _start(visit: Visit, realm: Realm) -> AnyResponse:
    wanted = safe_next(visit.form.get("next", ""), url_for(HOME[realm]))
    shared = realm is Realm.FAMILY and "shared" in visit.form
    return _go(visit, realm, lambda: operations.begin(visit, realm, wanted, shared=shared))


def _step_up(visit: Visit, realm: Realm) -> AnyResponse:
    wanted = safe_next(visit.form.get("next", ""), url_for(HOME[realm]))
    return _go(visit, realm, lambda: operations.step_up(visit, realm, wanted))


def _go(visit: Visit, realm: Realm, begin: Callable[[], Begun]) -> AnyResponse:
    try:
        begun = begin()
    except SignInError as error:
        return _refused(visit, realm, error)
    response = redirect(begun.url, 303)
    cookies.write_browser_secret(response, begun.browser_secret)
    return response


def _finish(visit: Visit, realm: Realm) -> AnyResponse:
    try:
        identified, token = operations.finish(visit, realm)
    except SignInError as error:
        response: AnyResponse = _refused(visit, realm, error)
    else:
        response = redirect(identified.next_url, 303)
        cookies.write_session(response, realm, token)
    cookies.clear_browser_secret(response)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _refused(visit: Visit, realm: Realm, error: SignInError) -> Response:
    operations.refused(visit, realm, error)
    refusal = REFUSALS.get(error.code, Refusal.OTHER)
    still_in = visit.maybe_session is not None and visit.maybe_session.realm is realm
    again_url = url_for((HOME if still_in else SIGN_IN)[realm])
    return render(RefusedPage(refusal=refusal, again_url=again_url, still_in=still_in), int(error.status))


def _sign_out(visit: Visit, realm: Realm) -> AnyResponse:
    return leave_to(operations.sign_out(visit, realm), realm)


def _signed_out(visit: Visit, realm: Realm) -> AnyResponse:
    """Whoever is signed in is not told otherwise, however they came here."""
    operations.came_back(visit, visit.query("state"))
    if operations.is_signed_in(visit, realm):
        response: AnyResponse = visit.redirect(HOME[realm])
    else:
        response = render(SignedOutPage(sign_in_url=url_for(SIGN_IN[realm])))
    if cookies.went_out(request):
        cookies.clear_out(response)
    return response
