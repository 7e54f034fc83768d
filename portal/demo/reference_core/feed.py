"""The change feed: that something changed, with a cursor that only grows. Never what."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from uuid import uuid4

from portal.demo.reference_core.problems import CursorExpired
from portal.demo.reference_core.schema import utc_text

Json = dict[str, object]

BEGINNING = "0"
_LONGEST_CURSOR = 18


def emit(connection: sqlite3.Connection, kind: str, case_id: str | None, entity_id: str, now: datetime) -> None:
    """Write one change in the caller's transaction."""
    connection.execute(
        "INSERT INTO change (id, type, case_id, entity_id, at) VALUES (?, ?, ?, ?, ?)",
        (str(uuid4()), kind, case_id, entity_id, utc_text(now)),
    )


def changes(connection: sqlite3.Connection, after: str | None, limit: int) -> Json:
    """A run of changes after a cursor. Raises `CursorExpired` for a cursor this feed has never given."""
    start = _position(connection, after or BEGINNING)
    rows = connection.execute(
        "SELECT * FROM change WHERE cursor > ? ORDER BY cursor LIMIT ?", (start, limit + 1)
    ).fetchall()
    shown = rows[:limit]
    items = [{**dict(row), "cursor": str(row["cursor"])} for row in shown]
    return {
        "items": items,
        "next_cursor": str(shown[-1]["cursor"]) if shown else str(start),
        "more": len(rows) > limit,
    }


def _position(connection: sqlite3.Connection, cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= _LONGEST_CURSOR):
        raise CursorExpired
    last = connection.execute("SELECT coalesce(max(cursor), 0) AS last FROM change").fetchone()["last"]
    if int(cursor) > last:  # of a database that is no more
        raise CursorExpired
    return int(cursor)
