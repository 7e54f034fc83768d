"""What somebody says about whoever works with them, or where they live: it goes round whom it is about.

It stands in no thread, no trail, no inbox, and no other page than its author's and its receiver's.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import date

from portal.demo.offsets import local_day
from portal.demo.reference_core.auth import PREVIEW, Caller
from portal.demo.reference_core.decisions import CaseAccess, case_access, worker_row
from portal.demo.reference_core.family_pages import front
from portal.demo.reference_core.problems import Conflict, Invalid, NotFound
from portal.demo.reference_core.receipts import raise_level
from portal.demo.reference_core.schema import moment, service_fact
from portal.demo.reference_core.threads import case_reader_rows
from portal.demo.reference_core.writes import COMMENT_CHARACTERS, Write, check_length

Json = dict[str, object]

HOME, WORKER = "home", "worker"
HEAD = "head"
"""The fact about a service that names who hears what is said about a leader."""


def complaints(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """One's own, and who gets a new one. Nobody looks on. Raises `NotFound`."""
    if caller.purpose == PREVIEW:
        raise NotFound
    access = case_access(connection, caller, case_id, "overview", today)
    ways = [*_receivers(connection, case_id), None, None]
    rows = connection.execute(
        "SELECT * FROM complaint WHERE case_id = ? AND person_id = ? ORDER BY at DESC, id",
        (case_id, access.person_id),
    )
    return {
        **front(connection, access),
        "team": [{"id": row["id"], "first_name": row["first_name"]} for row in _team(connection, access, today)],
        "goes_to": _receiver(connection, ways[0]),
        "otherwise": _receiver(connection, ways[1]),
        "complaints": [_mine(connection, row) for row in rows],
    }


def staff_complaints(connection: sqlite3.Connection, caller: Caller, _today: date) -> Json:
    """What the acting worker has got, longest waiting first."""
    worker = worker_row(connection, caller)
    rows = connection.execute(
        "SELECT c.*, p.first_name AS with_name, k.first_name AS child_name, (SELECT a.relation FROM access a"
        "  WHERE a.case_id = c.case_id AND a.person_id = c.person_id LIMIT 1) AS relation FROM complaint c"
        " JOIN person p ON p.id = c.person_id JOIN child_case b ON b.id = c.case_id JOIN person k ON k.id = b.child_id"
        " WHERE c.goes_to = ? ORDER BY c.answer IS NOT NULL, c.at, c.id",
        (worker["person_id"],),
    )
    return {
        "content_language": service_fact(connection, "language"),
        "complaints": [_of_staff(connection, worker["person_id"], row) for row in rows],
    }


def put_complaint(connection: sqlite3.Connection, write: Write) -> None:
    """File it with the first who may hear it. Raises `Invalid` for a worker who is not of the team."""
    today = local_day(write.now)
    access = case_access(connection, write.caller, write.place, "overview", today, closed=False)
    body = write.body
    check_length(body["body"], COMMENT_CHARACTERS, "/body")
    team = {row["id"] for row in _team(connection, access, today)}
    for index, worker_id in enumerate(body["not_these"]):
        if worker_id not in team:
            raise Invalid([(f"/not_these/{index}", "unknown")])
    goes_to = _goes_to(connection, access, body["about"], body["not_these"], today)
    connection.execute(
        "INSERT INTO complaint (id, case_id, person_id, about, not_these, other_worker, body, language, at, goes_to)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(write.id, write.place, access.person_id, body["about"], json.dumps(sorted(set(body["not_these"])))),
            *(int(body["other_worker"]), body["body"], body["language"], write.sent_at, goes_to),
        ),
    )
    connection.execute("INSERT INTO assess_first VALUES (?)", (write.id,))


def put_answer(connection: sqlite3.Connection, write: Write) -> None:
    """The receiver's answer, once. Raises `NotFound` for everybody else, whom it is about among them."""
    worker = worker_row(connection, write.caller)
    check_length(write.body["body"], COMMENT_CHARACTERS, "/body")
    row = connection.execute(
        "SELECT answer FROM complaint WHERE id = ? AND goes_to = ?", (write.about, worker["person_id"])
    ).fetchone()
    if row is None:
        raise NotFound
    if row["answer"] is not None:
        raise Conflict
    connection.execute(
        "UPDATE complaint SET answer = ?, answered_at = ? WHERE id = ?",
        (write.body["body"], write.sent_at, write.about),
    )
    # Of no case: that something was answered in it is told to nobody who works there.
    raise_level(connection, write.about, "answered", by=worker["first_name"], case_id=None, now=write.now)


def _goes_to(
    connection: sqlite3.Connection, access: CaseAccess, about: str, not_these: Collection[str], today: date
) -> str:
    """Raises `Invalid` where nobody is left: then no page offers it, and the portal tells whom to call."""
    concerned = set(not_these)
    if about == WORKER and not concerned:  # nobody was named, so it may be about any of those who work with them
        concerned = {row["id"] for row in _team(connection, access, today) if row["role"] != "leader" or row["works"]}
    for worker_id in _receivers(connection, access.case_id):
        if worker_id not in concerned:
            return worker_id
    raise Invalid([("/not_these", "nobody_left")])


def _receivers(connection: sqlite3.Connection, case_id: str) -> list[str]:
    """Who hears it: the leaders of the team, then whoever hears what is said about them."""
    rows = connection.execute(
        "SELECT w.person_id FROM worker w JOIN child_case c ON c.team_id = w.team_id"
        " WHERE c.id = ? AND w.role = 'leader' ORDER BY w.person_id",
        (case_id,),
    )
    found = [str(row["person_id"]) for row in rows]
    head = service_fact(connection, HEAD)
    return [*found, head] if head and head not in found else found


def _team(connection: sqlite3.Connection, access: CaseAccess, today: date) -> list[sqlite3.Row]:
    return case_reader_rows(connection, access, today)


def _receiver(connection: sqlite3.Connection, worker_id: str | None) -> Json | None:
    row = connection.execute(
        "SELECT p.first_name, w.role FROM worker w JOIN person p ON p.id = w.person_id WHERE p.id = ?", (worker_id,)
    ).fetchone()
    return dict(row) if row else None


def _answer(connection: sqlite3.Connection, row: sqlite3.Row) -> Json | None:
    if row["answer"] is None:
        return None
    return {
        "text": row["answer"],
        "by": _receiver(connection, row["goes_to"]),
        "answered_on": local_day(moment(row["answered_at"])).isoformat(),
    }


def _names(connection: sqlite3.Connection, row: sqlite3.Row) -> list[str]:
    ids = json.loads(row["not_these"])
    found = connection.execute(
        f"SELECT first_name FROM person WHERE id IN ({', '.join('?' * len(ids))}) ORDER BY first_name",  # noqa: S608 marks
        ids,
    )
    return [one["first_name"] for one in found]


def _mine(connection: sqlite3.Connection, row: sqlite3.Row) -> Json:
    level = connection.execute("SELECT level FROM receipt WHERE operation_id = ?", (row["id"],)).fetchone()["level"]
    return {
        "id": row["id"],
        "mine": True,  # nobody else's are asked for
        "about": row["about"],
        "not_these": _names(connection, row),
        "other_worker": bool(row["other_worker"]),
        "body": row["body"],
        "at": row["at"],
        "state": level,
        "goes_to": _receiver(connection, row["goes_to"]),
        "answer": _answer(connection, row),
    }


def _of_staff(connection: sqlite3.Connection, worker_id: str, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "child_name": row["child_name"],
        "with_name": row["with_name"],
        "with_relation": row["relation"],
        "about": row["about"],
        "about_reader": worker_id in json.loads(row["not_these"]),
        "not_these": _names(connection, row),
        "other_worker": bool(row["other_worker"]),
        "body": row["body"],
        "at": row["at"],
        "answer": _answer(connection, row),
    }
