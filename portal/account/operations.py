"""What signing in and out does: provider, core, account, session and journal, in this order."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import request

from portal.audit.events import Entry, Event
from portal.core.errors import CoreError, NotFound
from portal.domain.people import Assurance, Realm
from portal.identity.accounts import Unresolved
from portal.identity.errors import SignInError
from portal.identity.limits import SIGN_IN_END, SIGN_IN_START
from portal.identity.logout import Ended
from portal.identity.session import Session
from portal.identity.sessions import NewSession
from portal.identity.sign_in import Begun, Identified, Wish
from portal.logs import log
from portal.store.unit import StoreError
from portal.web import cookies, limits
from portal.web.visit import Visit

LEAST = {Realm.FAMILY: Assurance.SUBSTANTIAL, Realm.STAFF: Assurance.HIGH}
CALLBACK = {Realm.FAMILY: "/sign-in/callback", Realm.STAFF: "/staff/sign-in/callback"}
SIGNED_OUT = {Realm.FAMILY: "/signed-out", Realm.STAFF: "/staff/signed-out"}


def profile_id(visit: Visit, realm: Realm) -> str:
    """The provider of a realm at this service."""
    return str(visit.service.sign_in[realm.value]["id"])


def begin(visit: Visit, realm: Realm, next_url: str, *, shared: bool = False) -> Begun:
    """Send somebody to the provider, to be asked who they are. Raises `SignInError`, and as `limits.by_address`."""
    limits.by_address(visit, SIGN_IN_START)
    return visit.parts.sign_in.begin(_wish(visit, realm, next_url, LEAST[realm], shared=shared))


def step_up(visit: Visit, realm: Realm, next_url: str) -> Begun:
    """Send somebody who is signed in to prove anew, and surely, that it is them. Raises as `begin` does."""
    limits.by_address(visit, SIGN_IN_START)
    wish = _wish(visit, realm, next_url, Assurance.HIGH, shared=visit.session.shared)
    return visit.parts.sign_in.begin(replace(wish, step_up_for=visit.session.account_id))


def _wish(visit: Visit, realm: Realm, next_url: str, assurance: Assurance, *, shared: bool) -> Wish:
    return Wish(
        service_id=visit.service.id,
        profile_id=profile_id(visit, realm),
        realm=realm,
        redirect_uri=visit.service.origin + CALLBACK[realm],
        next_url=next_url,
        language=visit.language,
        assurance=assurance,
        shared=shared,
    )


def finish(visit: Visit, realm: Realm) -> tuple[Identified, str]:
    """From the provider's answer to a session: who it is, and the new cookie's value. Raises `SignInError`.

    After a step-up it must be the same person as before; the session is a new one all the same (sign-in.md, item 28).
    """
    limits.by_address(visit, SIGN_IN_END)
    identified = visit.parts.sign_in.finish(
        visit.service.id, profile_id(visit, realm), request.args, cookies.read_browser_secret(request)
    )
    person = _resolve(visit, identified)
    cookie = cookies.read_session(request, realm)
    with visit.parts.store.write() as connection:
        account = visit.parts.accounts.bind(connection, identified, person)
        if identified.step_up_for not in {None, account.id}:
            raise SignInError("another_person", HTTPStatus.FORBIDDEN)
        before = visit.parts.sessions.stepping_up(connection, identified, cookie)
        if before is not None:
            account = replace(account, previous_sign_in_utc=before.previous_sign_in_utc)
        sealed = None
        if identified.number is not None:
            sealed = visit.parts.sealer.seal_number(visit.service.id, account.id, identified.number)
        locked = visit.parts.own_codes.is_set(connection, visit.service.id, account.id)
        if before is not None:
            locked = locked and before.actor.locked  # a code that was typed a moment ago is not asked for again
        new = NewSession(account, identified, sealed, locked=locked)
        token = visit.parts.sessions.create(connection, new, cookie)
        event = Event.STEPPED_UP if before is not None else Event.SIGNED_IN
        visit.parts.journal.record(connection, Entry(visit.service.id, event, realm, account.id))
    return identified, token


def refused(visit: Visit, realm: Realm, error: SignInError) -> None:
    """Write down that a sign-in ended without a session, by our own word for why."""
    log("sign_in.refused", code=error.code, service=visit.service.id)
    with visit.parts.store.write() as connection:
        visit.parts.journal.record(
            connection, Entry(visit.service.id, Event.SIGN_IN_REFUSED, realm, outcome=error.code)
        )


def sign_out(visit: Visit, realm: Realm, *, everywhere: bool = False) -> Ended:
    """End the session here first, or all of this person's, then say where the provider ends its own."""
    outcome = "everywhere" if everywhere else "ok"
    entry = Entry(visit.service.id, Event.SIGNED_OUT, realm, visit.session.account_id, outcome=outcome)
    back = visit.service.origin + SIGNED_OUT[realm]
    reason = "everywhere" if everywhere else "signed_out"
    return visit.parts.sign_out.end(visit.session, back, visit.recorder(entry), reason, everywhere=everywhere)


def is_signed_in(visit: Visit, realm: Realm) -> bool:
    """Is there a live session of this realm in this browser? Unknown while the database cannot be read, so not."""
    try:
        token = cookies.read_session(request, realm)
        return isinstance(visit.parts.sessions.read(visit.service.id, realm, token), Session)
    except StoreError:
        return False


def came_back(visit: Visit, state: str) -> None:
    """Write down when a sign-out comes back with a state that is not its own; the page is as true all the same."""
    if cookies.fits_out(request, state):
        return
    if state or cookies.went_out(request):
        log("sign_out.state", code="wrong" if state else "missing", service=visit.service.id)


def _resolve(visit: Visit, identified: Identified) -> str | Unresolved:
    """The core's id for this number. A core that cannot be asked leaves what it said before."""
    if identified.number is None:
        return Unresolved.NOBODY
    try:
        return visit.core.resolve_person(identified.number)
    except NotFound:
        return Unresolved.NOBODY
    except CoreError as error:
        log("core.unreachable", code=error.code, service=visit.service.id)
        return Unresolved.NOT_ASKED
