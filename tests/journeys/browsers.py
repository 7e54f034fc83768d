"""Browsers for journeys: phones of 360 by 740, with or without JavaScript, nothing reached beyond this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser import ARGUMENTS, chromium
from tests.journeys.person import LOCALES, Person
from tests.journeys.world import World

PHONE = {"width": 360, "height": 740}
NOWHERE = "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP localhost 127.0.0.1, MAP * ~NOTFOUND"
PATIENCE_MILLISECONDS = 30_000


@contextmanager
def open_browser(*, back_cache: bool = False) -> Iterator[Browser]:
    """A Chromium; with `back_cache` it keeps left pages in memory, as real ones do and automated ones do not."""
    left_out = ["--disable-back-forward-cache"] if back_cache else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=[*ARGUMENTS, NOWHERE], ignore_default_args=left_out
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class People:
    """Gives each person of the story a browser window of their own."""

    browser: Browser
    world: World
    opened: list[BrowserContext] = field(default_factory=list)

    def window(self, *, scripts: bool = True, language: str = "nb", **options: Any) -> BrowserContext:
        """A fresh window, as of somebody who has never been here."""
        settings: dict[str, Any] = {"viewport": PHONE, "locale": LOCALES[language]} | options
        context = self.browser.new_context(java_script_enabled=scripts, **settings)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        self.opened.append(context)
        return context

    def somebody(self, key: str, *, scripts: bool = True, language: str = "nb", service: str = "fjordvik") -> Person:
        """Somebody with an empty page before them, not signed in."""
        return self.somebody_in(self.window(scripts=scripts, language=language), key, service)

    def somebody_in(self, window: BrowserContext, key: str, service: str = "fjordvik") -> Person:
        """As `somebody`, in a window that is open already."""
        return Person(key, window.new_page(), self.world, service)

    def signed_in(self, key: str, *, scripts: bool = True, language: str = "nb", staff: bool = False) -> Person:
        """Somebody who has come in through the simulator."""
        person = self.somebody(key, scripts=scripts, language=language)
        person.sign_in("/staff/sign-in" if staff else "/sign-in")
        return person

    def close(self) -> None:
        """Close every window."""
        for context in self.opened:
            context.close()
        self.opened.clear()
