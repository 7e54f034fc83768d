"""Changes while somebody is signed in: the next request obeys, and so do drafts and what is on its way (R15, R18)."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import Browser

SERVICE = "fjordvik"
NOT_SENT = "Dette kom ikke fram"
WRITTEN = "Det er noe jeg vil si til Kari."


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def case(child: str) -> str:
    return f"/cases/{core_id(SERVICE, 'case', child)}"


def at_the_core(house: House, statement: str, *values: str) -> None:
    """Somebody at the service changes something, meanwhile."""
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as connection:
        assert connection.execute(statement, values).rowcount == 1


def block(house: House, child: str, person: str) -> None:
    ids = core_id(SERVICE, "person", child), core_id(SERVICE, "person", person)
    at_the_core(house, "INSERT INTO blocked VALUES (?, ?)", *ids)


def end_grant(house: House, child: str, person: str) -> None:
    ids = core_id(SERVICE, "case", child), core_id(SERVICE, "person", person)
    at_the_core(house, "UPDATE access SET valid_to = '2026-01-01' WHERE case_id = ? AND person_id = ?", *ids)


def writes(browser: Browser, child: str, words: str = WRITTEN) -> None:
    page = browser.get(f"{case(child)}/messages")
    assert browser.submit(page, {"body": words}).status_code == 303


def everything_staff_reads(house: House) -> str:
    """Every thread the leader can open."""
    marit = house.signed_in("marit")
    threads = re.findall(r'href="(/staff/threads/[0-9a-f-]+)"', marit.get("/staff").get_data(as_text=True))
    assert threads
    return "".join(marit.get(thread).get_data(as_text=True) for thread in threads)


def sent(browser: Browser) -> str:
    return browser.get("/sent").get_data(as_text=True)


def test_a_block_that_comes_while_somebody_is_signed_in_is_obeyed_at_once(house: House) -> None:
    browser = house.signed_in("thomas")
    assert browser.get(case("sofie")).status_code == 200
    block(house, "sofie", "thomas")
    for page in ("", "/plan", "/messages", "/documents"):
        assert browser.get(case("sofie") + page).status_code == 404
    assert "Sofie" not in browser.get("/home").get_data(as_text=True)


def test_what_a_blocked_person_wrote_is_not_sent_and_he_is_told_so(house: House) -> None:
    browser = house.signed_in("thomas")
    writes(browser, "sofie")
    block(house, "sofie", "thomas")
    house.deliver()
    assert WRITTEN not in everything_staff_reads(house)
    assert NOT_SENT in sent(browser)
    assert WRITTEN not in sent(browser)


def test_a_draft_of_a_case_that_is_closed_to_somebody_is_shown_nowhere(house: House) -> None:
    browser = house.signed_in("thomas")
    page = browser.get(f"{case('sofie')}/messages")
    refused = browser.submit(page, {"body": "a" * 9000})
    assert refused.status_code == 422
    block(house, "sofie", "thomas")
    for address in ("/home", "/sent", "/account", f"{case('sofie')}/messages"):
        assert "aaaaaaaaaa" not in browser.get(address).get_data(as_text=True)


def test_a_childs_words_reach_somebody_although_its_grant_has_ended(house: House) -> None:
    """A child's words to the team are never dropped; it is told where they went, and can read the answer."""
    browser = house.signed_in("sofie")
    writes(browser, "sofie")
    end_grant(house, "sofie", "sofie")
    house.deliver()
    assert NOT_SENT not in sent(browser)
    assert WRITTEN in everything_staff_reads(house)
    assert browser.get(case("sofie")).status_code == 404
    (answers,) = set(re.findall(r'href="(/asked/[^"]+)"', sent(browser)))
    kari = house.signed_in("kari")
    thread = "/staff/threads/" + answers.removeprefix("/asked/")
    assert kari.submit(kari.get(thread), {"body": "Jeg ringer deg."}, f"{thread}/replies").status_code == 303
    house.deliver()
    assert "Jeg ringer deg." in browser.get(answers).get_data(as_text=True)


def test_at_midnight_before_a_child_is_eighteen_its_mother_is_out(house: House) -> None:
    """R15: at midnight local time, in the middle of a session. What she wrote before is not sent after it."""
    house.clock.now = datetime(2026, 12, 8, 22, 50, tzinfo=UTC)  # ten to twelve in Oslo, the evening before
    browser = house.signed_in("shirin")
    assert browser.get(case("leila")).status_code == 200
    writes(browser, "leila")
    house.clock.pass_(minutes=11)
    for page in ("", "/plan", "/messages"):
        assert browser.get(case("leila") + page).status_code == 404
    house.deliver()
    assert WRITTEN not in everything_staff_reads(house)
    assert NOT_SENT in sent(browser)
    assert house.signed_in("leila").get(case("leila")).status_code == 200
