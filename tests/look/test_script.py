"""The small script in a real browser, on sample pages served from memory: leaving, counting, sending once, live.

No server, no network, no waiting: the browser's clock is driven by the test.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

STATIC = Path(__file__).parents[2] / "static"
ORIGIN = "http://look.localhost"
PAGE = """<!doctype html><html lang="en"><head><title>Page</title><script src="/portal.js" defer></script></head>
<body><a href="/leave" data-leave>Leave now</a>
<div data-errors tabindex="-1"><a href="#text">Too long</a></div>
<form method="post" action="/send"><div class="field"><label for="text">Text</label>
<textarea id="text" name="text" data-limit="10" data-count="count"></textarea></div>
<p id="count" data-left="Left: {n}" data-over="Too many: {n}"></p>
<button type="submit" name="go" value="1">Send</button></form>
<div data-live data-live-every="20"></div></body></html>"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        launched = playwright.chromium.launch(executable_path=path, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def sent() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, sent: list[str]) -> Iterator[Page]:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        sent.append(f"{route.request.method} {path}")
        if path == "/portal.js":
            route.fulfill(path=STATIC / "js/portal.js", content_type="text/javascript")
        elif path == "/send":
            route.fulfill(status=204)
        else:
            route.fulfill(body=PAGE if path == "/" else "<title>News</title>", content_type="text/html")

    context = browser.new_context()
    opened = context.new_page()
    opened.clock.install()
    opened.route(f"{ORIGIN}/**", answer)
    opened.goto(ORIGIN + "/")
    yield opened
    context.close()


def test_leave_now_hides_before_the_answer_and_leaves_no_page_behind(page: Page) -> None:
    # replace() is what keeps the page out of the history; the page is hidden in the same frame.
    seen = page.evaluate(
        """() => { const link = document.querySelector("[data-leave]"); link.click();
        return [document.documentElement.hidden, document.title.trim()]; }"""
    )
    assert seen == [True, ""]
    page.wait_for_url(ORIGIN + "/leave")
    assert page.evaluate("history.length") == 2  # about:blank and the neutral page


def test_shift_three_times_leaves(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(ORIGIN + "/leave")


def test_capital_letters_and_slow_presses_do_not_leave(page: Page, sent: list[str]) -> None:
    page.locator("textarea").focus()
    for letter in ("Shift+A", "Shift+B", "Shift+C", "Shift+D"):
        page.keyboard.press(letter)
    for _ in range(2):
        page.keyboard.press("Shift")
    page.keyboard.press("x")
    page.keyboard.press("Shift")
    assert page.locator("textarea").input_value() == "ABCDx"
    assert "GET /leave" not in sent


def test_errors_take_focus_and_lead_to_the_field(page: Page) -> None:
    expect(page.locator("[data-errors]")).to_be_focused()
    page.get_by_role("link", name="Too long").click()
    expect(page.locator("textarea")).to_be_focused()


def test_characters_are_counted_as_people_see_them_after_a_pause(page: Page) -> None:
    page.locator("textarea").fill("🙂bc")
    expect(page.locator("#count")).to_be_empty()
    page.clock.run_for(700)
    expect(page.locator("#count")).to_have_text("Left: 7")
    page.locator("textarea").fill("twelve signs")
    page.clock.run_for(700)
    expect(page.locator("#count")).to_have_text("Too many: 2")


def test_a_double_press_sends_once_and_a_stopped_one_may_be_repeated(page: Page, sent: list[str]) -> None:
    button = page.get_by_role("button", name="Send")
    # Chromium itself drops one of two very quick posts, so what counts is whether the page let the second go.
    page.evaluate("""() => { window.went = []; addEventListener("submit", event => went.push("bubbled"));
        document.addEventListener("submit", event => went.push(event.defaultPrevented), true); }""")
    with page.expect_response(ORIGIN + "/send"):
        button.dblclick()
    assert page.evaluate("went") == [False, "bubbled"]
    expect(button).to_have_attribute("aria-disabled", "true")
    assert sent.count("POST /send") == 1
    page.clock.run_for(10_000)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    with page.expect_response(ORIGIN + "/send"):
        button.click()
    assert sent.count("POST /send") == 2


def test_a_page_from_the_back_cache_is_hidden_and_asked_for_again(page: Page, sent: list[str]) -> None:
    with page.expect_navigation():
        hidden = page.evaluate(
            """() => { dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
            return document.documentElement.hidden; }"""
        )
    assert hidden is True
    assert sent.count("GET /") == 2


def test_live_asks_every_twenty_seconds_slower_while_nothing_changes(page: Page) -> None:
    page.evaluate(
        """() => { window.asked = []; const start = Date.now();
        document.querySelector("[data-live]").addEventListener(
          "live", () => asked.push(Math.round((Date.now() - start) / 1000))); }"""
    )
    page.clock.run_for(160_000)
    waits = page.evaluate("asked.map((at, place) => at - (asked[place - 1] || 0))")
    assert waits == [20, 30, 45, 60]
    page.evaluate("""() => { asked = [];
        document.dispatchEvent(new CustomEvent("htmx:after:swap", {bubbles: true})); }""")
    page.clock.run_for(20_000)
    assert page.evaluate("asked.length") == 1
