"""Which of somebody's words another person was let read, and whether a question about one's own waits."""

from __future__ import annotations

import sqlite3

from portal.demo.reference_core.decisions import FOR_READER, CaseAccess
from portal.demo.reference_core.marks import MARKS, marks

Json = dict[str, object]

_ABOUT = {
    table: f"SELECT i.*, {MARKS} FROM {table} i WHERE i.id = :id AND {FOR_READER}"  # noqa: S608 our words
    for table in ("goal", "measure")
}


def readable(connection: sqlite3.Connection, words_id: str, person_id: str) -> bool:
    """Was this person let read it, and can still?"""
    found = connection.execute(
        "SELECT 1 FROM sharing WHERE words_id = ? AND person_id = ? AND opened_at IS NOT NULL AND closed_at IS NULL",
        (words_id, person_id),
    ).fetchone()
    return found is not None


def shared(connection: sqlite3.Connection, access: CaseAccess) -> list[Json]:
    """What others have said and this reader was let read, newest first. The child's words on a goal stand with it."""
    rows = connection.execute(
        "SELECT i.*, p.first_name, s.opened_at FROM (SELECT w.*, 0 AS bears_place FROM words w) i"  # noqa: S608 our words
        " JOIN sharing s ON s.words_id = i.id JOIN person p ON p.id = i.author_id"
        " WHERE i.case_id = :case AND s.person_id = :person AND i.author_id <> :person AND i.kind <> 'own_words'"
        f" AND s.opened_at IS NOT NULL AND s.closed_at IS NULL AND {FOR_READER} ORDER BY s.opened_at DESC, i.id",
        {**access.reader, "case": access.case_id, "named_only": False},  # given to this reader, so named enough
    ).fetchall()
    return [
        {
            "id": row["id"],
            "author_name": row["first_name"],
            "released": True,
            "about": about(connection, access, row["about_id"]),
            "stance": row["stance"],
            "body": row["body"],
            "since": row["opened_at"],
        }
        for row in rows
        if fits(connection, access, row) and not _said_anew(connection, access, row)
    ]


def _said_anew(connection: sqlite3.Connection, access: CaseAccess, row: sqlite3.Row) -> bool:
    """Has its author said how they see the plan anew, and was this reader let read that, too?

    While the newer one is not released, the older one stays: its going would tell that there is another (R13, R17).
    """
    found = connection.execute(
        "SELECT 1 FROM comment old JOIN comment new ON new.person_id = old.person_id AND new.target_id = old.target_id"
        " AND new.sequence > old.sequence JOIN sharing s ON s.words_id = new.id AND s.person_id = :person"
        " AND s.opened_at IS NOT NULL AND s.closed_at IS NULL WHERE old.id = :id AND old.target_id = old.plan_id",
        {"id": row["id"], "person": access.person_id},
    ).fetchone()
    return found is not None


def fits(connection: sqlite3.Connection, access: CaseAccess, words: sqlite3.Row) -> bool:
    """May there be a question at all: is what the words are about there for this reader?"""
    return words["about_id"] is None or about(connection, access, words["about_id"]) is not None


def about(connection: sqlite3.Connection, access: CaseAccess, item_id: str | None) -> Json | None:
    """The goal or measure as this reader sees it, with its marks; None when it is not there for this reader."""
    key = {**access.reader, "id": item_id}
    measure = connection.execute(_ABOUT["measure"], key).fetchone()
    goal_id = measure["goal_id"] if measure is not None else item_id
    goal = connection.execute(_ABOUT["goal"], {**key, "id": goal_id}).fetchone()
    if goal is None:
        return None
    row = measure if measure is not None else goal
    return {"id": item_id, "text": access.words(row, "text"), **marks(row)}


def asks(connection: sqlite3.Connection, access: CaseAccess) -> bool:
    """Does a question about this reader's own words wait for this reader's answer?"""
    found = connection.execute(
        "SELECT 1 FROM words w JOIN sharing s ON s.words_id = w.id WHERE w.case_id = :case AND w.author_id = :person"
        " AND s.asked_by IS NOT NULL AND s.answer IS NULL AND coalesce(s.decision, '') <> 'keep'"
        " UNION ALL SELECT 1 FROM sentence WHERE case_id = :case AND person_id = :person"
        " AND is_right IS NULL AND NOT issued",
        {"case": access.case_id, "person": access.person_id},
    ).fetchone()
    return found is not None
