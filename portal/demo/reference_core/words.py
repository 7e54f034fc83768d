"""The pages about what people have said: its author's, and the team's. Projected per person."""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.course import worker_id
from portal.demo.reference_core.decisions import (
    FOSTER_CARER,
    CaseAccess,
    case_access,
    sees_places,
    thread_for_worker,
    worker_row,
)
from portal.demo.reference_core.problems import NotFound
from portal.demo.reference_core.schema import service_fact
from portal.demo.reference_core.shared_words import about, fits
from portal.demo.reference_core.threads import case_readers
from portal.demo.reference_core.views import became_of
from portal.demo.reference_core.withdrawals import own_withdrawals

Json = dict[str, object]


def my_words(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """What the acting person has said in a case, newest first, and what is asked about it."""
    access = case_access(connection, caller, case_id, "overview", today)
    worker = connection.execute(
        "SELECT first_name FROM person WHERE id = ?", (worker_id(connection, access),)
    ).fetchone()
    person = connection.execute("SELECT first_name FROM person WHERE id = ?", (caller.subject,)).fetchone()
    child = connection.execute("SELECT id, first_name FROM person WHERE id = ?", (access.child_id,)).fetchone()
    return {
        "case_id": case_id,
        "child": dict(child),
        "reader": {"first_name": person["first_name"], "relation": access.relation},
        "content_language": service_fact(connection, "language"),
        "team": case_readers(connection, access, today),
        "worker_first_name": worker["first_name"],
        "words": [_mine(connection, access, row, today) for row in said_by(connection, case_id, caller.subject)],
        "sentences": _sentences(connection, case_id, caller.subject, "child" if access.is_child else "adult"),
        "withdrawals": own_withdrawals(connection, access),
    }


def staff_sharing(connection: sqlite3.Connection, caller: Caller, thread_id: str, today: date) -> Json:
    """What the person of a thread has said, and how far sharing it has come. A referral's thread has no such page."""
    worker = worker_row(connection, caller)
    thread = thread_for_worker(connection, worker, thread_id, today)
    if thread.case_id is None:
        raise NotFound
    head = connection.execute(
        "SELECT t.person_id, child.first_name AS about, p.first_name AS with_name, a.relation FROM thread t"
        " JOIN child_case c ON c.id = t.case_id JOIN person child ON child.id = c.child_id"
        " JOIN person p ON p.id = t.person_id"
        " LEFT JOIN access a ON a.case_id = t.case_id AND a.person_id = t.person_id WHERE t.id = ?",
        (thread_id,),
    ).fetchone()
    others = readers_of(connection, thread.case_id, head["person_id"], today)
    return {
        "thread_id": thread_id,
        "about": head["about"],
        "with_name": head["with_name"],
        "with_relation": head["relation"],
        "content_language": service_fact(connection, "language"),
        "words": [
            _for_staff(connection, others, row) for row in said_by(connection, thread.case_id, head["person_id"])
        ],
        "sentences": _sentences(connection, thread.case_id, head["person_id"], "adult"),
    }


def said_by(connection: sqlite3.Connection, case_id: str, person_id: str) -> list[sqlite3.Row]:
    """Everything one person has said in a case that could be passed on, newest first."""
    return connection.execute(
        "SELECT * FROM words WHERE case_id = ? AND author_id = ? ORDER BY at DESC, id", (case_id, person_id)
    ).fetchall()


def readers_of(connection: sqlite3.Connection, case_id: str, author_id: str, today: date) -> list[CaseAccess]:
    """Everybody else who has the plan of a case today, and so could be let read.

    Its author reads the name of whoever is asked about or told of: not of one whom the author may not know of.
    """
    people = connection.execute(
        "SELECT DISTINCT person_id FROM access WHERE case_id = ? ORDER BY person_id", (case_id,)
    )
    found = []
    for row in people.fetchall():
        if row["person_id"] == author_id:
            continue
        try:
            other = Caller(row["person_id"], "family", "high", "look")
            reader = case_access(connection, other, case_id, "plan", today)
        except NotFound:  # over, not begun, blocked: no reader
            continue
        places = sees_places(connection, reader.child_id, author_id)
        if _may_be_named(connection, reader.person_id, reader.relation, author_id, places=places):
            found.append(reader)
    return found


def _mine(connection: sqlite3.Connection, access: CaseAccess, row: sqlite3.Row, today: date) -> Json:
    rows = connection.execute(
        "SELECT s.*, p.first_name, w.first_name AS asker, (SELECT a.relation FROM access a"
        "  WHERE a.case_id = :case AND a.person_id = s.person_id LIMIT 1) AS relation"
        " FROM sharing s JOIN person p ON p.id = s.person_id"
        " LEFT JOIN person w ON w.id = s.asked_by WHERE s.words_id = :words ORDER BY s.asked_at, s.person_id",
        {"case": access.case_id, "words": row["id"]},
    ).fetchall()
    rows = [
        one
        for one in rows
        if _may_be_named(connection, one["person_id"], one["relation"], access.person_id, places=access.places)
    ]
    named = {one["person_id"]: _named(one) for one in rows}
    return {
        "id": row["id"],
        "kind": row["kind"],
        "mine": True,  # nobody else's are asked for
        "about": about(connection, access, row["about_id"]),
        "stance": row["stance"],
        "body": row["body"],
        "at": row["at"],
        "readers": [
            {
                "person": named[one["person_id"]],
                "since": one["opened_at"],
                "until": one["closed_at"],
                "reason_code": one["reason_code"],
                "told_from": one["tell_author_from"],
            }
            for one in _told_of(connection, row["id"], rows, today)
        ],
        "questions": [_question(one) for one in rows if one["asked_by"] is not None],
        **became_of(connection, row["id"]),
    }


def _may_be_named(
    connection: sqlite3.Connection, person_id: str, relation: str | None, to_id: str, *, places: bool
) -> bool:
    """Who looks after a child tells where it is (rules.md R2), and some names are shielded from some people."""
    shielded = connection.execute(
        "SELECT 1 FROM shielded s JOIN person p ON p.first_name = s.text WHERE p.id = ? AND s.person_id = ?",
        (person_id, to_id),
    ).fetchone()
    return shielded is None and (places or relation != FOSTER_CARER)


def _told_of(connection: sqlite3.Connection, words_id: str, rows: list[sqlite3.Row], today: date) -> list[sqlite3.Row]:
    """Every time it was open to one of these, as far as its author is told by today, those over first.

    What was open before stays as it was told when it is opened anew and that is not told yet.
    """
    before = connection.execute("SELECT * FROM shared_before WHERE words_id = ? ORDER BY opened_at", (words_id,))
    people = {one["person_id"] for one in rows}
    ever = [one for one in before if one["person_id"] in people] + [one for one in rows if one["opened_at"]]
    return [one for one in ever if one["reason_code"] is None or one["tell_author_from"] <= today.isoformat()]


def _question(row: sqlite3.Row) -> Json:
    # An override that is not told yet must not show in the question either
    settled = row["opened_at"] is not None and row["closed_at"] is None and row["reason_code"] is None
    return {
        "id": row["question_id"],
        "person": _named(row),
        "why": row["why"],
        "asked_by": row["asker"],
        "asked_at": row["asked_at"],
        "answer": row["answer"],
        "answered_at": row["answered_at"],
        "settled": settled,
    }


def _for_staff(connection: sqlite3.Connection, others: list[CaseAccess], row: sqlite3.Row) -> Json:
    marked = connection.execute("SELECT 1 FROM assess_first WHERE item_id = ?", (row["id"],)).fetchone()
    subject = connection.execute(
        "SELECT text_adult FROM goal WHERE id = :id UNION ALL SELECT text_adult FROM measure WHERE id = :id",
        {"id": row["about_id"]},
    ).fetchone()
    return {
        "id": row["id"],
        "kind": row["kind"],
        "about": subject["text_adult"] if subject else None,
        "stance": row["stance"],
        "body": row["body"],
        "at": row["at"],
        "assess_before_access": marked is not None,
        "readers": [_possible(connection, row["id"], other) for other in others if fits(connection, other, row)],
    }


def _possible(connection: sqlite3.Connection, words_id: str, reader: CaseAccess) -> Json:
    person = connection.execute("SELECT first_name FROM person WHERE id = ?", (reader.person_id,)).fetchone()
    row = connection.execute(
        "SELECT s.*, w.first_name AS asker FROM sharing s LEFT JOIN person w ON w.id = s.asked_by"
        " WHERE s.words_id = ? AND s.person_id = ?",
        (words_id, reader.person_id),
    ).fetchone()
    same = ("why", "asked_at", "answer", "answer_words", "answered_at", "decision", "reason_code", "tell_author_from")
    opened = row is not None and row["closed_at"] is None
    return {
        "person_id": reader.person_id,
        "person": {"first_name": person["first_name"], "relation": reader.relation},
        **{name: row[name] if row is not None else None for name in same},
        "asked_by": row["asker"] if row is not None else None,
        "open_since": row["opened_at"] if opened else None,
    }


def _sentences(connection: sqlite3.Connection, case_id: str, person_id: str, words: str) -> list[Json]:
    rows = connection.execute(
        "SELECT * FROM sentence WHERE case_id = ? AND person_id = ? ORDER BY answer_by, id", (case_id, person_id)
    )
    return [
        {
            "id": row["id"],
            "about": row[f"about_{words}"],
            "text": row["body"],
            "answer_by": row["answer_by"],
            "issued": bool(row["issued"]),
            "right": None if row["is_right"] is None else bool(row["is_right"]),
            "correction": row["correction"],
            "answered_at": row["answered_at"],
        }
        for row in rows
    ]


def _named(row: sqlite3.Row) -> Json:
    return {"first_name": row["first_name"], "relation": row["relation"]}
