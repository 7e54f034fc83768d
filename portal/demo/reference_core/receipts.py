"""Receipts: how far something sent has come. A level never goes back, but for an answer that was stopped."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from portal.demo.reference_core.feed import emit
from portal.demo.reference_core.problems import NotFound
from portal.demo.reference_core.schema import utc_text

Json = dict[str, object]

_ORDER = ("accepted", "registered", "seen", "answered")
_NOT_IN_DIGEST = frozenset({"composed_at", "number", "assess_before_access"})


def body_digest(body: Mapping[str, object]) -> str:
    """SHA-256 of what was said, over its RFC 8785 form, as the contract defines it."""
    said = {name: value for name, value in body.items() if name not in _NOT_IN_DIGEST}
    return hashlib.sha256(canonical(said)).hexdigest()


def canonical(value: object) -> bytes:
    """RFC 8785 for bodies of the contract, which hold no numbers: sorted keys, no white space, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def register(connection: sqlite3.Connection, operation_id: str, sha256: str, now: datetime) -> Json:
    """The first receipt: it is in the record."""
    connection.execute(
        "INSERT INTO receipt VALUES (?, 'registered', ?, ?, NULL)", (operation_id, utc_text(now), sha256)
    )
    return receipt(connection, operation_id)


def receipt(connection: sqlite3.Connection, operation_id: str) -> Json:
    """How far it has come. Raises `NotFound` when it never came."""
    row = connection.execute("SELECT * FROM shown_receipt WHERE operation_id = ?", (operation_id,)).fetchone()
    if row is None:
        raise NotFound
    return dict(row)


def raise_level(
    connection: sqlite3.Connection, operation_id: str, level: str, *, by: str, case_id: str | None, now: datetime
) -> bool:
    """Take a receipt up to `level`, opened by the worker with that first name. False when it stood there already."""
    current = receipt(connection, operation_id)
    if current["level"] not in _ORDER or _ORDER.index(str(current["level"])) >= _ORDER.index(level):
        return False
    connection.execute(
        "UPDATE receipt SET level = ?, at = ?, seen_by = coalesce(seen_by, ?) WHERE operation_id = ?",
        (level, utc_text(now), by, operation_id),
    )
    emit(connection, "receipt.updated", case_id, operation_id, now)
    return True
