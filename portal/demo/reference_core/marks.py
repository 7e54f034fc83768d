"""The marks an item bears for its reader, by which a portal strips once more. They decide nothing here."""

from __future__ import annotations

import sqlite3

Json = dict[str, object]

MARKS = (
    "EXISTS (SELECT 1 FROM audience n WHERE n.item_id = i.id AND n.person_id = :person) AS named,"
    " NOT EXISTS (SELECT 1 FROM audience n WHERE n.item_id = i.id) AS for_all"
)
"""In a query about items `i`, beside their own columns."""


def marks(row: sqlite3.Row) -> Json:
    """Would it tell a place; was it released to all, or to this reader by name? Of a row that was read with `MARKS`."""
    return {name: bool(row[name]) for name in ("bears_place", "for_all", "named")}
