"""Nothing that is shielded from a person reaches that person: every text of a story is marked, and everybody goes

everywhere. The stories are those of the demonstration and of another family, or any other: `STORY=FILE make test`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from portal.demo.reference_core import core_id
from tests.canary.crawler import Answer, Crawl
from tests.canary.houses import browser_of, house_of, ids
from tests.canary.marking import births, marked, raw_story, stories, without_what_is_shielded_from
from tests.canary.oracle import CaseOracle, Json
from tests.house import START, House
from tests.inspector import Browser

TODAY = START.date()
TYPED = "zt{:04d}tz"
MARK = re.compile(r"zq\d{4}qz|zt\d{4}tz")
MADE_ANEW = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=name=\"csrf_token\" value=\")[^\"]+"
)
"""Ids and form tokens."""


@dataclass(frozen=True)
class Told:
    """One story file. The people are looked at where its first service is."""

    file: Path

    @cached_property
    def document(self) -> Json:
        """As it is written."""
        return raw_story(self.file)

    @property
    def service(self) -> str:
        """The service that is looked at."""
        return str(self.document["services"][0]["id"])

    @property
    def people(self) -> list[str]:
        """Everybody of a family."""
        return [str(person["key"]) for person in self.document["people"]]

    @property
    def workers(self) -> list[str]:
        """Everybody who works there."""
        return [str(worker["key"]) for worker in self.document["services"][0]["workers"]]

    @property
    def families(self) -> list[tuple[str, ...]]:
        """Those who have to do with one another's cases; who has to do with none are one of them."""
        groups = [{case["child"], *(grant["person"] for grant in case["grants"])} for case in self._cases]
        merged: list[set[str]] = []
        for group in groups:
            apart = [one for one in merged if not one & group]
            merged = [*apart, group.union(*(one for one in merged if one & group))]
        rest = set(self.people).difference(*merged)
        return [tuple(sorted(one)) for one in [*merged, rest] if one]

    @property
    def _cases(self) -> list[Json]:
        return [case for service in self.document["services"] for case in service["cases"]]

    def adults_of(self, child: str) -> list[str]:
        """Who stands in for a child, or did, speaks for somebody, or is kept away."""
        cases = [case for case in self.document["services"][0]["cases"] if case["child"] == child]
        return sorted({grant["person"] for case in cases for grant in case["grants"] if grant["relation"] != "self"})

    @property
    def children(self) -> list[str]:
        """The children who can come to their own case there, and who have adults."""
        ages = births(self.document)
        cases = self.document["services"][0]["cases"]
        reads = [case["child"] for case in cases if CaseOracle(case, ages, TODAY).reader(case["child"]).is_child]
        return [child for child in dict.fromkeys(reads) if self.adults_of(child)]

    def threads_of(self, child: str, worker: Browser) -> list[str]:
        """What the child has with the team, and what nobody else of the story has: its asking for help."""
        known = {
            core_id(self.service, "thread", case["key"], grant["person"]): grant["person"]
            for case in self.document["services"][0]["cases"]
            for grant in case["grants"]
        }
        linked = re.findall(r'href="/staff/threads/([^"/]+)"', worker.get("/staff").get_data(as_text=True))
        return [f"/staff/threads/{thread}" for thread in dict.fromkeys(linked) if known.get(thread, child) == child]

    def looked_at(self, house: House, person: str, browser: Browser) -> list[tuple[str, str]]:
        """Every page this person can look at, without what is made anew for each answer."""
        answers = Crawl(house, browser, "").pages(ids(self.document, person))
        return [(answer.asked, MADE_ANEW.sub("-", answer.text)) for answer in answers]


TOLD = tuple(Told(file) for file in stories())


def each(whom: str) -> list[object]:
    """Every story with each of its people, or each of its children."""
    return [
        pytest.param(told, key, id=f"{told.file.stem}-{key if isinstance(key, str) else '-'.join(key)}")
        for told in TOLD
        for key in getattr(told, whom)
    ]


def leaks(answers: Iterable[Answer], shielded: dict[str, str]) -> list[str]:
    """Where a mark stands that must not: how it was asked for, and the place in the story."""
    found = ((answer.asked, mark) for answer in answers for mark in set(MARK.findall(answer.text)))
    return sorted({f"{asked}: {shielded[mark]}" for asked, mark in found if mark in shielded})


def difference(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> list[str]:
    """The pages that are not the same, each with the first line that differs."""
    return [f"{one[0]}\n{_first(one[1], other[1])}" for one, other in zip(before, after, strict=True) if one != other]


def _first(one: str, other: str) -> str:
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    return next((f"- {a}\n+ {b}" for a, b in pairs if a != b), "one is longer")


@pytest.mark.parametrize(("told", "family"), each("families"))
def test_nobody_is_shown_what_is_shielded_from_them(told: Told, family: tuple[str, ...], tmp_path: Path) -> None:
    """Features Y1 and Y2: everybody goes everywhere and writes everywhere; it is delivered, and all look again."""
    story, everything = marked(told.document, TODAY), ids(told.document)
    house = house_of(story.document, tmp_path)
    typed = {person: TYPED.format(number) for number, person in enumerate(family)}
    found: dict[str, list[str]] = {}
    shown: set[tuple[str, str]] = set()
    for person in family:
        answers = Crawl(house, browser_of(house, person), f"Hei {typed[person]}").everywhere(everything)
        others = {mark: f"typed by {other}" for other, mark in typed.items() if other != person}
        found[person] = leaks(answers, story.shielded_from(person, told.service) | others)
        shown |= {(person, mark) for answer in answers for mark in MARK.findall(answer.text)}
    house.deliver()
    for person in family:
        answers = Crawl(house, browser_of(house, person), "").pages(everything)
        others = {mark: f"typed by {other}" for other, mark in typed.items() if other != person}
        found[person] += leaks(answers, story.shielded_from(person, told.service) | others)
        shown |= {(person, mark) for answer in answers for mark in MARK.findall(answer.text)}
    assert {person: places for person, places in found.items() if places} == {}
    # The marks do stand on the pages of those who may read them, what they typed among them: else this proves nothing
    if len(family) > 1:
        assert shown & set(typed.items())
        assert len(shown - set(typed.items())) >= len(family)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, House]:
    """The stories as they are, in which nobody presses anything."""
    return {told.file: house_of(told.document, tmp_path_factory.mktemp("whole")) for told in TOLD}


@pytest.mark.parametrize(("told", "person"), each("people"))
def test_what_is_shielded_leaves_no_trace(told: Told, person: str, whole: dict[Path, House], tmp_path: Path) -> None:
    """R11, R17, feature Y1: the same story without all this person may not see gives this person the same bytes."""
    less = house_of(without_what_is_shielded_from(person, told.document, TODAY), tmp_path)
    everything = whole[told.file]
    found = difference(
        told.looked_at(everything, person, browser_of(everything, person)),
        told.looked_at(less, person, browser_of(less, person)),
    )
    assert not found, "\n".join(found[:3])


@pytest.mark.parametrize(("told", "child"), each("children"))
def test_what_a_child_does_changes_nothing_for_its_adults(told: Told, child: str, tmp_path: Path) -> None:
    """R13, R14, R17, R21: it writes, asks for help, is not safe, is answered; their pages are the same bytes."""
    house, everything = house_of(told.document, tmp_path), ids(told.document)
    adults = {adult: browser_of(house, adult) for adult in told.adults_of(child)}
    for adult, browser in adults.items():
        told.looked_at(house, adult, browser)  # what was new for them is so no longer
    before = {adult: told.looked_at(house, adult, browser) for adult, browser in adults.items()}
    Crawl(house, browser_of(house, child), "Jeg er ikke trygg").everywhere(everything)
    house.deliver()
    answered = 0
    for worker in told.workers:
        browser = house.signed_in(worker, told.service)
        for thread in told.threads_of(child, browser):
            answered += len(Crawl(house, browser, "Jeg har lest det du skrev").within(thread)) > 1
    assert answered
    house.deliver()
    for adult, pages in before.items():
        found = difference(pages, told.looked_at(house, adult, adults[adult]))
        assert not found, f"{adult}: " + "\n".join(found[:3])
