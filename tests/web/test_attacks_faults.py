"""Attacks by bad days: a database that fails, a template that breaks, a core that forgets whom it is talking to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import logs
from portal.demo.reference_core import core_id
from tests.house import House, build

SOFIE = core_id("fjordvik", "case", "sofie")


@pytest.fixture
def own_house(tmp_path: Path) -> House:
    """A house of one test's own, which answers as outside tests: faults become pages."""
    house = build(tmp_path)
    house.app.testing = False
    return house


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged."""
    stream = io.StringIO()
    logs.configure(stream=stream)
    yield stream
    logs.configure()


def lose(house: House, table: str) -> None:
    """From now on nothing of this table can be read or written, as when the disk has failed."""
    with house.parts.store.write() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO lost_{table}")


@pytest.mark.parametrize("table", ["session", "audit_event"])
def test_nothing_stands_in_the_way_out_not_even_a_database_that_fails(own_house: House, table: str) -> None:
    browser = own_house.signed_in("sofie")
    lose(own_house, table)
    answer = browser.get("/leave")
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://www.yr.no/")
    assert any(cookie.startswith("__Host-s=;") for cookie in answer.headers.getlist("Set-Cookie"))


def test_phone_numbers_are_there_when_the_database_is_not(own_house: House) -> None:
    browser = own_house.signed_in("sofie")
    lose(own_house, "session")
    for path in ("/", "/help", "/privacy", "/sign-in"):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert "tel:116111" in answer.get_data(as_text=True), path


@pytest.mark.parametrize("table", ["session", "audit_event"])
def test_without_its_journal_no_page_is_shown_and_none_by_halves(
    own_house: House, lines: io.StringIO, table: str
) -> None:
    browser = own_house.signed_in("sofie")
    lose(own_house, table)
    for path in ("/home", f"/cases/{SOFIE}", f"/cases/{SOFIE}/messages", f"/cases/{SOFIE}/plan"):
        answer = browser.get(path)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 500, path
        assert "tel:116111" in text, path
        assert not any(word in text for word in ("Traceback", "sqlite", "Sofie", "Kari", SOFIE)), path
    assert SOFIE not in lines.getvalue()
    assert "StoreUnavailable" in lines.getvalue()
