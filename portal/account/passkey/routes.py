"""Routes of signing in with a passkey. Nothing but the device's own word is ever asked for: no name, no number."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import PUBLIC
from portal.account.passkey import operations
from portal.account.passkey.pages import PasskeyPage
from portal.domain.people import Realm
from portal.identity.passkey_answers import PasskeyError
from portal.texts import NP_
from portal.web import cookies
from portal.web.forms import FieldError
from portal.web.pages import asset_url, render
from portal.web.visit import Visit

account_passkey = Blueprint("account_passkey", __name__)

HOME = "family_home.home"
STOPPED = NP_("child", "That did not work. Press once more. If it still does not work, use your words, or call us.")
"""The same whatever was wrong. A child with a passkey may have no words, and calls."""


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
    home = url_for(HOME)
    try:
        token = operations.sign_in(visit, visit.form.get("answer", ""), home)
    except PasskeyError as error:
        operations.refused(visit, error)
        return render(_page((FieldError("passkey", STOPPED),)), 422)
    response = redirect(home, 303)
    cookies.write_session(response, Realm.FAMILY, token)
    cookies.clear_browser_secret(response)
    return response


def _page(errors: tuple[FieldError, ...] = ()) -> PasskeyPage:
    return PasskeyPage(
        post_url=url_for("account_passkey.answer"),
        ask_url=url_for("account_passkey.ask"),
        words_url=url_for("account.sign_in"),
        script_url=asset_url("passkey.js"),
        stopped=STOPPED,
        errors=errors,
    )


def _asked(options: str, browser_secret: str) -> Response:
    response = make_response(options)
    response.mimetype = "application/json"
    cookies.write_browser_secret(response, browser_secret)
    return response
