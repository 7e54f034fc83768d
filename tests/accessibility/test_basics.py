"""Every page, in two looks: axe, nothing blocked or logged, reflow, large text, keyboard, targets, title, language.

`make test` looks at the first ones on a phone, `make test-all` at all of them.
"""

from __future__ import annotations

import pytest

from tests.accessibility import checks
from tests.accessibility.visits import DESK_DARK, PHONE_LIGHT, Place, Visitor, first, places

pytestmark = pytest.mark.browser

EACH = pytest.mark.parametrize("place", places(), ids=lambda place: place.name)
FIRST_ONES_FIRST = pytest.mark.parametrize(
    "place",
    [pytest.param(place, marks=() if place.name in first() else pytest.mark.wide, id=place.name) for place in places()],
)

HARMLESS = ("Autofocus processing was blocked",)
"""Script and attribute both focus the summary of what is wrong; the browser tells when the script was first."""


def complaints(visitor: Visitor, place: Place) -> list[str]:
    """What the browser complained about; that a page is an error page it may say."""
    expected = [*HARMLESS, *([f"status of {place.status}"] if place.status != 200 else [])]
    return [told for told in visitor.complaints if not any(each in told for each in expected)]


@FIRST_ONES_FIRST
def test_on_a_phone(visitor: Visitor, place: Place) -> None:
    with visitor.at(place, PHONE_LIGHT) as page:
        wrong = {
            "axe": checks.axe(page),
            "named": checks.named(page, PHONE_LIGHT.language),
            "targets": checks.small_targets(page),
            "keyboard": checks.keyboard(page),
            "reflow": checks.reflow(page),
            "browser": complaints(visitor, place),
        }
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.wide
@EACH
def test_on_a_wide_screen_in_the_dark(visitor: Visitor, place: Place) -> None:
    with visitor.at(place, DESK_DARK) as page:
        wrong = {
            "axe": checks.axe(page),
            "named": checks.named(page, DESK_DARK.language),
            "targets": checks.small_targets(page),
            "browser": complaints(visitor, place),
        }
    assert {name: found for name, found in wrong.items() if found} == {}
