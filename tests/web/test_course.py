"""Where a case stands: until when the service has time, an end that is told beforehand, a move with both contacts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from portal.core.gateway import Gateway
from portal.demo.reference_core import core_id
from portal.domain.case import Closing, Overview
from portal.texts.lix import forbidden
from portal.web.parts import EXTENSION
from tests.house import House, build
from tests.inspector import HTML, parsed, text_of

SERVICE = "fjordvik"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def said(house: House, who: str, case: str, page: str = "") -> str:
    """What this person reads on the overview of a case, or on a page below it."""
    browser = house.signed_in(who, language="en")
    answer = browser.get(f"/cases/{core_id(SERVICE, 'case', case)}{page}")
    assert answer.status_code == 200
    return text_of(next(parsed(answer).iter(f"{HTML}main")))


class Otherwise:
    """A real core whose overview is other than it says."""

    def __init__(self, core: Gateway, **changes: object) -> None:
        self._core = core
        self._changes = changes

    def __getattr__(self, name: str) -> object:
        return getattr(self._core, name)

    def overview(self, *arguments: object) -> Overview:
        found = self._core.overview(*arguments)  # type: ignore[arg-type]  # handed on as it came
        changes = {name: change(getattr(found, name)) for name, change in self._changes.items()}  # type: ignore[operator]
        return replace(found, **changes)


@contextmanager
def told(house: House, **changes: object) -> Iterator[None]:
    core = cast("Gateway", Otherwise(house.parts.gateways[SERVICE], **changes))
    house.app.extensions[EXTENSION] = replace(house.parts, gateways={**house.parts.gateways, SERVICE: core})
    try:
        yield
    finally:
        house.app.extensions[EXTENSION] = house.parts


def test_a_child_is_told_of_the_end_and_of_the_move_beforehand(house: House) -> None:
    """R18: the last day, how long one can read, the papers, and both contacts."""
    words = said(house, "adam", "adam")
    assert "Soon we stop working together" in words
    assert "The last day is Saturday 19 December. Until then everything is as before." in words
    assert "You can read here until Friday 19 March 2027." in words
    assert "Du kan få en kopi av papirene dine av oss." in words
    assert "You have Eline until somebody there has said hello to you." in words
    assert "55 00 00 20" in words
    assert "55 00 00 12" in words
    assert forbidden(words) == []


def test_a_parent_is_told_of_them_too_and_of_the_clock(house: House) -> None:
    """R18."""
    words = said(house, "sara", "adam")
    assert "Vi har gått gjennom hjelpen: by Monday 7 December." in words
    assert "You can read and print what is here until Friday 19 March 2027." in words
    assert "Lillevik kommune takes over when you move." in words
    assert "Eline is still your contact. You can call both." in words


def test_of_a_move_nothing_is_told_to_whom_places_are_hidden_from(house: House) -> None:
    """R2, R17: not where to, not that, and not that the work ends because of it."""
    words = said(house, "idris", "adam")
    for told_of_it in ("Lillevik", "move", "flytt", "The work is about to end", "19 December", "19 March", "Sigrid"):
        assert told_of_it not in words


def test_when_the_new_service_has_greeted_it_is_the_one_to_call(house: House) -> None:
    """R18: both contacts until then, and no longer."""
    with told(house, moving=lambda moving: replace(moving, greeted=True)):
        child, mother = said(house, "adam", "adam"), said(house, "sara", "adam")
    assert "Lillevik kommune has said hello." in child
    assert "Lillevik kommune has taken over, and is the one to call now." in mother
    for words in (child, mother):
        assert "55 00 00 20" in words
        assert "55 00 00 12" not in words


def test_a_closed_case_says_how_long_it_can_be_read_and_how_to_get_the_file(house: House) -> None:
    """R18."""
    child, father = said(house, "nora", "nora"), said(house, "pal", "nora")
    assert "We are done working together" in child
    assert "The last day was Monday 9 November." in child
    assert "You can read here until Sunday 7 February 2027." in child
    assert "Then write or call." in child
    assert forbidden(child) == []
    assert "We ended the work on Monday 9 November." in father
    assert "Dere kan be om kopi av papirene senere også." in father


def test_what_is_written_to_a_closed_case_names_who_gets_it_and_arrives_there(house: House) -> None:
    """R18: it reaches the intake and never bounces; the page says so before and shows it after."""
    page = "/messages"
    words = said(house, "nora", "nora", page)
    assert "What you write now goes to Team Fjell. They read it and answer you." in words
    assert "Write to Team Fjell" in words
    assert "What you write now goes to Team Fjell, who read it and answer you." in said(house, "pal", "nora", page)

    case = core_id(SERVICE, "case", "nora")
    nora = house.signed_in("nora", language="en")
    address = f"/cases/{case}/messages"
    sent = nora.submit(nora.get(address), {"body": "Jeg vil gjerne snakke med noen igjen."})
    assert sent.status_code == 303
    house.deliver()
    assert "Jeg vil gjerne snakke med noen igjen." in said(house, "nora", "nora", page)
    kari = house.signed_in("kari")
    thread = core_id(SERVICE, "thread", "nora", "nora")
    assert f"/staff/threads/{thread}" in kari.get("/staff").get_data(as_text=True)
    read = kari.get(f"/staff/threads/{thread}")
    assert "Jeg vil gjerne snakke med noen igjen." in read.get_data(as_text=True)


def test_before_the_end_nothing_goes_elsewhere(house: House) -> None:
    assert "goes to" not in said(house, "adam", "adam", "/messages")


def test_lateness_is_ours(house: House) -> None:
    def late(clock: object) -> object:
        day = house.clock().date() - timedelta(days=2)
        return replace(clock, by=day, late_reason="Kari har vært syk.")  # type: ignore[type-var]  # a clock

    with told(house, clock=late):
        child, mother = said(house, "jakob", "jakob"), said(house, "anne", "jakob")
    assert "we said Tuesday 17 November. We are late. That is not your fault. Kari har vært syk." in child
    assert "the last day was Tuesday 17 November. We are late, and the fault is ours. Kari har vært syk." in mother


def test_a_foster_carer_reads_what_names_her(house: House) -> None:
    """R16."""
    words = said(house, "bjorg", "leila")
    assert words.startswith("Start About Leila Leila bor hos deg.")
    assert "Documents" not in words


def test_whatever_is_not_told_leaves_no_trace(house: House) -> None:
    """R17: without the case's end and move the page is byte for byte the one a reader without them gets."""

    def none(_found: Closing | None) -> None:
        return None

    before = said(house, "idris", "adam")
    with told(house, closing=none, moving=none):
        assert said(house, "idris", "adam") == before
