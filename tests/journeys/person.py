"""Somebody with a browser: signs in, reads, writes and sends, in the words that stand on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from playwright.sync_api import Locator, Page, Response, expect

from portal.settings import data_folder
from portal.texts import Text, Texts
from tests.journeys.world import World, until

LOCALES = {"nb": "nb-NO", "en": "en-GB"}


@cache
def texts() -> Texts:
    """All texts of the portal."""
    return Texts([data_folder("templates")], data_folder("translations"))


@dataclass
class Person:
    """One tab of one browser at one service. `key` is the person's key in the story."""

    key: str
    page: Page
    world: World
    service: str = "fjordvik"

    @property
    def origin(self) -> str:
        """Where this person's service is."""
        return self.world.origin(self.service)

    @property
    def path(self) -> str:
        """Where this person is, without the origin."""
        return self.page.url.removeprefix(self.origin)

    def words(self, message: str, context: str | None = None, **values: object) -> str:
        """A text of ours in the language of the page that is open."""
        language = self.page.locator("html").get_attribute("lang") or "nb"
        return texts().translate(language, Text(message, context).with_(**values))

    def open(self, path: str) -> int:
        """Go to a page of the portal; the status of the answer."""
        response = self.page.goto(self.origin + path)
        assert isinstance(response, Response)
        return response.status

    def sign_in(self, path: str = "/sign-in") -> None:
        """Through the sign-in page and the simulator, to wherever it leads."""
        self.open(path)
        self.go_on_to_provider()
        self.page.locator(f"button[data-person={self.key}]").click()
        self.page.wait_for_url(f"{self.origin}/**")

    def go_on_to_provider(self) -> None:
        """The one button of the sign-in page."""
        self.page.locator("main form button").click()

    def heading(self) -> str:
        """The page's h1."""
        return self.page.locator("h1").inner_text()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """It stands on the page."""
        expect(self.page.locator("main")).to_contain_text(text)

    def sees_not(self, text: str) -> None:
        """It stands nowhere in the page's source."""
        assert text not in self.page.content()

    def press(self, message: str, context: str | None = None, **values: object) -> None:
        """A link or button with exactly this name."""
        name = self.words(message, context, **values)
        either = self.page.locator("main").get_by_role("link", name=name, exact=True)
        either.or_(self.page.locator("main").get_by_role("button", name=name, exact=True)).first.click()

    def box(self, form: str = "main form") -> Locator:
        """The box to write in of a form."""
        return self.page.locator(f"{form} textarea")

    def write(self, text: str, form: str = "main form:has(textarea)") -> None:
        """Write and send."""
        found = self.page.locator(form).first
        found.locator("textarea").fill(text)
        found.locator("button[type=submit]").first.click()

    def own(self, text: str) -> Locator:
        """One's own message or comment with this text."""
        return self.page.locator("ol.talk li.mine", has_text=text)

    def reload_until(self, condition: Callable[[], bool], what: str) -> None:
        """Look again until it is so."""

        def looked() -> bool:
            if condition():
                return True
            self.page.reload()
            return condition()

        until(looked, what)

    def shift_three_times(self) -> None:
        """Leave by the keyboard."""
        for _ in range(3):
            self.page.keyboard.press("Shift")
