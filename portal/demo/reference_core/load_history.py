"""Writes into an empty core what the plan of a case said before, and when its readers last looked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time

from portal.demo.offsets import PLACE_OF_CLOCKS, Day
from portal.demo.reference_core.schema import utc_text
from portal.demo.story_types import Case, Goal, Measure

MakeId = Callable[..., str]
_MORNING, _NOON = time(9, 0), time(12, 0)


def load_history(connection: sqlite3.Connection, case: Case, anchor: date, make_id: MakeId) -> None:
    """When goals and measures came, went and said something else. `make_id` gives the core's id of a kind and keys."""
    for item in _items(case):
        item_id, span = make_id("plan item", case.key, item.key), item.history
        if span.added or span.removed:
            days = (_at(day, _MORNING, anchor) if day else None for day in (span.added, span.removed))
            connection.execute("INSERT INTO item_span VALUES (?, ?, ?)", (item_id, *days))
        for one in span.before:
            who = one.responsible
            connection.execute(
                "INSERT INTO item_before VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(item_id, _at(one.changed, _MORNING, anchor), one.state),
                    one.until.on(anchor).isoformat() if one.until else None,
                    *(one.text.child, one.text.adult, *((who.child, who.adult) if who else (None, None))),
                    one.bears_place,
                ),
            )
    for look in case.looked:
        at = _at(look.on, _NOON, anchor)
        connection.execute(
            "INSERT INTO plan_look (case_id, person_id, on_day, first_at, last_at) VALUES (?, ?, ?, ?, ?)",
            (make_id("case", case.key), make_id("person", look.person), look.on.on(anchor).isoformat(), at, at),
        )


def _items(case: Case) -> Iterator[Goal | Measure]:
    for goal in case.plan.goals if case.plan else ():
        yield goal
        yield from goal.measures


def _at(day: Day, clock: time, anchor: date) -> str:
    return utc_text(datetime.combine(day.on(anchor), clock, PLACE_OF_CLOCKS).astimezone(UTC))
