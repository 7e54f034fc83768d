"""Attacks by bad days: a database that fails, a template that breaks, a core that forgets whom it is talking to."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, Never

import pytest
from jinja2 import UndefinedError
from werkzeug.test import TestResponse

from portal import logs
from portal.core.errors import Unavailable
from portal.core.gateway import Gateway
from portal.core.http import HttpGateway
from portal.core.inprocess import InProcessTransport
from portal.core.transport import Answer, Call, Transport
from portal.demo.reference_core import core_id
from portal.settings import data_folder
from portal.store.tables import submission
from portal.texts import Texts
from tests.house import House, build
from tests.inspector import HTML, parsed, text_of

SOFIE = core_id("fjordvik", "case", "sofie")
JAKOB = core_id("fjordvik", "case", "jakob")


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


def test_a_damaged_database_hinders_neither_the_way_out_nor_the_phone_numbers(own_house: House) -> None:
    browser = own_house.signed_in("sofie")
    own_house.parts.store.close()
    for path in own_house.plan.folder.glob("portal.db*"):
        path.write_bytes(b"no database any more " * 500)
    assert browser.get(f"/cases/{SOFIE}").status_code == 500
    assert "tel:116111" in browser.get("/help").get_data(as_text=True)
    assert browser.get("/leave").headers["Location"] == "https://www.yr.no/"


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


class SilentAbout:
    """A core that cannot be asked some things just now, and answers everything else."""

    def __init__(self, core: Gateway, *operations: str) -> None:
        self._core = core
        self.operations = set(operations)

    def __getattr__(self, name: str) -> object:
        if name in self.operations:
            return self._silent
        return getattr(self._core, name)

    def _silent(self, *_: object) -> Never:
        raise Unavailable


@pytest.mark.parametrize(("person", "home", "shown"), [("anne", "/home", "Jakob"), ("kari", "/staff", "Sofie")])
def test_signing_in_while_the_core_is_down_is_never_shown_as_having_no_case(
    own_house: House, monkeypatch: pytest.MonkeyPatch, person: str, home: str, shown: str
) -> None:
    core = SilentAbout(own_house.parts.gateways["fjordvik"], "resolve_person", "standing")
    monkeypatch.setitem(own_house.parts.gateways, "fjordvik", core)
    browser = own_house.signed_in(person)
    assert browser.get(home).status_code == 503
    core.operations.clear()
    asked = browser.get(home)
    assert asked.headers["Location"].endswith(f"/sign-in?next={home}")
    assert browser.get(asked.headers["Location"]).status_code == 200, "no circle"
    assert shown in own_house.signed_in(person).get(home).get_data(as_text=True)


def test_a_core_that_is_down_later_does_not_send_anybody_away(
    own_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own_house.signed_in("anne").get("/home").status_code == 200
    core = SilentAbout(own_house.parts.gateways["fjordvik"], "resolve_person")
    monkeypatch.setitem(own_house.parts.gateways, "fjordvik", core)
    assert "Jakob" in own_house.signed_in("anne").get("/home").get_data(as_text=True), "known from the time before"
    stranger = own_house.signed_in("mats")
    assert stranger.get("/ask-for-help").status_code == 200


class Forgetful:
    """The way to a core that forgets for whom it projects: `spoil` changes its answers to one path."""

    def __init__(self, inner: Transport, path: str, spoil: Callable[[Any], Any]) -> None:
        self._inner = inner
        self._path = path
        self._spoil = spoil
        self.down = False

    def send(self, call: Call) -> Answer:
        """The answer, spoiled where it is asked for."""
        if self.down:
            raise Unavailable
        answer = self._inner.send(call)
        if answer.status != HTTPStatus.OK or call.path.partition("?")[0] != self._path:
            return answer
        return replace(answer, body=json.dumps(self._spoil(json.loads(answer.body))).encode())


def forget(house: House, path: str, spoil: Callable[[Any], Any]) -> Forgetful:
    """Put a forgetful core behind the first service's pages."""
    service = house.parts.settings.services["fjordvik"]
    way = Forgetful(InProcessTransport(house.cores["fjordvik"], service.core.url), path, spoil)
    gateways = house.parts.gateways
    assert isinstance(gateways, dict)
    gateways["fjordvik"] = HttpGateway(service.core, "fjordvik", house.clock, way)
    return way


@pytest.mark.parametrize(("person", "child"), [("kent", "mia"), ("rune", "sofie"), ("mats", "jakob")])
def test_a_door_that_the_core_should_not_have_sent_shows_no_childs_name(
    own_house: House, person: str, child: str
) -> None:
    before = own_house.signed_in(person).get("/home").get_data(as_text=True)
    name = child.capitalize()
    assert name not in before
    card: dict[str, Any] = {
        "case_id": core_id("fjordvik", "case", child),
        "child": {"id": core_id("fjordvik", "person", child), "first_name": name},
        "relation": "father",
        "unread_messages": 3,
    }
    forget(own_house, "/me/pages/home", lambda page: page | {"cases": [*page["cases"], card]})
    after = own_house.signed_in(person).get("/home").get_data(as_text=True)
    assert (name in after, card["case_id"] in after) == (False, False)


def test_a_place_that_the_core_should_not_have_sent_is_not_shown(own_house: House) -> None:
    def spoil(page: Any) -> Any:
        return page | {"appointments": [each | {"place": "Granveien 12"} for each in page["appointments"]]}

    forget(own_house, f"/cases/{JAKOB}/pages/overview", spoil)
    shown = own_house.signed_in("rune").get(f"/cases/{JAKOB}")
    assert shown.status_code == 200
    assert "Granveien" not in shown.get_data(as_text=True)
    assert "Granveien" in own_house.signed_in("anne").get(f"/cases/{JAKOB}").get_data(as_text=True), "the attack works"


def test_an_answer_about_another_case_is_no_page_at_all(own_house: House) -> None:
    forget(own_house, f"/cases/{JAKOB}/pages/overview", lambda page: page | {"case_id": SOFIE})
    shown = own_house.signed_in("anne").get(f"/cases/{JAKOB}")
    assert shown.status_code == 503
    assert "Jakob" not in shown.get_data(as_text=True)


# The letterbox


def test_words_whose_right_ended_on_the_way_are_told_as_not_arrived(own_house: House) -> None:
    case = core_id("fjordvik", "case", "leila")
    browser = own_house.signed_in("shirin")
    sent = browser.submit(browser.get(f"/cases/{case}/messages"), {"body": "Mens jeg ennå fikk lov"})
    identifier = sent.headers["Location"].partition("#m-")[2]
    own_house.clock.pass_(days=25)  # Leila has turned 18 before the worker came by
    own_house.deliver()
    again = own_house.signed_in("shirin")
    assert again.get(f"/cases/{case}/messages").status_code == 404
    receipt = text_of(parsed(again.get(f"/sent/{identifier}")))
    assert "kom ikke fram" in receipt
    assert "Mottatt" not in receipt
    assert "Sendt" not in receipt


def test_what_is_taken_in_while_the_core_is_down_is_not_refused_for_its_length_afterwards(own_house: House) -> None:
    transport = forget(own_house, "/", lambda page: page)
    browser = own_house.signed_in("sofie")
    path = f"/cases/{SOFIE}/messages"
    transport.down = True
    page = browser.get(f"{path}/new")
    most = next(int(each.get("data-limit") or "") for each in parsed(page).iter(f"{HTML}textarea"))
    assert browser.submit(page, {"body": "å" * (most + 1)}).status_code == 422
    sent = browser.submit(page, {"body": "å" * most})
    transport.down = False
    own_house.deliver()
    assert "Mottatt" in text_of(parsed(browser.get(sent.headers["Location"])))


def test_what_never_arrived_is_not_said_to_become_readable(own_house: House) -> None:
    browser = own_house.signed_in("sofie")
    path = f"/cases/{SOFIE}/messages"
    identifier = browser.submit(browser.get(path), {"body": "Hei"}).headers["Location"].partition("#")[2]
    waiting = bubble(browser.get(path), identifier)
    with own_house.parts.store.write() as connection:
        connection.execute(submission.update().values(state="rejected", rejected_at=own_house.clock()))
    refused = bubble(browser.get(path), identifier)
    assert "låst" in waiting
    assert "låst" not in refused
    assert "kom ikke fram" in refused


def bubble(page: TestResponse, identifier: str) -> str:
    """The text of one message."""
    return next(text_of(each) for each in parsed(page).iter(f"{HTML}li") if each.get("id") == identifier)


def test_neither_words_nor_number_can_be_found_in_the_portals_files(own_house: House, lines: io.StringIO) -> None:
    browser = own_house.signed_in("sofie")
    words = "Noe bare Kari skal vite"
    assert browser.submit(browser.get(f"/cases/{SOFIE}/messages"), {"body": words}).status_code == 303
    start = browser.submit(browser.get("/ask-for-help"), {"who": "child"})
    for _ in range(20):
        page = browser.get(start.headers["Location"])
        if start.headers["Location"].endswith("/check"):
            break
        start = browser.submit(page, {"body": words})
    assert browser.submit(page, {}).status_code == 303
    numbers = [person.value for person in own_house.story.people_for_sign_in() if person.service is None]
    kept = b"".join(path.read_bytes() for path in own_house.plan.folder.glob("portal.db*"))
    assert kept
    for secret in (words, *numbers, browser.session_cookie()):
        assert secret.encode() not in kept
        assert secret not in lines.getvalue()
    own_house.deliver()
    for secret in (words, *numbers):
        assert secret not in lines.getvalue()


@pytest.mark.plants_secrets  # the text of its fault holds the whole page, form token and all; no line may repeat it
def test_a_page_that_breaks_half_way_is_a_whole_page_that_says_so(tmp_path: Path, lines: io.StringIO) -> None:
    class Breaking(Texts):
        def render(self, language: str, template: str, context: Mapping[str, object]) -> str:
            if template.startswith("family/"):
                raise UndefinedError(f"'{context}' is undefined")
            return super().render(language, template, context)

    texts = Breaking([data_folder("templates")], data_folder("translations"))
    house = build(tmp_path / "breaking", texts=texts)
    house.app.testing = False
    shown = house.signed_in("sofie").get(f"/cases/{SOFIE}/plan")
    assert shown.status_code == 500
    assert not any(word in shown.get_data(as_text=True) for word in ("Sofie", "UndefinedError", "Traceback"))
    assert "UndefinedError" in lines.getvalue()
    assert "Sofie" not in lines.getvalue()
