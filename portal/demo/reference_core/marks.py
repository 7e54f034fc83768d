"""The marks an item bears for its reader, by which a portal strips once more. They decide nothing here."""

from __future__ import annotations

import sqlite3

Json = dict[str, object]

NAMED = "EXISTS (SELECT 1 FROM audience n WHERE n.item_id = i.id AND n.person_id = :person) AS named"
"""In a query about items `i`, beside their own columns."""


def marks(row: sqlite3.Row) -> Json:
    """Would it tell a place, and was it released to this reader by name? Of a row that was read with `NAMED`."""
    return {"bears_place": bool(row["bears_place"]), "named": bool(row["named"])}
