"""A caseworker's inbox: what waits and why, without ever saying who works how much; and a page that tells of news."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from portal.core.errors import Unavailable
from portal.demo.reference_core import core_id
from portal.demo.reference_core.config import CoreConfig
from portal.demo.story import DEFAULT_STORY
from tests.demo.many_threads import add_families
from tests.house import House, build
from tests.inspector import HTML, Browser, parsed, text_of

SERVICE = "fjordvik"
MOST_BYTES = 25_000
SOFIES = f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', 'sofie')}"
MESSAGES = f"/cases/{core_id(SERVICE, 'case', 'sofie')}/messages"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def house(folder: Path) -> House:
    """One for each test: what one leaves behind moves the others' threads."""
    return build(folder)


def database(folder: Path) -> Path:
    return CoreConfig.from_file(folder / f"core-{SERVICE}.json").database


def say(house: House, words: str = "Hei Kari") -> None:
    browser = house.signed_in("sofie", language="en")
    browser.submit(browser.get(MESSAGES), {"body": words}, MESSAGES)
    house.deliver()


def reply(kari: Browser, words: str = "Vi snakkes") -> None:
    kari.submit(kari.get(SOFIES), {"body": words}, f"{SOFIES}/replies")


def section_of(browser: Browser, address: str) -> str:
    """The heading over the row that leads to a thread, and the row."""
    for section in parsed(browser.get("/staff")).iter(f"{HTML}section"):
        for item in section.iter(f"{HTML}li"):
            if any((link.get("href") or "").endswith(address) for link in item.iter(f"{HTML}a")):
                heading = next(section.iter(f"{HTML}h2"))
                return f"{text_of(heading)}: {text_of(item)}"
    return ""


def news_url(browser: Browser) -> str:
    page = browser.get("/staff").get_data(as_text=True)
    (found,) = re.findall(r'data-hx-get="(/[^"]*)"', page)
    return str(found).replace("&amp;", "&")


def test_a_thread_stands_under_why_it_stands_there(house: House) -> None:
    """Feature W1."""
    say(house)
    kari = house.signed_in("kari", language="en")
    assert "Waits for an answer" in section_of(kari, SOFIES) or "promised by today" in section_of(kari, SOFIES)
    house.clock.pass_(days=6)
    assert section_of(house.signed_in("kari", language="en"), SOFIES).startswith("Answer promised by today")


def test_what_could_not_be_brought_in_is_told_to_its_writer_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Feature W1: undelivered, from the portal's own letterbox."""
    kari = house.signed_in("kari", language="en")
    reply(kari)
    house.clock.pass_(minutes=3)
    house.deliver()
    reply(kari, "Og en ting til")
    with monkeypatch.context() as patched:
        patched.setattr(house.parts.gateways[SERVICE], "deliver", _down)
        house.clock.pass_(minutes=3)
        house.worker.run_once()
    assert "What you sent has not come through" in section_of(kari, SOFIES)
    assert "has not come through" not in section_of(house.signed_in("marit", language="en"), SOFIES)
    house.clock.pass_(minutes=10)
    house.deliver()
    assert "has not come through" not in section_of(kari, SOFIES)


def _down(*_: object) -> None:
    raise Unavailable


def test_a_poll_says_that_something_is_new_and_never_what(house: House) -> None:
    """Feature W1: a live region tells of new items."""
    kari = house.signed_in("kari", language="en")
    news = news_url(kari)
    assert kari.get(news).status_code == 204
    say(house, "Kan du ringe meg?")
    told = kari.get(news)
    words = told.get_data(as_text=True)
    assert told.status_code == 200
    assert "Something is new in the inbox." in words
    assert [word for word in ("Sofie", "Kan du ringe", "/threads/") if word in words] == []
    assert kari.get(news_url(kari)).status_code == 204


def test_a_poll_keeps_nobody_signed_in_and_writes_no_sight(house: House, folder: Path) -> None:
    kari = house.signed_in("kari", language="en")
    news = news_url(kari)
    with sqlite3.connect(database(folder)) as core:
        before = core.execute("SELECT * FROM receipt ORDER BY operation_id").fetchall()
    for _ in range(4):
        house.clock.pass_(minutes=4)
        answer = kari.get(news)
    assert answer.status_code != 200  # fifteen minutes without doing anything are over
    with sqlite3.connect(database(folder)) as core:
        assert core.execute("SELECT * FROM receipt ORDER BY operation_id").fetchall() == before


def test_five_hundred_threads_are_pages_of_25_kilobytes(house: House, folder: Path) -> None:
    """Feature W1: each page of a full inbox is small, and leads to the next."""
    with sqlite3.connect(database(folder)) as core:
        (team,) = core.execute(
            "SELECT team_id FROM worker WHERE person_id = ?", (core_id(SERVICE, "worker", "kari"),)
        ).fetchone()
    add_families(database(folder), core_id(SERVICE, "worker", "kari"), team, 500)
    kari = house.signed_in("kari", language="en")
    seen: set[str] = set()
    address: str | None = "/staff"
    while address is not None:
        page = kari.get(address)
        assert len(page.data) <= MOST_BYTES, address
        links = [link.get("href") or "" for link in parsed(page).iter(f"{HTML}a")]
        seen |= {link for link in links if "/staff/threads/" in link}
        address = next((a.get("href") for a in parsed(page).iter(f"{HTML}a") if text_of(a) == "Next page"), None)
    assert len(seen) > 500


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999", "%D9%A1"])
def test_a_page_no_list_of_ours_leads_to_is_the_one_no(house: House, page: str) -> None:
    assert house.signed_in("kari").get(f"/staff?page={page}").status_code == 404


def test_only_a_leader_reads_what_lies_unopened(house: House) -> None:
    say(house)
    house.clock.pass_(days=4)
    assert "Not opened for one working day" in text_of(parsed(house.signed_in("marit", language="en").get("/staff")))
    assert "Not opened for one working day" not in text_of(parsed(house.signed_in("kari", language="en").get("/staff")))


def test_whose_address_nobody_has_put_down_is_a_task_for_its_worker(tmp_path: Path) -> None:
    """R1: not known counts as protected, and somebody has to find out; only who has the case is told."""
    story = json.loads(DEFAULT_STORY.read_text("utf-8"))
    cases = [case for service in story["services"] for case in service["cases"]]
    next(case for case in cases if case["key"] == "sofie")["address"] = {"grade": "unknown"}
    file = tmp_path / "story.json"
    file.write_text(json.dumps(story, ensure_ascii=False), "utf-8")
    house = build(tmp_path / "house", file)
    task = "Find out: is the address protected?"
    assert task in house.signed_in("kari", language="en").get("/staff").get_data(as_text=True)
    assert task not in house.signed_in("jonas", language="en").get("/staff").get_data(as_text=True)
