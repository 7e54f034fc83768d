"""Derived signals (R17): what is not there for somebody changes no byte of any page that somebody has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.demo.core_client import CoreAtWork, core_at_work
from tests.demo.test_reference_core_pages import with_story

Cases = dict[str, Any]
Change = Callable[[Cases], None]

WORDS = {"child": "Noe nytt", "adult": "Noe nytt"}
NOW = {"updated": "-0d", "text": WORDS}
STEP = {"key": "nytt", "by": "+1wd", "who": WORDS, **NOW}
MEASURE = {"key": "nytt", "state": "ongoing", "until": None, "responsible": WORDS, **NOW}
GOAL = {"key": "nyttmal", "state": "active", "measures": [], **NOW}
MEETING = {"key": "nytt", "kind": "meeting", "at": "+1wd 09:00", "place": "Et sted", "updated": "-0d", "title": WORDS}
DOCUMENT = {
    "key": "nytt",
    "kind": "letter",
    "dated": "-0d",
    "worker": "kari",
    "title": WORDS,
    "paragraphs": [{"text": WORDS}],
}
PHASE = {"phase": "review", "since": "-0d", "text": WORDS, "clock": {"label": WORDS, "by": "+9d"}}


def insert(case: str, where: str, item: dict[str, Any], *only_for: str, **more: Any) -> Change:
    """Put something first, for these people alone, so that order and latest would tell."""

    def change(cases: Cases) -> None:
        holder: Any = cases[case]
        for step in where.split("."):
            holder = holder[int(step)] if step.isdecimal() else holder.setdefault(step, [])
        holder.insert(0, {**item, **more, **({"only_for": list(only_for)} if only_for else {})})

    return change


def write(case: str, position: int, who: str) -> Change:
    def change(cases: Cases) -> None:
        cases[case]["threads"][position]["messages"].append({"from": who, "at": "-0d 08:00", "text": "Noe nytt"})

    return change


def update(case: str, *path: str | int, value: Any) -> Change:
    def change(cases: Cases) -> None:
        holder: Any = cases[case]
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = value

    return change


def withhold(case: str, person: str, item: str) -> Change:
    """An item that is there for others and withheld from this person."""

    def change(cases: Cases) -> None:
        cases[case].setdefault("withheld", []).append(
            {"person": person, "item": item, "reason": "harm", "assessor": "leader", "review": "+9d"}
        )

    return change


def both(*changes: Change) -> Change:
    def change(cases: Cases) -> None:
        for one in changes:
            one(cases)

    return change


INVISIBLE: dict[str, tuple[str, str, Change]] = {
    "a step of the child's": ("ingrid", "sofie", insert("sofie", "next_steps", STEP, "sofie")),
    "a meeting of the child's": ("ingrid", "sofie", insert("sofie", "appointments", MEETING, "sofie")),
    "a goal of the child's": ("thomas", "sofie", insert("sofie", "plan.goals", GOAL, "sofie")),
    "a measure of the child's": ("thomas", "sofie", insert("sofie", "plan.goals.0.measures", MEASURE, "sofie")),
    "a document of the child's": ("ingrid", "sofie", insert("sofie", "documents", DOCUMENT, "sofie")),
    "a phase of the child's": ("ingrid", "sofie", insert("sofie", "phases", PHASE, "sofie")),
    "another worker for the child": (
        "ingrid",
        "sofie",
        insert("sofie", "worker_changes", {"worker": "marit", "at": "-0d"}, "sofie"),
    ),
    "the child writes": ("ingrid", "sofie", write("sofie", 0, "sofie")),
    "the child is answered": ("thomas", "sofie", write("sofie", 0, "kari")),
    "the other parent writes": ("thomas", "sofie", write("sofie", 1, "ingrid")),
    "the child says something else": (
        "ingrid",
        "sofie",
        update("sofie", "plan", "goals", 0, "own_words", "text", value="Noe nytt"),
    ),
    "the child comments": (
        "ingrid",
        "sofie",
        insert("sofie", "comments", {"person": "sofie", "target": "ro", "at": "-0d 08:00", "text": "Noe nytt"}),
    ),
    "a meeting elsewhere": (
        "rune",
        "jakob",
        both(
            update("jakob", "appointments", 0, "place", value="Et annet sted"),
            update("jakob", "appointments", 0, "place_updated", value="-0d"),
        ),
    ),
    "a step with a place": ("rune", "jakob", insert("jakob", "next_steps", STEP, bears_place=True)),
    "a document with a place": ("rune", "jakob", insert("jakob", "documents", DOCUMENT, bears_place=True)),
    "a move": (
        "rune",
        "jakob",
        update("jakob", "moving", value={"to_service": "Lillevik kommune", "phone": "55", "hours": "9-15"}),
    ),
    "what is withheld": (
        "anne",
        "jakob",
        both(insert("jakob", "documents", DOCUMENT), withhold("jakob", "anne", "document nytt")),
    ),
    "a step that is withheld": (
        "rune",
        "jakob",
        both(insert("jakob", "next_steps", STEP), withhold("jakob", "rune", "step nytt")),
    ),
    "what is withheld from a client": (
        "henrik",
        "jakob",
        both(insert("jakob", "documents", DOCUMENT), withhold("jakob", "rune", "document nytt")),
    ),
    "a decision, where that is dangerous": (
        "idris",
        "adam",
        insert("adam", "documents", DOCUMENT, kind="decision", worker="eline"),
    ),
    "a step that names no foster carer": ("bjorg", "leila", insert("leila", "next_steps", STEP)),
    "a goal that names no foster carer": ("bjorg", "leila", insert("leila", "plan.goals", GOAL)),
    "a phase that names no foster carer": ("bjorg", "leila", insert("leila", "phases", PHASE)),
    "a sibling's step": ("sofie", "sofie", insert("emil", "next_steps", STEP, "emil")),
}


def pages(core: CoreAtWork, who: str, case: str) -> list[bytes]:
    """Everything the core has for this person: home and pages."""
    found = [core.get("/me/pages/home", who).body]
    found += [core.page(who, case, page).body for page in ("overview", "plan", "conversation", "documents")]
    return found


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> CoreAtWork:
    return core_at_work(tmp_path_factory.mktemp("before"))


@pytest.mark.parametrize("name", INVISIBLE)
def test_what_is_not_there_for_somebody_changes_nothing_for_them(name: str, before: CoreAtWork, tmp_path: Path) -> None:
    """R17."""
    who, case, change = INVISIBLE[name]
    core = with_story(tmp_path, change)
    core.page(who, case, "conversation")  # read in both, so that nothing is unread in either
    before.page(who, case, "conversation")
    assert pages(core, who, case) == pages(before, who, case)


@pytest.mark.parametrize(
    ("who", "case", "change"),
    [
        ("sofie", "sofie", INVISIBLE["a step of the child's"][2]),
        ("sofie", "sofie", INVISIBLE["a phase of the child's"][2]),
        ("sofie", "sofie", INVISIBLE["another worker for the child"][2]),
        ("anne", "jakob", INVISIBLE["a meeting elsewhere"][2]),
        ("anne", "jakob", INVISIBLE["a move"][2]),
        ("rune", "jakob", INVISIBLE["what is withheld"][2]),
    ],
)
def test_and_is_there_for_whom_it_is_for(
    who: str, case: str, change: Change, before: CoreAtWork, tmp_path: Path
) -> None:
    assert pages(with_story(tmp_path, change), who, case) != pages(before, who, case)
