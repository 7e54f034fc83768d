"""Whether something of a family is a report of concern, an application for help or neither. Told to staff alone."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from portal.demo.offsets import local_day
from portal.demo.reference_core.decisions import thread_for_worker, worker_row
from portal.demo.reference_core.problems import Invalid
from portal.demo.reference_core.schema import moment, utc_text
from portal.demo.reference_core.writes import COMMENT_CHARACTERS, Write, check_length

Json = dict[str, object]

LOOKED_AT_WITHIN = {"report_of_concern": timedelta(days=7)}  # bvl section 2-1
_SENT_AT = (
    "SELECT sent_at AS at FROM message WHERE id = :item AND thread_id = :thread AND author_kind = 'family'"
    " UNION ALL SELECT composed_at FROM referral WHERE id = :item AND id = :thread"
)


def put_classification(connection: sqlite3.Connection, write: Write) -> None:
    """Decide it, perhaps anew. The clock runs from the moment it was sent, however long it was on its way."""
    worker = worker_row(connection, write.caller)
    thread_for_worker(connection, worker, write.place, local_day(write.now))
    check_length(write.body["reason"], COMMENT_CHARACTERS, "/reason")
    item_id = write.body["item_id"]
    item = connection.execute(_SENT_AT, {"item": item_id, "thread": write.place}).fetchone()
    if item is None:
        raise Invalid([("/item_id", "unknown")])
    connection.execute(
        "INSERT INTO classification (thread_id, item_id, item_class, reason, worker_id, at, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(write.place, item_id, write.body["item_class"], write.body["reason"]),
            *(worker["person_id"], utc_text(write.now), item["at"]),
        ),
    )


def classifications_in(connection: sqlite3.Connection, thread_id: str) -> list[Json]:
    """Every decision about items of a thread, oldest first."""
    rows = connection.execute(
        "SELECT c.*, p.first_name FROM classification c JOIN person p ON p.id = c.worker_id WHERE c.thread_id = ?"
        " ORDER BY c.sequence",
        (thread_id,),
    )
    return [
        {
            **{name: row[name] for name in ("item_id", "item_class", "reason", "at", "received_at")},
            "decided_by": row["first_name"],
            "look_at_by": _look_at_by(row["item_class"], row["received_at"]),
        }
        for row in rows
    ]


def _look_at_by(item_class: str, received_at: str) -> str | None:
    within = LOOKED_AT_WITHIN.get(item_class)
    return None if within is None else (local_day(moment(received_at)) + within).isoformat()
