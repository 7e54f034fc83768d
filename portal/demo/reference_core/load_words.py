"""Writes what the people of a story have said, and what was asked and decided about it, into an empty core."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date

from portal.demo.reference_core.load_views import load_views
from portal.demo.reference_core.schema import utc_text
from portal.demo.story_said import Overridden, SharingAsked
from portal.demo.story_types import Case

MakeId = Callable[..., str]


def load_words(connection: sqlite3.Connection, case: Case, anchor: date, make_id: MakeId) -> None:
    """Everything about own words in one case, views among them. `make_id` gives the core's id of a kind and keys."""
    load_views(connection, case, anchor, make_id)
    case_id = make_id("case", case.key)
    for said in case.said:
        said_id = make_id("said", case.key, said.key)
        values = (said_id, case_id, make_id("person", said.person), said.text, utc_text(said.at.on(anchor)))
        connection.execute("INSERT INTO statement VALUES (?, ?, ?, ?, ?)", values)
    connection.execute(
        "INSERT INTO assess_first SELECT id FROM words WHERE case_id = ? AND author_id = ?",
        (case_id, make_id("person", case.child)),
    )
    for asked in case.asked:
        _asked(connection, case, anchor, make_id, asked)
    for overridden in case.overridden:
        _overridden(connection, case, anchor, make_id, overridden)
    for one in case.sentences:
        connection.execute(
            "INSERT INTO sentence VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
            (
                *(make_id("sentence", case.key, one.key), case_id, make_id("person", one.person)),
                *(one.about.child, one.about.adult, one.text, one.by.on(anchor).isoformat(), one.issued),
            ),
        )


def _asked(connection: sqlite3.Connection, case: Case, anchor: date, make_id: MakeId, one: SharingAsked) -> None:
    words_id, person_id = _words_id(case, make_id, one.words), make_id("person", one.person)
    answered = one.answered
    connection.execute(
        "INSERT INTO sharing (words_id, person_id, question_id, why, asked_by, asked_at, answer, answer_words,"
        " answered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(words_id, person_id, make_id("question", words_id, person_id), one.why),
            *(make_id("worker", one.worker), utc_text(one.at.on(anchor))),
            *((answered.answer, "", utc_text(answered.at.on(anchor))) if answered else (None, None, None)),
        ),
    )


def _overridden(connection: sqlite3.Connection, case: Case, anchor: date, make_id: MakeId, one: Overridden) -> None:
    connection.execute(
        "INSERT INTO sharing (words_id, person_id, decision, reason_code, tell_author_from, decided_by, opened_at)"
        " VALUES (?, ?, 'override', ?, ?, ?, ?)",
        (
            *(_words_id(case, make_id, one.words), make_id("person", one.person), one.reason),
            *(one.tell.on(anchor).isoformat(), make_id("worker", one.worker), utc_text(one.at.on(anchor))),
        ),
    )


def _words_id(case: Case, make_id: MakeId, name: str) -> str:
    """The id of what a story names "goal KEY", "said KEY" or "comment PERSON TARGET"."""
    kind, *keys = name.split()
    return make_id("plan item" if kind == "goal" else kind, case.key, *keys)
