"""Goes everywhere one signed-in person can go in a portal: every link and every form, and every address that is not

for them. Keeps every answer, headers and all.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

from werkzeug.test import TestResponse

from portal.domain.people import Realm
from portal.web.rule import GatedRule
from tests.canary.reading import Form, Reading
from tests.house import House
from tests.inspector import Browser

ENDS_IT = re.compile(r"/(leave|sign-out|sign-in|step-up)\b|/account/sessions|/static/")
"""What ends the visit or leads to the provider, which is not there; and what is the same for everybody."""
MOST_ANSWERS = 1500
"""Nobody's walk is so long; one that is does not come to an end."""
MOST_COMBINATIONS = 20
"""Of ids in one address."""


@dataclass(frozen=True)
class Answer:
    """One answer as it came: status, headers and body. `asked` is how it was asked for."""

    asked: str
    status: int
    text: str = field(repr=False)


@dataclass
class Crawl:
    """One person's walk through the whole portal. `words` are written wherever there is a box."""

    house: House
    browser: Browser
    words: str
    answers: list[Answer] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _waiting: deque[str] = field(default_factory=deque)

    def everywhere(self, ids: dict[str, Iterable[str]], realm: Realm = Realm.FAMILY) -> list[Answer]:
        """Every route with every id there is, every link from there, every form, empty and filled in.

        Of the other realm's routes one address each.
        """
        self._waiting.extend(("/", "/home", "/nowhere", *_addresses(self.house, ids, realm)))
        other = Realm.STAFF if realm is Realm.FAMILY else Realm.FAMILY
        self._waiting.extend(_addresses(self.house, {name: list(ids[name])[:1] for name in ids}, other))
        while self._waiting:
            self._visit(self._waiting.popleft())
            assert len(self.answers) < MOST_ANSWERS
        return self.answers

    def within(self, address: str) -> list[Answer]:
        """One page and what can be pressed on it and below it, and nothing else."""
        response = self._get(address)
        for form in Reading(response.get_data(as_text=True)).forms:
            if (form.action or address).startswith(address):
                self._send(form, address)
        return self.answers

    def pages(self, ids: dict[str, Iterable[str]]) -> list[Answer]:
        """Only what a family can look at when it is signed in: nothing is pressed, so that nothing changes."""
        for address in dict.fromkeys(("/", "/nowhere", *_addresses(self.house, ids, Realm.FAMILY, public=False))):
            self._get(address)
        return self.answers

    def _visit(self, address: str) -> None:
        if address in self._known:
            return
        self._known.add(address)
        response = self._get(address)
        if response.status_code == 200:
            self._get(address, HX_Request="true")
        self._follow(response)

    def _follow(self, response: TestResponse) -> None:
        self._wait(response.headers.get("Location", ""))
        if response.mimetype != "text/html" or response.status_code == 404:
            return
        page = Reading(response.get_data(as_text=True))
        for link in page.links:
            self._wait(link)
        for form in page.forms:
            self._send(form, response.request.path)

    def _wait(self, target: str) -> None:
        path = target.removeprefix(self.browser.origin).partition("#")[0]
        foreign = re.match(r"/[a-z]{2}(/|$)", path)  # the same pages in another language
        if path.startswith("/") and not foreign and not ENDS_IT.search(path):
            self._waiting.append(path)

    def _send(self, form: Form, page: str) -> None:
        target = form.action or page
        known = f"{target} {form.known_by()}"
        if known in self._known or ENDS_IT.search(target):
            return
        self._known.add(known)
        if form.method == "get":
            self._wait(target)
            return
        told = {"Origin": self.browser.origin, "Sec-Fetch-Site": "same-origin", "Accept-Language": "nb"}
        for written in ("", self.words):
            data = form.filled(written)
            response = self.browser.client.post(target, base_url=self.browser.base_url, data=data, headers=told)
            self._keep(f"POST {target}", response)
            self._wait(response.headers.get("Location", ""))

    def _get(self, address: str, **headers: str) -> TestResponse:
        told = {"Accept-Language": "nb"} | {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.browser.client.get(address, base_url=self.browser.base_url, headers=told)
        self._keep(f"GET {address} {' '.join(headers)}".strip(), response)
        return response

    def _keep(self, asked: str, response: TestResponse) -> None:
        headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
        body = response.get_data().decode("utf-8", "replace")  # a picture has marks in it, too, if it has any
        whole = f"{response.status}\n{headers}\n\n{body}"
        self.answers.append(Answer(asked, response.status_code, whole))


def _addresses(house: House, ids: dict[str, Iterable[str]], realm: Realm, *, public: bool = True) -> Iterator[str]:
    """Every address of a realm, with every id of a kind in every place for one; and of the pages for anybody."""
    realms = {realm, None} if public else {realm}
    for rule in house.app.url_map.iter_rules():
        if isinstance(rule, GatedRule) and "GET" in (rule.methods or ()) and not ENDS_IT.search(rule.rule):
            yield from _with_ids(rule.rule, ids) if rule.access.realm in realms else ()


def _with_ids(pattern: str, ids: dict[str, Iterable[str]]) -> Iterator[str]:
    """Every combination; where there are very many, enough of them that every id stands with many others."""
    places = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    combinations = list(product(*(ids.get(place, ()) for place in places)))
    step = 1 + len(combinations) // MOST_COMBINATIONS
    for chosen in combinations[::step]:
        address = pattern
        for one in chosen:
            address = re.sub(r"<[^>]+>", one, address, count=1)
        yield address
