"""A page that lies open: the warning, staying, and what is half written when nobody answers, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import People
from tests.journeys.world import World, until

pytestmark = pytest.mark.browser

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
    ingrid.page.get_by_role("button", name=ingrid.words("I am still here")).click()
    expect(dialog).to_be_hidden()

    world.forget_drafts()
    ingrid.box().fill("Dette skrev jeg da telefonen ringte.")
    world.sessions_end_in(seconds=3)
    ingrid.page.clock.run_for(TO_THE_WARNING)
    expect(ingrid.page.locator("html")).to_be_hidden()
    until(lambda: world.drafts() == 1, "the words are kept")
    world.sessions_run_out()
    ingrid.page.clock.run_for(7_000)
    ingrid.page.wait_for_url(world.origin() + "/timed-out")
    ingrid.sees(ingrid.words("If you had begun to write, it is kept for you. You see it when you sign in again."))
    ingrid.page.clock.resume()
    ingrid.sign_in()
    ingrid.open(world.case("sofie") + "/messages")
    expect(ingrid.box()).to_have_value("Dette skrev jeg da telefonen ringte.")
