"""Who has looked: staff's reading by role and day for whom it belongs to, and nobody's of the family (R17)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import cli
from portal.core.errors import Unavailable
from portal.core.gateway import Gateway
from portal.demo.processes import Processes
from portal.demo.reference_core import core_id
from portal.domain.capability import Capabilities
from portal.store.tables import audit_event
from portal.web.parts import EXTENSION
from tests.fakes.gateway import CAPABILITIES
from tests.house import House
from tests.inspector import HTML, parsed, text_of

SERVICE = "fjordvik"
FAMILY = ("sofie", "ingrid", "thomas")
CLOCK_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")


def case(key: str = "sofie") -> str:
    return core_id(SERVICE, "case", key)


def thread(person: str) -> str:
    return core_id(SERVICE, "thread", "sofie", person)


def trail(house: House, who: str, key: str = "sofie") -> TestResponse:
    return house.signed_in(who, language="en").get(f"/en/cases/{case(key)}/who-has-looked")


def main_of(page: TestResponse) -> str:
    return text_of(next(parsed(page).iter(f"{HTML}main")))


def lines(page: TestResponse) -> list[str]:
    """Every line, with the day it stands under."""
    found = []
    for section in next(parsed(page).iter(f"{HTML}main")).iter(f"{HTML}section"):
        day = text_of(next(section.iter(f"{HTML}h2")))
        found += [f"{day}: {text_of(item)}" for item in section.iter(f"{HTML}li")]
    return found


def reads(house: House, who: str, person: str) -> None:
    """A worker opens the thread with somebody."""
    assert house.signed_in(who).get(f"/staff/threads/{thread(person)}").status_code == 200


def test_each_reads_of_staff_in_ones_own_thread_and_not_in_anothers(house: House) -> None:
    """Feature Y3."""
    before = {who: lines(trail(house, who)) for who in ("sofie", "ingrid", "thomas")}
    reads(house, "kari", "ingrid")
    reads(house, "marit", "ingrid")
    after = {who: lines(trail(house, who)) for who in ("sofie", "ingrid", "thomas")}
    assert after["ingrid"][:2] == ["Today: A caseworker read your messages.", "Today: A leader read your messages."]
    assert after["ingrid"][2:] == before["ingrid"]
    assert {who: after[who] for who in ("sofie", "thomas")} == {who: before[who] for who in ("sofie", "thomas")}


def test_what_the_core_tells_is_there_in_ones_own_words(house: House) -> None:
    mother, child = lines(trail(house, "ingrid")), lines(trail(house, "sofie"))
    assert any(line.endswith("A caseworker changed what happens next.") for line in mother)
    assert any(line.endswith("A leader read documents that you can read.") for line in mother)
    assert any(line.endswith("Somebody who works with you changed your plan.") for line in child)
    assert any(line.endswith("The one who leads the team read letters or papers.") for line in child)


@pytest.mark.parametrize("who", ["sofie", "ingrid", "thomas"])
def test_no_name_no_clock_and_no_title(house: House, who: str) -> None:
    page = trail(house, who)
    words = " ".join(lines(page))
    for said in ("Kari", "Jonas", "Marit", "Håndball", "håndball", "Ingrid", "Thomas", "Sofie"):
        assert said not in words
    assert not CLOCK_TIME.search(main_of(page))
    times = [element.get("datetime") or "" for element in next(parsed(page).iter(f"{HTML}main")).iter(f"{HTML}time")]
    assert times
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", time) for time in times)


def test_several_reads_on_a_day_are_one_line(house: House) -> None:
    house.clock.pass_(days=1)
    reads(house, "kari", "thomas")
    house.clock.pass_(minutes=20)
    reads(house, "kari", "thomas")
    page = lines(trail(house, "thomas"))
    assert [line for line in page if line.startswith("Today")] == ["Today: A caseworker read your messages."]


def test_what_anybody_of_the_family_reads_or_writes_is_in_nobodys_trail(house: House) -> None:
    """Feature Y3, R17: the child reads, writes, asks for help and is answered."""
    trails = {who: trail(house, who).data for who in ("ingrid", "thomas")}
    own = lines(trail(house, "sofie"))
    for who in FAMILY:
        browser = house.signed_in(who)
        for path in ("", "/plan", "/messages", "/documents", "/who-has-looked"):
            assert browser.get(f"/cases/{case()}{path}").status_code == 200
        assert browser.get("/home").status_code in {200, 303}
    sofie = house.signed_in("sofie")
    sofie.submit(sofie.get(f"/cases/{case()}/messages"), {"body": "Kan vi snakke?"}, f"/cases/{case()}/messages")
    sofie.submit(sofie.get("/ask-for-help"), {"who": "child"}, "/ask-for-help")
    asked = sofie.submit(sofie.get("/ask-for-help/check"), {}, "/ask-for-help/send").headers["Location"]
    house.deliver()
    kari = house.signed_in("kari")
    page = kari.get(f"/staff/threads/{thread('sofie')}")
    kari.submit(page, {"body": "Ja, på torsdag."}, f"/staff/threads/{thread('sofie')}/replies")
    assert kari.get(f"/staff/threads/{asked.rsplit('/', 1)[1]}").status_code == 200, "intake reads her asking for help"
    house.deliver()
    assert {who: without_token(trail(house, who).data) for who in trails} == {
        who: without_token(data) for who, data in trails.items()
    }
    # What staff read of her own is in her own trail alone, and her asking for help is not part of the case
    assert [line for line in lines(trail(house, "sofie")) if line not in own] == [
        "Today: Somebody who works with you read your messages."
    ]


def without_token(data: bytes) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", data.decode())


def test_staffs_rows_alone_can_be_found(house: House) -> None:
    reads(house, "kari", "sofie")
    with house.parts.store.read() as connection:
        rows = connection.execute(select(audit_event).where(audit_event.c.event == "seen")).all()
    for row in rows:
        assert (row.about is not None) <= (row.realm == "staff")
        assert (row.role is not None) is (row.realm == "staff")
    assert {row.about for row in rows if row.action == "read_thread"} >= {thread("sofie")}
    assert any(row.realm == "family" for row in rows)


def test_who_saw_ones_pages_as_one_sees_them_is_told(house: House) -> None:
    before = {who: lines(trail(house, who)) for who in ("sofie", "ingrid", "thomas")}
    ingrid = core_id(SERVICE, "person", "ingrid")
    assert house.signed_in("marit").get(f"/staff/preview/{case()}/{ingrid}/plan").status_code == 200
    after = {who: lines(trail(house, who)) for who in before}
    assert set(after["ingrid"]) - set(before["ingrid"]) == {"Today: A leader saw your pages as you see them."}
    assert {who: after[who] for who in ("sofie", "thomas")} == {who: before[who] for who in ("sofie", "thomas")}
    seen = house.signed_in("marit", language="en").get(f"/en/staff/preview/{case()}/{ingrid}/who-has-looked")
    assert lines(seen) == after["ingrid"], "and a preview of the trail is the same trail"


@pytest.mark.parametrize("who", ["kent", "rune", "mats", "oskar"])
def test_strangers_get_the_one_no(house: House, who: str) -> None:
    page = trail(house, who)
    nowhere = house.signed_in(who, language="en").get("/en/cases/00000000-0000-4000-8000-000000000000/who-has-looked")
    assert (page.status_code, page.data) == (404, nowhere.data)


def test_nothing_tells_a_place_to_whom_it_is_hidden_from(house: House) -> None:
    """R2: a change of the school's step and paper is told to Anne and not to Rune."""
    rune, anne = " ".join(lines(trail(house, "rune", "jakob"))), " ".join(lines(trail(house, "anne", "jakob")))
    assert "changed what happens next" in anne
    assert "changed documents" in anne
    assert "changed what happens next" not in rune
    assert "changed documents" not in rune


def test_the_way_there_is_on_the_front_and_behind_ones_own_code(house: House) -> None:
    path = f"/cases/{case()}/who-has-looked"
    assert path in house.signed_in("thomas").get(f"/cases/{case()}").get_data(as_text=True)
    assert path in house.signed_in("sofie").get(f"/cases/{case()}").get_data(as_text=True)
    thomas = house.signed_in("thomas")
    thomas.submit(thomas.get("/account/code"), {"new_code": "7391", "again": "7391"}, "/account/code")
    locked = trail(house, "thomas")
    assert locked.status_code == 403
    assert "read your messages" not in locked.get_data(as_text=True)


class Core:
    """The core of the house, with something else about it."""

    def __init__(self, core: Gateway, **changed: object) -> None:
        self._core = core
        self._changed = changed

    def __getattr__(self, name: str) -> object:
        return self._changed.get(name) or getattr(self._core, name)


def with_core(house: House, **changed: object) -> None:
    core = cast("Gateway", Core(house.parts.gateways[SERVICE], **changed))
    house.app.extensions[EXTENSION] = replace(house.parts, gateways={**house.parts.gateways, SERVICE: core})


def test_a_system_that_cannot_tell_gets_a_sentence_and_a_number(house: House) -> None:
    def without() -> Capabilities:
        return replace(CAPABILITIES, trail=False)

    with_core(house, capabilities=without)
    try:
        adult, child = trail(house, "ingrid"), trail(house, "sofie")
    finally:
        house.app.extensions[EXTENSION] = house.parts
    assert "cannot be shown here yet" in main_of(adult)
    assert "We cannot show that here yet" in main_of(child)
    assert "tel:" in adult.get_data(as_text=True)


def test_half_a_trail_is_never_shown_as_a_whole_one(house: House) -> None:
    def down(*_: object) -> object:
        raise Unavailable

    with_core(house, trail=down)
    try:
        page = trail(house, "ingrid")
    finally:
        house.app.extensions[EXTENSION] = house.parts
    assert page.status_code == 503
    assert lines(page) == []


def run(house: House, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("portal.cli.configure", lambda: None)  # the process's logging is the test run's
    monkeypatch.setattr("portal.cli.build_gateways", lambda *_: house.parts.gateways)
    for name, value in Processes(house.plan).web_environment().items():
        monkeypatch.setenv(name, value)
    return cli.main(["audit", "verify", *arguments])


def test_the_command_names_the_first_broken_row(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house.anchors.send_due()
    assert run(house, monkeypatch) == 0
    assert re.search(r"fjordvik: whole, (\d+) rows; its core vouches for the rows up to \1\n", capsys.readouterr().out)
    assert run(house, monkeypatch, "--service", "nowhere") == 2
    capsys.readouterr()
    with house.parts.store.write() as connection:
        connection.execute(audit_event.update().where(audit_event.c.sequence == 2).values(outcome="changed"))
    assert run(house, monkeypatch, "--service", "fjordvik") == 1
    assert capsys.readouterr().out.startswith("fjordvik: BROKEN at row 2;")
    assert run(house, monkeypatch, "--service", "lillevik") == 0
