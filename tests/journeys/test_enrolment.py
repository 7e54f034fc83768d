"""A child without a national ID: let in by her caseworker, writes, comes back by words and PIN, and is out again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.demo.reference_core import core_id
from tests.journeys.browsers import People
from tests.journeys.person import Person
from tests.journeys.world import World

pytestmark = pytest.mark.browser

PIN = "7402"


def way_in_of(child: str) -> str:
    return f"/staff/children/{core_id('fjordvik', 'person', child)}"


def makes_a_code(worker: Person, child: str) -> str:
    """Say that the child is there, and get the code."""
    worker.open(way_in_of(child))
    worker.page.locator("#present").check(force=True)
    worker.page.locator("form[action$='/code'] button").click()
    code = worker.page.locator("[data-code]").inner_text()
    assert re.fullmatch(r"\d{3} \d{3} \d{2}", code)
    return code


def takes_the_words(child: Person) -> str:
    """Read the four words, go on, choose a PIN, and be in."""
    expect(child.page.locator("[data-words] li")).to_have_count(4)
    words = child.page.locator("[data-words] li").all_inner_texts()
    child.page.locator("a[href$='/way-in/pin']").click()
    child.page.locator("#pin").fill(PIN)
    child.page.locator("#again").fill(PIN)
    child.page.locator("form[action$='/way-in/pin'] button").click()
    child.page.wait_for_url("**/cases/*")
    return " ".join(words)


def comes_back(child: Person, words: str) -> None:
    """From the sign-in page, by words and PIN."""
    child.open("/sign-in")
    child.page.locator("main a[href$='way-in/words']").click()
    child.page.locator("#words").fill(words)
    child.page.locator("#pin").fill(PIN)
    child.page.locator("form[action$='/way-in/words'] button").click()


@pytest.mark.parametrize(("key", "scripts"), [("mia", True), ("emil", False)], ids=["by camera", "without script"])
def test_a_child_is_let_in_writes_comes_back_and_is_taken_out(
    people: People, world: World, key: str, *, scripts: bool
) -> None:
    """Feature S2."""
    kari = people.signed_in("kari", staff=True)
    code = makes_a_code(kari, key)
    child = people.somebody(key, scripts=scripts)
    if scripts:  # as the camera opens it: the code is taken out of the address before anything is sent
        child.open(f"/way-in#{code.replace(' ', '')}")
        expect(child.page.locator("#code")).to_have_value(code)
        assert child.path == "/way-in"
    else:
        child.open("/way-in")
        child.page.locator("#code").fill(code)
    child.page.locator("form[action$='/way-in'] button").click()
    words = takes_the_words(child)
    assert child.path == world.case(key)

    child.page.go_back()
    child.sees_not(words.split()[0])

    child.open(world.case(key) + "/messages")
    said = f"Hei Kari, dette er {key}."
    child.write(said)
    child.page.wait_for_url("**/messages#m-*")
    kari.open(world.thread(key, key))
    kari.reload_until(lambda: said in kari.page.locator("main").inner_text(), "the message does not arrive")

    child.page.locator("footer form[action$='/sign-out'] button").click()
    child.page.wait_for_url("**/signed-out*")
    comes_back(child, words.upper().replace(" ", ",  "))
    child.page.wait_for_url("**/cases/*")

    kari.open(way_in_of(key))
    kari.page.locator("form[action$='/take-away'] button").click()
    expect(kari.page.locator("form[action$='/take-away']")).to_have_count(0)
    child.page.reload()
    child.page.wait_for_url(re.compile("/sign-in"))
    comes_back(child, words)
    expect(child.page.locator("[data-errors]")).to_be_visible()
    assert child.path == "/way-in/words"
