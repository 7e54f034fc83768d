"""The whole portal on a loopback port, its national ID the independent provider, and people with browsers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from portal.demo.files import ACR
from portal.demo.story import DEFAULT_STORY, load_story
from portal.domain.people import Assurance, Realm
from portal.identity.session import Session
from portal.identity.sign_in import Providers
from portal.web.cookies import SESSION_COOKIES
from tests import house as houses
from tests.house import House
from tests.inspector import HTML
from tests.peer.browser import Answer, Browser
from tests.peer.peer import Peer, client

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ALGORITHMS = {"fjordvik": "ES256", "lillevik": "RS256"}
"""One service for each of the two ways a client may sign."""
SOURCES = {"fjordvik": "id_token", "lillevik": "userinfo_jwt"}
"""And for each of two places where the person's number may stand."""


class WallClock(houses.Clock):
    """The time it is: the provider has no other."""

    def __call__(self) -> datetime:
        """Now."""
        return datetime.now(UTC)


class Doorway:
    """A reverse proxy in front of the portal: what comes to the machine's own address is for one service."""

    def __init__(self, app: WSGIApplication | None = None) -> None:
        self.app = app
        self.doors: dict[str, str] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> object:
        """Hand on, under the name by which the portal knows itself."""
        assert self.app is not None
        told = environ["HTTP_HOST"]
        environ["HTTP_HOST"] = self.doors.get(told, told)
        return self.app(environ, start_response)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 the library's name
        """Say nothing."""


@dataclass
class World:
    """Portal, provider and people."""

    house: House
    peer: Peer
    doorways: dict[str, BaseWSGIServer]
    browsers: list[Browser] = field(default_factory=list)

    def origin(self, service: str = "fjordvik") -> str:
        """Where browsers reach a service."""
        return self.house.parts.settings.services[service].origin

    def browser(self) -> Browser:
        """An empty browser."""
        ports = {self.peer.host: self.peer.port}
        ports |= {
            self.origin(service).removeprefix("http://"): server.port for service, server in self.doorways.items()
        }
        self.browsers.append(Browser(ports))
        return self.browsers[-1]

    def to_provider(self, browser: Browser, service: str = "fjordvik", wanted: str = "/home") -> Answer:
        """Press "sign in" and arrive at the provider's page."""
        page = browser.open(f"{self.origin(service)}/sign-in?next={quote(wanted)}")
        return browser.submit(page, "/sign-in")

    def sign_in(self, browser: Browser, key: str, level: str = "high", service: str = "fjordvik") -> Answer:
        """The whole way in, to the first page."""
        return self.choose(browser, self.to_provider(browser, service), key, level)

    def choose(self, browser: Browser, page: Answer, key: str, level: str = "high") -> Answer:
        """Be somebody at the provider; an empty key cancels."""
        answer = browser.submit(page, "/who/", who=f"{key} {ACR[level]}" if key else "")
        if answer.host == self.peer.host:  # somebody else was in: the provider's page sends its form by script
            answer = browser.submit(answer, "/session/end/confirm")
        return answer

    def is_in(self, browser: Browser, service: str = "fjordvik") -> bool:
        """Does the browser's session open the home page, or the case behind it? Both offer to sign out."""
        page = browser.open(f"{self.origin(service)}/home")
        return page.status == HTTPStatus.OK and any(
            form.get("action") == "/sign-out" for form in page.tree().iter(f"{HTML}form")
        )

    def to_document(self, browser: Browser) -> str:
        """The address of a document somebody sees in the list of their case."""
        case = browser.open(f"{self.origin()}/home").path
        links = browser.open(f"{self.origin()}{case}/documents").tree().iter(f"{HTML}a")
        found = (link.get("href") or "" for link in links)
        return self.origin() + next(href for href in found if f"{case}/documents/" in href)

    def assurance(self, browser: Browser) -> Assurance | None:
        """How surely the portal knows who is in; None for nobody."""
        token = browser.cookie(SESSION_COOKIES[Realm.FAMILY])
        found = self.house.parts.sessions.read("fjordvik", Realm.FAMILY, token)
        return found.actor.assurance if isinstance(found, Session) else None

    def close(self) -> None:
        """Close every browser."""
        for browser in self.browsers:
            browser.close()
        self.browsers.clear()


@contextmanager
def open_world(folder: Path) -> Iterator[World]:
    """Portal and provider running; both services of the story are clients of the provider."""
    doorways = {service: Doorway() for service in ALGORITHMS}
    with (
        _served(doorways["fjordvik"]) as first,
        _served(doorways["lillevik"]) as second,
        pytest.MonkeyPatch.context() as patch,
    ):
        servers = dict(zip(ALGORITHMS, (first, second), strict=True))
        patch.setattr(houses, "Clock", WallClock)
        peer = Peer(folder, load_story(DEFAULT_STORY).people_for_sign_in())
        origins = {"fjordvik": "http://localhost:8000", "lillevik": "http://b.localhost:8000"}
        peer.clients = tuple(
            client(service, origins[service], door(servers[service]), algorithm, SOURCES[service])
            for service, algorithm in ALGORITHMS.items()
        )
        providers: Providers = peer.providers(WallClock())
        house = houses.build(folder, providers=providers)
        for service, doorway in doorways.items():
            doorway.app = house.app
            doorway.doors[door(servers[service]).removeprefix("http://")] = origins[service].removeprefix("http://")
        world = World(house, peer, servers)
        assert origins == {service: world.origin(service) for service in ALGORITHMS}
        try:
            peer.start()
            yield world
        finally:
            world.close()
            peer.stop()


def door(server: BaseWSGIServer) -> str:
    """Where a server of this machine is reached without any name."""
    return f"http://127.0.0.1:{server.port}"


@contextmanager
def _served(app: Doorway) -> Iterator[BaseWSGIServer]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
