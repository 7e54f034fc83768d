"""Restrictions are raised and lifted in a real core while people click: the very next request obeys, each time."""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import Browser

SERVICE = "fjordvik"
CASE, CHILD = core_id(SERVICE, "case", "sofie"), core_id(SERVICE, "person", "sofie")
PEOPLE = ("sofie", "ingrid", "thomas")
PARENTS = st.sampled_from(PEOPLE[1:])
ANYBODY = st.sampled_from(PEOPLE)
PAGES = ("", "/plan", "/documents")
EXAMPLES = 6
GOAL = st.integers(0, 1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("restrictions"))


class Core:
    """The core's own tables, as its caseworkers change them."""

    def __init__(self, house: House) -> None:
        self._file: Path = house.plan.folder / f"core-{SERVICE}.db"
        self.born = date.fromisoformat(str(self.rows("SELECT birth FROM person WHERE id = ?", CHILD)[0][0]))
        self.goals = [
            (str(row[0]), (str(row[1]), str(row[2])))
            for row in self.rows(
                "SELECT g.id, g.text_child, g.text_adult FROM goal g JOIN plan p ON p.id = g.plan_id"
                " WHERE p.case_id = ? ORDER BY g.position",
                CASE,
            )
        ]
        self.places = {
            str(row[0])
            for row in self.rows("SELECT place FROM appointment WHERE case_id = ? AND place IS NOT NULL", CASE)
        }

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """One statement in a transaction of its own."""
        with closing(sqlite3.connect(self._file, timeout=20)) as connection, connection:
            return list(connection.execute(statement, values))

    def put(self, table: str, person: str, *, there: bool) -> None:
        """A row for the child and this person, or none."""
        values = (CHILD, core_id(SERVICE, "person", person))
        if there:
            self.rows(f"INSERT OR REPLACE INTO {table} (child_id, person_id) VALUES (?, ?)", *values)  # noqa: S608
        else:
            self.rows(f"DELETE FROM {table} WHERE child_id = ? AND person_id = ?", *values)  # noqa: S608

    def withhold(self, goal: int, person: str, reason: str, *, running: bool | None) -> None:
        """A goal of the plan from one person."""
        self.give_back(goal, person)
        self.rows(
            "INSERT INTO withheld (item_id, person_id, child_id, reason, assessor, review_on, investigation)"
            " VALUES (?, ?, ?, ?, 'leader', '2031-01-01', ?)",
            self.goals[goal][0],
            core_id(SERVICE, "person", person),
            CHILD,
            reason,
            running,
        )

    def give_back(self, goal: int, person: str) -> None:
        """What was withheld."""
        where = "DELETE FROM withheld WHERE item_id = ? AND person_id = ?"
        self.rows(where, self.goals[goal][0], core_id(SERVICE, "person", person))


class WhilePeopleClick(RuleBasedStateMachine):
    """What the core's people do and what the rules then say of the next request. The model knows no `portal.access`."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self._core = Core(self.house)
        self._browsers: dict[str, Browser] = {person: self.house.signed_in(person) for person in PEOPLE}
        self._blocked: set[str] = set()
        self._hidden: set[str] = set()
        self._ended: set[str] = set()
        self._withheld: set[tuple[int, str]] = set()
        self._grown_up = self._closed = False
        self._shown_before = {(person, page): self._tokens(person, page) for person in PEOPLE for page in PAGES}

    def _texts(self, person: str) -> list[str]:
        return [texts[person != "sofie"] for _, texts in self._core.goals]

    def _open(self, person: str, path: str) -> tuple[int, str]:
        """Without the inspection of every page: the walk does that, and here pages are opened by the hundred."""
        browser = self._browsers[person]
        answer = browser.client.get(path, base_url=browser.base_url, headers={"Accept-Language": "nb"})
        return answer.status_code, html.unescape(answer.get_data(as_text=True))

    def _tokens(self, person: str, page: str) -> set[str]:
        status, said = self._open(person, f"/cases/{CASE}{page}")
        assert status == 200
        return {token for token in (*self._core.places, *self._texts(person)) if token in said}

    def _may(self, person: str) -> bool:
        stands_in = person != "sofie"
        return not (
            self._closed or person in self._blocked or (stands_in and (self._grown_up or person in self._ended))
        )

    def _look(self, person: str, page: str) -> None:
        status, said = self._open(person, f"/cases/{CASE}{page}")
        assert status == (200 if self._may(person) else 404), (person, page)
        gone = {self._texts(person)[goal] for goal, whose in self._withheld if whose == person}
        gone |= self._core.places if person in self._hidden else set()
        expected = self._shown_before[person, page] - gone if self._may(person) else set()
        tokens = (*self._core.places, *self._texts(person))
        assert {token for token in tokens if token in said} == expected, (person, page)

    def _look_everywhere(self, person: str) -> None:
        for page in PAGES:
            self._look(person, page)

    @rule(person=ANYBODY, page=st.sampled_from(PAGES))
    def click(self, person: str, page: str) -> None:
        """Somebody goes on reading."""
        self._look(person, page)

    @rule(person=ANYBODY)
    def go_home(self, person: str) -> None:
        """R0: the door is there as long as it opens."""
        _, said = self._open(person, "/home")
        assert (f"/cases/{CASE}" in said) is self._may(person)

    @rule(person=PARENTS)
    def block_or_unblock(self, person: str) -> None:
        """R0."""
        self._blocked ^= {person}
        self._core.put("blocked", person, there=person in self._blocked)
        self._look_everywhere(person)

    @rule(person=PARENTS)
    def hide_or_show_the_address(self, person: str) -> None:
        """R2."""
        self._hidden ^= {person}
        self._core.put("hidden_from", person, there=person in self._hidden)
        self._look_everywhere(person)

    @rule(person=PARENTS)
    def responsibility_ends_or_comes_back(self, person: str) -> None:
        """R10."""
        self._ended ^= {person}
        held = "UPDATE responsibility SET held = ? WHERE child_id = ? AND person_id = ?"
        self._core.rows(held, person not in self._ended, CHILD, core_id(SERVICE, "person", person))
        self._look_everywhere(person)

    @rule(goal=GOAL, person=ANYBODY, reason=st.sampled_from(["harm", "investigation"]))
    def withhold(self, goal: int, person: str, reason: str) -> None:
        """R11, R12."""
        self._withheld.add((goal, person))
        self._core.withhold(goal, person, reason, running=True if reason == "investigation" else None)
        self._look_everywhere(person)

    @rule(goal=GOAL, person=ANYBODY, ended=st.booleans())
    def give_back_or_end_the_investigation(self, goal: int, person: str, *, ended: bool) -> None:
        """R12: what lapses is there again, as it is after the core takes the withholding away."""
        self._withheld.discard((goal, person))
        if ended:
            self._core.withhold(goal, person, "investigation", running=False)
        else:
            self._core.give_back(goal, person)
        self._look_everywhere(person)

    @rule(person=ANYBODY)
    def the_child_turns_18(self, person: str) -> None:
        """R15; and the other way round, as when a day of birth was put down wrongly."""
        self._grown_up = not self._grown_up
        born = self.house.clock.now.date().replace(year=self.house.clock.now.year - 18)
        self._set_birth(born if self._grown_up else self._core.born)
        self._look_everywhere(person)

    @rule(person=ANYBODY)
    def the_case_closes_or_opens(self, person: str) -> None:
        """R18, when its time for reading is over."""
        self._closed = not self._closed
        if self._closed:
            self._core.rows("INSERT INTO closing VALUES (?, '2026-01-01', '2026-02-01', '', '')", CASE)
        else:
            self._core.rows("DELETE FROM closing WHERE case_id = ?", CASE)
        self._look_everywhere(person)

    @precondition(lambda self: self._blocked)
    @invariant()
    def a_block_leaves_the_others_alone(self) -> None:
        """R0: what is done to one person is no business of the child's."""
        assert "sofie" not in self._blocked
        self._look("sofie", "")

    def _set_birth(self, day: date) -> None:
        self._core.rows("UPDATE person SET birth = ? WHERE id = ?", day.isoformat(), CHILD)

    def teardown(self) -> None:
        """Everything as it was, for the next course of things."""
        self._set_birth(self._core.born)
        self._core.rows("DELETE FROM closing WHERE case_id = ?", CASE)
        self._core.rows("UPDATE responsibility SET held = 1 WHERE child_id = ?", CHILD)
        for table in ("blocked", "hidden_from", "withheld"):
            self._core.rows(f"DELETE FROM {table} WHERE child_id = ?", CHILD)  # noqa: S608 our own table names


class Here(WhilePeopleClick):
    """In one house."""


@pytest.mark.parametrize(
    "change",
    [
        lambda course: course.block_or_unblock(person="ingrid"),
        lambda course: course.hide_or_show_the_address(person="ingrid"),
        lambda course: course.responsibility_ends_or_comes_back(person="ingrid"),
        lambda course: course.the_child_turns_18(person="ingrid"),
        lambda course: course.the_case_closes_or_opens(person="sofie"),
    ],
    ids=["block", "address", "responsibility", "age", "closing"],
)
def test_each_restriction_alone(house: House, change: Callable[[WhilePeopleClick], None]) -> None:
    """Feature Y1: raised, obeyed by the very next request, lifted, and all is there again."""
    Here.house = house
    course = Here()
    try:
        change(course)
        change(course)
    finally:
        course.teardown()


def test_after_each_restriction_the_next_request_obeys(house: House) -> None:
    """Feature Y1: R0, R2, R10, R11, R12, R15, R18 in a live session, raised and lifted in any order."""
    core = Core(house)
    assert len(core.goals) >= 2
    assert core.places

    Here.house = house
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # a course of things takes its time: one that fails is told, not made shorter
            suppress_health_check=list(HealthCheck),
        ),
    )
