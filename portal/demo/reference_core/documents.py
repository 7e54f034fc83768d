"""The documents of a case as one person may read them; a document that person may not read is not there (rules.md R11).

A party reads what is for everybody and what bears its name; everybody else only the latter (R6, R7, R9, R10), and no
decision where telling of it is dangerous. What was written before a child became one does not appear on a birthday: it
is read together, and released by name (R6).
"""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.decisions import FOR_READER, CaseAccess, case_access, is_danger
from portal.demo.reference_core.family_pages import front
from portal.demo.reference_core.marks import MARKS, marks
from portal.demo.reference_core.party import party_since
from portal.demo.reference_core.problems import NotFound

Json = dict[str, object]

_VISIBLE = (
    f"SELECT i.*, {MARKS} FROM document i"  # noqa: S608 our words
    f" WHERE i.case_id = :case AND (i.dated >= :party_since OR named) AND {FOR_READER}"
    " AND NOT (:danger AND i.kind = 'decision')"
)


def documents(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """The list, newest first. Raises `NotFound` for every reason there is against it."""
    access = case_access(connection, caller, case_id, "documents", today)
    rows = connection.execute(f"{_VISIBLE} ORDER BY i.dated DESC, i.position", _reader(connection, access, today))
    return {**front(connection, access), "documents": [_card(access, row) for row in rows]}


def document(connection: sqlite3.Connection, caller: Caller, case_id: str, document_id: str, today: date) -> Json:
    """One document, for whoever is known at the highest level. Raises `NotFound` for every reason against it."""
    access = case_access(connection, caller, case_id, "documents", today)
    found = {row["id"]: row for row in connection.execute(_VISIBLE, _reader(connection, access, today))}
    if caller.assurance != "high" or document_id not in found:
        raise NotFound
    paragraphs = connection.execute("SELECT * FROM paragraph WHERE document_id = ? ORDER BY position", (document_id,))
    return {
        **front(connection, access),
        "document": _card(access, found[document_id]),
        "paragraphs": [
            {"kind": "heading" if row["heading"] else "text", "text": access.words(row, "text")} for row in paragraphs
        ],
    }


def _reader(connection: sqlite3.Connection, access: CaseAccess, today: date) -> dict[str, object]:
    since = party_since(connection, access.grant, access.person_id, today)
    return {
        **access.reader,
        "case": access.case_id,
        "party_since": since.isoformat() if since else None,
        "danger": not access.is_child and is_danger(connection, access.child_id, access.person_id),
    }


def _card(access: CaseAccess, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "title": access.words(row, "title"),
        "dated": row["dated"],
        "author": row["author"],
        **marks(row),
    }
