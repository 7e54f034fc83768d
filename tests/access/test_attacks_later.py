"""What somebody learns from what goes on after a right has ended, and from a core that mixes people up.

Beside `test_attacks_parent.py`; what was tried and what is not covered: portal/access/THREATS.md.
"""

from __future__ import annotations

import re
import sqlite3
import uuid
from dataclasses import replace

import pytest

from portal.access.standing import Standing, Target
from portal.demo.reference_core import core_id
from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.parts import Core
from portal.domain.people import Actor
from tests.access.test_attacks_parent import HIS_SON, JAKOB, MIA, PAGES, SERVICE, seen, send
from tests.house import House, build
from tests.inspector import parsed, text_of
from tests.web.test_attacks import raw

HIS_THREAD = f"/staff/threads/{core_id(SERVICE, 'thread', 'jakob', 'rune')}"
WHOSE = {key: core_id(SERVICE, "person", key) for key in ("jakob", "rune", "anne")}


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("later"))


def block(house: House, person: str, child: str) -> None:
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as connection:
        connection.execute("INSERT INTO blocked VALUES (?, ?)", (WHOSE[child], WHOSE[person]))


def wait(house: House) -> None:
    for _ in range(3):
        house.clock.pass_(minutes=6)
        house.deliver()


def test_who_was_blocked_is_not_told_that_somebody_opened_or_answered_what_was_sent_before(house: House) -> None:
    """R0, R17: who works there, and that anything goes on, would be told by "what I have sent"."""
    father, jonas = house.signed_in("rune"), house.signed_in("jonas")
    sent = send(father, f"{HIS_SON}/messages", body="Hvor bor han?").headers["Location"].partition("#m-")[2]
    house.deliver()
    block(house, "rune", "jakob")
    before = [text_of(parsed(father.get(path))) for path in ("/sent", f"/sent/{sent}")]
    assert send(jonas, f"{HIS_THREAD}/replies", HIS_THREAD, body="Det kan jeg ikke si").status_code == 303
    wait(house)
    assert [text_of(parsed(father.get(path))) for path in ("/sent", f"/sent/{sent}")] == before


@pytest.mark.parametrize("sender", ["rune", "jakob"])
def test_who_may_still_write_is_told(house: House, sender: str) -> None:
    browser, jonas = house.signed_in(sender), house.signed_in("jonas")
    sent = send(browser, f"{HIS_SON}/messages", body="Hei").headers["Location"].partition("#m-")[2]
    house.deliver()
    if sender == "jakob":
        block(house, "jakob", "jakob")  # whatever a core does to a child's grant, its own words are told of
    thread = f"/staff/threads/{core_id(SERVICE, 'thread', 'jakob', sender)}"
    assert send(jonas, f"{thread}/replies", thread, body="Hei igjen").status_code == 303
    wait(house)
    assert "Du har fått svar" in text_of(parsed(browser.get(f"/sent/{sent}")))


@pytest.mark.parametrize("whose", ["anne", "jakob"])
def test_a_page_that_the_core_made_for_another_is_not_shown(
    house: House, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    """R13: a core that keeps pages for the next who asks gives the father what it made for the mother."""
    told = Core.caller

    def mixed_up(core: Core, *, previews: bool = False) -> Caller:
        caller = told(core, previews=previews)
        return replace(caller, subject=WHOSE[whose]) if caller.subject == WHOSE["rune"] else caller

    father = house.signed_in("rune")
    father.get(f"/cases/{JAKOB}/messages")
    standing = house.parts.gateways[SERVICE].standing
    answers = {}

    def right_standing(actor: Actor, target: Target) -> Standing:
        with monkeypatch.context() as once:
            once.setattr(Core, "caller", told)
            return standing(actor, target)

    monkeypatch.setattr(Core, "caller", mixed_up)
    monkeypatch.setattr(house.parts.gateways[SERVICE], "standing", right_standing)
    for page in PAGES:
        answer = father.get(f"{HIS_SON}{page}")
        answers[page] = answer.status_code
        assert not re.search("Jakob har sovet|bilen hans|Anne", answer.get_data(as_text=True)), page
    assert answers["/messages"] == answers["/plan"] == answers["/my-words"] == 503


def test_words_in_a_link_are_not_printed_beside_what_a_child_reads(house: House) -> None:
    """A length tells: whoever can make the child's browser ask, and sees how long the answer is, could try words."""
    jakob, goal = house.signed_in("jakob"), core_id(SERVICE, "plan item", "jakob", "ro")
    for page in ("/messages", "/plan", "/my-words", ""):
        asked = jakob.get(f"{HIS_SON}{page}?write=Storgata+12&x=Kvernveien").get_data(as_text=True)
        assert "Storgata+12" not in asked, page
        assert "Kvernveien" not in asked, page
    assert f"/en{HIS_SON}/plan?write={goal}" in jakob.get(f"{HIS_SON}/plan?write={goal}").get_data(as_text=True)


ODD = (
    {"Range": "bytes=0-10"},
    {"If-None-Match": "*", "If-Match": '"x"'},
    {"If-Modified-Since": "Mon, 01 Jan 2035 00:00:00 GMT"},
    {"X-HTTP-Method-Override": "POST"},
    {"X-Forwarded-Host": "other.example", "X-Forwarded-Prefix": "/staff", "X-Original-URL": "/staff"},
    {"Accept": "application/json", "Accept-Encoding": "gzip"},
    {"Host": "other.example"},
)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: next(iter(odd)))
def test_no_header_tells_a_blocked_father_that_there_is_a_case(house: House, odd: dict[str, str]) -> None:
    """R19: neither a status, nor a header, nor one byte more than for a case there is not."""
    father = house.signed_in("kent")
    for method in ("GET", "HEAD", "OPTIONS", "PUT"):
        hers, none = (raw(father, method, f"/cases/{case}/messages", headers=odd) for case in (MIA, str(uuid.uuid4())))
        assert seen(hers) == seen(none), method
        assert hers.status_code in {403, 404}, method
