"""A worker looks at what one of a family would see: whose view there is to choose, and whose a page then is.

Only in the worker's own cases, and without any trace for the family: a preview reads and never writes.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date

from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.decisions import case_of_worker, grants_of, worker_row
from portal.demo.reference_core.problems import NotFound
from portal.demo.reference_core.shielding import shielded_from
from portal.demo.reference_core.standing import standing

Json = dict[str, object]


def people(connection: sqlite3.Connection, caller: Caller, case_id: str) -> Json:
    """Everybody with a grant in a case of the worker's own, the child first. Raises `NotFound`."""
    _check(connection, caller, case_id)
    rows = connection.execute(
        "SELECT DISTINCT a.person_id FROM access a JOIN person p ON p.id = a.person_id WHERE a.case_id = ?"
        " ORDER BY a.relation <> 'self', p.first_name, p.id",
        (case_id,),
    ).fetchall()
    child = connection.execute(
        "SELECT p.first_name FROM child_case c JOIN person p ON p.id = c.child_id WHERE c.id = ?", (case_id,)
    ).fetchone()
    return {
        "case_id": case_id,
        "child_name": child["first_name"],
        "people": [_person(connection, case_id, row["person_id"]) for row in rows],
    }


def person(connection: sqlite3.Connection, caller: Caller, case_id: str, person_id: str, today: date) -> Json:
    """One of them, how that person stands to the case, and what they may not learn. Raises `NotFound`."""
    _check(connection, caller, case_id)
    told = _person(connection, case_id, person_id)
    asked = {"case_id": case_id, "thread_id": None, "referral_id": None, "child_id": None}
    facts = standing(connection, _as(caller, told), today, **asked)
    return {"person": told, "standing": facts, "shielded": shielded_from(connection, person_id)}


def reader(connection: sqlite3.Connection, caller: Caller, case_id: str) -> Caller:
    """For whom a page of a case is made: the caller, or the person whose view the caller looks at.

    Raises `NotFound` when that is nobody of a case of the worker's own.
    """
    if caller.preview_of is None:
        return caller
    _check(connection, caller, case_id)
    return _as(caller, _person(connection, case_id, caller.preview_of))


def _check(connection: sqlite3.Connection, caller: Caller, case_id: str) -> None:
    if not case_of_worker(connection, worker_row(connection, caller), case_id):
        raise NotFound


def _as(caller: Caller, told: Json) -> Caller:
    """That person, known as surely as they can be: what they see with a weaker sign-in is less, never more."""
    in_person = told["enrolment"] == "in_person"
    sure = "substantial" if in_person else "high"
    return replace(caller, subject=str(told["person_id"]), realm="family", assurance=sure, in_person=in_person)


def _person(connection: sqlite3.Connection, case_id: str, person_id: str) -> Json:
    grants = grants_of(connection, person_id, case_id)
    if not grants:
        raise NotFound
    row = connection.execute(
        "SELECT first_name, EXISTS (SELECT 1 FROM number n WHERE n.person_id = p.id) AS numbered"
        " FROM person p WHERE id = ?",
        (person_id,),
    ).fetchone()
    return {
        "person_id": person_id,
        "first_name": row["first_name"],
        "relation": grants[0].relation,
        "enrolment": "eid" if row["numbered"] else "in_person",
    }
