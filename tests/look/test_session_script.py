"""The warning before a session ends, in a real browser on a sample page; the browser's clock is driven by the test."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

STATIC = Path(__file__).parents[2] / "static"
ORIGIN = "http://look.localhost"
PAGE = """<!doctype html><html lang="en"><head><title>Page</title><script src="/session.js" defer></script></head>
<body><main><form method="post" action="/send"><input type="hidden" name="csrf_token" value="mask">
<label for="text">Text</label><textarea id="text" name="text"></textarea></form>
<form method="post" action="/other"><textarea name="more">as it was</textarea></form></main>
<dialog id="session" aria-labelledby="h" data-seconds="1800" data-left="/left" data-ended="/ended">
<h2 id="h">Still there?</h2><p data-can-stay>Soon closed</p><p data-must-end hidden>Sign in again</p>
<form method="post" action="/stay" data-stay><button type="submit" data-can-stay>Still here</button></form>
<form method="post" action="/out"><button type="submit">Sign out</button></form></dialog></body></html>"""

pytestmark = pytest.mark.browser


@dataclass
class Server:
    """What the server says about the time left, and what it was sent."""

    left: int = 1800
    can_stay: bool = True
    status: int = 200
    kept: int = 204
    sent: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        self.sent.append((f"{route.request.method} {path}", route.request.post_data or ""))
        if path == "/session.js":
            route.fulfill(path=STATIC / "js/session.js", content_type="text/javascript")
        elif path.startswith("/left"):
            body = json.dumps({"seconds": self.left, "can_stay": self.can_stay})
            route.fulfill(status=self.status, body=body, content_type="application/json")
        elif path in {"/stay", "/send", "/other"}:
            if path == "/stay":
                self.left = 1800
            route.fulfill(status=204 if path == "/stay" else self.kept)
        else:
            route.fulfill(body=PAGE if path == "/" else "<title>Ended</title>", content_type="text/html")

    def asked(self) -> int:
        """How often the page has asked."""
        return sum(what == "GET /left" for what, _ in self.sent)

    def bodies(self, path: str) -> list[str]:
        """What was posted to this path."""
        return [body for what, body in self.sent if what == f"POST {path}"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    opened.clock.install()
    opened.route(f"{ORIGIN}/**", server.answer)
    opened.goto(ORIGIN + "/")
    yield opened
    context.close()


def test_two_minutes_before_the_end_the_page_asks_and_staying_closes_the_question(page: Page, server: Server) -> None:
    """WCAG 2.2.1: warned before time runs out, and more time with one simple action."""
    page.clock.run_for(1_679_000)
    assert server.asked() == 0, "asking is not needed while there is time"
    expect(page.get_by_role("dialog")).to_be_hidden()
    server.left = 120
    page.clock.run_for(2_000)
    dialog = page.get_by_role("dialog", name="Still there?")
    expect(dialog).to_be_visible()
    expect(page.get_by_role("button", name="Still here")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert server.bodies("/stay") == [""]


def test_escape_is_an_answer_too(page: Page, server: Server) -> None:
    server.left = 100
    page.clock.run_for(1_681_000)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert len(server.bodies("/stay")) == 1


def test_another_tab_that_was_used_keeps_the_question_away(page: Page, server: Server) -> None:
    page.clock.run_for(1_681_000)
    assert server.asked() == 1
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_when_nothing_helps_any_more_it_says_so_and_offers_no_more_time(page: Page, server: Server) -> None:
    server.left, server.can_stay = 119, False
    page.clock.run_for(1_681_000)
    expect(page.get_by_text("Sign in again")).to_be_visible()
    expect(page.get_by_role("button", name="Still here")).to_be_hidden()


def test_at_the_end_what_is_half_written_is_kept_and_the_page_is_covered(page: Page, server: Server) -> None:
    page.get_by_label("Text").fill("Half a sentence")
    server.left = 120
    page.clock.run_for(1_681_000)
    expect(page.get_by_role("dialog")).to_be_visible()
    server.left = 5
    page.clock.run_for(116_000)
    expect(page.locator("html")).to_be_hidden()
    page.clock.run_for(7_000)
    page.wait_for_url(ORIGIN + "/ended?words=kept")
    assert server.bodies("/send") == ["csrf_token=mask&text=Half+a+sentence&keep_for_later=1"]
    assert server.bodies("/other") == [], "what nobody touched is not kept"


def test_a_session_ended_elsewhere_ends_the_page(page: Page, server: Server) -> None:
    """Item 38, as the open page meets it."""
    server.status = 401
    page.clock.run_for(1_681_000)
    page.clock.run_for(125_000)
    page.wait_for_url(ORIGIN + "/ended")


def test_a_session_ended_elsewhere_closes_the_page_at_once_and_covers_it_for_good(page: Page, server: Server) -> None:
    """The clock of the page would give it half an hour more, uncovered by the next look at it."""
    server.status = 401
    looks_again(page)
    expect(page.locator("html")).to_be_hidden()
    looks_again(page)
    expect(page.locator("html")).to_be_hidden()
    page.clock.run_for(3_000)
    page.wait_for_url(ORIGIN + "/ended")


def test_what_somebody_has_left_is_never_uncovered(page: Page, server: Server) -> None:
    page.evaluate("document.documentElement.dataset.left = ''; document.documentElement.hidden = true")
    looks_again(page)
    for _ in range(3):  # the answer to the first question may come while the clock runs
        if server.asked() < 2:
            page.clock.run_for(1_681_000)
    assert server.asked() >= 2
    expect(page.locator("html")).to_be_hidden()


def test_words_that_could_not_be_kept_are_not_called_kept(page: Page, server: Server) -> None:
    page.get_by_label("Text").fill("Half a sentence")
    server.left, server.kept = 4, 422
    page.clock.run_for(1_681_000)
    page.clock.run_for(7_000)
    page.wait_for_url(ORIGIN + "/ended?words=lost")


def looks_again(page: Page) -> None:
    """As after another tab, or after the phone has slept."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.evaluate("fetch('/left?after').then(() => null)")  # what the page has asked is answered before this


def test_without_an_answer_the_page_is_closed_in_time_all_the_same(page: Page, server: Server) -> None:
    server.status = 503
    page.clock.run_for(1_681_000)
    page.clock.run_for(130_000)
    page.wait_for_url(ORIGIN + "/ended")
