"""What somebody may not learn from a text the team sends them. Compared by the portal, shown to nobody."""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.decisions import thread_for_worker, worker_row
from portal.demo.reference_core.problems import NotFound
from portal.demo.reference_core.words import readers_of

Json = dict[str, object]

# The cases that touch a person, with whether the person is outside of what is hidden or protected there.
_CASES = (
    "SELECT c.id, c.child_id, NOT (c.address = 'open' OR EXISTS (SELECT 1 FROM inside n WHERE n.child_id = c.child_id"
    "  AND n.person_id = :person))"
    " OR EXISTS (SELECT 1 FROM hidden_from h WHERE h.child_id = c.child_id AND h.person_id = :person)"
    " OR EXISTS (SELECT 1 FROM blocked b WHERE b.child_id = c.child_id AND b.person_id = :person) AS outside"
    " FROM child_case c WHERE EXISTS (SELECT 1 FROM access a WHERE a.case_id = c.id AND a.person_id = :person)"
    " OR EXISTS (SELECT 1 FROM blocked b WHERE b.child_id = c.child_id AND b.person_id = :person)"
)
_LISTED = "SELECT kind, text FROM shielded WHERE person_id = :person ORDER BY kind, text"
_PLACES = (
    f"SELECT DISTINCT 'place', a.place FROM appointment a JOIN ({_CASES}) c ON c.id = a.case_id AND c.outside"  # noqa: S608
    " WHERE a.place IS NOT NULL"
    f" UNION SELECT 'place', r.place FROM arrangement r JOIN ({_CASES}) c ON c.id = r.case_id AND c.outside"
    " WHERE r.place IS NOT NULL"
    f" UNION SELECT 'place', m.to_service FROM moving m JOIN ({_CASES}) c ON c.id = m.case_id AND c.outside ORDER BY 2"
)
# What others of the family have said, unless this person was let read it.
_WORDS = (
    f"WITH touched AS ({_CASES})"  # noqa: S608 our own words
    " SELECT 'words', m.body FROM message m JOIN thread t ON t.id = m.thread_id JOIN touched c ON c.id = t.case_id"
    "  WHERE m.author_kind = 'family' AND t.person_id <> :person"
    " UNION ALL SELECT 'words', k.body FROM words k JOIN touched c ON c.id = k.case_id WHERE k.author_id <> :person"
    "  AND k.body <> ''"
    "  AND NOT EXISTS (SELECT 1 FROM sharing g WHERE g.words_id = k.id AND g.person_id = :person"
    "   AND g.opened_at IS NOT NULL AND g.closed_at IS NULL)"
    " UNION ALL SELECT 'words', k.body FROM access_request k JOIN touched c ON c.id = k.case_id"
    "  WHERE k.person_id <> :person AND k.body <> ''"
    " UNION ALL SELECT 'words', k.body FROM visit_wish k JOIN touched c ON c.id = k.case_id"
    "  WHERE k.person_id <> :person AND k.body <> ''"
    " UNION ALL SELECT 'words', k.body FROM consent_withdrawn k JOIN touched c ON c.id = k.case_id"
    "  WHERE k.person_id <> :person AND k.body <> ''"
)


def shielded(
    connection: sqlite3.Connection, caller: Caller, thread_id: str, today: date, reader_id: str | None = None
) -> Json:
    """The list for the person of one thread, or for a possible reader of what that person said. Raises `NotFound`."""
    thread = thread_for_worker(connection, worker_row(connection, caller), thread_id, today)
    row = connection.execute(
        "SELECT person_id FROM thread WHERE id = :id UNION ALL SELECT person_id FROM referral WHERE id = :id",
        {"id": thread_id},
    ).fetchone()
    if reader_id is None:
        return {"thread_id": thread_id, **shielded_from(connection, row["person_id"])}
    readers = readers_of(connection, thread.case_id, row["person_id"], today) if thread.case_id else []
    if reader_id not in {reader.person_id for reader in readers}:
        raise NotFound
    return {"thread_id": thread_id, **shielded_from(connection, reader_id)}


def shielded_from(connection: sqlite3.Connection, person_id: str) -> Json:
    """The list for one person, of every case that touches this person; empty for one nobody knows."""
    person = {"person": person_id}
    found = [
        {"kind": kind, "text": text}
        for query in (_LISTED, _PLACES, _WORDS)
        for kind, text in connection.execute(query, person)
    ]
    outside = connection.execute(f"SELECT max(outside) FROM ({_CASES})", person).fetchone()[0]  # noqa: S608 ours
    return {"places_hidden": bool(outside), "items": found}
