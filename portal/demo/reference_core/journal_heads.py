"""The ends of the portal's audit journal. Only added to, never changed; what does not fit is told to the operators."""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime

from portal.demo.reference_core.problems import Conflict, NotFound
from portal.demo.reference_core.schema import utc_text

Json = dict[str, object]

_log = logging.getLogger(__name__)


def keep(connection: sqlite3.Connection, sequence: int, digest: str, now: datetime) -> Json:
    """Keep one end. Raises `Conflict` for another hash under its number, and for one that goes back."""
    known = connection.execute("SELECT * FROM journal_head WHERE sequence = ?", (sequence,)).fetchone()
    if known is None and sequence > _highest(connection):
        connection.execute("INSERT INTO journal_head VALUES (?, ?, ?)", (sequence, digest, utc_text(now)))
        return {"sequence": sequence, "hash": digest, "at": utc_text(now)}
    if known is None or known["hash"] != digest:
        _log.error("a journal of the portal is not the one it was")
        raise Conflict
    return dict(known)


def latest(connection: sqlite3.Connection) -> Json:
    """The highest one. Raises `NotFound` before the first."""
    row = connection.execute("SELECT * FROM journal_head ORDER BY sequence DESC LIMIT 1").fetchone()
    if row is None:
        raise NotFound
    return dict(row)


def _highest(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(sequence), 0) AS last FROM journal_head").fetchone()["last"])
