"""What is common to threads on both sides: their messages, who reads them, how long the service has to answer."""

from __future__ import annotations

import sqlite3
from datetime import date
from uuid import uuid4

from portal.demo.offsets import add_working_days, local_day
from portal.demo.reference_core.attachments import of_items
from portal.demo.reference_core.course import intake_team, is_closed, worker_id
from portal.demo.reference_core.decisions import CaseAccess
from portal.demo.reference_core.problems import NotFound
from portal.demo.reference_core.schema import moment

ANSWER_WORKING_DAYS = 3

Json = dict[str, object]

_OPEN = (
    "SELECT m.received_at, m.sequence FROM message m JOIN shown_receipt r ON r.operation_id = m.id"
    " WHERE m.thread_id = :thread AND m.author_kind = 'family' AND r.level IN ('accepted', 'registered', 'seen')"
    " UNION ALL SELECT f.received_at, 0 FROM referral f JOIN shown_receipt r ON r.operation_id = f.id"
    " WHERE f.id = :thread AND r.level IN ('accepted', 'registered', 'seen')"
)
_PROMISED = (
    "SELECT sequence, promised_on FROM promise WHERE thread_id = :thread"
    " AND message_id NOT IN (SELECT message_id FROM stop) ORDER BY sequence DESC LIMIT 1"
)


def answer_due(connection: sqlite3.Connection, thread_id: str) -> str | None:
    """The first day by which something is to be answered, as a worker has promised, else some days after it came.

    None when nothing waits. What came after a promise is not covered by it.
    """
    promise = connection.execute(_PROMISED, {"thread": thread_id}).fetchone()
    days = [
        promise["promised_on"]
        if promise is not None and row["sequence"] < promise["sequence"]
        else add_working_days(local_day(moment(row["received_at"])), ANSWER_WORKING_DAYS).isoformat()
        for row in connection.execute(_OPEN, {"thread": thread_id})
    ]
    return min(days, default=None)


def messages(
    connection: sqlite3.Connection, thread_id: str, worker_id: str | None = None, unknown_name: str = ""
) -> list[Json]:
    """The messages of a thread, oldest first, for its person, or for a worker.

    In a thread every message of the family is its own person's. Whether a family has read is told to nobody. What was
    stopped is for staff alone.
    """
    rows = connection.execute(
        "SELECT m.*, p.first_name, r.level, r.seen_by FROM message m LEFT JOIN person p ON p.id = m.author_id"
        " LEFT JOIN shown_receipt r ON r.operation_id = m.id WHERE m.thread_id = ?"
        " AND (? OR m.id NOT IN (SELECT message_id FROM stop)) ORDER BY m.sequence",
        (thread_id, worker_id is not None),
    )
    found = rows.fetchall()
    files = of_items(connection, (row["id"] for row in found))
    return [{**_message(row, worker_id, unknown_name), "attachments": files[row["id"]]} for row in found]


def _message(row: sqlite3.Row, worker_id: str | None, unknown_name: str) -> Json:
    family = row["author_kind"] == "family"
    return {
        "id": row["id"],
        "author_kind": row["author_kind"],
        "author_name": row["first_name"] or unknown_name,
        "mine": family if worker_id is None else row["author_id"] == worker_id,
        "body": row["body"],
        "sent_at": row["sent_at"],
        "state": row["level"] if family else "registered",
        "opened_by": row["seen_by"] if family else None,
    }


def case_readers(connection: sqlite3.Connection, access: CaseAccess, today: date) -> list[str]:
    """First names of everybody who can read what a family writes: the responsible one, the team, cover, leader.

    When the case is closed, those who receive what is written then, too.
    """
    return [row["first_name"] for row in case_reader_rows(connection, access, today)]


def case_reader_rows(connection: sqlite3.Connection, access: CaseAccess, today: date) -> list[sqlite3.Row]:
    """The same with id, role, and whether they work with this family themselves."""
    rows = connection.execute(
        "SELECT p.id, p.first_name, w.role, min(who.rank) AS rank, min(who.rank) < 3 AS works FROM ("
        " SELECT :worker AS id, 0 AS rank"
        " UNION ALL SELECT worker_id, 1 FROM member WHERE case_id = :case"
        " UNION ALL SELECT w.cover_id, 2 FROM member m JOIN worker w ON w.person_id = m.worker_id"
        "   WHERE m.case_id = :case AND w.away_until >= :today"
        " UNION ALL SELECT w.person_id, 3 FROM worker w JOIN child_case c ON c.team_id = w.team_id"
        "   WHERE c.id = :case AND w.role = 'leader'"
        " UNION ALL SELECT w.person_id, 4 FROM worker w JOIN closing k ON k.case_id = :case"
        "   WHERE k.closed_on <= :today AND w.team_id = :intake"
        ") who JOIN person p ON p.id = who.id JOIN worker w ON w.person_id = p.id"
        " GROUP BY p.id ORDER BY rank, p.first_name",
        {
            "case": access.case_id,
            "worker": worker_id(connection, access),
            "today": today.isoformat(),
            "intake": intake_team(connection)["id"],
        },
    )
    return rows.fetchall()


def team_readers(connection: sqlite3.Connection, team_id: str) -> list[str]:
    """First names of everybody on a team, which is who reads when somebody asks it for help."""
    rows = connection.execute(
        "SELECT p.first_name FROM worker w JOIN person p ON p.id = w.person_id WHERE w.team_id = ?"
        " ORDER BY w.role, p.first_name",
        (team_id,),
    )
    return [row["first_name"] for row in rows]


def own_thread(connection: sqlite3.Connection, case_id: str, person_id: str) -> str:
    """The id of the one thread of a person in a case. Raises `NotFound` when there is none yet."""
    row = connection.execute(
        "SELECT id FROM thread WHERE case_id = ? AND person_id = ?", (case_id, person_id)
    ).fetchone()
    if row is None:
        raise NotFound
    return str(row["id"])


def begun_thread(connection: sqlite3.Connection, case_id: str, person_id: str) -> str:
    """The id of that thread, made now when there is none yet: needs a writing connection."""
    connection.execute(
        "INSERT INTO thread (id, case_id, person_id) VALUES (?, ?, ?) ON CONFLICT (case_id, person_id) DO NOTHING",
        (str(uuid4()), case_id, person_id),
    )
    return own_thread(connection, case_id, person_id)


def thread_to_write_in(connection: sqlite3.Connection, case_id: str, person_id: str, today: date) -> str:
    """That thread for something new in it, which reaches the intake when the case is closed (rules.md R18)."""
    thread_id = begun_thread(connection, case_id, person_id)
    row = connection.execute("SELECT * FROM closing WHERE case_id = ?", (case_id,)).fetchone()
    if row is not None and is_closed(row, today):
        team = intake_team(connection)
        connection.execute("UPDATE thread SET intake_team_id = ? WHERE id = ?", (team["id"], thread_id))
    return thread_id


def seen_thread(connection: sqlite3.Connection, case_id: str, person_id: str) -> str:
    """The id of that thread, or one of no thread: who looks on does not begin any."""
    try:
        return own_thread(connection, case_id, person_id)
    except NotFound:
        return str(uuid4())


def unread(connection: sqlite3.Connection, case_id: str, person_id: str) -> int:
    """How many messages of workers in one's own thread one has not been given yet."""
    row = connection.execute(
        "SELECT count(*) AS number FROM message m JOIN thread t ON t.id = m.thread_id"
        " WHERE t.case_id = ? AND t.person_id = ? AND m.author_kind = 'worker' AND m.sequence > t.read_sequence"
        " AND m.id NOT IN (SELECT message_id FROM stop)",
        (case_id, person_id),
    ).fetchone()
    return int(row["number"])
