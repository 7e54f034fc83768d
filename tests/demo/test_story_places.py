"""No free text of the story tells a hidden place to whom it is hidden from (R1, R2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest

from portal.demo.story import DEFAULT_STORY, Story, load_story
from portal.demo.story_said import Words
from portal.demo.story_types import Appointment, Case, Document, Goal, Measure, NextStep, Phase

STORY = load_story(DEFAULT_STORY)
Item = Phase | NextStep | Appointment | Goal | Measure | Document
NAME = re.compile(r"[A-ZÆØÅ][\wæøå]{2,}")
OF_MOVING = ("flytt", "Flytt")


def hidden_from(case: Case) -> set[str]:
    """Those with a grant for whom places are closed."""
    granted = {grant.person for grant in case.grants}
    if case.address.grade == "open":
        speak = {grant.person for grant in case.grants if grant.represents in case.address.hidden_from}
        return (set(case.address.hidden_from) | speak) & granted
    return granted - set(case.address.inside)


def told(words: Words | None) -> list[str]:
    return [] if words is None else [words.child, words.adult]


def names_of_places(story: Story, case: Case) -> set[str]:
    """Proper names in places, and in what is left out because it tells one; people and workers are no places."""
    texts = [one.place for one in case.appointments if one.place]
    texts += [text for step in case.next_steps if step.bears_place for text in told(step.text)]
    texts += [text for one in case.documents if one.bears_place for text in told(one.title)]
    texts += [text for one in case.documents if one.bears_place for part in one.paragraphs for text in told(part.text)]
    texts += [case.moving.to_service] if case.moving else []
    people = {person.first_name for person in story.people}
    people |= {worker.first_name for service in story.services for worker in service.workers}
    inside = {word for text in texts for word in NAME.findall(text)}
    begins = {match for text in texts for match in re.findall(r"(?:^|[.!?] )([A-ZÆØÅ]\w+)", text)}
    places = {word for one in case.appointments if one.place for word in NAME.findall(one.place)}
    return (inside - begins - people) | (places - people)


def open_texts(case: Case, person: str) -> list[str]:
    """Every free text that stands on some page of this person."""
    texts = [text for item, words in items(case) if is_there(person, item) for one in words for text in told(one)]
    goals = case.plan.goals if case.plan else ()
    texts += [goal.own_words.text for goal in goals if goal.own_words and person in goal.own_words.released_to]
    own = [thread for thread in case.threads if thread.person == person]
    texts += [message.text for thread in own for message in thread.messages if message.from_ != person]
    texts += [one.answer.text for one in case.comments if one.person == person and one.answer]
    return texts + told(case.closing.file if case.closing else None)


def items(case: Case) -> Iterator[tuple[Item, Sequence[Words | None]]]:
    """What is released or not, each with its texts."""
    yield from ((one, [one.text, one.clock.label if one.clock else None]) for one in case.all_phases())
    yield from ((one, [one.text, one.who, one.late_reason]) for one in case.next_steps)
    yield from ((one, [one.title, one.cancelled_reason]) for one in case.appointments)
    goals = case.plan.goals if case.plan else ()
    yield from ((goal, [goal.text]) for goal in goals)
    yield from ((one, [one.text, one.responsible]) for goal in goals for one in goal.measures)
    yield from ((one, [one.title, *(part.text for part in one.paragraphs)]) for one in case.documents)


def is_there(person: str, item: Item) -> bool:
    return (not item.only_for or person in item.only_for) and not getattr(item, "bears_place", False)


SHIELDED = [
    (case, person) for service in STORY.services for case in service.cases for person in sorted(hidden_from(case))
]


@pytest.mark.parametrize(("case", "person"), SHIELDED, ids=[f"{case.key} before {person}" for case, person in SHIELDED])
def test_no_text_tells_a_place_to_whom_it_is_hidden_from(case: Case, person: str) -> None:
    """R1, R2."""
    places = names_of_places(STORY, case)
    assert places
    for text in open_texts(case, person):
        assert not [place for place in places if place in text], text
        assert not (case.moving and any(word in text for word in OF_MOVING)), text


def test_there_are_places_and_people_to_hide_them_from() -> None:
    assert {("jakob", "rune"), ("jakob", "henrik"), ("mia", "kent"), ("adam", "idris")} == {
        (case.key, person) for case, person in SHIELDED
    }
    jakob = next(case for case in STORY.service("fjordvik").cases if case.key == "jakob")
    assert {"Lia", "Familiehuset", "Torget"} <= names_of_places(STORY, jakob)
