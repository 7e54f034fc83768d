"""The list of pages is complete: every address that gives a page stands in accessibility/pages.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.web.rule import GatedRule
from tests.accessibility.visits import first, not_pages, places
from tests.house import House, build


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def addresses(house: House) -> set[str]:
    rules = (rule for rule in house.app.url_map.iter_rules() if isinstance(rule, GatedRule))
    return {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}


def test_every_page_is_listed_and_nothing_else(house: House) -> None:
    listed = {place.endpoint for place in places()} - {""}
    left_out = {each.endpoint for each in not_pages()}
    assert listed & left_out == set()
    assert listed | left_out == addresses(house)


def test_every_entry_says_what_it_is() -> None:
    names = [place.name for place in places()]
    assert len(names) == len(set(names))
    assert first() <= set(names)
    assert all(each.reason for each in not_pages())
    assert all(place.status == 404 for place in places() if not place.endpoint)


def test_the_list_is_where_people_look_for_it() -> None:
    folder = Path(__file__).parents[2] / "accessibility"
    assert "pages.toml" in (folder / "README.md").read_text("utf-8")
