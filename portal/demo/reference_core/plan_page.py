"""A plan as one reader sees it. Version and time stamp come from the visible items alone (rules.md R17)."""

from __future__ import annotations

import hashlib
import json
import sqlite3

from portal.demo.reference_core.decisions import FOR_READER, CaseAccess
from portal.demo.reference_core.marks import MARKS, marks
from portal.demo.reference_core.plan_history import removed_at
from portal.demo.reference_core.shared_words import readable

Json = dict[str, object]

_VERSION_CHARACTERS = 16


def visible_plan(connection: sqlite3.Connection, access: CaseAccess) -> Json | None:
    """The plan of a case with the reader's own comments; None when there is none for this reader."""
    plan = connection.execute("SELECT * FROM plan WHERE case_id = ?", (access.case_id,)).fetchone()
    if plan is None:
        return None
    rows = _items(connection, access, "goal", "plan_id", plan["id"])
    goals = [_goal(connection, access, row) for row in rows]
    if not goals:
        return None
    seen_at = [row["updated_at"] for row in rows] + removed_at(connection, access)
    for row in rows:
        seen_at += [one["updated_at"] for one in _items(connection, access, "measure", "goal_id", row["id"])]
    content: Json = {"title": access.words(plan, "title"), "goals": goals}
    version = _version(content)
    own = _own_comments(connection, access)
    for goal in goals:
        goal["comments"] = own.get(str(goal["id"]), [])
        for measure in goal["measures"]:  # type: ignore[attr-defined]  # made below, a list
            measure["comments"] = own.get(measure["id"], [])
    return {
        "case_id": access.case_id,
        "plan_id": plan["id"],
        "version": version,
        "updated_at": max(seen_at),
        **content,
        "comments": own.get(plan["id"], []),
    }


def _items(
    connection: sqlite3.Connection, access: CaseAccess, table: str, parent: str, parent_id: str
) -> list[sqlite3.Row]:
    return connection.execute(
        f"SELECT i.*, {MARKS} FROM {table} i WHERE i.{parent} = :parent AND {FOR_READER}"  # noqa: S608 our words
        " AND NOT EXISTS (SELECT 1 FROM item_span s WHERE s.item_id = i.id AND s.removed_at IS NOT NULL)"
        " ORDER BY i.position",
        {"parent": parent_id, **access.reader},
    ).fetchall()


def _goal(connection: sqlite3.Connection, access: CaseAccess, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "text": access.words(row, "text"),
        "state": row["state"],
        "own_words": _own_words(connection, access, row),
        "measures": [_measure(access, one) for one in _items(connection, access, "measure", "goal_id", row["id"])],
        **marks(row),
    }


def _own_words(connection: sqlite3.Connection, access: CaseAccess, row: sqlite3.Row) -> Json | None:
    """The child's words: for the child, and for whom they were released to (rules.md R13)."""
    released = readable(connection, row["id"], access.person_id)
    if row["own_words"] is None or not (access.is_child or released):
        return None
    return {"text": row["own_words"], "mine": access.is_child, "released": released}


def _measure(access: CaseAccess, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "text": access.words(row, "text"),
        "responsible": access.words(row, "who"),
        "state": row["state"],
        "since": row["since_on"],
        "until": row["until_on"],
        **marks(row),
    }


def _own_comments(connection: sqlite3.Connection, access: CaseAccess) -> dict[str, list[Json]]:
    rows = connection.execute(
        "SELECT c.*, r.level, r.seen_by, p.first_name AS answerer FROM comment c"
        " LEFT JOIN receipt r ON r.operation_id = c.id LEFT JOIN person p ON p.id = c.answered_by"
        " WHERE c.case_id = ? AND c.person_id = ? ORDER BY c.sequence",
        (access.case_id, access.person_id),
    )
    found: dict[str, list[Json]] = {}
    for row in rows:
        comment: Json = {
            "id": row["id"],
            "mine": True,  # nobody else's are asked for
            "plan_version": row["plan_version"],
            "plan_had_changed": bool(row["plan_had_changed"]),
            "stance": row["stance"],
            "body": row["body"],
            "created_at": row["created_at"],
            "state": row["level"],
            "opened_by": row["seen_by"],
            "answer": row["answer"],
            "answered_by": row["answerer"],
        }
        found.setdefault(row["target_id"], []).append(comment)
    return found


def _version(content: Json) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_CHARACTERS]
