"""What a plan said on an earlier day, and what is another since a person last looked; by today's rules for that person.

What a person may not see today was never there for them either, so no difference tells of it (rules.md R17).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from portal.demo.reference_core.decisions import FOR_READER, CaseAccess
from portal.demo.reference_core.marks import MARKS, marks

Json = dict[str, object]

_ROWS = {
    "goal": f"SELECT i.*, NULL AS until_on, NULL AS who_child, NULL AS who_adult, s.added_at, s.removed_at, {MARKS}"  # noqa: S608 our words
    " FROM goal i JOIN plan p ON p.id = i.plan_id LEFT JOIN item_span s ON s.item_id = i.id"
    f" WHERE p.case_id = :case AND {FOR_READER} ORDER BY i.position",
    "measure": f"SELECT i.*, s.added_at, s.removed_at, {MARKS} FROM measure i JOIN goal g ON g.id = i.goal_id"  # noqa: S608 our words
    " JOIN plan p ON p.id = g.plan_id LEFT JOIN item_span s ON s.item_id = i.id"
    f" WHERE p.case_id = :case AND {FOR_READER} ORDER BY g.position, i.position",
}
_NOW = "9999"
"""Later than every moment there is, as text."""


@dataclass(frozen=True)
class Said:
    """What a goal or measure says at one moment, with its marks then."""

    kind: str
    wording: Json
    marks: Json


def news(connection: sqlite3.Connection, access: CaseAccess, today: date) -> Json | None:
    """What is another since this person last looked before today; None where they never did, or nothing is."""
    look = connection.execute(
        "SELECT * FROM plan_look WHERE case_id = ? AND person_id = ?", (access.case_id, access.person_id)
    ).fetchone()
    if look is None:
        return None
    seen_at, since = look["last_at"], look["on_day"]
    if look["on_day"] == today.isoformat():  # opened again on one day, it still tells what is new that day
        seen_at, since = look["before_at"] or look["first_at"], look["before_on"] or look["on_day"]
    before, now = _said_at(connection, access, seen_at), _said_at(connection, access, _NOW)
    items = [
        _change(item_id, before.get(item_id), now.get(item_id))
        for item_id in dict.fromkeys((*now, *before))
        if item_id not in before or item_id not in now or before[item_id].wording != now[item_id].wording
    ]
    return {"since": since, "items": items} if items else None


def removed_at(connection: sqlite3.Connection, access: CaseAccess) -> list[str]:
    """When that was taken out which this person could see."""
    found = [
        row["removed_at"]
        for query in _ROWS.values()
        for row in connection.execute(query, {"case": access.case_id, **access.reader})
    ]
    return [at for at in found if at is not None]


def was_there(connection: sqlite3.Connection, access: CaseAccess, kind: str, item_id: str) -> bool:
    """Is, or was, this goal or measure there for this person? What is written about it is taken in all the same."""
    if kind not in _ROWS:
        return False
    rows = connection.execute(_ROWS[kind], {"case": access.case_id, **access.reader})
    return any(row["id"] == item_id for row in rows)


def note_look(connection: sqlite3.Connection, access: CaseAccess, updated_at: str, today: date) -> None:
    """This person has looked at the plan as it was last changed for them at `updated_at`."""
    connection.execute(
        "INSERT INTO plan_look (case_id, person_id, on_day, first_at, last_at) VALUES (:case, :person, :day, :at, :at)"
        " ON CONFLICT (case_id, person_id) DO UPDATE SET"
        " before_at = CASE WHEN on_day < :day THEN last_at ELSE before_at END,"
        " before_on = CASE WHEN on_day < :day THEN on_day ELSE before_on END,"
        " first_at = CASE WHEN on_day < :day THEN :at ELSE first_at END, last_at = :at, on_day = :day",
        {"case": access.case_id, "person": access.person_id, "day": today.isoformat(), "at": updated_at},
    )


def _said_at(connection: sqlite3.Connection, access: CaseAccess, at: str) -> dict[str, Said]:
    """Every goal and measure there was at a moment, by its id."""
    found: dict[str, Said] = {}
    for kind, query in _ROWS.items():
        for row in connection.execute(query, {"case": access.case_id, **access.reader}):
            ended = row["removed_at"] is not None and row["removed_at"] <= at
            begun = row["added_at"] is None or row["added_at"] <= at
            if not begun or ended or (kind == "measure" and row["goal_id"] not in found):
                continue
            said = _wording(connection, access, kind, row, at)
            if said is not None:
                found[row["id"]] = said
    return found


def _wording(connection: sqlite3.Connection, access: CaseAccess, kind: str, row: sqlite3.Row, at: str) -> Said | None:
    """What it said then; None where that would tell a place that this person may not know."""
    earlier = connection.execute(
        "SELECT * FROM item_before WHERE item_id = ? AND until_at > ? ORDER BY until_at", (row["id"], at)
    ).fetchone()
    text = earlier if earlier is not None else row
    bears_place = bool(text["bears_place"])
    if bears_place and not access.places:
        return None
    wording: Json = {
        "text": access.words(text, "text"),
        "responsible": access.words(text, "who"),
        "state": text["state"],
        "until": text["until_on"],
    }
    return Said(kind, wording, {**marks(row), "bears_place": bears_place})


def _change(item_id: str, before: Said | None, now: Said | None) -> Json:
    said = [one for one in (now, before) if one is not None]
    return {
        "id": item_id,
        "target_type": said[0].kind,
        "now": now.wording if now else None,
        "before": before.wording if before else None,
        **said[0].marks,
        "bears_place": any(one.marks["bears_place"] for one in said),
    }
