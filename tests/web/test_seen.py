"""Whoever is shown what stands in a case is in the journal, however the page came about; and a poll reads nothing."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from portal.demo.reference_core import core_id
from portal.store.tables import audit_event
from portal.texts import Text
from tests.house import House
from tests.inspector import HTML, Browser, hidden_fields, parsed

SERVICE = "fjordvik"
CASE = core_id(SERVICE, "case", "sofie")
THREAD = core_id(SERVICE, "thread", "sofie", "ingrid")
PLAN_ITEM = core_id(SERVICE, "plan item", "sofie", "ro")
NEWS = re.compile(r'data-hx-get="([^"]+)"')


def sights(house: House) -> list[tuple[str, str]]:
    """Action and item of every "seen" row, oldest first."""
    with house.parts.store.read() as connection:
        rows = connection.execute(
            select(audit_event.c.action, audit_event.c.item)
            .where(audit_event.c.event == "seen")
            .order_by(audit_event.c.sequence)
        )
        return [(row.action, row.item) for row in rows]


def token_of(browser: Browser, who: str) -> str:
    """The form token; a worker's stands on the worker's own pages only."""
    if who != "kari":
        return browser.token()
    (found,) = {hidden_fields(form)["csrf_token"] for form in parsed(browser.get("/staff")).iter(f"{HTML}form")}
    return found


def asked_for_help(house: House, browser: Browser) -> str:
    """Ask for help with nothing but that; the id of it."""
    page = browser.get("/ask-for-help")
    browser.submit(page, {"who": "adult"}, "/ask-for-help")
    sent = browser.submit(browser.get("/ask-for-help/check"), {}, "/ask-for-help/send")
    house.deliver()
    return str(sent.headers["Location"]).rsplit("/", 1)[1]


@pytest.mark.parametrize(
    ("who", "path", "form", "seen"),
    [
        ("ingrid", f"/cases/{CASE}/messages", {}, ("write_message", f"conversation:{CASE}")),
        (
            "ingrid",
            f"/cases/{CASE}/plan/comments",
            {
                "plan_id": core_id(SERVICE, "plan", "sofie"),
                "plan_version": "1",
                "target_type": "goal",
                "target_id": PLAN_ITEM,
            },
            ("comment_on_plan", f"plan:{CASE}"),
        ),
        ("kari", f"/staff/threads/{THREAD}/replies", {}, ("reply", f"thread:{THREAD}")),
        ("kari", f"/staff/threads/{THREAD}/answers", {"remark_id": "any"}, ("reply", f"thread:{THREAD}")),
    ],
)
def test_a_page_shown_again_because_of_a_mistake_is_seen(
    house: House, who: str, path: str, form: dict[str, str], seen: tuple[str, str]
) -> None:
    browser = house.signed_in(who)
    token = token_of(browser, who)
    before = sights(house)
    refused = browser.post(path, {"csrf_token": token, "body": "", **form})
    assert refused.status_code == 422
    assert sights(house)[len(before) :] == [seen]


def test_so_is_ones_own_asking_for_help(house: House) -> None:
    browser = house.signed_in("mats")
    referral = asked_for_help(house, browser)
    before = sights(house)
    refused = browser.post(f"/asked/{referral}", {"csrf_token": browser.token(), "body": ""})
    assert refused.status_code == 422
    assert sights(house)[len(before) :] == [("write_on_help", f"help_answer:{referral}")]


def test_a_mistake_where_nothing_of_the_case_is_shown_is_no_sight(house: House) -> None:
    browser = house.signed_in("ingrid")
    before = sights(house)
    too_long = {"csrf_token": browser.token(), "body": "å" * 9000}
    assert browser.post(f"/cases/{CASE}/ask-to-see-more", too_long).status_code == 422
    assert sights(house) == before


def test_to_ask_for_the_length_of_a_page_alone_is_a_sight_too(house: House) -> None:
    """Its length tells whether it has grown, and the core believes that a person has looked."""
    worker = house.signed_in("kari")
    before = sights(house)
    asked = worker.client.head(f"/staff/threads/{THREAD}", base_url=worker.base_url)
    assert asked.status_code == 200
    assert sights(house)[len(before) :] == [("read_thread", f"thread:{THREAD}")]


def test_a_poll_that_finds_nothing_is_no_sight_and_one_that_finds_something_is(house: House) -> None:
    browser = house.signed_in("thomas", language="en")
    talk = f"/cases/{CASE}/messages"
    found = NEWS.search(browser.get(talk).get_data(as_text=True))
    assert found is not None
    house.clock.pass_(minutes=16)
    before = sights(house)
    news = found[1].replace("&amp;", "&")
    assert browser.get(news).status_code == 204
    assert sights(house) == before
    reply(house, "thomas", "Det går fint.")
    assert browser.get(news).status_code == 200
    assert sights(house)[-1] == ("see_news", f"conversation:{CASE}")


def test_a_poll_marks_nothing_as_read(house: House) -> None:
    reader = house.signed_in("ingrid", language="en")
    talk, overview = f"/cases/{CASE}/messages", f"/cases/{CASE}"
    new = house.parts.texts.translate("en", Text("There is a message for you to read."))
    reader.get(talk)
    assert new not in reader.get(overview).get_data(as_text=True)
    reply(house, "ingrid", "Vi ses på mandag.")
    assert new in reader.get(overview).get_data(as_text=True)
    polled = reader.get(f"{talk}/news?after=x")
    assert "Vi ses på mandag." in polled.get_data(as_text=True)
    assert new in reader.get(overview).get_data(as_text=True), "a page that lies open has been read by nobody"
    reader.get(talk)
    assert new not in reader.get(overview).get_data(as_text=True)


def reply(house: House, who: str, words: str) -> None:
    """Kari writes in somebody's thread."""
    kari = house.signed_in("kari")
    path = f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', who)}"
    kari.post(f"{path}/replies", {"csrf_token": token_of(kari, "kari"), "body": words})
    house.deliver()
