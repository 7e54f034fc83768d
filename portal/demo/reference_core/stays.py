"""Who stood in for a child, and whom it wants to be able to see something still when it is an adult (rules.md R15).

A yes is kept for the team to talk about; it gives nobody anything.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta

from portal.demo.offsets import local_day
from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.course import worker_id
from portal.demo.reference_core.decisions import (
    FOSTER_CARER,
    GUARDIANSHIP,
    CaseAccess,
    GivenGrant,
    case_access,
    grants_of,
    is_blocked,
    is_entitled,
)
from portal.demo.reference_core.law import ages
from portal.demo.reference_core.problems import Invalid, NotFound
from portal.demo.reference_core.schema import service_fact
from portal.demo.reference_core.writes import Write

Json = dict[str, object]

TOLD_BEFORE = timedelta(days=60)
"""How long before the day the young person is told of it on the front page."""


def who_stays(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """The page, for the child of the case alone. Raises `NotFound` for everybody else."""
    access = _own(connection, caller, case_id, today)
    child = connection.execute("SELECT id, first_name FROM person WHERE id = ?", (access.child_id,)).fetchone()
    worker = connection.execute(
        "SELECT first_name FROM person WHERE id = ?", (worker_id(connection, access),)
    ).fetchone()
    return {
        "case_id": case_id,
        "child": dict(child),
        "reader": {"first_name": child["first_name"], "relation": access.relation},
        "content_language": service_fact(connection, "language"),
        "worker_first_name": worker["first_name"],
        "adult_on": adult_on(connection, access.child_id).isoformat(),
        "people": _people(connection, access, today),
    }


def concerns(connection: sqlite3.Connection, access: CaseAccess, today: date) -> bool:
    """Is this reader the child, and an adult now or soon?"""
    return access.is_child and adult_on(connection, access.child_id) - TOLD_BEFORE <= today


def put_stays_open(connection: sqlite3.Connection, write: Write) -> None:
    """What a young adult chose for some of these people. The last choice counts; before that day there is none."""
    today = local_day(write.now)
    access = _own(connection, write.caller, write.place, today, closed=False)
    if today < adult_on(connection, access.child_id):
        raise Invalid([("/choices", "too_early")])
    known = {person["person_id"] for person in _people(connection, access, today)}
    for index, choice in enumerate(write.body["choices"]):
        if choice["person_id"] not in known:
            raise Invalid([(f"/choices/{index}/person_id", "unknown")])
        connection.execute(
            "INSERT INTO stays_open VALUES (?, ?, ?, ?, ?) ON CONFLICT (case_id, person_id)"
            " DO UPDATE SET stays_open = excluded.stays_open, operation_id = excluded.operation_id, at = excluded.at",
            (write.place, choice["person_id"], int(choice["stays_open"]), write.id, write.sent_at),
        )


def adult_on(connection: sqlite3.Connection, child_id: str) -> date:
    """The day on which a child is an adult."""
    row = connection.execute("SELECT birth FROM person WHERE id = ?", (child_id,)).fetchone()
    return ages(connection).adult.reached_on(date.fromisoformat(row["birth"]))


def _own(
    connection: sqlite3.Connection, caller: Caller, case_id: str, today: date, *, closed: bool = True
) -> CaseAccess:
    access = case_access(connection, caller, case_id, "overview", today, closed=closed)
    if not access.is_child:
        raise NotFound
    return access


def _people(connection: sqlite3.Connection, access: CaseAccess, today: date) -> list[Json]:
    """Who stands or stood in for the child with an access of their own, by name.

    Whom it is kept apart from is no question; nor is whoever tells a place to a child who may not know it.
    """
    rows = connection.execute(
        "SELECT DISTINCT a.person_id, p.first_name, s.stays_open FROM access a JOIN person p ON p.id = a.person_id"
        " LEFT JOIN stays_open s ON s.case_id = a.case_id AND s.person_id = a.person_id"
        " WHERE a.case_id = ? ORDER BY p.first_name, a.person_id",
        (access.case_id,),
    ).fetchall()
    found: list[Json] = []
    for row in rows:
        person_id = row["person_id"]
        grants = grants_of(connection, person_id, access.case_id)
        given = next((grant for grant in grants if _stood_in(connection, grant, person_id, today)), None)
        if given is None or is_blocked(connection, access.child_id, person_id):
            continue
        if given.relation == FOSTER_CARER and not access.places:
            continue
        found.append(
            {
                "person_id": person_id,
                "first_name": row["first_name"],
                "relation": given.relation,
                "stays_open": None if row["stays_open"] is None else bool(row["stays_open"]),
            }
        )
    return found


def _stood_in(connection: sqlite3.Connection, grant: GivenGrant, person_id: str, today: date) -> bool:
    begun = grant.valid_from <= today
    return begun and grant.relation in GUARDIANSHIP and is_entitled(connection, grant, person_id)
