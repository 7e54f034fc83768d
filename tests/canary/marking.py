"""Puts a token of its own into every text of a story, and knows who may ever be shown it. Takes any story."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portal.demo.offsets import Birth
from portal.demo.story import DEFAULT_STORY
from tests.canary.oracle import ITEM_KINDS, CaseOracle, Json, Reader, author_of, may_read, texts

ANOTHER_FAMILY = Path(__file__).parent / "stories" / "nordli.json"
TOKEN = "zq{:04d}qz"


@dataclass(frozen=True)
class Canary:
    """One marked text. `seen_by`: the keys of the people of families who may read it at this service."""

    token: str
    service: str
    where: str
    seen_by: frozenset[str]


@dataclass(frozen=True)
class Marked:
    """A story with its marks."""

    document: Json
    canaries: tuple[Canary, ...]

    def shielded_from(self, person: str, service: str) -> dict[str, str]:
        """The tokens this person must never get, and where they stand in the story; everything of other services."""
        open_to = self.open_to(person, service)
        return {one.token: one.where for one in self.canaries if one.token not in open_to}

    def open_to(self, person: str, service: str) -> frozenset[str]:
        """The tokens this person may get."""
        return frozenset(one.token for one in self.canaries if one.service == service and person in one.seen_by)


def stories() -> tuple[Path, ...]:
    """The stories that are marked: `STORY=FILE` alone, else that of the demonstration and that of another family."""
    given = os.environ.get("STORY")
    return (Path(given),) if given else (DEFAULT_STORY, ANOTHER_FAMILY)


def raw_story(file: Path) -> Json:
    """As it is written."""
    document: Json = json.loads(file.read_text("utf-8"))
    return document


def births(document: Json) -> dict[str, Birth]:
    """When the people of a story were born."""
    return {person["key"]: Birth.parse(person["birth"]) for person in document["people"]}


def marked(document: Json, today: date) -> Marked:
    """The same story with a token at the end of every text a person wrote, and of every first name."""
    document = copy.deepcopy(document)
    found: list[Canary] = []
    people = [person["key"] for person in document["people"]]
    ages = births(document)
    for service in document["services"]:
        for case in service["cases"]:
            oracle = CaseOracle(case, ages, today)
            readers = [oracle.reader(person) for person in people]
            for way, text in list(texts(case)):
                token = TOKEN.format(len(found))
                allowed = frozenset(reader.key for reader in readers if may_read(oracle, reader, way))
                where = f"{service['id']}/{case['key']}/{'/'.join(map(str, way))}"
                found.append(Canary(token, service["id"], where, allowed))
                _put(case, way, f"{text} {token}")
    found += _names(document, len(found), today)
    return Marked(document, tuple(found))


def _names(document: Json, begin: int, today: date) -> Iterator[Canary]:
    """A first name is for its owner, for whoever has the case of that child, and for a child that knows its adults."""
    ages = births(document)
    for number, person in enumerate(document["people"]):
        token = TOKEN.format(begin + number)
        for service in document["services"]:
            knows = {person["key"]}
            for case in service["cases"]:
                oracle = CaseOracle(case, ages, today)
                readers = [oracle.reader(one["key"]) for one in document["people"]]
                if person["key"] == case["child"]:
                    knows |= {reader.key for reader in readers if reader.relation is not None}
                elif person["key"] in {grant["person"] for grant in case["grants"]}:
                    knows |= {reader.key for reader in readers if reader.is_child}
            yield Canary(token, service["id"], f"{service['id']}/name of {person['key']}", frozenset(knows))
    for number, person in enumerate(document["people"]):
        person["first_name"] += TOKEN.format(begin + number)


def without_what_is_shielded_from(person: str, document: Json, today: date) -> Json:
    """The same story, less everything this person may not see: items, places, words and threads of others."""
    document = copy.deepcopy(document)
    ages = births(document)
    for service in document["services"]:
        for case in service["cases"]:
            oracle = CaseOracle(copy.deepcopy(case), ages, today)
            _strip(case, oracle, oracle.reader(person))
    return document


def _strip(case: Json, oracle: CaseOracle, reader: Reader) -> None:
    for name in ("next_steps", "appointments", "documents", "decisions", "living", "arrangements"):
        if name in case:
            case[name] = [one for one in case[name] if oracle.shows(reader, one, ITEM_KINDS[name])]
    for name in ("phases", "worker_changes"):
        if name in case:
            case[name] = [one for one in case[name] if not one.get("only_for") or reader.key in one["only_for"]]
    if not reader.places:
        _strip_places(case, oracle)
    case["plan"] = _stripped_plan(case["plan"], oracle, reader)
    keys = set() if case["plan"] is None else _plan_keys(case["plan"])
    case["comments"] = [one for one in case["comments"] if one["person"] == reader.key and one["target"] in keys]
    case["threads"] = [one for one in case["threads"] if one["person"] == reader.key]
    _strip_words(case, reader)
    _strip_records(case)
    _strip_visits(case, reader)
    for name in ("complaints", "wishes", "views"):
        if name in case:
            case[name] = [one for one in case[name] if one["person"] == reader.key]
    case.pop("withheld", None)


def _strip_records(case: Json) -> None:
    """What staff did with what is no longer there."""
    goals = case["plan"]["goals"] if case["plan"] else []
    there = {f"step {one['key']}" for one in case["next_steps"]} | {f"goal {one['key']}" for one in goals}
    there |= {f"appointment {one['key']}" for one in case["appointments"]}
    there |= {f"measure {one['key']}" for goal in goals for one in goal["measures"]}
    there |= {f"document {one['key']}" for one in case.get("documents", [])}
    there |= {f"messages {grant['person']}" for grant in case["grants"]}
    if "trail" in case:
        case["trail"] = [one for one in case["trail"] if one["item"] in there]
    for one in case.get("decisions", []):
        if f"document {one.get('document')}" not in there:
            one.pop("document", None)


def _strip_visits(case: Json, reader: Reader) -> None:
    """What others said about visits, and of an arrangement the days that are no longer there."""
    days = {one["key"] for one in case["appointments"]}
    for one in case.get("arrangements", []):
        if "visits" in one:
            one["visits"] = [key for key in one["visits"] if key in days]
    if "said_about_visits" in case:
        case["said_about_visits"] = [one for one in case["said_about_visits"] if one["person"] == reader.key]


def _strip_words(case: Json, reader: Reader) -> None:
    """What others said, what they are asked about it, and their sentences; what was opened to this reader stays."""
    opened = [one for one in case.get("overridden", []) if one["person"] == reader.key]
    kept = {one["words"] for one in opened}
    if "sentences" in case:
        case["sentences"] = [one for one in case["sentences"] if one["person"] == reader.key]
    if "asked" in case:
        case["asked"] = [one for one in case["asked"] if author_of(case, one["words"]) == reader.key]
    if "overridden" in case:
        mine = [one for one in case["overridden"] if author_of(case, one["words"]) == reader.key]
        case["overridden"] = [one for one in case["overridden"] if one in opened or one in mine]
    if "said" in case:
        said = case["said"]
        case["said"] = [one for one in said if one["person"] == reader.key or f"said {one['key']}" in kept]


def _strip_places(case: Json, oracle: CaseOracle) -> None:
    if "closing" in case and oracle.end_tells_of_a_move():
        del case["closing"]
    case.pop("moving", None)
    for one in case["appointments"]:
        one.pop("place_updated", None)
        one["place"] = None
    for one in case.get("arrangements", []):
        one["place"] = None


def _stripped_plan(plan: Json | None, oracle: CaseOracle, reader: Reader) -> Json | None:
    if plan is None:
        return None
    plan["goals"] = [goal for goal in plan["goals"] if oracle.shows(reader, goal, "goal")]
    for goal in plan["goals"]:
        goal["measures"] = [one for one in goal["measures"] if oracle.shows(reader, one, "measure")]
        if "own_words" in goal and not reader.is_child and reader.key not in goal["own_words"]["released_to"]:
            del goal["own_words"]
    return plan if plan["goals"] else None


def _plan_keys(plan: Json) -> set[str]:
    return {goal["key"] for goal in plan["goals"]} | {one["key"] for goal in plan["goals"] for one in goal["measures"]}


def _put(case: Json, way: tuple[str | int, ...], text: str) -> None:
    holder: Any = case
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = text
