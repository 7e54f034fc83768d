"""A person at substantial opens a document: to the provider and back to it; whoever cannot meets a calm page."""

from __future__ import annotations

import pytest

from portal.demo.reference_core import core_id
from tests.journeys.browsers import People
from tests.journeys.person import Person
from tests.journeys.world import World

pytestmark = pytest.mark.browser


def cookie_of(person: Person) -> str:
    return next(kept["value"] for kept in person.page.context.cookies() if kept["name"] == "__Host-s")


def at_the_question(person: Person, world: World, case: str, document: str) -> Person:
    """Somebody who is signed in has pressed a document of their list and is asked to show once more who they are."""
    person.open(world.case(case) + "/documents")
    path = f"{world.case(case)}/documents/{core_id('fjordvik', 'document', case, document)}"
    person.page.locator(f"main ul.tasks a[href$='{path}']").click()
    assert person.heading() == person.words("Show who you are once more")
    assert person.path.endswith(path)
    return person


@pytest.mark.parametrize("language", ["nb", "en"])
def test_to_the_provider_and_back_to_the_document(people: People, world: World, language: str) -> None:
    """Feature S1. Item 28: the session's value is a new one afterwards."""
    thomas = at_the_question(people.signed_in("thomas", language=language), world, "sofie", "handball")
    before, path = cookie_of(thomas), thomas.path
    thomas.press("Go on")
    thomas.page.locator("button[data-person=thomas]").click()
    thomas.page.wait_for_url(f"{thomas.origin}/**")
    assert thomas.path == path
    assert thomas.heading() == "Vedtak: håndball for Sofie"
    assert cookie_of(thomas) != before


def test_who_cannot_show_it_that_way_is_still_signed_in(people: People, world: World) -> None:
    """Jakob's way of signing in goes no higher: nothing is opened, nothing is lost, and he is told whom to ask."""
    jakob = at_the_question(people.signed_in("jakob"), world, "jakob", "brev")
    before = cookie_of(jakob)
    jakob.press("Go on")
    assert jakob.page.locator("button[data-person=jakob]").count() == 0
    jakob.page.locator("[data-cancel]").click()
    jakob.page.wait_for_url(f"{jakob.origin}/**")
    assert jakob.heading() == jakob.words("Nothing was opened")
    assert cookie_of(jakob) == before
    jakob.press("Back to the start")
    assert jakob.open(world.case("jakob") + "/messages") == 200


def test_another_person_at_the_provider_opens_nothing(people: People, world: World) -> None:
    thomas = at_the_question(people.signed_in("thomas"), world, "sofie", "handball")
    before, path = cookie_of(thomas), thomas.path
    thomas.press("Go on")
    thomas.page.locator("button[data-person=shirin]").click()
    thomas.page.wait_for_url(f"{thomas.origin}/**")
    thomas.sees_not("Shirin")
    # The provider ends the session of the one before, and says so: nothing of Thomas lies open before her either
    assert cookie_of(thomas) == before
    thomas.open(path)
    thomas.reload_until(lambda: thomas.path.startswith("/sign-in"), "the session is not ended by its provider")


def test_not_now_leads_home(people: People, world: World) -> None:
    thomas = at_the_question(people.signed_in("thomas"), world, "sofie", "handball")
    thomas.press("Not now")
    thomas.page.wait_for_url("**/home")
