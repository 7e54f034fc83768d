"""kill -9 in the middle of a submission loses nothing and doubles nothing, and everything starts again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Error, Response, expect

from tests.journeys.browsers import People
from tests.journeys.person import Person
from tests.journeys.world import World, until

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _all_run_again(world: World) -> Iterator[None]:
    """Whatever a test has killed runs again for the next one."""
    yield
    if not {"portal", "worker", "national-id"} <= world.processes.running.keys():
        world.processes.stop_all()
        world.start_all()


def says(person: Person, world: World, words: str, then: Callable[[], None] = lambda: None) -> None:
    """Write to Kari; `then` happens when the server has said that it is taken in, before the next page."""
    person.open(world.case("sofie") + "/messages")

    def taken_in(answer: Response) -> None:
        if answer.request.method == "POST" and answer.status == 303:
            person.page.remove_listener("response", taken_in)
            then()

    person.page.on("response", taken_in)
    try:
        person.write(words)
        person.page.wait_for_url("**/messages#m-*")
    except Error:
        assert "portal" not in world.processes.running  # the next page could not come


def is_there_once(people: People, world: World, words: str) -> None:
    """For the one who wrote it, and for the one who reads it: that is what the core holds."""
    until(lambda: world.waiting() == 0, "it is not delivered")
    sofie = people.signed_in("sofie")
    sofie.open(world.case("sofie") + "/messages")
    sofie.reload_until(lambda: sofie.own(words).count() > 0, "the message is not shown")
    kari = people.signed_in("kari", staff=True)
    kari.open(world.thread("sofie", "sofie"))
    for person in (sofie, kari):
        expect(person.page.locator("ol.talk li", has_text=words)).to_have_count(1)


def test_the_web_process_dies_before_the_receipt_is_shown(people: People, world: World) -> None:
    sofie = people.signed_in("sofie")
    says(sofie, world, "Serveren døde da jeg sendte dette.", lambda: world.processes.kill("portal"))
    assert "portal" not in world.processes.running
    world.start_portal()
    is_there_once(people, world, "Serveren døde da jeg sendte dette.")


def test_the_worker_dies_while_it_delivers(people: People, world: World) -> None:
    sofie = people.signed_in("sofie")
    with world.core_is("slow"):
        says_while_down(sofie, world, "Budet døde på veien.")
        until(world.delivery_under_way, "no delivery begins")
        world.processes.kill("worker")
    assert world.waiting() > 0
    world.start_worker()
    world.a_minute_passes_for_deliveries()
    is_there_once(people, world, "Budet døde på veien.")


def test_the_worker_dies_when_the_core_has_it_and_nobody_knows(people: People, world: World) -> None:
    sofie = people.signed_in("sofie")
    with world.core_is("lost"):
        says(sofie, world, "Svaret kom aldri fram.")
        until(lambda: world.core_has("Svaret kom aldri fram."), "the core does not get it")
        world.processes.kill("worker")
    world.start_worker()
    world.a_minute_passes_for_deliveries()
    is_there_once(people, world, "Svaret kom aldri fram.")


def test_everything_dies_at_once_and_starts_again(people: People, world: World) -> None:
    def power_cut() -> None:
        for name in list(world.processes.running):
            world.processes.kill(name)

    sofie = people.signed_in("sofie")
    says(sofie, world, "Strømmen gikk akkurat da.", power_cut)
    assert world.processes.running == {}
    world.start_all()
    is_there_once(people, world, "Strømmen gikk akkurat da.")


def says_while_down(person: Person, world: World, words: str) -> None:
    """Write on the page that needs nothing from the core."""
    person.open(world.case("sofie") + "/messages/new")
    person.write(words)
    person.page.wait_for_url("**/sent/*")
