"""Who of the staff has looked at or changed what, for one reader: of the items on that reader's pages (rules.md R17).

Neither what intake or duty has looked at, nor anything that anybody of the family has done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from portal.demo.reference_core import documents, family_pages
from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.course import visible
from portal.demo.reference_core.decisions import CaseAccess, case_access
from portal.demo.reference_core.marks import marks
from portal.demo.reference_core.problems import NotFound
from portal.demo.reference_core.threads import own_thread

Json = dict[str, object]
T = TypeVar("T")

OWN = {"bears_place": False, "for_all": False, "named": True}
"""The marks of one's own thread."""
_MARKS = tuple(OWN)


def trail(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """The last twelve months, each month whole: where it begins tells nobody anything."""
    access = case_access(connection, caller, case_id, "overview", today)
    since = date(today.year - 1, today.month, 1).isoformat()
    thread_id = _or_none(lambda: _thread(connection, caller, case_id, today))
    own = _items(connection, caller, access, today) | ({thread_id: {"thing": "messages", **OWN}} if thread_id else {})
    rows = connection.execute(
        "SELECT DISTINCT on_day, role, did, item_id FROM trail WHERE case_id = ? AND why = 'work'"
        " AND on_day BETWEEN ? AND ? ORDER BY on_day DESC, role, item_id, did",
        (case_id, since, today.isoformat()),
    )
    return {
        **family_pages.front(connection, access),
        "since": since,
        "thread_id": thread_id,
        "rows": [_line(row, own[row["item_id"]]) for row in rows if row["item_id"] in own],
    }


def _items(connection: sqlite3.Connection, caller: Caller, access: CaseAccess, today: date) -> dict[str, Json]:
    """What is there for this reader, by id: which kind of thing it is, and its marks."""
    found: dict[str, Json] = {}
    for thing, table in (("next_steps", "next_step"), ("appointments", "appointment")):
        found |= {row["id"]: {"thing": thing, **marks(row)} for row in visible(connection, access, table, "i.id")}
    plan: Any = _or_none(lambda: family_pages.plan(connection, caller, access.case_id, today)["plan"])
    for goal in plan["goals"] if plan else ():
        found |= {one["id"]: _thing("plan", one) for one in (goal, *goal["measures"])}
    papers: Any = _or_none(lambda: documents.documents(connection, caller, access.case_id, today)["documents"])
    return found | {one["id"]: _thing("documents", one) for one in papers or ()}


def _thing(thing: str, shown: Json) -> Json:
    return {"thing": thing, **{mark: shown[mark] for mark in _MARKS}}


def _line(row: sqlite3.Row, item: Json) -> Json:
    return {"day": row["on_day"], "role": row["role"], "doing": row["did"], "item_id": row["item_id"], **item}


def _thread(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> str:
    access = case_access(connection, caller, case_id, "conversation", today)
    return own_thread(connection, case_id, access.person_id)


def _or_none(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except NotFound:
        return None
