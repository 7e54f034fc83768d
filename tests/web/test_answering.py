"""Answering in four minutes: one press for a holding answer, who gets it on the button, how easy it is to read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.demo.reference_core import core_id
from portal.domain.people import Relation
from portal.staff.conversation.holding import days_to_promise
from portal.staff.conversation.readable import readable
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of

SERVICE = "fjordvik"
MESSAGES = f"/cases/{core_id(SERVICE, 'case', 'sofie')}/messages"
HARD = (
    "Barneverntjenesten gjennomfører undersøkelsessamtaler vedrørende omsorgssituasjonen, "
    "forutsatt tilstrekkelige saksopplysninger foreligger."
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """One for each test: what is answered in one waits no longer."""
    return build(tmp_path)


def thread(who: str, case: str = "sofie") -> str:
    return f"/staff/threads/{core_id(SERVICE, 'thread', case, who)}"


def say(house: House, words: str = "Kan du ringe meg?") -> None:
    browser = house.signed_in("sofie", language="en")
    browser.submit(browser.get(MESSAGES), {"body": words}, MESSAGES)
    house.deliver()


def buttons(browser: Browser, address: str) -> list[str]:
    return [text_of(button) for button in parsed(browser.get(address)).iter(f"{HTML}button")]


def test_one_press_says_that_it_is_read_and_when_an_answer_comes(house: House) -> None:
    """Feature W3: two presses from the inbox."""
    say(house)
    kari = house.signed_in("kari", language="en")
    page = kari.get(thread("sofie"))
    sent = kari.submit(page, {"day": "2026-11-23"}, f"{thread('sofie')}/holding")
    assert sent.status_code == 303
    house.deliver()
    read = text_of(parsed(house.signed_in("sofie", language="en").get(MESSAGES)))
    assert "I have read this. You hear from me by Monday 23 November." in read
    assert "Kari answers by Monday 23 November." in read
    assert "Opened by Kari" in read


def test_nobody_is_promised_an_answer_who_waits_for_none(house: House) -> None:
    kari = house.signed_in("kari", language="en")
    kari.submit(kari.get(thread("sofie")), {"body": "Vi snakkes"}, f"{thread('sofie')}/replies")
    house.deliver()
    assert "No time for an answer now?" not in text_of(parsed(kari.get(thread("sofie"))))


@pytest.mark.parametrize("day", ["", "x", "2026-11-18", "2026-12-31", "0001-01-01"])
def test_a_day_that_no_button_offers_is_refused_and_nothing_goes_out(house: House, day: str) -> None:
    say(house)
    kari = house.signed_in("kari", language="en")
    refused = kari.submit(kari.get(thread("sofie")), {"day": day}, f"{thread('sofie')}/holding")
    assert refused.status_code == 404
    house.deliver()
    assert "You hear from me" not in text_of(parsed(house.signed_in("sofie", language="en").get(MESSAGES)))


def test_a_worker_of_another_family_promises_nothing_here(house: House) -> None:
    jonas = house.signed_in("jonas", language="en")
    own = f"{thread('jakob', 'jakob')}/holding"
    forms = [one for one in parsed(jonas.get(thread("jakob", "jakob"))).iter(f"{HTML}form") if one.get("action") == own]
    fields = hidden_fields(forms[0])
    assert jonas.post(f"{thread('sofie')}/holding", {**fields, "day": "2026-11-23"}).status_code == 404


def test_what_was_begun_in_the_box_stays_when_a_holding_answer_goes(house: House) -> None:
    say(house)
    kari = house.signed_in("kari", language="en")
    kari.submit(kari.get(thread("sofie")), {"body": "Begynt på noe", "do": "look"}, f"{thread('sofie')}/replies")
    page = kari.get(thread("sofie"))
    kari.submit(page, {"day": "2026-11-23"}, f"{thread('sofie')}/holding")
    assert "Begynt på noe" in kari.get(thread("sofie")).get_data(as_text=True)


def test_the_button_says_who_gets_it(house: House) -> None:
    """Feature W3: the recipient's first name and role stand on the button that sends."""
    kari = house.signed_in("kari", language="en")
    assert "Send to Sofie (the child)" in buttons(kari, thread("sofie"))
    assert "Send to Ingrid (mother)" in buttons(kari, thread("ingrid"))


def test_how_easy_it_is_to_read_is_told_when_asked_and_never_holds_anything_back(house: House) -> None:
    """Feature W3: the LIX meter without scripts; a warning, never a block."""
    kari = house.signed_in("kari", language="en")
    page = kari.get(thread("sofie"))
    looked = kari.submit(page, {"body": HARD, "do": "look"}, f"{thread('sofie')}/replies")
    words = text_of(parsed(looked))
    assert looked.status_code == 200
    assert "For this reader it should be 30 or less." in words
    assert "Shorter sentences and shorter words help." in words
    assert HARD in looked.get_data(as_text=True)
    house.deliver()
    assert HARD not in house.signed_in("sofie").get(MESSAGES).get_data(as_text=True)
    assert kari.submit(looked, {"body": HARD}, f"{thread('sofie')}/replies").status_code == 303
    house.deliver()
    assert HARD in house.signed_in("sofie").get(MESSAGES).get_data(as_text=True)


def test_an_adult_is_asked_to_read_more_than_a_child_and_who_is_not_known_no_more(house: House) -> None:
    kari = house.signed_in("kari", language="en")
    looked = kari.submit(kari.get(thread("ingrid")), {"body": "Hei du.", "do": "look"}, f"{thread('ingrid')}/replies")
    assert "it should be 40 or less." in text_of(parsed(looked))
    assert "Shorter sentences" not in text_of(parsed(looked))
    assert [found.most for who in (None, Relation.SELF) if (found := readable("Hei du.", who))] == [30, 30]
    assert readable(" … ", None) is None


def test_only_days_from_monday_to_friday_are_offered() -> None:
    thursday = date(2026, 11, 19)
    assert [day.isoformat() for day in days_to_promise(thursday)] == [
        "2026-11-20",
        "2026-11-23",
        "2026-11-24",
        "2026-11-25",
    ]
