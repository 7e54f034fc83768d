"""What people send, taken into the record. Each function decides again before it writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from portal.demo.offsets import local_day
from portal.demo.reference_core import attachments
from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.decisions import case_access, referral_of, thread_for_worker, worker_row
from portal.demo.reference_core.feed import emit
from portal.demo.reference_core.plan_history import was_there
from portal.demo.reference_core.plan_page import visible_plan
from portal.demo.reference_core.problems import Invalid, NotFound, TooLarge
from portal.demo.reference_core.receipts import raise_level
from portal.demo.reference_core.remarks import Answer, place_in_thread, remark_ids, take_answer
from portal.demo.reference_core.schema import moment, next_number, utc_text
from portal.demo.reference_core.threads import thread_to_write_in

MESSAGE_CHARACTERS = 8000
COMMENT_CHARACTERS = 4000
ANSWER_CHARACTERS = 4000
FARTHEST_PROMISE = timedelta(days=14)

UNRESOLVED = "unresolved:"


@dataclass(frozen=True)
class Write:
    """One thing sent: by whom, under which id, where to, and what. `about`: the remark that is answered, or empty."""

    caller: Caller
    id: str
    place: str
    body: Mapping[str, Any] = field(repr=False)
    now: datetime
    about: str = ""

    @property
    def sent_at(self) -> str:
        """When the person pressed send; never later than now, whatever a clock elsewhere says."""
        return utc_text(min(moment(self.body["composed_at"]), self.now))


def put_message(connection: sqlite3.Connection, write: Write) -> None:
    """A message in one's own thread of a case; in that of a closed one it reaches the intake and never bounces."""
    today = local_day(write.now)
    access = case_access(connection, write.caller, write.place, "conversation", today, closed=False)
    thread_id = thread_to_write_in(connection, write.place, write.caller.subject, today)
    _add_message(connection, write, thread_id, "family")
    attachments.take(connection, write.caller, write.id, write.body)
    mark(connection, write, by_child=access.is_child)
    emit(connection, "message.added", write.place, thread_id, write.now)


def put_comment(connection: sqlite3.Connection, write: Write) -> None:
    """A comment on a goal or measure that is there for this person, in whatever version it was read.

    The team finds it in the thread with this person.
    """
    body = write.body
    access = case_access(connection, write.caller, write.place, "comment", local_day(write.now), closed=False)
    check_length(body["body"], COMMENT_CHARACTERS, "/body")
    plan = visible_plan(connection, access)
    if plan is None or plan["plan_id"] != body["plan_id"]:
        raise Invalid([("/plan_id", "unknown")])
    whole = body["target_type"] == "plan" and body["target_id"] == plan["plan_id"]
    if not (whole or was_there(connection, access, body["target_type"], body["target_id"])):
        raise Invalid([("/target_id", "unknown")])
    thread_to_write_in(connection, write.place, write.caller.subject, local_day(write.now))
    connection.execute(
        "INSERT INTO comment (sequence, id, case_id, plan_id, plan_version, target_id, person_id, body, language,"
        " created_at, stance, plan_had_changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(next_number(connection), write.id, write.place, plan["plan_id"], body["plan_version"], body["target_id"]),
            *(write.caller.subject, body["body"], body["language"], write.sent_at),
            *(body.get("stance"), body["plan_version"] != plan["version"]),
        ),
    )
    mark(connection, write, by_child=access.is_child)
    emit(connection, "comment.added", write.place, write.id, write.now)


def put_access_request(connection: sqlite3.Connection, write: Write) -> None:
    """Asking to see more; it names nothing. The team finds it in the thread with this person."""
    case_access(connection, write.caller, write.place, "overview", local_day(write.now), closed=False)
    check_length(write.body["body"], MESSAGE_CHARACTERS, "/body")
    thread_to_write_in(connection, write.place, write.caller.subject, local_day(write.now))
    connection.execute(
        "INSERT INTO access_request (sequence, id, case_id, person_id, body, language, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(next_number(connection), write.id, write.place, write.caller.subject),
            *(write.body["body"], write.body["language"], write.sent_at),
        ),
    )


def put_referral(connection: sqlite3.Connection, write: Write) -> None:
    """Somebody asks for help. Anybody of the family realm may, at any assurance, known or not."""
    if write.caller.realm != "family":
        raise NotFound
    answers = write.body["answers"]
    for index, answer in enumerate(answers):
        check_length(answer["answer"], ANSWER_CHARACTERS, f"/answers/{index}/answer")
    number = write.body.get("number")
    team = connection.execute("SELECT id FROM team WHERE receives_referrals ORDER BY id").fetchone()
    connection.execute(
        "INSERT INTO referral (id, actor, person_id, number_scheme, number_value, answers, language, composed_at,"
        " received_at, team_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(write.id, write.caller.subject, _reporter(connection, write.caller, number)),
            *((number["scheme"], number["value"]) if number else (None, None)),
            *(json.dumps(answers, ensure_ascii=False), write.body["language"]),
            *(write.sent_at, utc_text(write.now), team["id"]),
        ),
    )
    attachments.take(connection, write.caller, write.id, write.body)
    emit(connection, "referral.updated", None, write.id, write.now)


def put_referral_message(connection: sqlite3.Connection, write: Write) -> None:
    """A further message of who asked for help."""
    referral_of(connection, write.caller, write.place)
    _add_message(connection, write, write.place, "family")
    emit(connection, "message.added", None, write.place, write.now)


def put_reply(connection: sqlite3.Connection, write: Write) -> None:
    """A worker's reply: every message before it is opened and answered by it. A remark has an answer of its own.

    One that promises an answer by a day is none: what stands before it is only opened.
    """
    worker = worker_row(connection, write.caller)
    thread = thread_for_worker(connection, worker, write.place, local_day(write.now))
    waiting = _family_items(connection, write.place, None)
    _add_message(connection, write, write.place, "worker")
    note_acknowledged(connection, write, worker)
    emit(connection, "message.added", thread.case_id, write.place, write.now)
    promises = _note_promise(connection, write)
    level = "seen" if promises else "answered"
    _raise(connection, write, worker, items=waiting, level=level, case_id=thread.case_id)


def _note_promise(connection: sqlite3.Connection, write: Write) -> bool:
    """Was another answer promised? Raises `Invalid` for a day that is over when it is promised, or far off."""
    promised_on = write.body.get("answer_promised_for")
    if promised_on is None:
        return False
    from_day = local_day(moment(write.sent_at))
    if not from_day <= date.fromisoformat(promised_on) <= from_day + FARTHEST_PROMISE:
        raise Invalid([("/answer_promised_for", "range")])
    connection.execute(
        "INSERT INTO promise SELECT id, thread_id, sequence, ? FROM message WHERE id = ?", (promised_on, write.id)
    )
    return True


def put_remark_answer(connection: sqlite3.Connection, write: Write) -> None:
    """A worker's answer to one remark, which is opened and answered by it. There is one answer to a remark."""
    worker = worker_row(connection, write.caller)
    thread = thread_for_worker(connection, worker, write.place, local_day(write.now))
    check_length(write.body["body"], COMMENT_CHARACTERS, "/body")
    outcome, reason = write.body.get("outcome"), write.body.get("reason_code")
    answer = Answer(write.body["body"], worker["person_id"], write.sent_at, outcome, reason)
    take_answer(connection, write.place, write.about, answer)
    note_acknowledged(connection, write, worker)
    _raise(connection, write, worker, items=[write.about], level="answered", case_id=thread.case_id)


def put_opened(connection: sqlite3.Connection, write: Write) -> None:
    """A worker has opened a thread up to a message or remark, or somebody's asking for help."""
    worker = worker_row(connection, write.caller)
    thread = thread_for_worker(connection, worker, write.place, local_day(write.now))
    upto = place_in_thread(connection, write.place, write.body["message_id"])
    if upto is None and (thread.case_id is not None or write.body["message_id"] != write.place):
        raise Invalid([("/message_id", "unknown")])
    opened = _family_items(connection, write.place, upto or 0) + remark_ids(connection, write.place, upto or 0)
    _raise(connection, write, worker, items=opened, level="seen", case_id=thread.case_id)


def note_acknowledged(connection: sqlite3.Connection, write: Write, worker: sqlite3.Row) -> None:
    """That it was sent although it gives something away: of which kinds, and why."""
    told = write.body.get("acknowledged")
    if told is not None:
        check_length(told["reason"], COMMENT_CHARACTERS, "/acknowledged/reason")
        connection.execute(
            "INSERT INTO acknowledged VALUES (?, ?, ?, ?, ?)",
            (write.id, worker["person_id"], " ".join(sorted(told["kinds"])), told["reason"], utc_text(write.now)),
        )


def _add_message(connection: sqlite3.Connection, write: Write, thread_id: str, kind: str) -> None:
    check_length(write.body["body"], MESSAGE_CHARACTERS, "/body")
    connection.execute(
        "INSERT INTO message (sequence, id, thread_id, author_id, author_kind, body, language, sent_at, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(next_number(connection), write.id, thread_id, write.caller.subject, kind),
            *(write.body["body"], write.body["language"], write.sent_at, utc_text(write.now)),
        ),
    )


def mark(connection: sqlite3.Connection, write: Write, *, by_child: bool) -> None:
    """A child's statement is assessed before access, also where the portal did not know who wrote (rules.md R13)."""
    if by_child or write.body.get("assess_before_access"):
        connection.execute("INSERT INTO assess_first VALUES (?)", (write.id,))


def _family_items(connection: sqlite3.Connection, thread_id: str, upto: int | None) -> list[str]:
    rows = connection.execute(
        "SELECT id FROM referral WHERE id = :thread UNION ALL SELECT id FROM message WHERE thread_id = :thread"
        " AND author_kind = 'family' AND (:upto IS NULL OR sequence <= :upto)",
        {"thread": thread_id, "upto": upto},
    )
    return [row["id"] for row in rows]


def _raise(
    connection: sqlite3.Connection,
    write: Write,
    worker: sqlite3.Row,
    *,
    items: list[str],
    level: str,
    case_id: str | None,
) -> None:
    for item in items:
        raise_level(connection, item, level, by=worker["first_name"], case_id=case_id, now=write.now)
    if case_id is None:  # whoever first opens or answers has taken it
        connection.execute(
            "UPDATE referral SET worker_id = coalesce(worker_id, ?) WHERE id = ?", (worker["person_id"], write.place)
        )
        emit(connection, "referral.updated", None, write.place, write.now)


def _reporter(connection: sqlite3.Connection, caller: Caller, number: Mapping[str, str] | None) -> str | None:
    # Who is known acts as that person; a number speaks only for somebody who is not known yet.
    if not caller.subject.startswith(UNRESOLVED):
        return caller.subject
    if number is None or number["scheme"] == "staff":
        return None
    row = connection.execute(
        "SELECT person_id FROM number WHERE scheme = ? AND value = ?", (number["scheme"], number["value"])
    ).fetchone()
    return row["person_id"] if row else None


def check_length(text: str, limit: int, pointer: str) -> None:
    """Raises `TooLarge`."""
    if len(text) > limit:
        raise TooLarge([(pointer, "too_long")])
