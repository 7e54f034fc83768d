"""Writes what people of a story have said about whoever works with them into an empty core."""

from __future__ import annotations

import json
import sqlite3
from datetime import date

from portal.demo.reference_core.load_words import MakeId
from portal.demo.reference_core.schema import utc_text
from portal.demo.story_types import Case


def load_complaints(connection: sqlite3.Connection, case: Case, anchor: date, make_id: MakeId, language: str) -> None:
    """Those of one case, with what was answered. `make_id` gives the core's id of a kind and keys."""
    for one in case.complaints:
        complaint_id, at = make_id("complaint", case.key, one.key), utc_text(one.at.on(anchor))
        not_these = sorted(make_id("worker", worker) for worker in one.not_these)
        answered_at = utc_text(one.answer.at.on(anchor)) if one.answer else None
        connection.execute(
            "INSERT INTO complaint VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(complaint_id, make_id("case", case.key), make_id("person", one.person), one.concerns),
                *(json.dumps(not_these), one.other_worker, one.text, language, at, make_id("worker", one.goes_to)),
                *((one.answer.text, answered_at) if one.answer else (None, None)),
            ),
        )
        level = "answered" if one.answer else "registered"
        connection.execute("INSERT INTO receipt VALUES (?, ?, ?, NULL, NULL)", (complaint_id, level, answered_at or at))
        connection.execute("INSERT INTO assess_first VALUES (?)", (complaint_id,))
