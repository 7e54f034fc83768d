"""Taking in an appeal. Whether it was in time, and what comes of it, is decided by people."""

from __future__ import annotations

import sqlite3

from portal.demo.offsets import local_day
from portal.demo.reference_core.problems import Invalid
from portal.demo.reference_core.schema import next_number
from portal.demo.reference_core.threads import thread_to_write_in
from portal.demo.reference_core.wishes import may_appeal_against
from portal.demo.reference_core.writes import MESSAGE_CHARACTERS, Write, check_length


def put_appeal(connection: sqlite3.Connection, write: Write) -> None:
    """An appeal, received at the moment of pressing send. A second one is more words to the first."""
    about_id, today = write.body["about_id"], local_day(write.now)
    if not may_appeal_against(connection, write.caller, write.place, about_id, today):
        raise Invalid([("/about_id", "unknown")])
    check_length(write.body["body"], MESSAGE_CHARACTERS, "/body")
    thread_to_write_in(connection, write.place, write.caller.subject, today)
    connection.execute(
        "INSERT INTO appeal (sequence, id, case_id, person_id, about_id, body, language, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(next_number(connection), write.id, write.place, write.caller.subject, about_id),
            *(write.body["body"], write.body["language"], write.sent_at),
        ),
    )
