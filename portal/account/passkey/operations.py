"""What signing in with a passkey does: device, account, session and journal, in this order."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import request

from portal.audit.events import Entry, Event
from portal.domain.people import Enrolment, Realm
from portal.identity.accounts import Unresolved
from portal.identity.in_person import identified
from portal.identity.limits import PASSKEY_TRY
from portal.identity.passkey_answers import PasskeyError, RelyingParty
from portal.identity.session import SECRET_BYTES
from portal.identity.sessions import TOKEN_LENGTH, NewSession
from portal.logs import log
from portal.web import cookies, limits
from portal.web.visit import Visit


def relying_party(visit: Visit) -> RelyingParty:
    """This service as devices know it: its exact host without the port (WebAuthn Level 3, §5.1.3 "RP ID")."""
    names, origin = visit.service.product_name, visit.service.origin
    name = names.get(visit.language) or next(iter(names.values()))
    return RelyingParty(visit.service.id, urlsplit(origin).hostname or "", origin, name)


def browser_secret() -> str:
    """What this browser is known by while it signs in; a new one when it has none."""
    known = cookies.read_browser_secret(request)
    return known if known is not None and len(known) == TOKEN_LENGTH else secrets.token_urlsafe(SECRET_BYTES)


def ask(visit: Visit, secret: str) -> str:
    """What the script asks the device with, as JSON. Raises as `limits.by_address`."""
    limits.by_address(visit, PASSKEY_TRY)
    return visit.parts.passkeys.ask(relying_party(visit), secret)


def sign_in(visit: Visit, answer: str, next_url: str) -> str:
    """The new cookie's value for the child whose device has answered.

    Raises `PasskeyError`, and as `limits.by_address`.
    """
    limits.by_address(visit, PASSKEY_TRY)
    used = visit.parts.passkeys.used(relying_party(visit), cookies.read_browser_secret(request), answer)
    who = identified(visit.service.id, used.subject, visit.now, visit.language, next_url)
    with visit.parts.store.write() as connection:
        visit.parts.passkeys.open(connection, visit.service.id, used)
        account = visit.parts.accounts.bind(connection, who, Unresolved.NOT_ASKED)
        new = NewSession(account, who, sealed_number=None, enrolment=Enrolment.IN_PERSON)
        token = visit.parts.sessions.create(connection, new, cookies.read_session(request, Realm.FAMILY))
        visit.parts.journal.record(
            connection, Entry(visit.service.id, Event.SIGNED_IN, Realm.FAMILY, account.id, action="passkey")
        )
    return token


def refused(visit: Visit, error: PasskeyError) -> None:
    """Write down that a passkey opened nothing. The journal says one thing for all reasons."""
    log("passkey.refused", code=error.code, service=visit.service.id)
    entry = Entry(visit.service.id, Event.CREDENTIAL_REFUSED, Realm.FAMILY, outcome="passkey")
    with visit.parts.store.write() as connection:
        visit.parts.journal.record(connection, entry)
