"""What the browser does to sign in: arrive with a pushed request, pick a person, go back with a code."""

import secrets
from collections.abc import Iterable

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.demo.national_id.config import Person
from portal.demo.national_id.faults import PageFault
from portal.demo.national_id.memory import Gone, epoch
from portal.demo.national_id.pages import PersonButton, PersonGroup, PickPage, show
from portal.demo.national_id.requests import SignInRequest
from portal.demo.national_id.sessions import Session, sid_of
from portal.demo.national_id.sign_out import tell_clients
from portal.demo.national_id.state import Choice, CodeGrant, provider
from portal.demo.national_id.words import WORDS

_CHOICE_SECONDS = 600
_CODE_SECONDS = 60

sign_in = Blueprint("sign_in", __name__)


@sign_in.get("/authorize")
def authorize() -> AnyResponse:
    """Begin with a pushed request and nothing else (RFC 9126 section 4); each reference opens once."""
    try:
        wanted = provider().pushed.take(request.args.get("request_uri", ""))
    except Gone:
        raise PageFault from None
    if wanted.client_id != request.args.get("client_id"):
        raise PageFault
    try:
        session = _current_session()
        if _is_enough(wanted, session):
            return _send_back(wanted, session.sid)
    except Gone:  # nobody is signed in, or just signed out
        pass
    return _ask(wanted)


@sign_in.get("/pick")
def pick() -> Response:
    """The page with one button per person; may be loaded again."""
    choice = _choice(request.args.get("choice", ""))
    wanted = choice.request
    able = [person for person in provider().config.people.values() if _reaches(person, wanted)]
    unable = [person for person in provider().config.people.values() if not _reaches(person, wanted)]
    page = PickPage(
        choice=request.args["choice"],
        groups=_grouped(able, wanted.language),
        unable=tuple(_button(person, wanted.language) for person in unable),
    )
    return show("pick.html", wanted.language, page, form_target=wanted.redirect_uri)


@sign_in.post("/pick")
def picked() -> AnyResponse:
    """Sign the picked person in, or go back with `access_denied` when none was picked."""
    name = request.form.get("choice", "")
    wanted = _choice(name).request
    key = request.form.get("person")
    person = provider().config.people.get(key or "")
    if key != "" and (person is None or not _reaches(person, wanted)):
        raise PageFault
    try:
        provider().choices.take(name)
    except Gone:  # pressed twice at the same moment
        raise PageFault from None
    if person is None:
        return redirect(wanted.answer(provider().config.issuer, error="access_denied"), 303)
    return _sign_in(wanted, person)


def _sign_in(wanted: SignInRequest, person: Person) -> AnyResponse:
    acr = next(level for level in person.levels if _fits(level, wanted))
    try:
        before = _current_session()
        if before.person.key == person.key:
            # Signing in again is no new session: clients of this one stay signed in.
            return _send_back(wanted, provider().sessions.renew(before.sid, acr).sid)
        tell_clients(provider().sessions.end(before.sid))
    except Gone:
        pass
    secret = provider().sessions.start(person, acr)
    response = _send_back(wanted, sid_of(secret))
    response.set_cookie(provider().session_cookie, secret, httponly=True, samesite="Lax")
    return response


def _ask(wanted: SignInRequest) -> AnyResponse:
    if "none" in wanted.prompt:
        return redirect(wanted.answer(provider().config.issuer, error="login_required"), 303)
    name = secrets.token_urlsafe(32)
    browser = request.cookies.get(provider().browser_cookie) or secrets.token_urlsafe(32)
    provider().choices.keep(name, Choice(wanted, browser), _CHOICE_SECONDS)
    response = redirect(f"/pick?choice={name}", 303)
    response.set_cookie(provider().browser_cookie, browser, httponly=True, samesite="Lax")
    return response


def _send_back(wanted: SignInRequest, sid: str) -> AnyResponse:
    provider().sessions.join(sid, wanted.client_id)
    code = secrets.token_urlsafe(32)
    provider().codes.keep(code, CodeGrant(wanted, sid), _CODE_SECONDS)
    return redirect(wanted.answer(provider().config.issuer, code=code), 303)


def _current_session() -> Session:
    return provider().sessions.find(sid_of(request.cookies.get(provider().session_cookie, "")))


def _choice(name: str) -> Choice:
    # A choice begun in another browser is nobody's here: a sent link must not sign its reader in.
    browser = request.cookies.get(provider().browser_cookie, "")
    try:
        choice = provider().choices.look(name)
    except Gone:
        raise PageFault from None
    if not secrets.compare_digest(choice.browser.encode(), browser.encode()):
        raise PageFault
    return choice


def _is_enough(wanted: SignInRequest, session: Session) -> bool:
    age = epoch(provider().clock) - session.authenticated_at
    fresh = wanted.max_age is None or age < wanted.max_age
    return fresh and not wanted.prompt & {"login", "select_account"} and _fits(session.acr, wanted)


def _reaches(person: Person, wanted: SignInRequest) -> bool:
    return any(_fits(level, wanted) for level in person.levels)


def _fits(level: str, wanted: SignInRequest) -> bool:
    return provider().config.acr_values.index(level) >= wanted.lowest


def _grouped(people: Iterable[Person], language: str) -> tuple[PersonGroup, ...]:
    groups: dict[str, list[PersonButton]] = {}
    for person in people:
        heading = person.group[language] if person.group else WORDS[language].others_heading
        groups.setdefault(heading, []).append(_button(person, language))
    if len(groups) == 1:  # a single heading tells nothing
        return tuple(PersonGroup("", tuple(buttons)) for buttons in groups.values())
    return tuple(PersonGroup(heading, tuple(buttons)) for heading, buttons in groups.items())


def _button(person: Person, language: str) -> PersonButton:
    return PersonButton(person.key, person.name, person.story[language])
