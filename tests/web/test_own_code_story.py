"""R20 over what people of the story have said: views, wishes, complaints, messages, comments, wishes to see more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.demo.reference_core import core_id
from portal.demo.story import DEFAULT_STORY
from portal.domain.people import Realm
from portal.web.rule import GatedRule
from tests.house import House, build
from tests.web.test_own_code import with_code

SERVICE = "fjordvik"
SAID = ("said", "views", "said_about_visits", "complaints", "comments", "wishes", "threads")
LEAST = 25
"""Characters: shorter texts are also words of ours, such as the questions of a view."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def cases_of(person: str) -> list[dict[str, Any]]:
    services = json.loads(Path(DEFAULT_STORY).read_text("utf-8"))["services"]
    cases = next(service["cases"] for service in services if service["id"] == SERVICE)
    return [case for case in cases if any(grant["person"] == person for grant in case["grants"])]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and " " in value and len(value) >= LEAST:
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


def pages(house: House, case: str) -> Iterator[str]:
    for rule in house.app.url_map.iter_rules():
        ours = isinstance(rule, GatedRule) and rule.access.realm is Realm.FAMILY and "GET" in (rule.methods or ())
        if ours and "<uuid:case_id>" in rule.rule:
            yield re.sub(r"<[^>]*>", "free", rule.rule.replace("<uuid:case_id>", core_id(SERVICE, "case", case)))


def seen(house: House, person: str, *, code: bool) -> set[str]:
    """What this person has said, or was answered, that stands on any page of theirs."""
    browser = with_code(house, person) if code else house.signed_in(person)
    cases = cases_of(person)
    said = {text for case in cases for name in SAID for one in case.get(name, []) if one["person"] == person
            for text in texts(one)}  # fmt: skip
    shown = [browser.get(path).get_data(as_text=True) for case in cases for path in pages(house, case["key"])]
    return {text for text in said if any(text in page for page in shown)}


@pytest.mark.parametrize("person", ["sofie", "leila", "jakob", "ingrid"])
def test_behind_the_code_nothing_stands_that_the_story_lets_somebody_say(house: House, person: str) -> None:
    assert len(seen(house, person, code=False)) > 1
    assert seen(house, person, code=True) == set()
