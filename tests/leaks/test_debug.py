"""A whole sign-in with logging as in production but at DEBUG: no secret reaches a line (sign-in.md, item 39).

Libraries would print codes and verifiers there; that they do is shown as well, or the test would prove nothing.
"""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from portal import logs
from portal.identity.profile_reader import read_profile
from portal.identity.provider import Provider
from tests.fakes.clock import ManualClock
from tests.fakes.provider import FakeProvider, serve
from tests.house import House, build
from tests.leaks.scanner import Known, leaks_in

pytestmark = pytest.mark.plants_secrets  # libraries do, in the test that lets them


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProvider]:
    with serve() as provider:
        yield provider


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, provider: FakeProvider) -> House:
    """A portal whose families sign in at the provider of these tests."""
    elsewhere = Provider(read_profile(provider.profile_values(), allow_loopback=True), ManualClock())
    providers = {("nowhere", "none"): elsewhere}
    house = build(tmp_path_factory.mktemp("house"), providers=providers)
    provider.reset(house.clock)  # type: ignore[arg-type]  # a clock all the same
    identifier = str(house.parts.settings.services["fjordvik"].sign_in["family"]["id"])
    sofie = next(who for who in house.story.people_for_sign_in() if who.key == "sofie")
    provider.claims = {"pid": sofie.value}
    profile = read_profile(provider.profile_values(id=identifier), allow_loopback=True)
    providers["fjordvik", identifier] = Provider(profile, house.clock)
    return house


class Raw(logging.Handler):
    """Keeps everything of the records that come by."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.getMessage()} {vars(record)}")


@contextmanager
def logging_as_in_production(stream: io.StringIO) -> Iterator[None]:
    """At DEBUG, and put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook, logging.getLogger("portal").level)
    kept = {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).level) for name in loggers()}
    logs.configure("DEBUG", stream)
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])
    logging.getLogger("portal").setLevel(before[4])
    for name, (handlers, level) in kept.items():
        logging.getLogger(name).handlers[:] = handlers
        logging.getLogger(name).setLevel(level)


def loggers() -> list[str]:
    return [*logs.PINNED, *logging.root.manager.loggerDict]


def sign_in(house: House, provider: FakeProvider) -> tuple[TestResponse, Known]:
    """From the button to the home page; and every secret that went by."""
    known = Known()
    browser = house.browser()
    started = browser.post("/sign-in", {"next": "/home"})
    answer = provider.approve(started.headers["Location"])
    finished = browser.get("/sign-in/callback?" + urlencode(dict(answer)))
    assert finished.headers["Location"] == "/home"
    assert browser.get("/home").status_code in {HTTPStatus.OK, HTTPStatus.SEE_OTHER}
    for name in ("code", "state"):
        known.add(name, answer[name])
    known.add("session", browser.session_cookie())
    known.add("number", provider.claims["pid"])
    for request in provider.received:
        for name in ("code_verifier", "client_assertion", "code", "state", "nonce", "code_challenge"):
            known.add(name, request.form.get(name, ""))
    return finished, known


def test_at_debug_no_line_holds_a_secret(house: House, provider: FakeProvider) -> None:
    """Item 39, with everything a sign-in makes: code, state, nonce, verifier, assertion, tokens, number."""
    stream, raw = io.StringIO(), Raw()
    with logging_as_in_production(stream):
        logging.getLogger().addHandler(raw)  # what reaches any handler at all, not only ours
        for name in ("authlib.integrations.base_client", "urllib3.connectionpool", "requests.sessions"):
            logging.getLogger(name).setLevel(logging.NOTSET)
        _, known = sign_in(house, provider)
        logs.log("request.done", level=logging.DEBUG)
    assert "request.done" in stream.getvalue(), "DEBUG is on"
    assert len(known) >= 8
    assert leaks_in(known, stream.getvalue()) == set()
    assert leaks_in(known, "\n".join(raw.said)) == set()


def test_a_library_made_talkative_afterwards_is_still_not_heard(house: House, provider: FakeProvider) -> None:
    """Item 39: a level set on a library's own logger, by itself or by somebody who looks for a fault."""
    stream = io.StringIO()
    with logging_as_in_production(stream):
        for name in loggers():
            logging.getLogger(name).setLevel(logging.DEBUG)
        _, known = sign_in(house, provider)
    assert leaks_in(known, stream.getvalue()) == set()
    assert "library." not in stream.getvalue()


def test_without_it_libraries_would_print_them(house: House, provider: FakeProvider) -> None:
    """The trap is real: what is stopped above are secrets."""
    raw = Raw()
    with logging_as_in_production(io.StringIO()):
        logging.getLogger().handlers[:] = [raw]
        for name in loggers():
            logging.getLogger(name).setLevel(logging.DEBUG)
        _, known = sign_in(house, provider)
    assert "nonce" in leaks_in(known, "\n".join(raw.said)), "SQLAlchemy writes the rows it reads"


def test_the_callback_moves_on_at_once_and_tells_nobody(house: House, provider: FakeProvider) -> None:
    """Item 40: never kept, no referrer, a redirect without a page, and nothing of it in the address that follows."""
    finished, known = sign_in(house, provider)
    assert finished.status_code == HTTPStatus.SEE_OTHER
    assert finished.headers["Cache-Control"] == "no-store"
    assert finished.headers["Referrer-Policy"] == "no-referrer"
    assert leaks_in(known, finished.headers["Location"]) == set()
    assert leaks_in(known, finished.get_data(as_text=True)) == set()
