"""Ends a person's other sessions, journalled in the same transaction."""

from __future__ import annotations

from portal.audit.events import Entry, Event
from portal.web.visit import Visit

REASON = "ended_by_owner"


def end_one(visit: Visit, handle: str) -> int:
    """End another of one's own sessions; how many that were: 0 when it had ended already, else 1."""
    with visit.parts.store.write() as connection:
        count = visit.parts.sessions.revoke_other(connection, visit.session, handle, REASON)
        if count:
            visit.parts.journal.record(connection, _entry(visit, "one"))
    return count


def end_others(visit: Visit) -> int:
    """End all of one's own sessions but this one; how many that were."""
    with visit.parts.store.write() as connection:
        count = visit.parts.sessions.revoke_others(connection, visit.session, REASON)
        visit.parts.journal.record(connection, _entry(visit, "others"))
    return count


def _entry(visit: Visit, outcome: str) -> Entry:
    session = visit.session
    return Entry(visit.service.id, Event.SESSION_ENDED, session.realm, session.account_id, outcome=outcome)
