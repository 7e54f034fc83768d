"""Where a case stands for one reader: phase and its clock, who works with them, closing, moving, what is new.

Everything comes from what is there for this reader alone (rules.md R17).
"""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.reference_core.decisions import FOR_READER, CaseAccess
from portal.demo.reference_core.marks import MARKS, marks
from portal.demo.reference_core.plan_page import visible_plan
from portal.demo.reference_core.schema import service_fact

Json = dict[str, object]

_CHANGES_SHOWN = 5
UNNAMED_PHASE = "Her står det som er skrevet til deg."
"""What somebody reads for whom no phase is there: a foster carer whom none names (rules.md R16)."""


def visible(connection: sqlite3.Connection, access: CaseAccess, table: str, order: str) -> list[sqlite3.Row]:
    """The rows of a table of items of the case that are there for this reader."""
    return connection.execute(
        f"SELECT i.*, {MARKS} FROM {table} i WHERE i.case_id = :case AND {FOR_READER} ORDER BY {order}",  # noqa: S608 our words
        {"case": access.case_id, **access.reader},
    ).fetchall()


def course(connection: sqlite3.Connection, access: CaseAccess, today: date) -> Json:
    """The latest phase for this reader with its clock; closing and moving, where there is one."""
    row = next(iter(visible(connection, access, "phase", "i.since_at DESC, i.id")), None)
    return {
        "phase": row["phase"] if row else "unknown",
        "phase_text": access.words(row, "text") if row else UNNAMED_PHASE,
        "phase_marks": {"id": row["id"], **marks(row)} if row else None,
        "clock": _clock(access, row) if row and row["clock_by"] else None,
        "closing": closing(connection, access, today),
        "moving": _moving(connection, access),
    }


def worker_id(connection: sqlite3.Connection, access: CaseAccess) -> str:
    """The responsible worker as far as this reader has been told."""
    told = next(iter(visible(connection, access, "worker_change", "i.at DESC, i.id")), None)
    if told is not None:
        return str(told["worker_id"])
    row = connection.execute("SELECT worker_id FROM child_case WHERE id = ?", (access.case_id,)).fetchone()
    return str(row["worker_id"])


def closing(connection: sqlite3.Connection, access: CaseAccess, today: date) -> Json | None:
    """When the case closes or closed, how long it is readable, how to get the file, and who gets what is written."""
    row = connection.execute("SELECT * FROM closing WHERE case_id = ?", (access.case_id,)).fetchone()
    if row is None or access.named_only:
        return None
    ended = is_closed(row, today)
    if not (ended or access.places) and _move(connection, access) is not None:
        return None  # that it will close, and when, tells that somebody is about to move
    team = intake_team(connection)
    goes_to = (team["name"] if access.places else service_fact(connection, "name")) if ended else None
    return {
        "closed_on": row["closed_on"],
        "readable_until": row["readable_until"],
        "file_how": access.words(row, "file"),
        "goes_to": goes_to,
    }


def is_closed(row: sqlite3.Row, today: date) -> bool:
    """Has the day come on which the case closes?"""
    return date.fromisoformat(row["closed_on"]) <= today


def intake_team(connection: sqlite3.Connection) -> sqlite3.Row:
    """The team that receives whoever asks for help, and whoever writes to a case that is closed (rules.md R18)."""
    row: sqlite3.Row = connection.execute("SELECT * FROM team WHERE receives_referrals ORDER BY id").fetchone()
    return row


def changes(connection: sqlite3.Connection, access: CaseAccess, *, with_messages: bool) -> list[Json]:
    """The latest of each kind among what this person sees, newest first (rules.md R17)."""
    found = [(row["at"], "worker_changed") for row in visible(connection, access, "worker_change", "i.at DESC")[:1]]
    phases = visible(connection, access, "phase", "i.since_at DESC")
    found += [(row["since_at"], "phase_changed") for row in phases[:1]]
    appointments = visible(connection, access, "appointment", "i.starts_at")
    if appointments:
        found.append((max(_updated(access, row) for row in appointments), "appointment_updated"))
    plan = visible_plan(connection, access)
    if plan is not None:
        found.append((str(plan["updated_at"]), "plan_updated"))
    if with_messages:
        last = connection.execute(
            "SELECT max(m.sent_at) AS at FROM message m JOIN thread t ON t.id = m.thread_id"
            " WHERE t.case_id = ? AND t.person_id = ? AND m.author_kind = 'worker'"
            " AND m.id NOT IN (SELECT message_id FROM stop)",
            (access.case_id, access.person_id),
        ).fetchone()
        found += [(last["at"], "message_added")] if last["at"] else []
    return [{"kind": kind, "at": at} for at, kind in sorted(found, reverse=True)[:_CHANGES_SHOWN]]


def _updated(access: CaseAccess, row: sqlite3.Row) -> str:
    # That only its place is another is no news for whom the place is hidden from.
    place_updated = row["place_updated_at"] if access.places else None
    return max(str(row["updated_at"]), place_updated or "")


def _clock(access: CaseAccess, row: sqlite3.Row) -> Json:
    return {
        "label": access.words(row, "clock"),
        "by": row["clock_by"],
        "late_reason": access.words(row, "late"),
    }


def _moving(connection: sqlite3.Connection, access: CaseAccess) -> Json | None:
    """Both contacts until the new service has greeted (rules.md R18). Where a child moves to is a place."""
    row = _move(connection, access)
    if row is None or not access.places or access.named_only:
        return None
    return {
        "to_service": row["to_service"],
        "phone": row["phone"],
        "hours": row["hours"],
        "greeted": bool(row["greeted"]),
    }


def _move(connection: sqlite3.Connection, access: CaseAccess) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute("SELECT * FROM moving WHERE case_id = ?", (access.case_id,)).fetchone()
    return row
