"""The gate: every request is decided here before any handler runs, and no answer leaves undecided.

Rings 2 and 4 of default deny (house.md). It is one of the four callers of `access.decide`.
"""

from __future__ import annotations

import logging
from datetime import date, datetime

from flask import Flask, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import PUBLIC, Action, Needs
from portal.access.decide import decide
from portal.access.grants import Denial, Denied
from portal.access.standing import UNAVAILABLE, Standing, Target
from portal.audit.events import Entry, Event
from portal.core.errors import UNREACHABLE, CoreError
from portal.domain.people import Actor, Assurance, Realm
from portal.identity import login
from portal.identity.session import IdleExpired, Session
from portal.jurisdictions import jurisdiction
from portal.logs import log
from portal.settings import Service
from portal.store.unit import StoreError
from portal.web import cookies, errors, forgery, i18n, limits, mendable, pages, signed_out
from portal.web.parts import Parts, parts
from portal.web.rule import GatedRule
from portal.web.visit import Visit

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OF_THE_CORE = frozenset({Needs.PERSON, Needs.CASE, Needs.WORKER, Needs.THREAD, Needs.CHILD, Needs.WORKERS_CASE})
"""What is shown to those whom the core knows. One's own asking for help is not: it is open to everybody."""


def install(app: Flask) -> None:
    """Put the gate before every handler and the exit check behind it."""
    login.install(app, lambda _request: g.get("session"))
    app.before_request(enter)
    app.after_request(leave)


def enter() -> AnyResponse | None:
    """Decide one request. Gives the handler a `Visit`, or answers itself."""
    own = parts()
    g.now = own.clock()
    g.session = None
    g.decision = None
    g.arguments = dict(request.view_args or {})
    service = own.settings.service_for_host(request.host)
    if service is None:
        g.service = next(iter(own.settings.services.values()))
        g.language = pages.offered_languages(g.service)[0]
        g.decision = Denied(PUBLIC, Denial.NO_GRANT)
        return errors.no_page()
    g.service = service
    g.language = i18n.choose(request.environ, pages.offered_languages(service))
    rule = request.url_rule
    if not isinstance(rule, GatedRule):
        return errors.no_page()
    request.max_content_length = rule.body_limit
    request.max_form_memory_size = rule.body_limit
    return _decide(own, service, rule)


def _decide(own: Parts, service: Service, rule: GatedRule) -> AnyResponse | None:
    found = _session(own, service, rule)
    g.session = found if isinstance(found, Session) else None
    by_form = request.method in UNSAFE_METHODS and not rule.machine
    refused = _refused_form(service, rule, found) if by_form else None
    if refused is not None:
        return refused
    keeps = by_form and mendable.wants_to_keep()
    _touch(own, rule, g.session, polling=rule.live or keeps)
    if g.session is None and rule.access.needs is not Needs.NOTHING:
        g.decision = Denied(rule.access, Denial.REALM)
        return signed_out.answer(own, service, rule, found if isinstance(found, IdleExpired) else None)
    if g.session is not None and _is_reading(rule):
        g.decision = Denied(rule.access, Denial.UNAVAILABLE)  # unless it is not one page too many
        limits.page_is_read(own, g.session)
    target = _target()
    actor = g.session.actor if g.session else _nobody(service)
    standing = _standing(own, service, rule.access, actor, target)
    if g.session is not None and _must_come_again(g.session, rule.access, standing):
        g.decision = Denied(rule.access, Denial.UNKNOWN_FACT)
        return signed_out.answer(own, service, rule, None)
    ages = jurisdiction(service.jurisdiction).ages
    decision = decide(rule.access, actor, standing, target, _today(service), ages=ages)
    if isinstance(decision, Denied):
        _record_denied(own, service, decision, target)
        g.decision = decision
        return _say_no(own, service, rule, decision)
    visit = Visit(own, service, g.language, g.now, decision, g.arguments, g.session)
    if keeps:
        g.decision = decision
        return mendable.kept_for_later(visit, rule)
    if rule.access.seen is not None and request.method in {"GET", "HEAD"} and not decision.keep_only:
        visit.note_seen(rule.access.seen)
    g.decision = decision
    request.view_args = {"visit": visit}
    return None


def _say_no(own: Parts, service: Service, rule: GatedRule, decision: Denied) -> AnyResponse:
    if decision.denial is Denial.UNAVAILABLE:
        return errors.down_page()
    if g.session is not None and decision.denial in mendable.MENDABLE:
        return mendable.answer(own, service, rule, g.session, decision.denial)
    return errors.no_page()


def _must_come_again(session: Session, action: Action, standing: Standing) -> bool:
    """Signed in while the core was down, by somebody it had never been asked about; and now it answers.

    What it would show this person is found out by signing in again, and is never shown as nothing until then.
    """
    return not session.core_asked and standing != UNAVAILABLE and action.needs in OF_THE_CORE


def _is_reading(rule: GatedRule) -> bool:
    """Does it show what the core knows? What only carries words towards it, as asking for help does, is not counted."""
    shows = rule.access.needs in OF_THE_CORE and not rule.access.carries_in
    return shows and request.method not in UNSAFE_METHODS


def _refused_form(service: Service, rule: GatedRule, found: Session | IdleExpired | None) -> AnyResponse | None:
    """The page that says so, when a form comes from elsewhere, without its session's token, or far too large."""
    # A page for anybody is shown without a session and so holds no token of one: without this, whoever's session
    # had run out could not press "sign in" again.
    asked = None if rule.access.needs is Needs.NOTHING else found
    too_large = False
    try:
        if forgery.from_our_own_page(service, asked):
            request.form.keys()  # read where too much has its page, whoever asks for a field first
            return None
    except RequestEntityTooLarge:
        too_large = True
    g.decision = Denied(rule.access, Denial.REALM)
    return errors.not_sent_page(too_large=too_large)


def _session(own: Parts, service: Service, rule: GatedRule) -> Session | IdleExpired | None:
    """The session of the realm the action belongs to; the two realms never open each other's pages."""
    realm = rule.access.realm or Realm.FAMILY
    try:
        return own.sessions.read(service.id, realm, cookies.read_session(request, realm))
    except StoreError as error:
        if rule.access.needs is not Needs.NOTHING:
            raise
        # Phone numbers and the way out need no session, so a database that fails never stands before them
        log("session.unreadable", level=logging.ERROR, error=error, service=service.id)
        return None


def _touch(own: Parts, rule: GatedRule, session: Session | None, *, polling: bool) -> None:
    """Somebody is there, unless the page has asked by itself. A form that was refused shows nobody."""
    if session is None:
        return
    try:
        own.sessions.touch(session, polling=polling)
    except StoreError as error:
        if rule.access.needs is not Needs.NOTHING:
            raise
        log("session.not_prolonged", level=logging.ERROR, error=error, service=session.service_id)


def _target() -> Target:
    arguments = g.arguments
    return Target(
        case_id=_text(arguments.get("case_id")),
        thread_id=_text(arguments.get("thread_id")),
        referral_id=_text(arguments.get("referral_id")),
        child_id=_text(arguments.get("child_id")),
        person_id=_text(arguments.get("person_id")),
    )


def _standing(own: Parts, service: Service, action: Action, actor: Actor, target: Target) -> Standing:
    """The facts, asked anew for every request; while the core cannot be asked, every fact is unavailable."""
    if action.needs in {Needs.NOTHING, Needs.SIGNED_IN}:
        return UNAVAILABLE
    try:
        return own.gateways[service.id].standing(actor, target)
    except UNREACHABLE as error:
        log("core.unreachable", code=error.code, service=service.id)
        return UNAVAILABLE
    except CoreError:
        return Standing(admitted=UNAVAILABLE.admitted, grants=UNAVAILABLE.grants)


def _record_denied(own: Parts, service: Service, decision: Denied, target: Target) -> None:
    """Write what was denied before the page leaves; without the row there is no page."""
    session: Session | None = g.session
    if session is None:
        return
    item = target.id
    action, outcome = decision.action.name, decision.denial.value
    entry = Entry(service.id, Event.DENIED, session.realm, session.account_id, action, outcome, item)
    with own.store.write() as connection:
        own.journal.record(connection, entry)


def leave(response: Response) -> Response:
    """Ring 4: an answer of a matched route without a recorded decision never leaves."""
    if request.url_rule is not None and response.status_code < 500 and getattr(g, "decision", None) is None:  # noqa: PLR2004 a fault page needs no decision
        log("gate.undecided", endpoint=request.endpoint or "-")
        return Response(status=500)
    return response


def _nobody(service: Service) -> Actor:
    return Actor(service.id, Realm.FAMILY, "unresolved:nobody", Assurance.LOW)


def _today(service: Service) -> date:
    now: datetime = g.now
    return now.astimezone(service.timezone).date()


def _text(value: object) -> str | None:
    return None if value is None else str(value)
