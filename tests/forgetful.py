"""A reference core that has forgotten to project: it tells the standing rightly, marks rightly, and sends everything.

Two cores of one story: of one the restrictions are taken away, the other says what stands and what the marks are.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from portal.core.gateway import Gateway
from portal.core.http import HttpGateway
from portal.core.inprocess import InProcessTransport
from portal.core.transport import Answer, Call, Transport
from portal.demo.reference_core import core_id, create_core
from portal.demo.reference_core.config import CoreConfig
from portal.demo.reference_core.shared_words import readable
from portal.domain.people import Realm
from portal.web.cookies import SESSION_COOKIES
from tests.house import House, build
from tests.inspector import Browser

SERVICE = "fjordvik"
READ = {"overview", "plan", "visits", "documents", "document"}
ITEMS = ("phase", "next_step", "appointment", "living", "arrangement", "goal", "measure", "document")


Change = tuple[str, dict[str, str | None]]
"""A statement and what stands in its places."""


def run(database: Path, *changes: Change) -> None:
    """Change a core's tables."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for change in changes:
            assert connection.execute(*change).rowcount != 0, change


def withheld(item: str, person: str, child: str, investigation: str | None = None) -> Change:
    """An item is withheld from a person: against harm, or while an investigation runs ("1") or has ended ("0")."""
    statement = (
        "INSERT INTO withheld (item_id, person_id, child_id, reason, assessor, review_on, investigation)"
        " VALUES (:item, :person, :child, iif(:investigation IS NULL, 'harm', 'investigation'),"
        " 'leader', '2027-01-01', :investigation)"
    )
    people = {"person": ids("person", person), "child": ids("person", child)}
    return statement, {"item": item, "investigation": investigation, **people}


def access(case: str, person: str, relation: str, to: str | None) -> Change:
    """A grant to everything in a case."""
    statement = (
        "INSERT INTO access (case_id, person_id, relation, scopes, valid_from, valid_to, basis)"
        " VALUES (:case, :person, :relation, :scopes, '2026-01-01', :to, 'test')"
    )
    scopes = "overview plan comment conversation documents"
    who = {"case": ids("case", case), "person": ids("person", person), "relation": relation}
    return statement, {"scopes": scopes, "to": to, **who}


def ids(kind: str, *keys: str) -> str:
    """The id the core of these tests gives to something of the story."""
    return core_id(SERVICE, kind, *keys)


def forget(database: Path) -> None:
    """Nothing is kept from anybody who has a grant: named for all, no place hidden, nothing withheld."""
    statements = [
        "DELETE FROM hidden_from",
        "UPDATE child_case SET address = 'open'",
        "INSERT OR IGNORE INTO sharing (words_id, person_id) SELECT w.id, p.id FROM words w, person p",
        "UPDATE sharing SET opened_at = '2026-01-01T08:00:00Z', closed_at = NULL",
    ]
    statements += [f"INSERT OR IGNORE INTO audience SELECT i.id, p.id FROM {item} i, person p" for item in ITEMS]  # noqa: S608 our words
    run(database, *((statement, {}) for statement in statements))


@dataclass
class Remarked:
    """A transport that puts the right marks on what comes by. `sent`: every answer, as it went on."""

    behind: Transport
    honest: Path
    sent: list[bytes] = field(default_factory=list)

    def send(self, call: Call) -> Answer:
        """The answer with the marks of the core that has not forgotten."""
        answer = self.behind.send(call)
        if "portal-actor" not in {name.lower() for name in call.headers} or answer.status != 200:
            return answer
        page = json.loads(answer.body)
        with closing(sqlite3.connect(self.honest)) as connection:
            _mark(connection, _subject(call), page)
        self.sent.append(json.dumps(page).encode())
        return replace(answer, body=self.sent[-1])


def _subject(call: Call) -> str:
    claims = next(value for name, value in call.headers.items() if name.lower() == "portal-actor").split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=="))["sub"])


def _mark(connection: sqlite3.Connection, person: str, value: Any) -> None:
    if isinstance(value, dict):
        if "for_all" in value:
            people = {
                row[0] for row in connection.execute("SELECT person_id FROM audience WHERE item_id = ?", [value["id"]])
            }
            value |= {"for_all": not people, "named": person in people}
        words = value.get("own_words") or value
        if "id" in value and "released" in words:
            words["released"] = readable(connection, value["id"], person)
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _mark(connection, person, each)


@dataclass(frozen=True)
class Forgetful:
    """Pages from the one core, everything else from the other."""

    pages: Gateway
    rest: Gateway

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pages if name in READ else self.rest, name)


@dataclass(frozen=True)
class TwoCores:
    """A house whose core can be made to forget. `database`: that of the core that has not."""

    house: House
    database: Path
    remarked: Remarked
    forgetful: Forgetful

    def signed_in(self, person: str) -> Browser:
        """A browser in which somebody of the story has signed in at the highest level just now."""
        who = next(each for each in self.house.story.people_for_sign_in() if each.key == person)
        browser = self.house.browser(SERVICE)
        token = self.house.open_session(replace(who, assurance="high"), SERVICE)
        browser.client.set_cookie(SESSION_COOKIES[Realm.FAMILY], token, domain=browser.host, secure=True)
        return browser

    @contextmanager
    def forgotten(self) -> Iterator[None]:
        """The portal reads its pages from the core that sends everything."""
        gateways = cast("dict[str, Any]", self.house.parts.gateways)
        honest = gateways[SERVICE]
        gateways[SERVICE] = self.forgetful
        try:
            yield
        finally:
            gateways[SERVICE] = honest


def two_cores(folder: Path, restrictions: Iterable[Change], *changes: Change) -> TwoCores:
    """A house, and beside it a core that has forgotten.

    `changes`: of the story's tables, in both; `restrictions`: more that the other has forgotten.
    """
    house = build(folder)
    config = CoreConfig.from_file(folder / f"core-{SERVICE}.json")
    other = replace(config, database=folder / "forgetful.sqlite")
    service = house.parts.settings.services[SERVICE]
    application = create_core(other, house.clock)
    run(config.database, *changes, *restrictions)
    run(other.database, *changes)
    forget(other.database)
    remarked = Remarked(InProcessTransport(application, service.core.url), config.database)
    pages = HttpGateway(service.core, SERVICE, house.clock, remarked)
    return TwoCores(house, config.database, remarked, Forgetful(pages, house.parts.gateways[SERVICE]))
