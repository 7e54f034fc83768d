"""An adult who has forgotten the code before their own words, and has met somebody of the service."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import cli
from portal.audit.events import Event
from portal.demo.processes import Processes
from portal.demo.reference_core import core_id
from portal.store.tables import audit_event, own_code
from tests.house import House

CODE = "7391"


def run(house: House, monkeypatch: pytest.MonkeyPatch, service: str, person: str) -> int:
    monkeypatch.setattr("portal.cli.configure", lambda: None)  # the process's logging is the test run's
    for name, value in Processes(house.plan).web_environment().items():
        monkeypatch.setenv(name, value)
    return cli.main(["code-away", service, core_id("fjordvik", "person", person)])


def test_it_is_taken_away_and_journalled(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ingrid = house.signed_in("ingrid")
    page = ingrid.get("/account/code")
    ingrid.submit(page, {"new_code": CODE, "again": CODE}, "/account/code")
    with house.parts.store.read() as connection:
        assert len(connection.execute(select(own_code.c.secret).where(own_code.c.secret.is_not(None))).all()) == 1
    assert house.signed_in("ingrid").get("/sent").status_code == 403
    assert run(house, monkeypatch, "lillevik", "ingrid") == 0
    assert house.signed_in("ingrid").get("/sent").status_code == 403, "another service's person of that id"
    assert run(house, monkeypatch, "fjordvik", "ingrid") == 0
    assert house.signed_in("ingrid").get("/sent").status_code == 200
    with house.parts.store.read() as connection:
        rows = connection.execute(select(audit_event).where(audit_event.c.event == Event.CODE_REMOVED.value)).all()
    assert [(row.service_id, row.outcome) for row in rows] == [("lillevik", "none"), ("fjordvik", "operator")]


def test_an_unknown_service_is_said(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(house, monkeypatch, "nowhere", "ingrid") == 1
    assert "no such service" in capsys.readouterr().err
