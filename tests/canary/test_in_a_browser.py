"""The same marks in a real browser: what reaches a device on the way to a page, what a script makes of it, and what

a screen reader is told. People of the demonstration from whom something is kept; STORY=FILE has its own, in process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Response

from portal.demo.story import DEFAULT_STORY
from tests.canary.crawler import ENDS_IT
from tests.canary.marking import Marked, marked, raw_story
from tests.canary.test_canaries import MARK
from tests.journeys.browsers import People, open_browser
from tests.journeys.world import World, start_world

pytestmark = pytest.mark.browser

SERVICE = "fjordvik"
MOST_PAGES = 60
LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter(link => link.origin === location.origin).map(link => link.pathname)"""
LEFT_OUT = re.compile(rf"{ENDS_IT.pattern}|^/[a-z]{{2}}(/|$)")
"""What ends the visit, and the same pages in another language."""
KEPT = """() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}, history.state])"""


@dataclass(frozen=True)
class Demonstration:
    """The running processes over the marked story, and the marks."""

    world: World
    story: Marked
    browser: Browser


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """One demonstration for everybody of this file."""
    folder = tmp_path_factory.mktemp("marked")
    story = marked(raw_story(DEFAULT_STORY), datetime.now(UTC).date())
    file = folder / "story.json"
    file.write_text(json.dumps(story.document, ensure_ascii=False), "utf-8")
    world = start_world(folder / "demo", file)
    try:
        with open_browser(back_cache=True) as browser:
            yield Demonstration(world, story, browser)
    finally:
        world.stop()


@dataclass
class Device:
    """Everything that has come to one person's device, by where it was found."""

    window: BrowserContext
    origin: str
    found: dict[str, set[str]] = field(default_factory=dict)
    answers: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.window.on("response", lambda answer: self.answers.append(answer))  # noqa: PLW0108 only functions of ours
        self.window.on("console", lambda message: self._note("console", message.text))

    def walk(self, start: str) -> list[str]:
        """Every page that a link leads to, from one page on; the addresses, in the order they were opened."""
        page, waiting, opened = self.window.new_page(), [start], list[str]()
        while waiting and len(opened) < MOST_PAGES:
            path = waiting.pop(0)
            opened.append(path)
            page.goto(self.origin + path)
            self._note(f"what {path} became", page.content())
            self._note(f"title of {path}", page.title())
            self._note(f"what is read aloud of {path}", page.locator("body").aria_snapshot())
            self._note(f"what {path} keeps", page.evaluate(KEPT))
            self._take_in()
            links = [link for link in page.evaluate(LINKS) if not LEFT_OUT.search(link)]
            waiting += [link for link in dict.fromkeys(links) if link not in opened and link not in waiting]
        page.close()
        return opened

    def _take_in(self) -> None:
        for answer in self.answers:
            headers = json.dumps(answer.headers)
            body = answer.text() if answer.status < 300 and "text" in answer.headers.get("content-type", "") else ""
            self._note(f"answer to {answer.url.removeprefix(self.origin)}", headers + body)
        self.answers.clear()

    def _note(self, where: str, text: str) -> None:
        for mark in MARK.findall(text):
            self.found.setdefault(mark, set()).add(where)


PEOPLE = {
    "rune": "the address is hidden from him",
    "bjorg": "she sees what names her",
    "ingrid": "her children write of their own",
    "kent": "he is blocked",
}


@pytest.mark.parametrize("person", PEOPLE)
def test_nothing_shielded_comes_to_the_device(person: str, shown: Demonstration) -> None:
    """Features Y1 and Y2: neither an answer nor what scripts, titles, storage and screen readers make of it."""
    people = People(shown.browser, shown.world)
    signed_in = people.signed_in(person)
    signed_in.page.close()
    device = Device(people.opened[-1], shown.world.origin(SERVICE))
    opened = device.walk("/home")
    people.close()
    shielded = shown.story.shielded_from(person, SERVICE)
    leaks = {shielded[mark]: sorted(where) for mark, where in device.found.items() if mark in shielded}
    assert leaks == {}
    # Something did come, and it was this person's: else this proves nothing
    least = 2 if person == "kent" else 8
    assert len(opened) >= least
    assert set(device.found) & shown.story.open_to(person, SERVICE)
