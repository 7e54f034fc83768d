"""Whom something is said about tries to learn of it: worker, cover, team, home, family, and by looking on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed

SERVICE = "fjordvik"
OF_SOFIE = "Kari avbryter meg"
OF_LEILA = "Noen går inn på rommet mitt"
ANSWERED = "Før det snakker jeg ikke med noen"
SECRETS = (OF_SOFIE, OF_LEILA, ANSWERED)
SOFIES = core_id(SERVICE, "complaint", "sofie", "avbryter")
LEILAS = core_id(SERVICE, "complaint", "leila", "rommet")


def case(child: str) -> str:
    return f"/cases/{core_id(SERVICE, 'case', child)}"


def thread(child: str, person: str) -> str:
    return f"/staff/threads/{core_id(SERVICE, 'thread', child, person)}"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def no(browser: Browser, path: str) -> None:
    """It is the one no, as for what was never there."""
    nothing = f"/staff/about-us/{core_id(SERVICE, 'complaint', 'nobody', 'none')}"
    answer, other = browser.get(path), browser.get(nothing)
    assert (answer.status_code, answer.data) == (404, other.data), path


@pytest.mark.parametrize(("worker", "child"), [("kari", "sofie"), ("jonas", "jakob"), ("eline", "nora")])
def test_whoever_works_there_is_told_that_there_is_nothing(house: House, worker: str, child: str) -> None:
    """Feature V8: the one concerned, who covers, and others of the team and of another team, by address and by id."""
    browser = house.signed_in(worker)
    for path in ("/staff/about-us", f"/staff/about-us/{SOFIES}", f"/staff/about-us/{LEILAS}"):
        no(browser, path)
    page = browser.get("/staff")
    own = browser.get(thread(child, child))
    with_token = next(hidden_fields(form) for form in parsed(own).iter(f"{HTML}form"))
    answer = browser.post(f"/staff/about-us/{SOFIES}/answers", {"body": "Nei.", **with_token})
    assert answer.status_code == 404
    assert "about-us" not in page.get_data(as_text=True)


def test_another_leader_has_only_what_that_leader_got(house: House) -> None:
    """Also what is said about a leader is for the next level alone."""
    tone = house.signed_in("tone")
    no(tone, f"/staff/about-us/{SOFIES}")
    page = tone.get("/staff/about-us")
    assert page.status_code == 200
    assert "Sofie" not in page.get_data(as_text=True)


def test_no_page_of_the_worker_bears_a_word_or_a_count_of_it(house: House) -> None:
    """Feature V8: inbox, threads, what was said, and every preview are those of a world where nothing was said."""
    kari = house.signed_in("kari")
    before = pages_of(kari)
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as core:
        core.execute("DELETE FROM complaint")
        core.execute("DELETE FROM receipt WHERE operation_id IN (?, ?)", (SOFIES, LEILAS))
        core.execute("DELETE FROM assess_first WHERE item_id IN (?, ?)", (SOFIES, LEILAS))
    assert before == pages_of(kari)


def pages_of(kari: Browser) -> dict[str, str]:
    paths = ["/staff", "/staff/children"]
    paths += [thread("sofie", "sofie"), thread("leila", "leila"), thread("sofie", "sofie") + "/sharing"]
    for child, person in (("sofie", "sofie"), ("sofie", "ingrid"), ("leila", "leila"), ("leila", "bjorg")):
        at = f"/staff/preview/{core_id(SERVICE, 'case', child)}/{core_id(SERVICE, 'person', person)}"
        paths += [at, f"{at}/who-has-looked"]
    found = {}
    for path in paths:
        page = kari.get(path)
        assert page.status_code == 200, path
        text = page.get_data(as_text=True)
        for secret in SECRETS:
            assert secret not in text, path
        found[path] = without_tokens(text)
    return found


def without_tokens(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "csrf" not in line and 'type="hidden"' not in line)


@pytest.mark.parametrize("page", ["about-us", "about-us/new"])
def test_nobody_looks_on(house: House, page: str) -> None:
    kari = house.signed_in("kari")
    for child in ("sofie", "leila"):
        at = f"/staff/preview/{core_id(SERVICE, 'case', child)}/{core_id(SERVICE, 'person', child)}"
        assert kari.get(f"{at}/{page}").status_code == 404


@pytest.mark.parametrize(
    ("person", "child"),
    [("ingrid", "sofie"), ("thomas", "sofie"), ("henrik", "sofie"), ("bjorg", "leila"), ("shirin", "leila")],
)
def test_family_and_home_are_told_nothing(house: House, person: str, child: str) -> None:
    """Feature V8: whoever looks after the child, parents and lawyer see their own page, empty, and no other trace."""
    browser = house.signed_in(person)
    for path in ("", "/about-us", "/about-us/new", "/messages", "/who-has-looked"):
        page = browser.get(case(child) + path)
        text = page.get_data(as_text=True)
        for secret in (*SECRETS, SOFIES, LEILAS):
            assert secret not in text, path


def test_somebody_elses_case_is_the_one_no(house: House) -> None:
    kent = house.signed_in("kent")
    for path in ("about-us", "about-us/new"):
        answer, other = kent.get(f"{case('mia')}/{path}"), kent.get(f"{case('nobody')}/{path}")
        assert (answer.status_code, answer.data) == (404, other.data)
