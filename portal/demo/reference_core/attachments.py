"""Files: each comes before the message that names it, and is read by that message's own thread alone.

What is evidence is kept apart: no operation gives it out.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from portal.demo.drawings import house_and_sun
from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.decisions import case_access, thread_for_worker, worker_row
from portal.demo.reference_core.problems import Invalid, KeyReused, NotFound
from portal.demo.reference_core.schema import utc_text

MOST_BYTES = 16_000_000
READABLE = frozenset({"image/jpeg", "audio/ogg", "application/pdf"})
ORIGINAL = "application/octet-stream"
UNNAMED_LIVES = timedelta(days=7)
"""After that a file that no message has named is thrown away."""

Json = dict[str, object]


def put(
    connection: sqlite3.Connection,
    caller: Caller,
    attachment_id: str,
    media_type: str,
    content: bytes,
    *,
    now: datetime,
) -> Json:
    """Keep a file for its sender. The same again changes nothing; another under its id raises `KeyReused`."""
    if caller.realm != "family":
        raise NotFound
    sha256 = hashlib.sha256(content).hexdigest()
    connection.execute("DELETE FROM attachment WHERE item_id IS NULL AND at < ?", (utc_text(now - UNNAMED_LIVES),))
    known = connection.execute("SELECT * FROM attachment WHERE id = ?", (attachment_id,)).fetchone()
    if known is None:
        connection.execute(
            "INSERT INTO attachment (id, owner, media_type, sha256, content, at) VALUES (?, ?, ?, ?, ?, ?)",
            (attachment_id, caller.subject, media_type, sha256, content, utc_text(now)),
        )
    elif (known["owner"], known["media_type"], known["sha256"]) != (caller.subject, media_type, sha256):
        raise KeyReused
    return {"id": attachment_id, "sha256": sha256}


def lay(connection: sqlite3.Connection, attachment_id: str, owner: str, item_id: str, at: str) -> None:
    """A drawing that came with an earlier message of a story."""
    content = house_and_sun()
    sha256 = hashlib.sha256(content).hexdigest()
    connection.execute(
        "INSERT INTO attachment VALUES (?, ?, 'image/jpeg', ?, ?, ?, 0, ?)",
        (attachment_id, owner, sha256, content, item_id, at),
    )


def take(connection: sqlite3.Connection, caller: Caller, item_id: str, body: Mapping[str, Any]) -> None:
    """Give the files that something sent names to it. Raises `Invalid` for one that is not its sender's own."""
    for index, entry in enumerate(body.get("attachments", [])):
        taken = connection.execute(
            "UPDATE attachment SET item_id = :item, position = :position WHERE id = :id AND owner = :owner"
            " AND sha256 = :sha256 AND media_type = :media_type AND (item_id IS NULL OR item_id = :item)",
            {"item": item_id, "position": index, "id": entry["id"], "owner": caller.subject,
             "sha256": entry["sha256"], "media_type": ORIGINAL if entry["evidence"] else entry["media_type"]},
        )  # fmt: skip
        if taken.rowcount != 1:
            raise Invalid([(f"/attachments/{index}", "unknown")])


def of_items(connection: sqlite3.Connection, items: Iterable[str]) -> dict[str, list[Json]]:
    """The files of several messages, by message."""
    found: dict[str, list[Json]] = {}
    for item in items:
        rows = connection.execute(
            "SELECT id, media_type, length(content) AS bytes FROM attachment WHERE item_id = ? ORDER BY position",
            (item,),
        )
        found[item] = [{**dict(row), "evidence": row["media_type"] == ORIGINAL} for row in rows]
    return found


def for_family(
    connection: sqlite3.Connection, caller: Caller, case_id: str, attachment_id: str, today: date
) -> sqlite3.Row:
    """A file of one's own thread. Raises `NotFound` for every reason there is against it."""
    case_access(connection, caller, case_id, "conversation", today)
    return _readable(
        connection,
        "SELECT t.id FROM thread t WHERE t.case_id = :place AND t.person_id = :person",
        {"id": attachment_id, "place": case_id, "person": caller.subject},
    )


def for_worker(
    connection: sqlite3.Connection, caller: Caller, thread_id: str, attachment_id: str, today: date
) -> sqlite3.Row:
    """A file of a thread, or of an asking for help, that this worker reads. Raises `NotFound`."""
    thread_for_worker(connection, worker_row(connection, caller), thread_id, today)
    return _readable(connection, "SELECT :place", {"id": attachment_id, "place": thread_id})


def _readable(connection: sqlite3.Connection, threads: str, asked: Mapping[str, object]) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute(
        "SELECT a.* FROM attachment a LEFT JOIN message m ON m.id = a.item_id"  # noqa: S608 one of two texts of ours
        f" WHERE a.id = :id AND coalesce(m.thread_id, a.item_id) IN ({threads})",
        asked,
    ).fetchone()
    if row is None or row["media_type"] not in READABLE:
        raise NotFound
    return row
