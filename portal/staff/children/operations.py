"""Letting a child in and taking that away, each in one transaction with its row in the journal."""

from __future__ import annotations

from dataclasses import replace

from portal.audit.events import Entry, Event
from portal.domain.children import WorkersChild
from portal.domain.people import Realm
from portal.identity.invitations import NewInvitation
from portal.web.errors import NoError
from portal.web.visit import Visit


def child(visit: Visit) -> WorkersChild:
    """The child of the grant, as the core names it to this worker."""
    for found in visit.core.children(visit.grant, visit.language).children:
        if found.id == visit.grant.target.child_id:
            return found
    raise NoError


def invite(visit: Visit, person_id: str, *, passkey_allowed: bool) -> NewInvitation:
    """A code for this child. What it could sign in with until now ends: the new way in will be the only one."""
    service_id = visit.service.id
    with visit.parts.store.write() as connection:
        visit.parts.ways_in.take_away(connection, service_id, person_id)
        worker = visit.session.account_id
        made = visit.parts.invitations.create(
            connection, service_id, person_id, worker, passkey_allowed=passkey_allowed
        )
        visit.parts.journal.record(connection, _entry(visit, Event.ENROLMENT_BEGUN, person_id))
    return made


def take_away(visit: Visit, person_id: str) -> None:
    """Everything this child can sign in with, its sessions, and codes not yet used: all ends now."""
    with visit.parts.store.write() as connection:
        visit.parts.ways_in.take_away(connection, visit.service.id, person_id)
        visit.parts.journal.record(connection, _entry(visit, Event.ENROLMENT_ENDED, person_id))


def take_code_away(visit: Visit, person_id: str) -> None:
    """The code of the child's own, if there is one: it has forgotten it, and has met its worker (rules.md R20).

    Whether there was one is told to nobody but the journal.
    """
    with visit.parts.store.write() as connection:
        visit.parts.sessions.revoke_person(connection, visit.service.id, person_id, "code_away")
        codes = visit.parts.own_codes.reset(connection, visit.service.id, person_id)
        entry = _entry(visit, Event.CODE_REMOVED, person_id)
        visit.parts.journal.record(connection, entry if codes else replace(entry, outcome="none"))


def _entry(visit: Visit, event: Event, person_id: str) -> Entry:
    return Entry(
        visit.service.id, event, Realm.STAFF, visit.session.account_id, visit.grant.action.name, item=person_id
    )
