"""Signing out at the provider, as a browser meets it: what begins elsewhere ends the session here."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import People
from tests.journeys.person import Person
from tests.journeys.world import World, until

pytestmark = pytest.mark.browser


def provider_of(world: World, *, staff: bool = False) -> str:
    """Where the simulator is."""
    return world.processes.plan.staff_id if staff else world.processes.plan.national_id


def is_signed_in(person: Person, path: str) -> bool:
    """Does this tab still open a page of one's own?"""
    person.open(path)
    return person.path == path


@pytest.mark.parametrize(("key", "path", "staff"), [("sofie", "/account", False), ("kari", "/staff/account", True)])
def test_signing_out_elsewhere_ends_the_session_here(
    people: People, world: World, key: str, path: str, *, staff: bool
) -> None:
    """Item 38: by the provider's server, whatever the browser does with the frames in its page."""
    person = people.signed_in(key, staff=staff)
    assert is_signed_in(person, path)
    elsewhere = person.page.context.new_page()
    elsewhere.route("**/front-channel?**", lambda route: route.abort())
    elsewhere.goto(provider_of(world, staff=staff) + "/logout")
    until(lambda: not is_signed_in(person, path), "signed out at the provider, and still in here")


def test_the_frame_in_the_providers_page_is_let_in(people: People, world: World) -> None:
    """Items 37 and 41: the browser loads our address in the provider's frame and finds nothing to complain of."""
    sofie = people.signed_in("sofie")
    elsewhere = sofie.page.context.new_page()
    complaints: list[str] = []
    elsewhere.on("console", lambda message: complaints.append(message.text))
    with elsewhere.expect_response("**/sign-in/front-channel?**") as found:
        elsewhere.goto(provider_of(world) + "/logout")
    assert found.value.status == 200
    found.value.finished()
    frame = next(frame for frame in elsewhere.frames if "front-channel" in frame.url)
    assert frame.evaluate("document.contentType") == "text/html"
    assert complaints == []
    assert not is_signed_in(sofie, "/account")


@pytest.mark.parametrize("scripts", [True, False])
def test_signing_out_here_comes_back_from_the_provider(people: People, *, scripts: bool) -> None:
    """Items 33 and 41: through the provider's page with its frames, and back."""
    sofie = people.signed_in("sofie", scripts=scripts)
    sofie.page.locator("footer form button").click()
    sofie.page.wait_for_url("**/signed-out?state=*")
    expect(sofie.page.locator("h1")).to_have_text(sofie.words("You are signed out"))
    assert not [kept for kept in sofie.page.context.cookies(sofie.origin) if kept["name"] in {"__Host-s", "__Host-o"}]


def test_signing_out_everywhere_ends_the_other_phone(people: People) -> None:
    """From "My sign-in", without JavaScript too."""
    phone, library = people.signed_in("jakob"), people.signed_in("jakob", scripts=False)
    library.open("/account")
    library.page.locator("main form button").click()
    library.page.wait_for_url("**/signed-out?state=*")
    assert not is_signed_in(phone, "/account")
