"""Views and their influence answers, taken into the record."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.demo.offsets import local_day
from portal.demo.reference_core.decisions import case_access, thread_for_worker, worker_row
from portal.demo.reference_core.problems import Conflict, Invalid, NotFound
from portal.demo.reference_core.receipts import raise_level
from portal.demo.reference_core.schema import moment, next_number
from portal.demo.reference_core.threads import thread_to_write_in
from portal.demo.reference_core.writes import COMMENT_CHARACTERS, Write, check_length, mark, note_acknowledged

LATEST = timedelta(days=7)
"""So long may an influence answer be put off (rules.md, "Influence")."""


def put_view(connection: sqlite3.Connection, write: Write) -> None:
    """What somebody thinks. The team finds it in the thread with this person, and nobody else."""
    body, today = write.body, local_day(write.now)
    access = case_access(connection, write.caller, write.place, "conversation", today, closed=False)
    for index, answer in enumerate(body["answers"]):
        check_length(answer["words"], COMMENT_CHARACTERS, f"/answers/{index}/words")
        if not answer["chosen"] and not answer["words"]:
            raise Invalid([(f"/answers/{index}", "empty")])
    thread_to_write_in(connection, write.place, write.caller.subject, today)
    add_view(connection, (write.id, write.place, write.caller.subject, write.sent_at), body)
    mark(connection, write, by_child=access.is_child)


def add_view(connection: sqlite3.Connection, head: tuple[str, str, str, str], said: Mapping[str, Any]) -> None:
    """Write a view down. `head`: its id, case, person and moment; `said` as in the contract."""
    view_id, case_id, person_id, at = head
    connection.execute(
        "INSERT INTO opinion (sequence, id, case_id, person_id, occasion, answers, body, language, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(next_number(connection), view_id, case_id, person_id),
            *(json.dumps(said["occasion"], ensure_ascii=False), json.dumps(said["answers"], ensure_ascii=False)),
            *(as_text(said), said["language"], at),
        ),
    )


def as_text(said: Mapping[str, Any]) -> str:
    """The whole to be read: the occasion, then each question with what was answered."""
    blocks = [
        "\n".join([answer["question"]["text"], *(one["text"] for one in answer["chosen"]), answer["words"]]).strip()
        for answer in said["answers"]
    ]
    return "\n\n".join([said["occasion"]["text"], *blocks])


def put_influence_answer(connection: sqlite3.Connection, write: Write) -> None:
    """What was heard, what it changed, what it did not and why. There is one answer to a view."""
    body, worker, case_id = write.body, worker_row(connection, write.caller), _case_of(connection, write)
    for name in ("heard", "changed", "not_changed"):
        check_length(body[name], COMMENT_CHARACTERS, f"/{name}")
    if not body["changed"] and not body["not_changed"]:
        raise Invalid([("/changed", "empty")])
    _unanswered(connection, write)
    connection.execute(
        "UPDATE opinion SET answer = ?, changed = ?, not_changed = ?, answered_by = ?, answered_at = ? WHERE id = ?",
        (*(body["heard"], body["changed"], body["not_changed"]), worker["person_id"], write.sent_at, write.about),
    )
    note_acknowledged(connection, write, worker)
    raise_level(connection, write.about, "answered", by=worker["first_name"], case_id=case_id, now=write.now)


def put_influence_later(connection: sqlite3.Connection, write: Write) -> None:
    """The answer comes later: why, and by which day, counted from when the worker said so. Only once."""
    body, worker, case_id = write.body, worker_row(connection, write.caller), _case_of(connection, write)
    check_length(body["reason"], COMMENT_CHARACTERS, "/reason")
    try:
        until = date.fromisoformat(body["until"])
    except ValueError:
        raise Invalid([("/until", "date")]) from None
    said_on = local_day(moment(write.sent_at))
    if not said_on <= until <= said_on + LATEST:
        raise Invalid([("/until", "range")])
    if _unanswered(connection, write)["later_until"] is not None:
        raise Conflict
    connection.execute(
        "UPDATE opinion SET later_reason = ?, later_until = ? WHERE id = ?",
        (body["reason"], until.isoformat(), write.about),
    )
    raise_level(connection, write.about, "seen", by=worker["first_name"], case_id=case_id, now=write.now)


def _case_of(connection: sqlite3.Connection, write: Write) -> str | None:
    worker = worker_row(connection, write.caller)
    return thread_for_worker(connection, worker, write.place, local_day(write.now)).case_id


def _unanswered(connection: sqlite3.Connection, write: Write) -> sqlite3.Row:
    """The view of this thread. Raises `NotFound`, and `Conflict` when it is answered."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT o.* FROM opinion o JOIN thread t ON t.case_id = o.case_id AND t.person_id = o.person_id"
        " WHERE t.id = ? AND o.id = ?",
        (write.place, write.about),
    ).fetchone()
    if row is None:
        raise NotFound
    if row["answer"] is not None:
        raise Conflict
    return row
