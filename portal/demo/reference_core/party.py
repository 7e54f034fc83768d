"""Who is a party of a case, and since when: by age, kind of case, tribunal, or as the service assessed."""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.offsets import age_on
from portal.demo.reference_core.decisions import PARENTS, GivenGrant, grants_of, is_entitled
from portal.demo.reference_core.law import ages

PARTY_KINDS = frozenset({"behaviour", "trafficking"})
"""The kinds of case in which a child is a party at every age (rules.md R6)."""
BY_TRIBUNAL = "tribunal"
"""The basis of the grant of a child to whom the tribunal has given the rights of a party."""


def is_party(connection: sqlite3.Connection, grant: GivenGrant, person_id: str, today: date) -> bool:
    """Is the person with this grant a party today (rules.md R6, R10)?"""
    return party_since(connection, grant, person_id, today) is not None


def party_since(connection: sqlite3.Connection, grant: GivenGrant, person_id: str, today: date) -> date | None:
    """From which day on the person is one: what was written earlier does not appear by itself. None for who is none."""
    if grant.relation == "self":
        return min((day for day in _child_since(connection, grant) if day <= today), default=None)
    if grant.relation == "guardian" or (grant.relation in PARENTS and is_entitled(connection, grant, person_id)):
        return date.min
    if grant.relation == "lawyer" and grant.represents is not None:
        clients = grants_of(connection, grant.represents, grant.case_id)
        days = (party_since(connection, client, grant.represents, today) for client in clients if client.active(today))
        return next((day for day in days if day is not None), None)
    return None


def age(connection: sqlite3.Connection, child_id: str, today: date) -> int:
    """In full years."""
    return age_on(_birth(connection, child_id), today)


def _child_since(connection: sqlite3.Connection, grant: GivenGrant) -> list[date]:
    days = [ages(connection).party.reached_on(_birth(connection, grant.child_id))]
    kind = connection.execute("SELECT kind FROM child_case WHERE id = ?", (grant.case_id,)).fetchone()["kind"]
    if kind in PARTY_KINDS or grant.basis == BY_TRIBUNAL:
        days.append(grant.valid_from)
    return days


def _birth(connection: sqlite3.Connection, child_id: str) -> date:
    found = connection.execute("SELECT birth FROM person WHERE id = ?", (child_id,)).fetchone()
    return date.fromisoformat(found["birth"])
