"""Routes of the way in. Open to everybody, works without script, and no code or word ever stands in an address."""

from __future__ import annotations

from math import ceil

from flask import Blueprint, Response, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import PUBLIC
from portal.account.way_in import operations
from portal.account.way_in.pages import CodePage, NewWordsPage, PinPage, WordsPage
from portal.domain.people import Realm
from portal.identity.credentials import CredentialRefusedError, EasyPinError, MustWaitError, clean_pin
from portal.identity.enrolment import Entered
from portal.identity.invitations import InvitationRefusedError
from portal.texts import NP_
from portal.web import cookies
from portal.web.forms import FieldError, clean
from portal.web.pages import render
from portal.web.visit import Visit

way_in = Blueprint("way_in", __name__)

NO_CODE = NP_("child", "This code does not work. Look at the numbers once more, or ask for a new code.")
NO_FIT = NP_("child", "That did not fit. Look at your words and your PIN once more.")
EASY_PIN = NP_("child", "Choose 4, 5 or 6 numbers that are hard to guess. Not 1234, and not the year you were born.")
NOT_TWICE = NP_("child", "The two were not alike. Write the same numbers twice.")


@way_in.get("/way-in", access=PUBLIC)
def start(visit: Visit) -> Response:  # noqa: ARG001 the gate gives every handler its visit
    """Where the code is typed."""
    return render(_code_page())


@way_in.post("/way-in", access=PUBLIC)
def take(visit: Visit) -> AnyResponse:
    """Take the code, and show four words in the same answer: they are never shown again. Or first ask for the phone."""
    response: AnyResponse
    try:
        secret = operations.take(visit, visit.form.get("code", ""))
        if operations.may_use_own_phone(visit, secret):
            response = visit.redirect("account_passkey.make")
        else:
            response = _new_words(visit, secret)
    except InvitationRefusedError:
        return _no_code()
    cookies.write_browser_secret(response, secret)
    return response


@way_in.post("/way-in/other-words", access=PUBLIC)
def other_words(visit: Visit) -> AnyResponse:
    """Four others; the ones before are good for nothing."""
    try:
        return _new_words(visit, cookies.read_browser_secret(request))
    except InvitationRefusedError:
        return _no_code()


@way_in.get("/way-in/pin", access=PUBLIC)
def pin(visit: Visit) -> AnyResponse:
    """Where the PIN is chosen, in the browser that has the words."""
    try:
        operations.begun(visit)
    except InvitationRefusedError:
        return visit.redirect("way_in.start")
    return render(PinPage(post_url=url_for("way_in.choose_pin")))


@way_in.post("/way-in/pin", access=PUBLIC)
def choose_pin(visit: Visit) -> AnyResponse:
    """Make the way in, and go in."""
    chosen = clean_pin(visit.form.get("pin", ""))
    try:
        operations.begun(visit)
        if chosen != clean_pin(visit.form.get("again", "")):
            return _again(FieldError("again", NOT_TWICE))
        entered = operations.enrol(visit, chosen)
    except EasyPinError:
        return _again(FieldError("pin", EASY_PIN))
    except InvitationRefusedError:
        return _no_code()
    response = _enter(entered)
    cookies.clear_browser_secret(response)
    # Back led to the words: a browser without script keeps the page before in memory, in spite of no-store
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@way_in.get("/way-in/words", access=PUBLIC)
def words(visit: Visit) -> AnyResponse:
    """Where the words and the PIN are typed."""
    if visit.maybe_session is not None:
        return visit.redirect("family_home.home")
    return render(_words_page())


@way_in.post("/way-in/words", access=PUBLIC)
def sign_in(visit: Visit) -> AnyResponse:
    """Sign in."""
    typed = clean(visit.form.get("words", ""))
    try:
        return _enter(operations.sign_in(visit, typed, clean_pin(visit.form.get("pin", ""))))
    except MustWaitError as error:
        return render(_words_page(ceil((error.until_utc - visit.now).total_seconds())), 429)
    except CredentialRefusedError:
        return render(_words_page(0, (FieldError("words", NO_FIT),)), 422)


def _enter(entered: Entered) -> AnyResponse:
    response = redirect(url_for("family_home.home"), 303)
    cookies.write_session(response, Realm.FAMILY, entered.token)
    return response


def _new_words(visit: Visit, browser_secret: str | None) -> Response:
    return render(
        NewWordsPage(
            words=operations.new_words(visit, browser_secret),
            words_language=operations.words_language(visit),
            next_url=url_for("way_in.pin"),
            others_url=url_for("way_in.other_words"),
        )
    )


def _no_code() -> Response:
    return render(_code_page((FieldError("code", NO_CODE),)), 422)


def _again(error: FieldError) -> Response:
    return render(PinPage(post_url=url_for("way_in.choose_pin"), errors=(error,)), 422)


def _code_page(errors: tuple[FieldError, ...] = ()) -> CodePage:
    return CodePage(
        post_url=url_for("way_in.take"),
        words_url=url_for("way_in.words"),
        passkey_url=url_for("account_passkey.sign_in"),
        help_url=url_for("public.help_now"),
        errors=errors,
    )


def _words_page(wait_seconds: int = 0, errors: tuple[FieldError, ...] = ()) -> WordsPage:
    """What was typed is not shown again: an adult may hold the phone next."""
    return WordsPage(
        post_url=url_for("way_in.sign_in"),
        code_url=url_for("way_in.start"),
        sign_in_url=url_for("account.sign_in"),
        passkey_url=url_for("account_passkey.sign_in"),
        help_url=url_for("public.help_now"),
        wait_seconds=wait_seconds,
        errors=errors,
    )
