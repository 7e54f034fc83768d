"""Nothing that is shielded from a person reaches that person: every text of a story is marked, and everybody goes

everywhere. The story is that of the demonstration, or any other: `STORY=FILE make test`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.canary.crawler import Answer, Crawl
from tests.canary.houses import browser_of, house_of, ids
from tests.canary.marking import Marked, births, marked, raw_story, without_what_is_shielded_from
from tests.canary.oracle import CaseOracle
from tests.house import START, House

TODAY = START.date()
TYPED = "zt{:04d}tz"
MARK = re.compile(r"zq\d{4}qz|zt\d{4}tz")
MADE_ANEW = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=name=\"csrf_token\" value=\")[^\"]+"
)
"""Ids and form tokens."""
STORY = raw_story()
SERVICE = str(STORY["services"][0]["id"])
PEOPLE = [str(person["key"]) for person in STORY["people"]]
EVERYTHING = ids(STORY)


def leaks(answers: Iterable[Answer], shielded: dict[str, str]) -> list[str]:
    """Where a mark stands that must not: how it was asked for, and the place in the story."""
    found = ((answer.asked, mark) for answer in answers for mark in set(MARK.findall(answer.text)))
    return sorted({f"{asked}: {shielded[mark]}" for asked, mark in found if mark in shielded})


def typed_by_others(person: str) -> dict[str, str]:
    """What the others write in their boxes is for nobody else of a family."""
    return {TYPED.format(number): f"typed by {one}" for number, one in enumerate(PEOPLE) if one != person}


def looked_at(house: House, person: str) -> list[tuple[str, str]]:
    """Every page this person can look at, without what is made anew for each answer."""
    answers = Crawl(house, browser_of(house, person), "").pages(EVERYTHING)
    return [(answer.asked, MADE_ANEW.sub("-", answer.text)) for answer in answers]


def difference(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> list[str]:
    """The pages that are not the same."""
    return [f"{one[0]}\n{_first(one[1], other[1])}" for one, other in zip(before, after, strict=True) if one != other]


def _first(one: str, other: str) -> str:
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    return next((f"- {a}\n+ {b}" for a, b in pairs if a != b), "one is longer")


@pytest.fixture(scope="module")
def story() -> Marked:
    return marked(STORY, TODAY)


def test_nobody_is_shown_what_is_shielded_from_them(story: Marked, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Features Y1 and Y2: everybody goes everywhere and writes everywhere; it is delivered, and all look again."""
    house = house_of(story.document, tmp_path_factory.mktemp("canary"))
    found: dict[str, list[str]] = {}
    shown: set[tuple[str, str]] = set()
    for number, person in enumerate(PEOPLE):
        answers = Crawl(house, browser_of(house, person), f"Hei {TYPED.format(number)}").everywhere(EVERYTHING)
        found[person] = leaks(answers, story.shielded_from(person, SERVICE) | typed_by_others(person))
        shown |= {(person, mark) for answer in answers for mark in MARK.findall(answer.text)}
    house.deliver()
    for person in PEOPLE:
        answers = Crawl(house, browser_of(house, person), "").pages(EVERYTHING)
        found[person] += leaks(answers, story.shielded_from(person, SERVICE) | typed_by_others(person))
    assert {person: places for person, places in found.items() if places} == {}
    # The marks do stand on the pages of those who may read them, what they typed among them: else this proves nothing
    owned = {(person, TYPED.format(number)) for number, person in enumerate(PEOPLE)}
    assert owned <= shown
    assert len(shown - owned) > len(PEOPLE)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The story as it is, in which nobody presses anything."""
    return house_of(STORY, tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("person", PEOPLE)
def test_what_is_shielded_leaves_no_trace(person: str, whole: House, tmp_path: Path) -> None:
    """R11, R17, feature Y1: the same story without all this person may not see gives this person the same bytes."""
    less = house_of(without_what_is_shielded_from(person, STORY, TODAY), tmp_path)
    found = difference(looked_at(whole, person), looked_at(less, person))
    assert not found, "\n".join(found[:3])


def guardians_of(child: str) -> list[str]:
    """Who stands in for a child, or did, or is kept away."""
    cases = [case for case in STORY["services"][0]["cases"] if case["child"] == child]
    return sorted({grant["person"] for case in cases for grant in case["grants"] if grant["relation"] != "self"})


def children() -> list[str]:
    """The children whose own case this service has, and who have adults."""
    cases = STORY["services"][0]["cases"]
    ages = births(STORY)
    reads = [case["child"] for case in cases if CaseOracle(case, ages, TODAY).reader(case["child"]).is_child]
    return [child for child in dict.fromkeys(reads) if guardians_of(child)]


@pytest.mark.parametrize("child", children())
def test_what_a_child_does_changes_nothing_for_its_adults(child: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """R13, R14, R17, R21: it writes, asks for help, is not safe, is answered; their pages are the same bytes."""
    house = house_of(STORY, tmp_path_factory.mktemp("child"))
    before = {adult: looked_at(house, adult) for adult in guardians_of(child)}
    browser = browser_of(house, child)
    Crawl(house, browser, "Jeg er ikke trygg").everywhere(EVERYTHING)
    house.deliver()
    workers = [worker["key"] for worker in STORY["services"][0]["workers"]]
    for worker in workers:
        Crawl(house, house.signed_in(worker, SERVICE), "Jeg har lest det du skrev").everywhere(EVERYTHING)
    house.deliver()
    for adult, pages in before.items():
        found = difference(pages, looked_at(house, adult))
        assert not found, f"{adult}: " + "\n".join(found[:3])
