"""Remarks: what the person of a thread has said about the plan, and the wishes to see more, with their answers."""

from __future__ import annotations

import sqlite3

from portal.demo.reference_core.problems import Conflict, NotFound

Json = dict[str, object]


def remarks(connection: sqlite3.Connection, thread_id: str) -> list[Json]:
    """The remarks of one thread as staff read them, oldest first. Who has the thread sees the whole plan."""
    rows = connection.execute(
        "SELECT k.id, k.kind, coalesce(g.text_adult, m.text_adult) AS about, k.plan_version, k.body, k.at, k.answer,"
        " p.first_name AS answered_by FROM remark k LEFT JOIN goal g ON g.id = k.target_id"
        " LEFT JOIN measure m ON m.id = k.target_id LEFT JOIN person p ON p.id = k.answered_by"
        " WHERE k.thread_id = ? ORDER BY k.sequence",
        (thread_id,),
    )
    return [dict(row) for row in rows]


def unanswered(connection: sqlite3.Connection, thread_id: str) -> Json:
    """How many of each kind wait for an answer."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE kind = 'comment') AS comments,"
        " count(*) FILTER (WHERE kind = 'access_request') AS access_requests"
        " FROM remark WHERE thread_id = ? AND level NOT IN ('answered', 'rejected')",
        (thread_id,),
    ).fetchone()
    return dict(row)


def remark_ids(connection: sqlite3.Connection, thread_id: str, upto: int) -> list[str]:
    """The remarks of a thread that had come by this number of arrival."""
    found = connection.execute("SELECT id FROM remark WHERE thread_id = ? AND sequence <= ?", (thread_id, upto))
    return [row["id"] for row in found]


def place_in_thread(connection: sqlite3.Connection, thread_id: str, item_id: str) -> int | None:
    """The number of arrival of a message or remark of this thread; None for anything else."""
    row = connection.execute(
        "SELECT sequence FROM message WHERE thread_id = :thread AND id = :item"
        " UNION ALL SELECT sequence FROM remark WHERE thread_id = :thread AND id = :item",
        {"thread": thread_id, "item": item_id},
    ).fetchone()
    return int(row["sequence"]) if row else None


def take_answer(connection: sqlite3.Connection, thread_id: str, remark_id: str, text: str, worker_id: str) -> None:
    """Put an answer beside its remark. Raises `NotFound`, and `Conflict` when there is one already."""
    remark = connection.execute(
        "SELECT kind, answer FROM remark WHERE thread_id = ? AND id = ?", (thread_id, remark_id)
    ).fetchone()
    if remark is None:
        raise NotFound
    if remark["answer"] is not None:
        raise Conflict
    connection.execute(
        f"UPDATE {remark['kind']} SET answer = ?, answered_by = ? WHERE id = ?",  # noqa: S608 one of two words of ours
        (text, worker_id, remark_id),
    )
