"""Writes what the people of a story think, and what became of it, into an empty core."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import date

from portal.demo.reference_core.give_views import add_view
from portal.demo.reference_core.schema import service_fact, utc_text
from portal.demo.story_types import Case
from portal.demo.story_views import Influence, Later, Viewed

MakeId = Callable[..., str]


def load_views(connection: sqlite3.Connection, case: Case, anchor: date, make_id: MakeId) -> None:
    """All views in one case. `make_id` gives the core's id of a kind and keys."""
    for view in case.views:
        view_id, at = make_id("view", case.key, view.key), utc_text(view.at.on(anchor))
        head = (view_id, make_id("case", case.key), make_id("person", view.person), at)
        add_view(connection, head, {**_said(view), "language": service_fact(connection, "language")})
        worker = view.answer or view.later
        level = "answered" if view.answer else "seen" if view.later else "registered"
        opener = None if worker is None else _first_name(connection, make_id("worker", worker.worker))
        connection.execute("INSERT INTO receipt VALUES (?, ?, ?, NULL, ?)", (view_id, level, at, opener))
        if view.answer:
            _answered(connection, view_id, view.answer, make_id("worker", view.answer.worker), anchor)
        if view.later:
            _put_off(connection, view_id, view.later, anchor)


def _said(view: Viewed) -> dict[str, object]:
    answers = [
        {
            "question": asdict(answer.question),
            "chosen": [asdict(one) for one in answer.chosen],
            "words": answer.own,
        }
        for answer in view.answers
    ]
    return {"occasion": asdict(view.occasion), "answers": answers}


def _answered(connection: sqlite3.Connection, view_id: str, told: Influence, worker_id: str, anchor: date) -> None:
    connection.execute(
        "UPDATE opinion SET answer = ?, changed = ?, not_changed = ?, answered_by = ?, answered_at = ? WHERE id = ?",
        (told.heard, told.changed, told.not_changed, worker_id, utc_text(told.at.on(anchor)), view_id),
    )


def _put_off(connection: sqlite3.Connection, view_id: str, later: Later, anchor: date) -> None:
    connection.execute(
        "UPDATE opinion SET later_reason = ?, later_until = ? WHERE id = ?",
        (later.why, later.until.on(anchor).isoformat(), view_id),
    )


def _first_name(connection: sqlite3.Connection, worker_id: str) -> str:
    name: str = connection.execute("SELECT first_name FROM person WHERE id = ?", (worker_id,)).fetchone()["first_name"]
    return name
