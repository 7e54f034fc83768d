"""That somebody no longer agrees to help that is voluntary: a remark to the team. It ends nothing by itself."""

from __future__ import annotations

import sqlite3

from portal.demo.offsets import local_day
from portal.demo.reference_core.decisions import CaseAccess, case_access
from portal.demo.reference_core.schema import next_number
from portal.demo.reference_core.threads import thread_to_write_in
from portal.demo.reference_core.writes import MESSAGE_CHARACTERS, Write, check_length, mark

Json = dict[str, object]


def put_withdrawal(connection: sqlite3.Connection, write: Write) -> None:
    """The team finds it in the thread with this person, and nobody else. Raises `NotFound` and `TooLarge`."""
    today = local_day(write.now)
    access = case_access(connection, write.caller, write.place, "overview", today, closed=False)
    check_length(write.body["body"], MESSAGE_CHARACTERS, "/body")
    thread_to_write_in(connection, write.place, write.caller.subject, today)
    connection.execute(
        "INSERT INTO consent_withdrawn (sequence, id, case_id, person_id, body, language, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(next_number(connection), write.id, write.place, write.caller.subject),
            *(write.body["body"], write.body["language"], write.sent_at),
        ),
    )
    mark(connection, write, by_child=access.is_child)


def own_withdrawals(connection: sqlite3.Connection, access: CaseAccess) -> list[Json]:
    """Those of the acting person, newest first, with how far they have come and the answers."""
    rows = connection.execute(
        "SELECT k.*, r.level, r.seen_by, p.first_name FROM consent_withdrawn k"
        " JOIN receipt r ON r.operation_id = k.id LEFT JOIN person p ON p.id = k.answered_by"
        " WHERE k.case_id = ? AND k.person_id = ? ORDER BY k.sequence DESC",
        (access.case_id, access.person_id),
    )
    return [
        {
            "id": row["id"],
            "mine": True,  # nobody else's are asked for
            "at": row["at"],
            "state": row["level"],
            "opened_by": row["seen_by"],
            "body": row["body"],
            "answer": row["answer"],
            "answered_by": row["first_name"],
        }
        for row in rows
    ]
