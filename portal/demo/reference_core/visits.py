"""Where a child lives and whom it sees, for one reader, and what that reader says about it, which changes nothing."""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.offsets import local_day
from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.course import visible, worker_id
from portal.demo.reference_core.decisions import CaseAccess, case_access
from portal.demo.reference_core.family_pages import front
from portal.demo.reference_core.marks import marks
from portal.demo.reference_core.problems import Invalid
from portal.demo.reference_core.schema import next_number
from portal.demo.reference_core.threads import case_readers, thread_to_write_in
from portal.demo.reference_core.writes import COMMENT_CHARACTERS, Write, check_length, mark

Json = dict[str, object]


def visits(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """The page: what is there for this reader, and of what was said this reader's own alone (rules.md R13)."""
    access = case_access(connection, caller, case_id, "overview", today)
    arrangements = visible(connection, access, "arrangement", "i.position")
    there = {row["id"] for row in arrangements}
    worker = connection.execute(
        "SELECT first_name FROM person WHERE id = ?", (worker_id(connection, access),)
    ).fetchone()
    return {
        **front(connection, access),
        "readers": case_readers(connection, access, today),
        "worker_first_name": worker["first_name"],
        "living": [_living(access, row) for row in visible(connection, access, "living", "i.position")],
        "arrangements": [_arrangement(access, row) for row in arrangements],
        "visits": [_visit(connection, access, row, there) for row in _coming(connection, access, today)],
        "said": _said(connection, access),
    }


def put_visit_wish(connection: sqlite3.Connection, write: Write) -> None:
    """More, less, not now, or something to say. The team finds it in the thread with this person."""
    body, today = write.body, local_day(write.now)
    access = case_access(connection, write.caller, write.place, "overview", today, closed=False)
    check_length(body["body"], COMMENT_CHARACTERS, "/body")
    if body["wish"] == "say" and not body["body"].strip():
        raise Invalid([("/body", "empty")])
    if body["about_id"] is not None and not _is_there(connection, access, body["about_id"]):
        raise Invalid([("/about_id", "unknown")])
    thread_to_write_in(connection, write.place, write.caller.subject, today)
    connection.execute(
        "INSERT INTO visit_wish (sequence, id, case_id, person_id, about_id, wish, body, language, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(next_number(connection), write.id, write.place, write.caller.subject, body["about_id"]),
            *(body["wish"], body["body"], body["language"], write.sent_at),
        ),
    )
    mark(connection, write, by_child=access.is_child)


def _coming(connection: sqlite3.Connection, access: CaseAccess, today: date) -> list[sqlite3.Row]:
    rows = visible(connection, access, "appointment", "i.starts_at")
    return [row for row in rows if row["kind"] == "visit" and row["starts_at"] >= today.isoformat()]


def _is_there(connection: sqlite3.Connection, access: CaseAccess, about_id: str) -> bool:
    """An arrangement or visit that is there for this reader. One that was a while ago still is."""
    appointments = visible(connection, access, "appointment", "i.starts_at")
    ids = {row["id"] for row in appointments if row["kind"] == "visit"}
    return about_id in ids | {row["id"] for row in visible(connection, access, "arrangement", "i.position")}


def _living(access: CaseAccess, row: sqlite3.Row) -> Json:
    return {"id": row["id"], "text": access.words(row, "text"), **marks(row)}


def _arrangement(access: CaseAccess, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "with_whom": access.words(row, "with"),
        "how_often": access.words(row, "often"),
        "place": row["place"] if access.places else None,
        **marks(row),
    }


def _visit(connection: sqlite3.Connection, access: CaseAccess, row: sqlite3.Row, there: set[str]) -> Json:
    of = connection.execute("SELECT arrangement_id FROM arranged WHERE appointment_id = ?", (row["id"],)).fetchone()
    return {
        "id": row["id"],
        "arrangement_id": of["arrangement_id"] if of and of["arrangement_id"] in there else None,
        "title": access.words(row, "title"),
        "starts_at": row["starts_at"],
        "place": row["place"] if access.places else None,
        "cancelled_reason": access.words(row, "cancelled"),
        **marks(row),
    }


def _said(connection: sqlite3.Connection, access: CaseAccess) -> list[Json]:
    rows = connection.execute(
        "SELECT k.*, r.level, r.seen_by, p.first_name AS answerer FROM visit_wish k"
        " JOIN receipt r ON r.operation_id = k.id LEFT JOIN person p ON p.id = k.answered_by"
        " WHERE k.case_id = ? AND k.person_id = ? ORDER BY k.sequence DESC",
        (access.case_id, access.person_id),
    )
    return [
        {
            "id": row["id"],
            "mine": True,  # nobody else's are asked for
            "about_id": row["about_id"],
            "wish": row["wish"],
            "body": row["body"],
            "at": row["at"],
            "state": row["level"],
            "opened_by": row["seen_by"],
            "answer": row["answer"],
            "answered_by": row["answerer"],
        }
        for row in rows
    ]
