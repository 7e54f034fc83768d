"""Wishes to see more, decisions and appeals, for one person. Nothing here tells how much there is that is not shown."""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.offsets import add_working_days, local_day
from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.course import worker_id
from portal.demo.reference_core.decisions import FOR_READER, CaseAccess, case_access, may_be_told_of_decisions
from portal.demo.reference_core.documents import documents
from portal.demo.reference_core.family_pages import front, may
from portal.demo.reference_core.marks import MARKS, marks
from portal.demo.reference_core.party import is_party
from portal.demo.reference_core.problems import NotFound
from portal.demo.reference_core.reasons import (
    APPEAL_WITHIN,
    APPEAL_WORKING_DAYS,
    HOW_TO_APPEAL,
    REASONS,
    WISH_WORKING_DAYS,
    legal_basis,
)
from portal.demo.reference_core.schema import moment

Json = dict[str, object]

_VISIBLE = f"SELECT i.*, {MARKS} FROM decision i WHERE i.case_id = :case AND {FOR_READER}"  # noqa: S608 our words
_WISHES = (
    "SELECT k.*, r.level, r.seen_by, p.first_name FROM access_request k JOIN receipt r ON r.operation_id = k.id"
    " LEFT JOIN person p ON p.id = k.answered_by WHERE k.case_id = :case AND k.person_id = :person"
)


def requests(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """The wishes of this person, newest first."""
    access = case_access(connection, caller, case_id, "overview", today)
    who = {"case": case_id, "person": access.person_id}
    wishes = connection.execute(f"{_WISHES} ORDER BY k.sequence DESC", who)
    return {
        **front(connection, access),
        "documents": may(connection, caller, case_id, "documents", today),
        "requests": [_wish(connection, access, row) for row in wishes],
    }


def decisions(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """What this person is told of decisions, newest first. Raises `NotFound` where telling is dangerous (R9)."""
    access = case_access(connection, caller, case_id, "overview", today)
    if not may_be_told_of_decisions(connection, access):
        raise NotFound
    readable = _readable(connection, caller, case_id, today)
    worker = connection.execute(
        "SELECT first_name FROM person WHERE id = ?", (worker_id(connection, access),)
    ).fetchone()
    return {
        **front(connection, access),
        "worker_first_name": worker["first_name"],
        "decisions": [_decision(connection, access, row, readable, today) for row in _decided(connection, access)],
    }


def may_appeal_against(
    connection: sqlite3.Connection, caller: Caller, case_id: str, about_id: str, today: date
) -> bool:
    """Is it a decision this person is told of and may appeal against, or the answer to a wish of its own?

    Late or not is for whoever decides on the appeal.
    """
    access = case_access(connection, caller, case_id, "overview", today, closed=False)
    who = {"case": case_id, "person": access.person_id, "about": about_id}
    wish = connection.execute(f"{_WISHES} AND k.id = :about", who).fetchone()
    if wish is not None:
        return wish["outcome"] in {"partly", "no"}
    if not may_be_told_of_decisions(connection, access):
        return False
    found = (row for row in _decided(connection, access) if row["id"] == about_id)
    return any(_may_appeal(connection, access, row, today) for row in found)


def _decided(connection: sqlite3.Connection, access: CaseAccess) -> list[sqlite3.Row]:
    who = {"case": access.case_id, **access.reader}
    return connection.execute(f"{_VISIBLE} ORDER BY i.dated DESC, i.position", who).fetchall()


def _wish(connection: sqlite3.Connection, access: CaseAccess, row: sqlite3.Row) -> Json:
    answered = row["answer"] is not None
    day = local_day(moment(row["at"]))
    return {
        **_sent(row),
        "answer_by": None if answered else add_working_days(day, WISH_WORKING_DAYS).isoformat(),
        "answer": _answer(connection, access, row) if answered else None,
        "appeal_way": _way(access, _last_day(row)) if row["outcome"] in {"partly", "no"} else None,
        "appeals": _appeals(connection, access, row["id"]),
    }


def _answer(connection: sqlite3.Connection, access: CaseAccess, row: sqlite3.Row) -> Json:
    here = row["outcome"] is not None
    reason = REASONS.get(row["reason"]) if here else None
    return {
        "outcome": row["outcome"],
        "text": row["answer"] if here else None,
        "reason": reason.to(is_child=access.is_child) if reason else None,
        "legal_basis": legal_basis(connection, row["reason"]) if reason else None,
        "answered_on": local_day(moment(row["answered_at"])).isoformat() if here else None,
        "answered_by": row["first_name"] if here else None,
    }


def _last_day(row: sqlite3.Row) -> str:
    return (local_day(moment(row["answered_at"])) + APPEAL_WITHIN).isoformat()


def _decision(
    connection: sqlite3.Connection, access: CaseAccess, row: sqlite3.Row, readable: frozenset[object], today: date
) -> Json:
    appeals = _may_appeal(connection, access, row, today)
    return {
        "id": row["id"],
        "about_moving": bool(row["moving"]),
        "dated": row["dated"],
        "title": access.words(row, "title"),
        "explanation": access.words(row, "text"),
        "document_id": row["document_id"] if row["document_id"] in readable else None,
        "appeal_way": _way(access, row["appeal_by"]) if appeals else None,
        "appeals": _appeals(connection, access, row["id"]),
        **marks(row),
    }


def _may_appeal(connection: sqlite3.Connection, access: CaseAccess, row: sqlite3.Row, today: date) -> bool:
    """A party, its lawyer, and a child of any age where it is about moving (R6, R8)."""
    moving = access.is_child and bool(row["moving"])
    return moving or is_party(connection, access.grant, access.person_id, today)


def _readable(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> frozenset[object]:
    """The documents this person may read; none for whoever reads them together with a worker."""
    try:
        cards = documents(connection, caller, case_id, today)["documents"]
    except NotFound:
        return frozenset()
    return frozenset(card["id"] for card in cards if isinstance(card, dict)) if isinstance(cards, list) else frozenset()


def _way(access: CaseAccess, by: str | None) -> Json:
    return {"by": by, "how": HOW_TO_APPEAL.to(is_child=access.is_child)}


def _appeals(connection: sqlite3.Connection, access: CaseAccess, about_id: str) -> list[Json]:
    rows = connection.execute(
        "SELECT k.*, r.level, r.seen_by FROM appeal k JOIN receipt r ON r.operation_id = k.id"
        " WHERE k.case_id = ? AND k.person_id = ? AND k.about_id = ? ORDER BY k.sequence",
        (access.case_id, access.person_id, about_id),
    )
    return [_appeal(row) for row in rows]


def _appeal(row: sqlite3.Row) -> Json:
    by = add_working_days(local_day(moment(row["at"])), APPEAL_WORKING_DAYS).isoformat()
    return {
        **_sent(row),
        "answer_by": None if row["answer"] is not None else by,
        "result": row["outcome"],
        "text": row["answer"] if row["outcome"] is not None else None,
    }


def _sent(row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "at": row["at"],
        "state": row["level"],
        "opened_by": row["seen_by"],
        "body": row["body"],
    }
