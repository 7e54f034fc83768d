"""A whole portal in one process for tests: the demo's story and files, real cores behind in-process transports,

the real database, the real outbox. Only the network and the clock are ours.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask

from portal.app import build_parts, create_app
from portal.audit.anchors import Anchors
from portal.audit.journal import Journal
from portal.core.errors import CoreError, NotFound
from portal.core.gateway import Gateway
from portal.core.http import HttpGateway
from portal.core.inprocess import InProcessTransport
from portal.demo.files import write_all
from portal.demo.plan import Plan, plan_for
from portal.demo.processes import Processes
from portal.demo.reference_core import core_id, create_core
from portal.demo.reference_core.config import CoreConfig
from portal.demo.story import DEFAULT_STORY, Story, load_story
from portal.demo.story_types import SignIn
from portal.domain.people import Assurance, PersonNumber, Realm
from portal.identity.accounts import Unresolved
from portal.identity.enrolment import Arrival
from portal.identity.sessions import NewSession
from portal.identity.sign_in import Identified
from portal.identity.slow import SlowHash
from portal.jurisdictions import jurisdiction
from portal.outbox.reconcile import Reconciler
from portal.outbox.seal import Opener
from portal.outbox.send import Worker
from portal.settings import data_folder, web_settings, worker_settings
from portal.store.migrate import upgrade
from portal.store.unit import create_engine_for
from portal.texts import Texts
from portal.web.cookies import SESSION_COOKIES
from portal.web.parts import Parts
from tests.inspector import Browser

START = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
"""A Thursday morning."""

LEVELS = {"low": Assurance.LOW, "substantial": Assurance.SUBSTANTIAL, "high": Assurance.HIGH}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        """Let time pass, in the words of `timedelta`."""
        self.now += timedelta(**time)


@dataclass
class House:
    """The portal, its cores, its worker and its people."""

    app: Flask
    parts: Parts
    cores: dict[str, Flask]
    worker: Worker
    reconciler: Reconciler
    anchors: Anchors
    clock: Clock
    story: Story
    plan: Plan

    def browser(self, service: str = "fjordvik", language: str = "nb") -> Browser:
        """A browser of somebody who is not signed in."""
        return Browser(self.app, self.parts.settings.services[service].origin, language)

    def signed_in(self, person: str, service: str = "fjordvik", language: str = "nb") -> Browser:
        """A browser in which somebody of the story has signed in; `person` is the key in the story."""
        chosen = next(who for who in self.story.people_for_sign_in() if who.key == person)
        browser = self.browser(service, language)
        token = self.open_session(chosen, service)
        realm = Realm.STAFF if chosen.service is not None else Realm.FAMILY
        browser.client.set_cookie(SESSION_COOKIES[realm], token, domain=browser.host, secure=True)
        return browser

    def let_in(self, child: str, service: str = "fjordvik", language: str = "nb") -> Browser:
        """A browser of a child whom a worker has let in, without the way there (rules.md R4)."""
        browser = self.browser(service, language)
        arrival = Arrival(service, language, shared=False, replaced_token=None)
        person_id = core_id(service, "person", child)
        with self.parts.store.write() as connection:
            entered = self.parts.ways_in.enter(connection, arrival, f"let-in-{child}", person_id)
        browser.client.set_cookie(SESSION_COOKIES[Realm.FAMILY], entered.token, domain=browser.host, secure=True)
        return browser

    def open_session(self, who: SignIn, service: str) -> str:
        """What signing in does, without a provider."""
        realm = Realm.STAFF if who.service is not None else Realm.FAMILY
        number = PersonNumber(who.scheme, who.value)
        identified = Identified(
            service_id=service,
            realm=realm,
            profile_id="staff-id" if realm is Realm.STAFF else "national-id",
            issuer=f"https://{realm}.example",
            subject=f"subject-{who.key}",
            provider_sid=str(uuid.uuid4()),
            assurance=LEVELS[who.assurance],
            auth_time_utc=self.clock(),
            number=number,
            next_url="/home",
            language="nb",
        )
        try:
            person: str | Unresolved = self.parts.gateways[service].resolve_person(number)
        except NotFound:
            person = Unresolved.NOBODY
        except CoreError:
            person = Unresolved.NOT_ASKED
        with self.parts.store.write() as connection:
            account = self.parts.accounts.bind(connection, identified, person)
            sealed = self.parts.sealer.seal_number(service, account.id, number)
            locked = self.parts.own_codes.is_set(connection, service, account.id)
            return self.parts.sessions.create(connection, NewSession(account, identified, sealed, locked=locked))

    def deliver(self) -> None:
        """Let the worker do everything it has to do."""
        for _ in range(10):
            self.worker.run_once()
        self.reconciler.run_once()


@cache
def read_once() -> dict[str, object]:
    """What is the same in every house and takes long to make: texts with their compiled templates, and a slow hash

    that is not slow (what the real one costs is seen in tests/unit/identity).
    """
    texts = Texts([data_folder("templates")], data_folder("translations"))
    return {"texts": texts, "slow": SlowHash(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))}


def build(folder: Path, story_file: Path = DEFAULT_STORY, **replaced: object) -> House:
    """A house in an empty folder, its story beginning at `START`."""
    clock = Clock()
    story = load_story(story_file)
    plan = plan_for(tuple(service.id for service in story.services), 8000, folder)
    write_all(plan, story, story_file)
    processes = Processes(plan)
    settings = web_settings(processes.web_environment())
    upgrade(create_engine_for(settings.shared.database_url))
    cores: dict[str, Flask] = {}
    gateways: dict[str, Gateway] = {}
    for service in settings.shared.services.values():
        config = CoreConfig.from_file(folder / f"core-{service.id}.json")
        cores[service.id] = create_core(config, clock)
        transport = InProcessTransport(cores[service.id], service.core.url)
        gateways[service.id] = HttpGateway(service.core, service.id, clock, transport)
    parts = build_parts(settings, clock, gateways=gateways, **(read_once() | replaced))
    private = worker_settings(processes.worker_environment()).delivery_private_key
    journal = Journal(settings.shared.audit_key, clock)
    opener = Opener.from_pem(private)
    timezones = {service.id: service.timezone for service in settings.shared.services.values()}
    ages = {service.id: jurisdiction(service.jurisdiction).ages for service in settings.shared.services.values()}
    worker = Worker(parts.store, opener, gateways, journal, clock, timezones=timezones, ages=ages)
    reconciler = Reconciler(parts.store, opener, gateways, journal, clock, timezones=timezones, ages=ages)
    anchors = Anchors(parts.store, journal, gateways, clock)
    app = create_app(parts)
    app.testing = True
    return House(app, parts, cores, worker, reconciler, anchors, clock, story, plan)
