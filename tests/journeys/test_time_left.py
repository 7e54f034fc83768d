"""A page that lies open: the warning, staying, and what is half written when nobody answers, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import People
from tests.journeys.world import World, until

pytestmark = pytest.mark.browser

KEPT = (
    "What you had begun to write is kept for 7 days. It has not been sent."
    " You find it in the same place when you sign in again."
)
TO_THE_WARNING = 28 * 60_000 + 5_000
"""Milliseconds from a fresh page to two minutes before its end, and a little."""


def test_the_end_of_a_session_in_front_of_an_open_page(people: People, world: World) -> None:
    """WCAG 2.2.1; rules.md, safety 6: what is half written is kept on the server and nowhere else."""
    ingrid = people.signed_in("ingrid")
    ingrid.page.clock.install()
    ingrid.open(world.case("sofie") + "/messages")
    dialog = ingrid.page.locator("dialog#session")
    expect(dialog).to_be_hidden()
    world.sessions_end_in(seconds=119)
    ingrid.page.clock.run_for(TO_THE_WARNING)
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-leave]")).to_be_visible()
    expect(dialog.locator("a[href^='tel:']").first).to_be_visible()
    ingrid.page.get_by_role("button", name=ingrid.words("I am still here")).click()
    expect(dialog).to_be_hidden()

    world.forget_drafts()
    ingrid.box().fill("Dette skrev jeg da telefonen ringte.")
    world.sessions_end_in(seconds=3)
    ingrid.page.clock.run_for(TO_THE_WARNING)
    expect(ingrid.page.locator("html")).to_be_hidden()
    until(lambda: world.drafts() == 1, "the words are kept")
    assert world.seconds_left() < 30, "keeping words by itself prolongs nothing"
    world.sessions_run_out()
    ingrid.page.clock.run_for(7_000)
    ingrid.page.wait_for_url(world.origin() + "/timed-out?words=kept")
    ingrid.sees(ingrid.words(KEPT))
    ingrid.page.clock.resume()
    ingrid.sign_in()
    ingrid.open(world.case("sofie") + "/messages")
    expect(ingrid.box()).to_have_value("Dette skrev jeg da telefonen ringte.")


@pytest.mark.parametrize("way", ["click", "keys"])
def test_the_warning_does_not_stand_before_the_way_out(people: People, world: World, way: str) -> None:
    """rules.md, safety 3: leaving fast works while the question is open, which covers the page."""
    sofie = people.signed_in("sofie")
    sofie.page.clock.install()
    sofie.open(world.case("sofie") + "/messages")
    world.sessions_end_in(seconds=119)
    sofie.page.clock.run_for(TO_THE_WARNING)
    expect(sofie.page.locator("dialog#session")).to_be_visible()
    sofie.page.clock.resume()
    if way == "click":
        sofie.page.locator("dialog#session [data-leave]").click()
    else:
        sofie.shift_three_times()
    sofie.page.wait_for_url(world.neutral_url)
    sofie.open(world.case("sofie"))
    sofie.page.wait_for_url("**/sign-in?**")
