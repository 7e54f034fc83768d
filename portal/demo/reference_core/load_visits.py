"""Writes where the children of a story live, whom they see and what was said about that into an empty core."""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.offsets import with_weekdays
from portal.demo.reference_core.load_words import MakeId
from portal.demo.reference_core.schema import next_number, service_fact, utc_text
from portal.demo.story_said import Words
from portal.demo.story_types import Case
from portal.demo.story_visits import SaidAboutVisit


def load_visits(connection: sqlite3.Connection, case: Case, anchor: date, make_id: MakeId) -> None:
    """Everything about visits in one case. `make_id` gives the core's id of a kind and keys."""
    case_id = make_id("case", case.key)
    for position, one in enumerate(case.living):
        living_id = make_id("living", case.key, one.key)
        values = (living_id, case_id, position, *_told(one.text, anchor), one.bears_place)
        connection.execute("INSERT INTO living VALUES (?, ?, ?, ?, ?, ?)", values)
        _audience(connection, living_id, one.only_for, make_id)
    for position, arranged in enumerate(case.arrangements):
        arrangement_id = make_id("arrangement", case.key, arranged.key)
        connection.execute(
            "INSERT INTO arrangement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(arrangement_id, case_id, position, arranged.place, *_told(arranged.with_whom, anchor)),
                *(*_told(arranged.how_often, anchor), arranged.bears_place),
            ),
        )
        _audience(connection, arrangement_id, arranged.only_for, make_id)
        for key in arranged.visits:
            ids = (make_id("appointment", case.key, key), arrangement_id)
            connection.execute("INSERT INTO arranged VALUES (?, ?)", ids)
    for said in case.said_about_visits:
        _said(connection, case, anchor, make_id, said)


def _said(connection: sqlite3.Connection, case: Case, anchor: date, make_id: MakeId, said: SaidAboutVisit) -> None:
    said_id, at = make_id("visit wish", case.key, said.key), utc_text(said.at.on(anchor))
    answer = said.answer
    connection.execute(
        "INSERT INTO visit_wish VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(next_number(connection), said_id, make_id("case", case.key), make_id("person", said.person)),
            *(_about(case, make_id, said.target), said.wish, said.text, service_fact(connection, "language"), at),
            *((answer.text, make_id("worker", answer.worker)) if answer else (None, None)),
        ),
    )
    opener = None
    if answer:
        row = connection.execute("SELECT first_name FROM person WHERE id = ?", (make_id("worker", answer.worker),))
        opener = row.fetchone()["first_name"]
    told = utc_text(answer.at.on(anchor)) if answer else at
    level = "answered" if answer else "registered"
    connection.execute("INSERT INTO receipt VALUES (?, ?, ?, NULL, ?)", (said_id, level, told, opener))
    if said.person == case.child:
        connection.execute("INSERT INTO assess_first VALUES (?)", (said_id,))


def _about(case: Case, make_id: MakeId, about: str | None) -> str | None:
    """The id of what a story names "arrangement KEY" or "appointment KEY"."""
    if about is None:
        return None
    kind, key = about.split()
    return make_id(kind, case.key, key)


def _told(words: Words, anchor: date) -> tuple[str, str]:
    return with_weekdays(words.child, anchor), with_weekdays(words.adult, anchor)


def _audience(connection: sqlite3.Connection, item_id: str, people: tuple[str, ...], make_id: MakeId) -> None:
    for person in people:
        connection.execute("INSERT INTO audience VALUES (?, ?)", (item_id, make_id("person", person)))
