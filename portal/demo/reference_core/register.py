"""Takes in what the population register says about parents: whether one has responsibility, and nothing else.

It never gives, prolongs or revives an access, and never touches a block, a hidden or protected address, what is
withheld, or a danger (rules.md R0).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from portal.demo.offsets import local_day
from portal.demo.reference_core.decisions import grants_of, is_entitled
from portal.demo.reference_core.feed import emit

REGISTER = "register"
COURT = "court"

_NUMBER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["scheme", "value"],
    "properties": {"scheme": {"const": "no-pid"}, "value": {"type": "string"}},
}
_OWN_ID: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {"id": {"type": "string"}},
}
_ENTRY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["child", "parent", "relation", "responsibility"],
    "properties": {
        "child": {"oneOf": [_NUMBER, _OWN_ID]},
        "parent": {"oneOf": [_NUMBER, _OWN_ID]},
        "relation": {"enum": ["mother", "father"]},
        "responsibility": {"type": "boolean"},
    },
}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["source", "parents"],
    "properties": {"source": {"const": REGISTER}, "parents": {"type": "array", "items": _ENTRY}},
}


class ImportRefused(ValueError):
    """The file is no import; the message says where, never what stood there."""


@dataclass
class Imported:
    """What came of it, in numbers. `ended`: accesses that did not hold and that this must not wake up."""

    updated: int = 0
    unchanged: int = 0
    kept_from_court: int = 0
    not_known_here: int = 0
    ended: int = 0


@dataclass(frozen=True)
class _Parent:
    child_id: str
    person_id: str
    held: bool
    known: sqlite3.Row | None = field(repr=False)


def read_import(path: Path) -> Mapping[str, Any]:
    """A file of the shape above. Raises `ImportRefused`."""
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImportRefused(f"cannot be read: {type(error).__name__}") from None
    for fault in Draft202012Validator(_SCHEMA).iter_errors(document):
        raise ImportRefused(f"{fault.json_path}: breaks the rule '{fault.validator}'")
    return document


def import_register(connection: sqlite3.Connection, document: Mapping[str, Any], now: datetime) -> Imported:
    """Take in a file that `read_import` has read, in the caller's transaction."""
    done, today = Imported(), local_day(now)
    for entry in document["parents"]:
        parent = _parent(connection, entry)
        if parent is None:
            done.not_known_here += 1
        elif parent.known is not None and parent.known["source"] == COURT:
            done.kept_from_court += 1
        elif parent.known is not None and bool(parent.known["held"]) is parent.held:
            done.unchanged += 1
        else:
            done.ended += _end_what_sleeps(connection, parent, today)
            _put(connection, parent, now)
            done.updated += 1
    return done


def _parent(connection: sqlite3.Connection, entry: Mapping[str, Any]) -> _Parent | None:
    """Both of them as this core knows them; whom it does not know, it does not get to know from a register."""
    child_id, person_id = _person(connection, entry["child"]), _person(connection, entry["parent"])
    case = connection.execute("SELECT 1 FROM child_case WHERE child_id = ?", (child_id,)).fetchone()
    if case is None or child_id is None or person_id is None:
        return None
    known = connection.execute(
        "SELECT held, source FROM responsibility WHERE child_id = ? AND person_id = ?", (child_id, person_id)
    ).fetchone()
    return _Parent(child_id, person_id, bool(entry["responsibility"]), known)


def _person(connection: sqlite3.Connection, who: Mapping[str, str]) -> str | None:
    if "id" in who:
        row = connection.execute("SELECT id FROM person WHERE id = ?", (who["id"],)).fetchone()
    else:
        row = connection.execute(
            "SELECT person_id AS id FROM number WHERE scheme = ? AND value = ?", (who["scheme"], who["value"])
        ).fetchone()
    return row["id"] if row else None


def _end_what_sleeps(connection: sqlite3.Connection, parent: _Parent, today: date) -> int:
    """An access that opened nothing for want of responsibility ends here: the service gives it anew, or does not."""
    ended = 0
    for grant in grants_of(connection, parent.person_id):
        if grant.child_id == parent.child_id and not is_entitled(connection, grant, parent.person_id):
            last = max(grant.valid_from, today) - timedelta(days=1)
            ended += connection.execute(
                "UPDATE access SET valid_to = ? WHERE case_id = ? AND person_id = ?"
                " AND (valid_to IS NULL OR valid_to > ?)",
                (last.isoformat(), grant.case_id, parent.person_id, last.isoformat()),
            ).rowcount
    return ended


def _put(connection: sqlite3.Connection, parent: _Parent, now: datetime) -> None:
    connection.execute(
        "INSERT INTO responsibility (child_id, person_id, held, source) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (child_id, person_id) DO UPDATE SET held = excluded.held, source = excluded.source",
        (parent.child_id, parent.person_id, parent.held, REGISTER),
    )
    for case in connection.execute("SELECT id FROM child_case WHERE child_id = ?", (parent.child_id,)).fetchall():
        emit(connection, "standing.changed", case["id"], parent.person_id, now)
