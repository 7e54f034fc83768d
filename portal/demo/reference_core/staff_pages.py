"""The caseworker's pages: threads of one's own families, of those covered for, and of who asked for help."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, timedelta

from portal.demo.offsets import age_on, local_day
from portal.demo.reference_core.attachments import of_items
from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.classifications import classifications_in
from portal.demo.reference_core.decisions import (
    ThreadForWorker,
    case_of_worker,
    children_of_worker,
    grants_of,
    stands,
    thread_for_worker,
    worker_row,
)
from portal.demo.reference_core.remarks import remarks, unanswered
from portal.demo.reference_core.schema import moment, service_fact
from portal.demo.reference_core.stops import stops_in
from portal.demo.reference_core.threads import answer_due, messages
from portal.demo.reference_core.views import views

Json = dict[str, object]

DECIDE_WITHIN = timedelta(days=7)  # the one-week clock of a concern report (bvl section 2-1)
ASKED_FOR_HELP = "Ba om hjelp"
NAME_NOT_KNOWN = "Navnet er ikke kjent"
_UNOPENED = ("accepted", "registered")


def staff_conversation(connection: sqlite3.Connection, caller: Caller, thread_id: str, today: date) -> Json:
    """One thread as staff read it; reading opens nothing."""
    worker = worker_row(connection, caller)
    thread = thread_for_worker(connection, worker, thread_id, today)
    line = thread_line(connection, thread)
    return {
        **{name: line[name] for name in ("thread_id", "kind", "about", "with_name", "with_relation", "answer_due")},
        "content_language": service_fact(connection, "language"),
        "last_unopened_id": last_unopened(connection, thread_id),
        "messages": messages(connection, thread_id, worker["person_id"], str(line["with_name"])),
        "remarks": remarks(connection, thread_id),
        "views": views(connection, thread_id),
        "referral": _referral(connection, thread_id) if thread.case_id is None else None,
        "own_case_id": _own_case(connection, worker, thread.case_id),
        "stops": stops_in(connection, thread_id),
        "classifications": classifications_in(connection, thread_id),
    }


def children(connection: sqlite3.Connection, caller: Caller, today: date) -> Json:
    """The children of the acting worker's own cases, by first name; those covered for are not among them."""
    rows = children_of_worker(connection, worker_row(connection, caller))
    return {
        "children": [
            {
                "child_id": row["id"],
                "first_name": row["first_name"],
                "age": age_on(date.fromisoformat(row["birth"]), today),
                "case_id": row["case_id"],
            }
            for row in rows
        ]
    }


def last_unopened(connection: sqlite3.Connection, thread_id: str) -> str | None:
    """What `putOpened` is to name: the last unopened message or remark, else unopened asking for help, else nothing."""
    row = connection.execute(
        "SELECT i.id FROM ("
        " SELECT id, sequence FROM message WHERE thread_id = ? AND author_kind = 'family'"
        " UNION ALL SELECT id, sequence FROM remark WHERE thread_id = ?"
        ") i JOIN receipt r ON r.operation_id = i.id WHERE r.level IN (?, ?) ORDER BY i.sequence DESC LIMIT 1",
        (thread_id, thread_id, *_UNOPENED),
    ).fetchone()
    if row is None:
        row = connection.execute(
            "SELECT f.id FROM referral f JOIN receipt r ON r.operation_id = f.id WHERE f.id = ? AND r.level IN (?, ?)",
            (thread_id, *_UNOPENED),
        ).fetchone()
    return row["id"] if row else None


def thread_line(connection: sqlite3.Connection, thread: ThreadForWorker) -> Json:
    """Whose thread it is, and what waits in it."""
    waiting = connection.execute(
        "SELECT min(at) AS since, sum(unopened) AS unopened FROM ("
        " SELECT m.sent_at AS at, r.level IN ('accepted', 'registered') AS unopened FROM message m"
        "  JOIN shown_receipt r ON r.operation_id = m.id WHERE m.thread_id = :thread AND m.author_kind = 'family'"
        "  AND r.level NOT IN ('answered', 'rejected')"
        " UNION ALL SELECT f.composed_at, r.level IN ('accepted', 'registered') FROM referral f"
        "  JOIN shown_receipt r ON r.operation_id = f.id WHERE f.id = :thread"
        "  AND r.level NOT IN ('answered', 'rejected')"
        " UNION ALL SELECT at, 0 FROM remark WHERE thread_id = :thread AND level NOT IN ('answered', 'rejected'))",
        {"thread": thread.thread_id},
    ).fetchone()
    about = _about_referral(connection, thread) if thread.case_id is None else _about_case(connection, thread)
    return {
        "thread_id": thread.thread_id,
        **about,
        "unopened": waiting["unopened"] or 0,
        "unanswered_remarks": unanswered(connection, thread.thread_id),
        "waiting_since": waiting["since"],
        "answer_due": answer_due(connection, thread.thread_id),
        "covering_for": thread.covering_for,
    }


def _about_case(connection: sqlite3.Connection, thread: ThreadForWorker) -> Json:
    row = connection.execute(
        "SELECT child.first_name AS about, p.first_name AS with_name, a.relation FROM thread t"
        " JOIN child_case c ON c.id = t.case_id JOIN person child ON child.id = c.child_id"
        " JOIN person p ON p.id = t.person_id"
        " LEFT JOIN access a ON a.case_id = t.case_id AND a.person_id = t.person_id WHERE t.id = ?",
        (thread.thread_id,),
    ).fetchone()
    return {"kind": "case", "about": row["about"], "with_name": row["with_name"], "with_relation": row["relation"]}


def _about_referral(connection: sqlite3.Connection, thread: ThreadForWorker) -> Json:
    row = connection.execute(
        "SELECT p.first_name FROM referral r LEFT JOIN person p ON p.id = r.person_id WHERE r.id = ?",
        (thread.thread_id,),
    ).fetchone()
    name = row["first_name"] or NAME_NOT_KNOWN
    return {"kind": "referral", "about": ASKED_FOR_HELP, "with_name": name, "with_relation": None}


def _own_case(connection: sqlite3.Connection, worker: sqlite3.Row, case_id: str | None) -> str | None:
    return case_id if case_id is not None and case_of_worker(connection, worker, case_id) else None


def in_use(connection: sqlite3.Connection, thread: ThreadForWorker, today: date) -> bool:
    """A thread with words in it, or with somebody who could read some: able to sign in and let in today."""
    if thread.case_id is None or _last_at(connection, thread.thread_id):
        return True
    row = connection.execute(
        "SELECT t.person_id, n.value FROM thread t LEFT JOIN number n ON n.person_id = t.person_id WHERE t.id = ?",
        (thread.thread_id,),
    ).fetchone()
    return row["value"] is not None and any(
        stands(connection, row["person_id"], grant, "conversation", today)
        for grant in grants_of(connection, row["person_id"], thread.case_id)
    )


def _last_at(connection: sqlite3.Connection, thread_id: str) -> str:
    row = connection.execute(
        "SELECT max(at) AS at FROM (SELECT sent_at AS at FROM message WHERE thread_id = :thread"
        " UNION ALL SELECT at FROM remark WHERE thread_id = :thread)",
        {"thread": thread_id},
    ).fetchone()
    return row["at"] or ""


def _referral(connection: sqlite3.Connection, referral_id: str) -> Json:
    row = connection.execute("SELECT * FROM referral WHERE id = ?", (referral_id,)).fetchone()
    return {
        "referral_id": referral_id,
        "received_at": row["composed_at"],
        "decide_by": (local_day(moment(row["composed_at"])) + DECIDE_WITHIN).isoformat(),
        "identity_known": row["person_id"] is not None or row["number_value"] is not None,
        "answers": json.loads(row["answers"]),
        "attachments": of_items(connection, [referral_id])[referral_id],
    }
