"""Leaving fast: the session ends first, a neutral page opens, and nobody who presses Back sees anything (rules.md)."""

from __future__ import annotations

import pytest
import urllib3
from playwright.sync_api import expect

from tests.journeys.browsers import People
from tests.journeys.person import Person
from tests.journeys.world import World

pytestmark = pytest.mark.browser

SECRET = "Jeg er redd når han drikker."


def is_writing(people: People, world: World, *, scripts: bool = True) -> tuple[Person, str]:
    """Sofie with something half written before her, and the value of her cookie."""
    sofie = people.signed_in("sofie", scripts=scripts)
    sofie.open(world.case("sofie") + "/messages")
    sofie.box().fill(SECRET)
    return sofie, cookie_of(sofie)


def cookie_of(person: Person) -> str:
    """The value of the session's cookie."""
    return next(kept["value"] for kept in person.page.context.cookies() if kept["name"] == "__Host-s")


def opens_something(world: World, cookie: str) -> bool:
    """Does the cookie's value still open pages, for whoever kept it?"""
    answer = urllib3.request(
        "GET", world.origin() + "/sent", headers={"Cookie": f"__Host-s={cookie}"}, redirect=False, timeout=20
    )
    assert answer.status == 200 or answer.headers["Location"].startswith("/sign-in"), answer.status
    return answer.status == 200


def goes_back(person: Person) -> None:
    """Press Back. A page that comes from memory loads nothing, so waiting for its loading would be in vain."""
    before = person.page.url
    person.page.evaluate("history.back()")
    person.page.wait_for_url(lambda url: url != before, wait_until="commit")


def sees_nothing_on_going_back(person: Person, steps: int) -> None:
    """Press Back: no name, no message, no half-written word."""
    for _ in range(steps):
        goes_back(person)
        expect(person.page.locator("h1")).to_be_visible()
        for personal in ("Sofie", "Kari", SECRET, "Hvem kan lese"):
            person.sees_not(personal)
        for box in person.page.locator("textarea").all():
            assert box.input_value() == ""


def test_this_browser_keeps_left_pages_in_memory(people: People, world: World) -> None:
    """Without this the tests below would prove nothing about Back."""
    somebody = people.somebody("sofie")
    somebody.page.goto(world.neutral_url)
    somebody.page.evaluate("window.mark = 'kept'")
    somebody.page.goto(world.neutral_url + "another")
    goes_back(somebody)
    assert somebody.page.evaluate("window.mark") == "kept"


@pytest.mark.parametrize("way", ["click", "shift", "click without JavaScript"])
def test_leave_now(people: People, world: World, way: str) -> None:
    sofie, cookie = is_writing(people, world, scripts="without" not in way)
    assert opens_something(world, cookie)
    if way == "shift":
        sofie.shift_three_times()
    else:
        sofie.page.locator("aside [data-leave]").click()
    sofie.page.wait_for_url(world.neutral_url)
    assert not [kept for kept in sofie.page.context.cookies(world.origin()) if kept["name"] == "__Host-s"]
    assert not opens_something(world, cookie)
    sees_nothing_on_going_back(sofie, steps=2)


@pytest.mark.parametrize("way", ["left", "signed out"])
def test_the_next_person_is_asked_who_they_are(people: People, world: World, way: str) -> None:
    """Feature S5. The provider still knows Sofie's browser; `prompt=login` keeps her in nobody else's hands."""
    sofie, cookie = is_writing(people, world)
    if way == "left":
        sofie.page.locator("aside [data-leave]").click()
        sofie.page.wait_for_url(world.neutral_url)
    else:
        sofie.page.locator("footer form button").click()
        sofie.page.wait_for_url("**/signed-out?*")
    assert not opens_something(world, cookie)
    sofie.open("/home")
    sofie.go_on_to_provider()
    expect(sofie.page.locator("button[data-person=sofie]")).to_be_visible()
    assert not sofie.page.url.startswith(world.origin())


def test_another_site_cannot_sign_anybody_out(people: People, world: World) -> None:
    sofie, _ = is_writing(people, world)
    other = sofie.page.context.new_page()
    other.goto(world.neutral_url)
    other.evaluate("url => { location.href = url }", world.origin() + "/leave")
    other.wait_for_url(world.neutral_url)
    sofie.open(world.case("sofie"))
    assert sofie.path == world.case("sofie")
