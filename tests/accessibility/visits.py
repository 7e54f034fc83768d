"""Every page of `accessibility/pages.toml`, opened by the person it is for. Judges nothing."""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Request

from portal.demo.reference_core import core_id
from tests.journeys.browsers import People
from tests.journeys.person import Person
from tests.journeys.world import World, until

FILE = Path(__file__).parents[2] / "accessibility/pages.toml"
STAFF = frozenset({"kari", "jonas", "marit", "sigrid", "tone"})


@dataclass(frozen=True)
class Place:
    """One page and how to come to it; the fields are described in the file."""

    name: str
    endpoint: str
    path: str
    person: str = ""
    press: str = ""
    status: int = 200
    core: str = "ok"
    fresh: bool = False


@dataclass(frozen=True)
class NotAPage:
    """An address that gives no page, and why."""

    endpoint: str
    reason: str


def places() -> tuple[Place, ...]:
    """All pages."""
    return tuple(Place(**entry) for entry in tomllib.loads(FILE.read_text("utf-8"))["page"])


def first() -> frozenset[str]:
    """The names of the pages that are looked at most often."""
    return frozenset(tomllib.loads(FILE.read_text("utf-8"))["first"])


def not_pages() -> tuple[NotAPage, ...]:
    """What is left out."""
    return tuple(NotAPage(**entry) for entry in tomllib.loads(FILE.read_text("utf-8"))["not_a_page"])


@dataclass(frozen=True)
class Look:
    """How somebody's browser is set."""

    name: str
    language: str
    scheme: str
    width: int
    height: int

    @property
    def settings(self) -> dict[str, Any]:
        """As Playwright takes them. Nothing moves, so that nothing is measured halfway."""
        size = {"width": self.width, "height": self.height}
        return {"viewport": size, "color_scheme": self.scheme, "reduced_motion": "reduce"}


PHONE_LIGHT = Look("nb-light-360", "nb", "light", 360, 740)
DESK_DARK = Look("en-dark-1280", "en", "dark", 1280, 900)


@dataclass
class Visitor:
    """Opens pages; signs each person in once and keeps what the browser complained about."""

    people: People
    known: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, Any] = field(default_factory=dict)
    windows: dict[tuple[str, str], BrowserContext] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        """The running demonstration."""
        return self.people.world

    def prepare(self) -> None:
        """What must have happened before: Mats has asked for help, Leila has begun to, Shirin has a code of her own."""
        mats = self._signed_in("mats")
        mats.open("/ask-for-help")
        mats.page.locator("button[name=who][value=child]").click()
        mats.page.locator("main a[href$='/check']").click()
        mats.page.locator("form[action$='/send'] button").click()
        mats.page.wait_for_url("**/sent/*")
        self.known["receipt"] = mats.path
        answers = mats.page.locator("main a[href*='/asked/']")
        mats.reload_until(lambda: answers.count() > 0, "the asking for help does not arrive")
        self.known["asked"] = answers.first.get_attribute("href") or ""
        leila = self._signed_in("leila")
        leila.open("/ask-for-help")
        leila.page.locator("button[name=who][value=child]").click()
        leila.page.locator("button[name=skip]").click()
        leila.page.locator("input[value=no]").check(force=True)
        leila.page.locator("main form button").first.click()
        leila.page.wait_for_url("**/read_today")
        shirin = self._signed_in("shirin")
        shirin.open("/account/code")
        shirin.page.locator("#new_code").fill("4711")
        shirin.page.locator("#again").fill("4711")
        shirin.page.keyboard.press("Enter")
        shirin.page.wait_for_url("**/account/code?saved=1")
        self._signed_in("shirin")
        kari = self._signed_in("kari")
        kari.open("/staff")
        asked = kari.page.locator("main .tasks li", has_text=kari.words("Asked for help")).locator("a")
        self.known["asked-thread"] = asked.first.get_attribute("href") or ""
        self.people.close()
        until(lambda: self.world.waiting() == 0, "something is not delivered")

    def _signed_in(self, key: str) -> Person:
        person = self.people.signed_in(key, staff=key in STAFF)
        self.cookies[key] = person.page.context.storage_state()
        return person

    def path_of(self, place: Place) -> str:
        """The address with the ids of the story in it."""
        return re.sub(r"\{([^}]+)\}", lambda found: self._id(*found[1].split(":")), place.path)

    def _id(self, kind: str, *keys: str) -> str:
        if kind in {"document", "message", "decision", "wish", "complaint", "view"}:
            return core_id("fjordvik", kind, *keys)
        if kind in {"child", "person"}:
            return core_id("fjordvik", "person", *keys)
        if kind == "case-id":
            return core_id("fjordvik", "case", *keys)
        if kind == "case":
            return self.world.case(*keys)
        return self.world.thread(*keys) if kind == "thread" else self.known[kind]

    @contextlib.contextmanager
    def at(self, place: Place, look: Look) -> Iterator[Page]:
        """The page as this person sees it; what the browser complains about is in `complaints`."""
        if place.fresh:
            self._signed_in(place.person)
            self.windows.pop((place.person, look.name), None)
        page = self._window(place.person, look).new_page()
        self.complaints.clear()
        page.on("console", lambda told: self.complaints.append(told.text) if told.type != "log" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", self._failed)
        mood = self.world.core_is(place.core) if place.core != "ok" else contextlib.nullcontext()
        try:
            with mood:
                status = self._open(page, place)
            assert status == place.status, f"{place.name}: {status}"
            yield page
        finally:
            page.close()

    def _failed(self, request: Request) -> None:
        self.complaints.append(f"{request.url}: {request.failure}")

    def _open(self, page: Page, place: Place) -> int:
        answer = page.goto(self.world.origin() + self.path_of(place))
        for press in filter(None, (part.strip() for part in place.press.split(";"))):
            if press.startswith("code:"):
                page.locator("#code").fill(self._code(*press.split(":")[1:]))
                continue
            if press.startswith("write:"):
                page.locator("textarea#body").fill(press.removeprefix("write:"))
                continue
            if "button" not in press:
                page.locator(press).click()
                continue
            with page.expect_response(lambda response: response.request.method == "POST") as posted:
                page.locator(press).click()
            answer = posted.value
            page.wait_for_load_state()
        assert answer is not None
        return answer.status

    def _code(self, child: str, device: str = "") -> str:
        """A code for a child, from its caseworker; `device` "own" when it is the child's alone."""
        kari = self._window("kari", PHONE_LIGHT).new_page()
        kari.goto(f"{self.world.origin()}/staff/children/{self._id('child', child)}")
        kari.locator("#present").check(force=True)
        kari.locator("#own_device").set_checked(device == "own", force=True)
        kari.locator("form[action$='/code'] button").click()
        code = kari.locator("[data-code]").inner_text()
        kari.close()
        return code

    def _window(self, key: str, look: Look) -> BrowserContext:
        found = self.windows.get((key, look.name))
        if found is None:
            if key and key not in self.cookies:
                self._signed_in(key)
            kept = {"storage_state": self.cookies[key]} if key else {}
            found = self.people.window(language=look.language, **look.settings, **kept)
            self.windows[key, look.name] = found
        return found
