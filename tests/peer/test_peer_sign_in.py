"""Our whole sign-in against a provider that others wrote and a foundation certified."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from portal.domain.people import Assurance
from tests.peer.browser import Browser
from tests.peer.world import ALGORITHMS, SOURCES, World

pytestmark = pytest.mark.peer


@pytest.mark.parametrize("service", list(ALGORITHMS))
def test_somebody_signs_in_with_either_way_of_signing(world: World, browser: Browser, service: str) -> None:
    """Item 1, item 2, item 4, item 14, item 15, item 16, item 17, item 18, item 19, item 20 and item 22."""
    page = world.to_provider(browser, service)
    assert page.host == world.peer.host
    asked = next(answer for answer in browser.visited if "/auth?" in answer.url)
    assert set(parse_qs(urlsplit(asked.url).query)) == {"client_id", "request_uri"}
    home = world.choose(browser, page, "sofie" if service == "fjordvik" else "leila")
    assert home.status == 200
    assert home.host == urlsplit(world.origin(service)).netloc
    assert world.is_in(browser, service)


def test_the_number_may_come_from_a_signed_answer_about_the_person(world: World, browser: Browser) -> None:
    """Item 23: of two services one reads the ID token, the other the user info."""
    for service, source in SOURCES.items():
        world.sign_in(browser, "sofie", service=service)
        assert world.is_in(browser, service), source
    number = next(who.value for who in world.house.story.people_for_sign_in() if who.key == "sofie")
    assert all(number not in answer.text + answer.url for answer in browser.visited)


def test_the_provider_is_asked_in_the_language_of_the_page(world: World, browser: Browser) -> None:
    page = browser.open(f"{world.origin()}/en/sign-in")
    assert browser.submit(page, "/en/sign-in").words("language") == "en"


def test_whoever_comes_next_is_asked_who_they_are_in_spite_of_single_sign_on(world: World, browser: Browser) -> None:
    """Item 21: the provider still knows the one before; we do not take that for an answer. Item 38: then it forgets."""
    world.sign_in(browser, "sofie")
    page = browser.open(f"{world.origin('lillevik')}/sign-in")
    page = browser.submit(page, "/sign-in")
    assert page.host == world.peer.host
    assert "login_prompt" in page.words("why")
    assert not world.is_in(browser, "lillevik")
    world.choose(browser, page, "leila")
    assert world.is_in(browser, "lillevik")
    assert not world.is_in(browser), "the provider ended its session of the one before, and said so"


def test_whoever_cancels_is_told_so_in_our_words(world: World, browser: Browser) -> None:
    """Item 9."""
    refused = world.sign_in(browser, "")
    assert (refused.status, refused.path) == (403, "/sign-in/callback")
    assert "A text of the provider" not in refused.text
    assert any("error_description" in answer.url for answer in browser.visited), "the provider did send a text"
    assert not world.is_in(browser)


def test_a_level_that_is_too_low_opens_nothing(world: World, browser: Browser) -> None:
    """Item 20: the provider lets the person choose a weaker way than was asked for; we look for ourselves."""
    page = world.to_provider(browser)
    refused = world.choose(browser, page, "thomas", "low")
    assert refused.status == 403
    assert not world.is_in(browser)


def test_a_document_leads_to_the_provider_and_back_to_the_document(world: World, browser: Browser) -> None:
    """Item 28: back where one was going, surer than before, in a session whose old id is dead."""
    world.sign_in(browser, "jakob", "substantial")
    assert world.assurance(browser) is Assurance.SUBSTANTIAL
    before = world.browser().steal(browser)
    document = world.to_document(browser)
    page = browser.submit(browser.open(document), "/step-up")
    assert page.host == world.peer.host
    assert "step_up" in page.words("why")
    opened = world.choose(browser, page, "jakob", "high")
    assert (opened.status, opened.url) == (200, document)
    assert world.assurance(browser) is Assurance.HIGH
    assert not world.is_in(before)


def test_a_surer_sign_in_of_somebody_else_makes_nobody_surer(world: World, browser: Browser) -> None:
    """Item 28: a parent's sign-in beside the child's open session."""
    world.sign_in(browser, "jakob", "substantial")
    document = world.to_document(browser)
    page = browser.submit(browser.open(document), "/step-up")
    refused = world.choose(browser, page, "ingrid", "high")
    assert (refused.status, refused.path) == (403, "/sign-in/callback")
    assert world.assurance(browser) is not Assurance.HIGH
    # Somebody else at the provider ends the session of the one before, there and here
    assert browser.open(document).path == "/sign-in"


def test_the_providers_keys_change_under_the_same_portal(world: World, browser: Browser) -> None:
    """Item 25: new key ids, one fetch, no restart of ours."""
    for service in ALGORITHMS:
        world.sign_in(browser, "ingrid", service=service)
        assert world.is_in(browser, service)
    world.peer.stop()
    world.peer.start("second")
    for service in ALGORITHMS:
        later = world.browser()
        world.sign_in(later, "ingrid", service=service)
        assert world.is_in(later, service)


def test_a_provider_that_is_down_gives_a_page_and_nobody_is_signed_out(world: World, browser: Browser) -> None:
    """Item 27: 503 for whoever wants in, while those who are in stay in."""
    world.sign_in(browser, "sofie")
    outside = world.browser()
    page = outside.open(f"{world.origin()}/sign-in")
    world.peer.stop()
    try:
        refused = outside.submit(page, "/sign-in")
        assert (refused.status, refused.path) == (503, "/sign-in")
        assert world.is_in(browser)
    finally:
        world.peer.start()
    world.sign_in(outside, "sofie")
    assert world.is_in(outside)
