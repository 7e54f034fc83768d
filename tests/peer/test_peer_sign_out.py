"""Signing out here, at the provider, and at another service, with a provider that others wrote."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.peer.browser import Answer, Browser
from tests.peer.world import World

pytestmark = pytest.mark.peer


def press_sign_out(world: World, browser: Browser, service: str = "fjordvik") -> Answer:
    """Our own button; the answer before the provider is asked."""
    return browser.press(browser.open(f"{world.origin(service)}/home"), "/sign-out")


def confirm(browser: Browser, page: Answer) -> Answer:
    """The provider asks whether one means it."""
    return browser.submit(page, "/session/end/confirm", logout="yes")


def test_signing_out_ends_ours_first_and_then_the_providers(world: World, browser: Browser) -> None:
    """Item 33: dead here before the provider is asked, then dead there, then back to our page with our state."""
    world.sign_in(browser, "sofie")
    twin = world.browser().steal(browser)
    assert world.is_in(twin)
    sent = press_sign_out(world, browser)
    assert not world.is_in(twin)
    assert sent.target is not None
    asked = parse_qs(urlsplit(sent.target).query)
    assert len(asked["state"][0]) == 43
    assert "id_token_hint" not in asked
    back = confirm(browser, browser.follow(sent))
    assert (back.status, back.host, back.path) == (200, urlsplit(world.origin()).netloc, "/signed-out")
    returned = next(answer.target for answer in reversed(browser.visited) if "/signed-out?" in str(answer.target))
    assert parse_qs(urlsplit(str(returned)).query)["state"] == asked["state"]
    assert not world.is_in(browser)


@pytest.mark.parametrize("first", ["fjordvik", "lillevik"])
def test_signing_out_at_one_service_ends_the_session_at_the_other(world: World, browser: Browser, first: str) -> None:
    """Item 35 and item 38: the provider tells the other one by its back channel, in either way of signing."""
    other = "lillevik" if first == "fjordvik" else "fjordvik"
    for service in (first, other):
        world.sign_in(browser, "sofie", service=service)
        assert world.is_in(browser, service)
    bystander = world.browser()
    world.sign_in(bystander, "ingrid", service=first)
    confirm(browser, browser.follow(press_sign_out(world, browser, other)))
    assert not world.is_in(browser, first)
    assert world.is_in(bystander, first), "somebody else's session at the same provider"


def test_signing_out_at_the_provider_itself_ends_ours(world: World, browser: Browser) -> None:
    """Item 38."""
    world.sign_in(browser, "sofie")
    confirm(browser, browser.open(f"{world.peer.issuer}/session/end"))
    assert not world.is_in(browser)


def test_a_sign_out_nobody_is_signed_in_for_is_no_fault(world: World, browser: Browser) -> None:
    """Item 35: our session is over already when the provider tells us of it."""
    world.sign_in(browser, "sofie")
    sent = press_sign_out(world, browser)
    back = confirm(browser, browser.follow(sent))
    assert back.status == 200
    world.sign_in(browser, "sofie")
    assert world.is_in(browser), "a later sign-in is another session at the provider"
