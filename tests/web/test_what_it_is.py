"""A caseworker says that a message is a report of concern; the clock stands there, and the family is not told."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.access.standing import UNAVAILABLE
from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import Browser, parsed, text_of

SERVICE = "fjordvik"
CASE = f"/cases/{core_id(SERVICE, 'case', 'sofie')}"
THREAD = f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', 'sofie')}"
PLACE = f"{THREAD}/what-it-is"
REASON = "Hun sier at hun er redd hjemme."


@pytest.fixture
def house(tmp_path: Path) -> House:
    """One for each test: what was decided in one is not undone."""
    return build(tmp_path)


def say(house: House, words: str = "Jeg er redd hjemme") -> str:
    """Sofie writes; the id of her message."""
    browser = house.signed_in("sofie", language="en")
    sent = browser.submit(browser.get(f"{CASE}/messages"), {"body": words}, f"{CASE}/messages")
    house.deliver()
    return str(sent.headers["Location"]).split("#m-")[1]


def decide(kari: Browser, item: str, what: str = "report_of_concern", reason: str = REASON) -> TestResponse:
    return kari.submit(kari.get(f"{PLACE}?item_id={item}"), {"item_class": what, "body": reason}, PLACE)


def read(browser: Browser, address: str) -> str:
    return text_of(parsed(browser.get(address)))


def test_a_message_becomes_a_report_of_concern_with_its_clock(house: House) -> None:
    """Feature W2: who decided, when, why, and by when it is to be looked at, from the moment it was sent."""
    item = say(house)
    house.clock.pass_(days=2)
    kari = house.signed_in("kari", language="en")
    assert f"/what-it-is?item_id={item}" in kari.get(THREAD).get_data(as_text=True)
    assert "A clock set by law counts from then." in read(kari, f"{PLACE}?item_id={item}")
    assert decide(kari, item).status_code == 303
    assert "We keep it safe, not sent yet" in read(kari, f"{PLACE}?item_id={item}")
    house.deliver()
    words = read(house.signed_in("marit", language="en"), f"{PLACE}?item_id={item}")
    assert "Decided by Kari" in words
    assert "To be looked at by Thursday 26 November." in words
    assert REASON in words
    assert "Report of concern · to be looked at by Thursday 26 November" in read(kari, THREAD)


def test_it_is_decided_anew_with_a_reason_and_the_last_one_counts(house: House) -> None:
    item = say(house)
    kari = house.signed_in("kari", language="en")
    decide(kari, item)
    house.deliver()
    decide(kari, item, "neither", "Det gjaldt noe annet.")
    house.deliver()
    words = read(kari, f"{PLACE}?item_id={item}")
    assert words.index(REASON) < words.index("Det gjaldt noe annet.")
    assert "to be looked at" not in read(kari, THREAD)


def test_nobody_in_the_family_is_told(house: House) -> None:
    item = say(house)

    def pages(who: str) -> list[str]:
        browser = house.signed_in(who, language="en")
        trail = () if who == "sofie" else ("/who-has-looked",)  # she may know that Kari has read her messages
        return [read(browser, f"{CASE}{page}") for page in ("", "/messages", *trail)]

    for _ in range(2):  # the first look moves the marks of what is read
        before = {who: pages(who) for who in ("sofie", "ingrid", "thomas")}
    decide(house.signed_in("kari"), item)
    house.deliver()
    assert {who: pages(who) for who in before} == before


@pytest.mark.parametrize(("what", "reason"), [("", REASON), ("report_of_concern", ""), ("neither", "x" * 5000)])
def test_without_a_choice_or_a_fitting_reason_nothing_is_decided(house: House, what: str, reason: str) -> None:
    item = say(house)
    kari = house.signed_in("kari", language="en")
    shown = decide(kari, item, what, reason)
    assert shown.status_code == 422
    assert reason in shown.get_data(as_text=True)
    house.deliver()
    assert "What was decided" not in read(kari, f"{PLACE}?item_id={item}")


@pytest.mark.parametrize("item", ["m-0", "", "../x", "y" * 300])
def test_what_is_not_in_the_thread_is_the_one_no(house: House, item: str) -> None:
    assert house.signed_in("kari").get(f"{PLACE}?item_id={item}").status_code == 404


def test_a_worker_of_another_family_gets_the_one_no(house: House) -> None:
    assert house.signed_in("jonas").get(f"{PLACE}?item_id={say(house)}").status_code == 404


def test_a_word_no_form_has_is_refused(house: House) -> None:
    assert decide(house.signed_in("kari"), say(house), "police").status_code == 404


def test_it_can_be_decided_while_the_core_is_down(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    item = say(house)
    kari = house.signed_in("kari", language="en")
    with monkeypatch.context() as down:
        down.setattr(house.parts.gateways[SERVICE], "standing", lambda *_: UNAVAILABLE)
        page = kari.get(f"{PLACE}?item_id={item}")
        assert "We cannot show the message right now." in text_of(parsed(page))
        assert kari.submit(page, {"item_class": "report_of_concern", "body": REASON}, PLACE).status_code == 303
    house.deliver()
    assert "Decided by Kari" in read(kari, f"{PLACE}?item_id={item}")


def test_a_core_that_takes_none_says_whom_to_call(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    item, core = say(house), house.parts.gateways[SERVICE]
    whole = core.staff_conversation
    monkeypatch.setattr(core, "staff_conversation", lambda *asked: replace(whole(*asked), classifications=None))
    kari = house.signed_in("kari", language="en")
    page = kari.get(f"{PLACE}?item_id={item}").get_data(as_text=True)
    assert "This cannot be decided here." in page
    assert re.search(r'href="tel:[0-9+]+"', page)
    assert "what-it-is" not in kari.get(THREAD).get_data(as_text=True)
