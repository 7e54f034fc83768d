"""How long a session lasts, on the server's side: asking never prolongs, staying does, half-written words are kept."""

from __future__ import annotations

import json
import re

import pytest

from portal.demo.reference_core import core_id
from portal.web.mendable import KEEP_FIELD
from portal.web.rule import DRAFT_BYTES
from tests.house import House
from tests.inspector import Browser

CASE = core_id("fjordvik", "case", "sofie")
MESSAGES = f"/cases/{CASE}/messages"
ID = "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8f0101"


def left(browser: Browser, path: str = "/time-left") -> dict[str, object]:
    answer = browser.get(path)
    assert answer.status_code == 200
    told = json.loads(answer.get_data(as_text=True))
    assert set(told) == {"seconds", "can_stay"}
    return dict(told)


@pytest.mark.parametrize(
    ("who", "part", "home", "minutes"), [("sofie", "", "/sent", 30), ("kari", "/staff", "/staff", 15)]
)
def test_asking_never_prolongs_and_staying_does(house: House, who: str, part: str, home: str, minutes: int) -> None:
    """Items 30 and 31."""
    browser = house.signed_in(who)
    assert left(browser, f"{part}/time-left") == {"seconds": minutes * 60, "can_stay": True}
    for _ in range(3):
        house.clock.pass_(minutes=3)
        left(browser, f"{part}/time-left")
    assert left(browser, f"{part}/time-left")["seconds"] == (minutes - 9) * 60
    page = browser.get(home)
    house.clock.pass_(minutes=1)
    assert browser.submit(page, {}, f"{part}/stay").status_code == 204
    assert left(browser, f"{part}/time-left")["seconds"] == minutes * 60
    house.clock.pass_(minutes=minutes)
    assert browser.get(f"{part}/time-left").status_code == 401


def test_after_two_hours_staying_helps_no_more(house: House) -> None:
    """Item 30, absolute."""
    browser = house.signed_in("sofie")
    for _ in range(4):
        house.clock.pass_(minutes=25)
        browser.post("/stay", {"csrf_token": browser.token()})
    assert left(browser) == {"seconds": 20 * 60, "can_stay": False}
    house.clock.pass_(minutes=20)
    assert browser.get("/time-left").status_code == 401


def test_staying_needs_the_form_of_the_session(house: House) -> None:
    browser = house.signed_in("sofie")
    house.clock.pass_(minutes=20)
    assert browser.post("/stay", {"csrf_token": "x"}).status_code == 403
    assert browser.post("/stay", {"csrf_token": ""}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_every_page_of_a_signed_in_person_carries_the_warning_and_no_other_does(house: House) -> None:
    page = house.signed_in("sofie").get("/sent").get_data(as_text=True)
    assert re.search(r'<dialog id="session"[^>]* data-seconds="1800" data-left="/time-left"', page)
    assert "session." in page
    for path in ("/", "/help", "/sign-in"):
        assert "<dialog" not in house.browser().get(path).get_data(as_text=True)


def test_what_is_half_written_is_kept_and_not_sent(house: House) -> None:
    browser = house.signed_in("sofie")
    words = "Dette er ikke ferdig"
    form = {"body": words, "submission_id": ID, "csrf_token": browser.token(), KEEP_FIELD: "1"}
    answer = browser.post(MESSAGES, form)
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert words in browser.get(MESSAGES).get_data(as_text=True)
    house.deliver()
    assert browser.get(f"/sent/{ID}").status_code == 404, "nothing was sent"


def test_a_page_that_keeps_words_by_itself_prolongs_nothing(house: House) -> None:
    """Item 31: it does so just before the end, when nobody is there; else the session would live on unseen."""
    browser = house.signed_in("sofie")
    form = {"body": "Bare en halv", "submission_id": ID, "csrf_token": browser.token(), KEEP_FIELD: "1"}
    house.clock.pass_(minutes=29, seconds=50)
    assert browser.post(MESSAGES, form).status_code == 204
    house.clock.pass_(seconds=15)
    assert browser.get("/time-left").status_code == 401
    page = browser.get("/timed-out?words=kept")
    assert page.status_code == 200
    assert "Bare en halv" not in page.text


def test_a_form_that_cannot_be_kept_is_not_sent_instead(house: House) -> None:
    """What a page sends by itself is never carried out, and it is told that nothing was kept."""
    browser = house.signed_in("sofie")
    answer = browser.post("/account/sign-out-everywhere", {"csrf_token": browser.token(), KEEP_FIELD: "1"})
    assert (answer.status_code, answer.get_data()) == (422, b"")
    assert browser.get("/sent").status_code == 200, "still signed in"


def test_only_what_was_kept_is_called_kept(house: House) -> None:
    said = {words: house.browser().get(f"/timed-out?words={words}").text for words in ("kept", "lost", "none", "x")}
    assert "7" in said["kept"].partition("<h1>")[2].partition("</main>")[0]
    assert len({re.sub(r"words=\w*", "", page) for page in said.values()}) == 3, "an unknown word says nothing"


def test_the_way_out_and_the_numbers_stand_in_the_question_that_covers_the_page(house: House) -> None:
    """rules.md, safety 1 and 3: nothing stands in front of leaving and of help."""
    dialog = house.signed_in("sofie").get("/sent").text.partition("<dialog")[2].partition("</dialog>")[0]
    assert "data-leave" in dialog
    assert "tel:" in dialog


def test_what_nobody_could_send_is_not_kept_and_not_called_kept(house: House) -> None:
    """A page keeps by itself, so it must not be able to fill the database."""
    browser = house.signed_in("ingrid")
    path = f"/cases/{CASE}/messages"
    form = {"body": "å" * (DRAFT_BYTES // 2 + 1), "submission_id": ID, "csrf_token": browser.token(), KEEP_FIELD: "1"}
    assert browser.post(path, form).status_code == 422
    assert browser.post(path, form | {"body": "å" * (DRAFT_BYTES // 2)}).status_code == 204


def test_nothing_is_kept_for_a_form_that_is_not_ours(house: House) -> None:
    browser = house.signed_in("sofie")
    form = {"body": "Skal ikke beholdes", "submission_id": ID, "csrf_token": "x", KEEP_FIELD: "1"}
    assert browser.post(MESSAGES, form).status_code == 403
    assert "Skal ikke beholdes" not in browser.get(MESSAGES).get_data(as_text=True)


def test_the_page_after_the_end_is_shown_to_nobody_who_is_still_signed_in(house: House) -> None:
    assert house.browser().get("/timed-out").status_code == 200
    assert house.browser().get("/staff/timed-out").status_code == 200
    assert house.signed_in("sofie").get("/timed-out").headers["Location"].endswith("/home")
    assert house.signed_in("kari").get("/staff/timed-out").headers["Location"].endswith("/staff")
