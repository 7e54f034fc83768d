"""What is there to print or save, who reads what on it, and that nothing written after the end is lost."""

from __future__ import annotations

import html
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from portal.demo.reference_core import core_id
from portal.texts.lix import forbidden
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of

SOFIE, NORA = (f"/cases/{core_id('fjordvik', 'case', child)}" for child in ("sofie", "nora"))
THREAD = f"/staff/threads/{core_id('fjordvik', 'thread', 'nora', 'nora')}"
SAID = "Vi ville heller hatt møtet hjemme."


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def plain(page: TestResponse) -> str:
    return html.unescape(page.get_data(as_text=True))


def paper(house: House, who: str, case: str, language: str = "en") -> str:
    answer = house.signed_in(who, language=language).get(f"{case}/print")
    assert answer.status_code == 200
    return text_of(next(parsed(answer).iter(f"{HTML}main")))


def post(browser: Browser, at: str, path: str = "", **fields: str) -> TestResponse:
    form = next(one for one in parsed(browser.get(at)).iter(f"{HTML}form") if one.get("action") == (path or at))
    return browser.post(path or at, hidden_fields(form) | fields)


def say(browser: Browser, case: str, words: str) -> TestResponse:
    """What somebody thinks about a meeting, in their own words."""
    question = f"{case}/say/a/said"
    assert post(browser, question, body=words).status_code == 303
    return post(browser, f"{case}/say/a/check", f"{case}/say/a/send")


def test_the_plan_what_is_decided_ones_own_words_and_whom_to_call_are_on_one_page(house: House) -> None:
    """Feature C9, R18: what this reader may see, without any document."""
    ingrid = house.signed_in("ingrid")
    say(ingrid, SOFIE, SAID)
    house.deliver()
    words = paper(house, "ingrid", SOFIE)
    for told in ("Who to contact", "Kari", "Vedtak om håndball for Sofie", "mormor", SAID, "a copy of the file"):
        assert told in words
    assert "/documents/" not in plain(ingrid.get(f"{SOFIE}/print"))


def test_a_child_reads_it_in_its_own_words(house: House) -> None:
    """Feature C9."""
    words = paper(house, "sofie", SOFIE, "nb")
    assert "Vi betaler for håndballen" in words
    assert "Vedtak" not in words
    assert forbidden(words) == []


def test_of_an_ended_case_it_says_until_when_it_is_there_and_how_to_get_the_file(house: House) -> None:
    """Feature C9, R18: readable and printable for the period, and linked from the end and from the rights."""
    words = paper(house, "pal", NORA)
    assert "You can read and print what is here until Sunday 7 February 2027." in words
    assert "Dere kan be om kopi av papirene senere også." in words
    assert "Team Fjell" in words
    for who in ("pal", "nora"):
        browser = house.signed_in(who)
        for page in (NORA, f"{NORA}/rights"):
            assert f'href="{NORA}/print"' in plain(browser.get(page))
    house.clock.pass_(days=100)
    assert house.signed_in("pal").get(f"{NORA}/print").status_code == 404


def test_nobody_reads_on_it_what_somebody_else_has_said(house: House) -> None:
    """Hostile, R13: its writer and the team, who look on as the child, and no other of the family."""
    say(house.signed_in("sofie"), SOFIE, "Mitt eget, bare mitt.")
    house.deliver()
    for who in ("ingrid", "thomas"):
        assert "Mitt eget" not in paper(house, who, SOFIE)
    assert "Mitt eget" in paper(house, "sofie", SOFIE)
    sofie = core_id("fjordvik", "person", "sofie")
    looked = house.signed_in("kari").get(f"/staff/preview/{SOFIE.removeprefix('/cases/')}/{sofie}/print")
    assert looked.status_code == 200
    assert "Mitt eget" in plain(looked)
    as_ingrid = core_id("fjordvik", "person", "ingrid")
    looked = house.signed_in("kari").get(f"/staff/preview/{SOFIE.removeprefix('/cases/')}/{as_ingrid}/print")
    assert "Mitt eget" not in plain(looked)


def test_of_somebody_elses_case_there_is_no_page(house: House) -> None:
    """Hostile, R19: the same bytes as for a case that is not there."""
    mats = house.signed_in("mats")
    answer, nowhere = mats.get(f"{SOFIE}/print"), mats.get(f"/cases/{uuid4()}/print")
    assert (answer.status_code, answer.data) == (404, nowhere.data)


def test_what_is_written_after_the_end_reaches_the_intake_and_never_bounces(house: House) -> None:
    """Feature C9, R18: a message, a comment on the plan and what somebody thinks."""
    nora = house.signed_in("nora")
    assert post(nora, f"{NORA}/messages/new", f"{NORA}/messages", body="Hei igjen fra Nora.").status_code == 303
    say(nora, NORA, "Jeg vil ha hjelp igjen.")
    box = next(
        one for one in parsed(nora.get(f"{NORA}/plan")).iter(f"{HTML}form") if "comment" in str(one.get("action"))
    )
    commented = nora.post(str(box.get("action")), hidden_fields(box) | {"body": "Døra er lukket igjen."})
    assert commented.status_code == 303
    house.deliver()
    sent = plain(nora.get("/sent"))
    assert "Dette kom ikke fram" not in sent
    kari = house.signed_in("kari")
    assert THREAD in plain(kari.get("/staff")), "Kari takes in new messages; she never worked with Nora"
    read = plain(kari.get(THREAD))
    for words in ("Hei igjen fra Nora.", "Jeg vil ha hjelp igjen.", "Døra er lukket igjen."):
        assert words in read


def test_a_case_opened_again_shows_the_old_thread_again(house: House) -> None:
    """Feature C9: the core says that the work goes on; then the page no longer says that it has ended."""
    nora = house.signed_in("nora")
    assert "Nå er vi ferdige. Vil du ha hjelp igjen, så skriv her." in plain(nora.get(f"{NORA}/messages"))
    house.clock.pass_(days=100)
    assert house.signed_in("nora").get(f"{NORA}/messages").status_code == 404
    database = json.loads((house.plan.folder / "core-fjordvik.json").read_text("utf-8"))["database"]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM closing WHERE case_id = ?", (NORA.removeprefix("/cases/"),))
    again = house.signed_in("nora")
    page = plain(again.get(f"{NORA}/messages"))
    assert "Nå er vi ferdige. Vil du ha hjelp igjen, så skriv her." in page
    assert "Vi er ferdige med å jobbe sammen" not in plain(again.get(NORA))
