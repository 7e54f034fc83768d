"""Setting, taking away and typing the code: change, session and journal in one transaction."""

from __future__ import annotations

from portal.account.code.forms import NEW, NOW, digits
from portal.audit.events import Entry, Event
from portal.identity.limits import OWN_CODE_TRY
from portal.identity.own_code import CodeRefused
from portal.web import limits
from portal.web.visit import Visit


def set_code(visit: Visit) -> str:
    """A new code for this account; the cookie's new value.

    Raises `CodeRefused`, `SignInError` "session_ended", and as `limits.by_account`.
    """
    limits.by_account(visit, OWN_CODE_TRY)
    codes, current = visit.parts.own_codes, visit.session
    proof = codes.prove(current, digits(visit.form, NOW))
    kept = codes.slow_hash(current.service_id, digits(visit.form, NEW))
    with visit.parts.store.write() as connection:
        codes.set(connection, current, proof, kept)
        visit.parts.journal.record(connection, _entry(visit, Event.CODE_SET))
        return visit.parts.sessions.rotate(connection, current, keep_forms=True)


def remove_code(visit: Visit) -> str:
    """No code any more; the cookie's new value. Raises as `set_code`."""
    limits.by_account(visit, OWN_CODE_TRY)
    codes, current = visit.parts.own_codes, visit.session
    proof = codes.prove(current, digits(visit.form, NOW))
    with visit.parts.store.write() as connection:
        if codes.remove(connection, current, proof):
            visit.parts.journal.record(connection, _entry(visit, Event.CODE_REMOVED))
        return visit.parts.sessions.rotate(connection, current, keep_forms=True)


def unlock(visit: Visit) -> str:
    """Open this session with the code; the cookie's new value. Raises as `set_code`."""
    limits.by_account(visit, OWN_CODE_TRY)
    codes, current = visit.parts.own_codes, visit.session
    proof = codes.prove(current, digits(visit.form, NOW), needless_without=True)
    with visit.parts.store.write() as connection:
        codes.open(connection, current, proof)
        return visit.parts.sessions.rotate(connection, current, keep_forms=True)


def refused(visit: Visit, refusal: CodeRefused) -> None:
    """Write down that a code was refused: compared and wrong, or not compared."""
    outcome = "wrong" if refusal.compared else "waiting"
    with visit.parts.store.write() as connection:
        visit.parts.journal.record(connection, _entry(visit, Event.CODE_REFUSED, outcome))


def _entry(visit: Visit, event: Event, outcome: str = "ok") -> Entry:
    return Entry(visit.service.id, event, visit.session.realm, visit.session.account_id, outcome=outcome)
