"""Somebody puts a code before what they have written, comes again, writes without it, and reads with it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import People
from tests.journeys.person import Person
from tests.journeys.world import World

pytestmark = pytest.mark.browser

CODE = "4711"
WORDS = "Det er bråk i gangen hver kveld."


def types_code(person: Person, code: str) -> None:
    """On the page that asks for it, with the keyboard alone."""
    box = person.page.locator("#code")
    box.fill(code)
    box.press("Enter")


def fills(person: Person, now: str, new: str) -> None:
    """The form of the code's own page."""
    person.open("/account/code")
    for field, typed in (("#code", now), ("#new_code", new), ("#again", new)):
        person.page.locator(field).fill(typed)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_code_hides_what_was_written_and_hinders_nobody_from_writing(
    people: People, world: World, *, scripts: bool
) -> None:
    """Feature S5. R20: the code comes before reading, never before writing, asking for help, or the numbers."""
    anne = people.signed_in("anne", scripts=scripts)
    fills(anne, "", CODE)
    anne.page.locator("form[action$='/account/code'] button").first.click()
    anne.page.wait_for_url("**/account/code?saved=1")
    talk = world.case("jakob") + "/messages"
    assert anne.open(talk) == 200, "where the code was chosen, it is not asked for"

    again = people.signed_in("anne", scripts=scripts)
    assert again.open(talk) == 403
    expect(again.page.locator("h1")).to_have_text(again.words("Type your code", "child"))
    types_code(again, "0000")
    expect(again.page.locator("#code")).to_have_attribute("aria-invalid", "true")
    assert again.page.locator("#code").input_value() == ""
    again.press("Write to us", "child")
    words = f"{WORDS} {'med' if scripts else 'uten'}"
    again.write(words)
    expect(again.page.locator("h1")).to_have_text(again.words("We keep it for you", "child"))
    again.sees_not(words)
    again.open(talk)
    types_code(again, CODE)
    again.page.wait_for_url(f"**{talk}")
    again.reload_until(lambda: again.own(words).count() == 1, "the message has not come back from the core")

    fills(again, CODE, "")
    again.page.locator("button[name=remove]").click()
    again.page.wait_for_url("**/account/code?saved=1")
    assert people.signed_in("anne", scripts=scripts).open(talk) == 200
