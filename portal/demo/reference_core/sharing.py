"""Asking, answering and deciding about people's own words, taken into the record. Nothing opens without a yes but an

override, which names its reason and the day its author is told (rules.md R13).
"""

from __future__ import annotations

import sqlite3

from portal.demo.offsets import local_day
from portal.demo.reference_core.decisions import CaseAccess, case_access, thread_for_worker, worker_row
from portal.demo.reference_core.problems import Conflict, Invalid, NotFound, TooLarge
from portal.demo.reference_core.schema import moment, utc_text
from portal.demo.reference_core.shared_words import fits
from portal.demo.reference_core.words import readers_of
from portal.demo.reference_core.writes import COMMENT_CHARACTERS, Write, note_acknowledged


def put_sharing_answer(connection: sqlite3.Connection, write: Write) -> None:
    """The author's yes or no to one question. A no ends what was released on the yes."""
    case_access(connection, write.caller, write.place, "overview", local_day(write.now))
    body = write.body
    _check_length(body["body"], "/body")
    row = connection.execute(
        "SELECT s.* FROM sharing s JOIN words w ON w.id = s.words_id"
        " WHERE s.question_id = ? AND s.asked_by IS NOT NULL AND w.case_id = ? AND w.author_id = ?",
        (body["question_id"], write.place, write.caller.subject),
    ).fetchone()
    if row is None:
        raise Invalid([("/question_id", "unknown")])
    connection.execute("INSERT INTO assess_first VALUES (?)", (write.id,))
    if _came_late(write, row["answered_at"]):
        _log(connection, write, body["answer"], body["question_id"], body["body"])
        return
    withdrawn = body["answer"] == "no" and row["decision"] == "release"
    connection.execute(
        "UPDATE sharing SET answer = :answer, answer_words = :words, answered_at = :at,"
        " decision = CASE WHEN :withdrawn THEN NULL ELSE decision END,"
        " closed_at = CASE WHEN :withdrawn THEN coalesce(closed_at, :now) ELSE closed_at END"
        " WHERE question_id = :question",
        {
            "answer": body["answer"],
            "words": body["body"],
            "at": write.sent_at,
            "withdrawn": withdrawn,
            "now": utc_text(write.now),
            "question": body["question_id"],
        },
    )
    _log(connection, write, body["answer"], body["question_id"], body["body"])


def put_sentence_answer(connection: sqlite3.Connection, write: Write) -> None:
    """Whether the sentence about one's view is right; also after the decision, so that it is not lost."""
    case_access(connection, write.caller, write.place, "overview", local_day(write.now))
    body = write.body
    _check_length(body["body"], "/body")
    if body["right"] == bool(body["body"].strip()):
        raise Invalid([("/body", "right")])
    row = connection.execute(
        "SELECT answered_at FROM sentence WHERE id = ? AND case_id = ? AND person_id = ?",
        (body["sentence_id"], write.place, write.caller.subject),
    ).fetchone()
    if row is None:
        raise Invalid([("/sentence_id", "unknown")])
    if not _came_late(write, row["answered_at"]):
        connection.execute(
            "UPDATE sentence SET is_right = ?, correction = ?, answered_at = ? WHERE id = ?",
            (int(body["right"]), body["body"] or None, write.sent_at, body["sentence_id"]),
        )
    connection.execute("INSERT INTO assess_first VALUES (?)", (write.id,))
    _log(connection, write, "right" if body["right"] else "correct", body["sentence_id"], body["body"])


def put_sharing_question(connection: sqlite3.Connection, write: Write) -> None:
    """A worker asks the author whether somebody may read. Once for each thing and reader: the answer can change."""
    worker, _ = _possible(connection, write)
    body = write.body
    _check_length(body["why"], "/why")
    row = _sharing(connection, write)
    if row is not None and (row["asked_at"] is not None or (row["opened_at"] and row["closed_at"] is None)):
        raise Conflict
    _begin(connection, write)
    connection.execute(
        "UPDATE sharing SET question_id = ?, why = ?, asked_by = ?, asked_at = ? WHERE words_id = ? AND person_id = ?",
        (write.id, body["why"], worker["person_id"], write.sent_at, body["words_id"], body["person_id"]),
    )
    note_acknowledged(connection, write, worker)
    _log(connection, write, "asked", body["words_id"], body["person_id"])


def put_sharing_decision(connection: sqlite3.Connection, write: Write) -> None:
    """A worker releases after a yes, keeps, or overrides with a reason and a day to tell."""
    worker, _ = _possible(connection, write)
    body, row = write.body, _sharing(connection, write)
    decision = body["decision"]
    is_open = row is not None and row["opened_at"] is not None and row["closed_at"] is None
    if decision == "release" and (row is None or row["answer"] != "yes"):
        raise Invalid([("/decision", "no_yes")])
    if decision == "override" and (body["reason_code"] is None or body["tell_author_from"] is None):
        raise Invalid([("/reason_code", "required")])
    if decision != "keep" and is_open:
        raise Conflict
    _begin(connection, write)
    key = (body["words_id"], body["person_id"])
    now = utc_text(write.now)
    if decision == "keep":
        connection.execute(
            "UPDATE sharing SET decision = 'keep', decided_by = ?,"
            " closed_at = CASE WHEN opened_at IS NULL THEN NULL ELSE coalesce(closed_at, ?) END"
            " WHERE words_id = ? AND person_id = ?",
            (worker["person_id"], now, *key),
        )
    else:
        connection.execute(
            "INSERT INTO shared_before SELECT words_id, person_id, opened_at, closed_at, reason_code, tell_author_from"
            " FROM sharing WHERE words_id = ? AND person_id = ? AND opened_at IS NOT NULL",
            key,
        )
        reason = (body["reason_code"], body["tell_author_from"]) if decision == "override" else (None, None)
        connection.execute(
            "UPDATE sharing SET decision = ?, reason_code = ?, tell_author_from = ?, decided_by = ?, opened_at = ?,"
            " closed_at = NULL WHERE words_id = ? AND person_id = ?",
            (decision, *reason, worker["person_id"], now, *key),
        )
    note_acknowledged(connection, write, worker)
    _log(connection, write, decision, body["words_id"], body["person_id"])


def _possible(connection: sqlite3.Connection, write: Write) -> tuple[sqlite3.Row, CaseAccess]:
    """The worker and the reader. Raises `NotFound`, and `Invalid` for words or readers that are not of this thread."""
    worker = worker_row(connection, write.caller)
    today = local_day(write.now)
    thread = thread_for_worker(connection, worker, write.place, today)
    if thread.case_id is None:
        raise NotFound
    words = connection.execute(
        "SELECT w.* FROM words w JOIN thread t ON t.case_id = w.case_id AND t.person_id = w.author_id"
        " WHERE t.id = ? AND w.id = ?",
        (write.place, write.body["words_id"]),
    ).fetchone()
    if words is None:
        raise Invalid([("/words_id", "unknown")])
    for reader in readers_of(connection, thread.case_id, words["author_id"], today):
        if reader.person_id == write.body["person_id"] and fits(connection, reader, words):
            return worker, reader
    raise Invalid([("/person_id", "unknown")])


def _sharing(connection: sqlite3.Connection, write: Write) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM sharing WHERE words_id = ? AND person_id = ?", (write.body["words_id"], write.body["person_id"])
    ).fetchone()
    return row


def _begin(connection: sqlite3.Connection, write: Write) -> None:
    connection.execute(
        "INSERT INTO sharing (words_id, person_id) VALUES (?, ?) ON CONFLICT (words_id, person_id) DO NOTHING",
        (write.body["words_id"], write.body["person_id"]),
    )


def _came_late(write: Write, answered_at: str | None) -> bool:
    """Was something said later already? What waited longer on its way, elsewhere, changes nothing any more."""
    return answered_at is not None and moment(write.sent_at) < moment(answered_at)


def _log(connection: sqlite3.Connection, write: Write, what: str, about_id: str, said: str) -> None:
    connection.execute(
        "INSERT INTO sharing_log (id, by_id, what, about_id, said, at) VALUES (?, ?, ?, ?, ?, ?)",
        (write.id, write.caller.subject, what, about_id, said, utc_text(write.now)),
    )


def _check_length(text: str, pointer: str) -> None:
    if len(text) > COMMENT_CHARACTERS:
        raise TooLarge([(pointer, "too_long")])
