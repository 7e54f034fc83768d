"""Views as they are read: by staff in the thread, and what became of them by who gave them."""

from __future__ import annotations

import json
import sqlite3

Json = dict[str, object]

_WITH_NAME = "SELECT o.*, p.first_name AS answerer FROM opinion o LEFT JOIN person p ON p.id = o.answered_by"


def views(connection: sqlite3.Connection, thread_id: str) -> list[Json]:
    """The views of the person of one thread, oldest first, as staff read them."""
    rows = connection.execute(
        f"{_WITH_NAME} JOIN thread t ON t.case_id = o.case_id AND t.person_id = o.person_id"
        " WHERE t.id = ? ORDER BY o.sequence",
        (thread_id,),
    )
    return [
        {
            "id": row["id"],
            "occasion": json.loads(row["occasion"]),
            "answers": json.loads(row["answers"]),
            "at": row["at"],
            "influence": _influence(row),
            "later": {"reason": row["later_reason"], "until": row["later_until"]} if row["later_until"] else None,
        }
        for row in rows
    ]


def became_of(connection: sqlite3.Connection, words_id: str) -> Json:
    """What its writer reads about a view: the answer, or the day by which it is promised. Of other words, nothing."""
    row = connection.execute(f"{_WITH_NAME} WHERE o.id = ?", (words_id,)).fetchone()
    if row is None:
        return {"influence": None, "answer_until": None}
    answered = _influence(row)
    return {"influence": answered, "answer_until": None if answered else row["later_until"]}


def _influence(row: sqlite3.Row) -> Json | None:
    if row["answer"] is None:
        return None
    return {
        "heard": row["answer"],
        "changed": row["changed"],
        "not_changed": row["not_changed"],
        "by": row["answerer"],
        "at": row["answered_at"],
    }
