"""What a passkey does: made for an invitation, and signing in. Device, account, session and journal, in this order."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import request

from portal.audit.events import Entry, Event
from portal.domain.people import Realm
from portal.identity.enrolment import Arrival, Entered
from portal.identity.invitations import InvitationRefusedError, Taken
from portal.identity.limits import PASSKEY_TRY
from portal.identity.passkey_answers import PasskeyError, RelyingParty
from portal.identity.session import SECRET_BYTES
from portal.identity.sessions import TOKEN_LENGTH
from portal.logs import log
from portal.web import cookies, limits
from portal.web.visit import Visit


def browser_secret() -> str:
    """What this browser is known by while it signs in; a new one when it has none."""
    known = cookies.read_browser_secret(request)
    return known if known is not None and len(known) == TOKEN_LENGTH else secrets.token_urlsafe(SECRET_BYTES)


def begun(visit: Visit) -> Taken:
    """The invitation of this browser, if its worker allowed a passkey. Raises `InvitationRefusedError`."""
    taken = visit.parts.invitations.find(visit.service.id, cookies.read_browser_secret(request))
    if not taken.passkey_allowed:
        raise InvitationRefusedError
    return taken


def ask_new(visit: Visit, secret: str) -> str:
    """What the script asks the device with to make a passkey, as JSON. Raises `InvitationRefusedError`."""
    return visit.parts.passkeys.ask_new(_party(visit), secret, begun(visit).person_id)


def enrol(visit: Visit, answer: str) -> Entered:
    """Keep the passkey that the device has made, and begin a session: the invitation is used up.

    Raises `InvitationRefusedError` and `PasskeyError`.
    """
    begun(visit)
    parts, secret = visit.parts, cookies.read_browser_secret(request)
    new = parts.passkeys.made(_party(visit), secret, answer)
    with parts.store.write() as connection:
        taken = parts.invitations.use(connection, visit.service.id, secret)
        subject = parts.credentials.subject_of(connection, visit.service.id, taken.person_id)
        entered = parts.ways_in.enter(connection, _arrival(visit), subject, taken.person_id)
        parts.passkeys.keep(connection, visit.service.id, new, entered.account_id, taken.made_by)
        enrolled = Entry(visit.service.id, Event.ENROLLED, Realm.STAFF, taken.made_by, item=taken.person_id)
        parts.journal.record(connection, enrolled)
        parts.journal.record(connection, _signed_in(visit, entered))
    return entered


def ask(visit: Visit, secret: str) -> str:
    """What the script asks the device with, as JSON. Raises as `limits.by_address`."""
    limits.by_address(visit, PASSKEY_TRY)
    return visit.parts.passkeys.ask(_party(visit), secret)


def sign_in(visit: Visit, answer: str) -> Entered:
    """A session for the child whose device has answered. Raises `PasskeyError`, and as `limits.by_address`."""
    limits.by_address(visit, PASSKEY_TRY)
    parts = visit.parts
    used = parts.passkeys.used(_party(visit), cookies.read_browser_secret(request), answer)
    with parts.store.write() as connection:
        parts.passkeys.open(connection, visit.service.id, used)
        entered = parts.ways_in.enter(connection, _arrival(visit), used.account_subject, used.person_id)
        parts.journal.record(connection, _signed_in(visit, entered))
    return entered


def refused(visit: Visit, error: PasskeyError) -> None:
    """Write down that a passkey opened nothing. The journal says one thing for all reasons."""
    log("passkey.refused", kind=error.code, service=visit.service.id)
    entry = Entry(visit.service.id, Event.CREDENTIAL_REFUSED, Realm.FAMILY, outcome="passkey")
    with visit.parts.store.write() as connection:
        visit.parts.journal.record(connection, entry)


def _party(visit: Visit) -> RelyingParty:
    """This service as devices know it: its exact host without the port (WebAuthn Level 3, §5.1.3 "RP ID")."""
    names, origin = visit.service.product_name, visit.service.origin
    name = names.get(visit.language) or next(iter(names.values()))
    return RelyingParty(visit.service.id, urlsplit(origin).hostname or "", origin, name)


def _arrival(visit: Visit) -> Arrival:
    """Never a shared device: the worker, or the child, has said so."""
    return Arrival(
        service_id=visit.service.id,
        language=visit.language,
        shared=False,
        replaced_token=cookies.read_session(request, Realm.FAMILY),
    )


def _signed_in(visit: Visit, entered: Entered) -> Entry:
    return Entry(visit.service.id, Event.SIGNED_IN, Realm.FAMILY, entered.account_id, action="passkey")
