"""Messages that went to the wrong person: hidden from the family, marked for staff, reported to the leader."""

from __future__ import annotations

import sqlite3

from portal.demo.offsets import local_day
from portal.demo.reference_core.decisions import thread_for_worker, worker_row
from portal.demo.reference_core.feed import emit
from portal.demo.reference_core.problems import Invalid
from portal.demo.reference_core.schema import utc_text
from portal.demo.reference_core.writes import COMMENT_CHARACTERS, Write, check_length

Json = dict[str, object]


def put_stop(connection: sqlite3.Connection, write: Write) -> None:
    """Stop a message of the team in this thread; it may come later, or never. What is stopped stays as it was."""
    worker = worker_row(connection, write.caller)
    thread = thread_for_worker(connection, worker, write.place, local_day(write.now))
    check_length(write.body["reason"], COMMENT_CHARACTERS, "/reason")
    message_id = write.body["message_id"]
    message = connection.execute("SELECT * FROM message WHERE id = ?", (message_id,)).fetchone()
    if message is not None and (message["thread_id"] != write.place or message["author_kind"] != "worker"):
        raise Invalid([("/message_id", "unknown")])
    read = connection.execute("SELECT read_sequence FROM thread WHERE id = ?", (write.place,)).fetchone()
    known = message is not None and read is not None
    connection.execute(
        "INSERT INTO stop VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id) DO NOTHING",
        (
            *(message_id, write.place, worker["person_id"], worker["role"], write.body["reason"], utc_text(write.now)),
            read["read_sequence"] >= message["sequence"] if known else None,
        ),
    )
    emit(connection, "message.added", thread.case_id, write.place, write.now)  # the thread is another now
    for item in _unanswered_again(connection, write.place):
        emit(connection, "receipt.updated", thread.case_id, item, write.now)


def _unanswered_again(connection: sqlite3.Connection, thread_id: str) -> list[str]:
    """What only stopped messages have answered: also where its writer sees what became of it, nothing has."""
    rows = connection.execute(
        "SELECT r.operation_id FROM receipt r JOIN shown_receipt s ON s.operation_id = r.operation_id"
        " WHERE s.level <> r.level AND (r.operation_id = :thread"
        " OR r.operation_id IN (SELECT id FROM message WHERE thread_id = :thread))",
        {"thread": thread_id},
    )
    return [row["operation_id"] for row in rows]


def stops_in(connection: sqlite3.Connection, thread_id: str) -> list[Json]:
    """What was stopped in a thread, for staff."""
    rows = connection.execute("SELECT * FROM stop WHERE thread_id = ? ORDER BY at, message_id", (thread_id,))
    return [
        {
            "message_id": row["message_id"],
            "by_role": row["by_role"],
            "at": row["at"],
            "opened_since": None if row["opened_since"] is None else bool(row["opened_since"]),
        }
        for row in rows
    ]


def breach_reports(connection: sqlite3.Connection, worker: sqlite3.Row, unknown_name: str) -> list[Json]:
    """The reports of the leader's own team, newest first; none for anybody else."""
    if worker["role"] != "leader":
        return []
    rows = connection.execute(
        "SELECT s.thread_id, s.message_id, coalesce(p.first_name, :unknown) AS with_name, s.at AS stopped_at,"
        " w.first_name AS stopped_by FROM stop s JOIN person w ON w.id = s.worker_id"
        " LEFT JOIN thread t ON t.id = s.thread_id LEFT JOIN child_case c ON c.id = t.case_id"
        " LEFT JOIN referral r ON r.id = s.thread_id"
        " LEFT JOIN person p ON p.id = coalesce(t.person_id, r.person_id)"
        " WHERE coalesce(c.team_id, r.team_id) = :team ORDER BY s.at DESC, s.message_id",
        {"team": worker["team_id"], "unknown": unknown_name},
    )
    return [dict(row) for row in rows]
