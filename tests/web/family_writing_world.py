"""A portal over cores that do what a test tells them: settings as the demo writes them, a database of its own."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from werkzeug.test import TestResponse

from portal.access.standing import Known, Standing, Target
from portal.app import build_parts, create_app
from portal.audit.journal import Journal
from portal.demo.files import write_all
from portal.demo.plan import plan_for
from portal.demo.processes import Processes
from portal.demo.story import DEFAULT_STORY, load_story
from portal.domain.conversation import AuthorKind, Conversation, HelpConversation, Message
from portal.domain.delivery import DeliveryState
from portal.domain.people import Actor, Assurance, Child, PersonNumber, Reader, Realm, Relation, Worker
from portal.identity.sessions import NewSession
from portal.identity.sign_in import Identified
from portal.jurisdictions import jurisdiction
from portal.outbox.seal import Opener
from portal.outbox.send import Worker as DeliveryWorker
from portal.settings import WebSettings, data_folder, web_settings, worker_settings
from portal.store.unit import Store, create_engine_for
from portal.texts import Texts
from portal.texts.locales import REGISTRY
from portal.texts.pseudo import PseudoCatalogue
from portal.web.cookies import SESSION_COOKIES
from tests.fakes.clock import ManualClock
from tests.fakes.gateway import FakeGateway, standing_of
from tests.inspector import Browser

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
HERE, THERE = "fjordvik", "lillevik"
CASE = "7d0c4a52-3c5c-4f3e-9a55-0d3b8f6f0a01"
NUMBER = PersonNumber("no-pid", "15881299999")
TALK = f"/cases/{CASE}/messages"
KARI = Worker("worker-1", "Kari", "Team Ung", "55 00 00 10", "8-15")


@dataclass(frozen=True)
class Files:
    """What the processes of one installation read."""

    web: WebSettings
    delivery_key: bytes


def write_files(folder: Path) -> Files:
    """Settings of both services, as the demo writes them."""
    story = load_story(DEFAULT_STORY)
    plan = plan_for(tuple(service.id for service in story.services), 8000, folder)
    write_all(plan, story, DEFAULT_STORY)
    processes = Processes(plan)
    return Files(
        web_settings(processes.web_environment()), worker_settings(processes.worker_environment()).delivery_private_key
    )


@dataclass
class Core(FakeGateway):
    """A core whose facts may come while its pages do not."""

    pages_down: Exception | None = None

    def _called(self, name: str) -> None:
        super()._called(name)
        if self.pages_down is not None and name in {"conversation", "help_conversation"}:
            raise self.pages_down


class World:
    """The portal with a fake core for each service."""

    def __init__(self, files: Files, database: Path) -> None:
        self.clock = ManualClock(NOW)
        self.cores = {name: Core(name, standings=self.standing) for name in files.web.shared.services}
        self.relation: Relation | None = Relation.SELF
        self.store = Store(create_engine_for(f"sqlite:///{database}"))
        self.parts = build_parts(
            _with_arabic(files.web), self.clock, gateways=self.cores, store=self.store, texts=_texts()
        )
        self.app = create_app(self.parts)
        self.app.testing = True
        journal = Journal(files.web.shared.audit_key, self.clock)
        opener = Opener.from_pem(files.delivery_key)
        zones = dict.fromkeys(self.cores, UTC)
        ages = dict.fromkeys(self.cores, jurisdiction("no").ages)
        self._worker = DeliveryWorker(self.store, opener, self.cores, journal, self.clock, timezones=zones, ages=ages)

    @property
    def core(self) -> Core:
        """The core of the service people sign in at."""
        return self.cores[HERE]

    def standing(self, _actor: Actor, target: Target) -> Standing:
        """Everything is allowed for the relation set; with none, nothing is."""
        if self.relation is None:
            return replace(standing_of(target), grants=Known(()), referral_mine=Known(value=False))
        return standing_of(target, self.relation)

    def signed_in(self, person: str = "jonas", language: str = "en") -> Browser:
        """A browser of somebody who has just signed in."""
        who = Identified(
            service_id=HERE,
            realm=Realm.FAMILY,
            profile_id="national-id",
            issuer="https://id.example",
            subject=person,
            provider_sid=str(uuid.uuid4()),
            assurance=Assurance.HIGH,
            auth_time_utc=self.clock(),
            number=NUMBER,
            next_url="/home",
            language=language,
        )
        with self.store.write() as connection:
            account = self.parts.accounts.bind(connection, who, f"person-{person}")
            number = self.parts.sealer.seal_number(HERE, account.id, NUMBER)
            token = self.parts.sessions.create(connection, NewSession(account, who, number))
        browser = Browser(self.app, self.parts.settings.services[HERE].origin, language)
        browser.client.set_cookie(SESSION_COOKIES[Realm.FAMILY], token, domain=browser.host, secure=True)
        return browser

    def deliver(self) -> None:
        """Let the delivery worker do everything that is due."""
        for _ in range(5):
            self._worker.run_once()


def new_world(files: Files, template: Path, folder: Path) -> World:
    """A world over an empty database."""
    database = folder / "portal.db"
    shutil.copy(template, database)
    return World(files, database)


def message(body: str, *, mine: bool = False, state: DeliveryState = DeliveryState.REGISTERED) -> Message:
    """One message of yesterday; what is one's own and opened was opened by Kari."""
    kind, name = (AuthorKind.FAMILY, "Jonas") if mine else (AuthorKind.WORKER, "Kari")
    opened = "Kari" if state is DeliveryState.SEEN else None
    return Message(str(uuid.uuid4()), kind, name, mine, body, NOW - timedelta(days=1), state, opened)


def conversation(relation: Relation = Relation.SELF, *messages: Message, **changes: object) -> Conversation:
    """What a core shows of the thread in `CASE`."""
    page = Conversation(
        case_id=CASE,
        thread_id=str(uuid.uuid4()),
        child=Child("child-1", "Jonas"),
        reader=Reader("Jonas", relation),
        content_language="nb",
        worker=KARI,
        closing=None,
        readers=("Kari",),
        answer_due=date(2031, 3, 7),
        messages=messages,
    )
    return replace(page, **changes)  # type: ignore[arg-type]  # by name, for the tests' brevity


def answers(referral_id: str, *messages: Message) -> HelpConversation:
    """What a core shows to somebody who asked for help."""
    return HelpConversation(referral_id, "nb", NOW, DeliveryState.SEEN, "Mona", ("Mona",), messages)


def plain(response: TestResponse) -> str:
    """The text of a page as one line, without tags' line breaks."""
    return " ".join(response.get_data(as_text=True).split())


def _texts() -> Texts:
    folders, translations = [data_folder("templates")], data_folder("translations")
    english = Texts(folders, translations).catalogue("en")
    arabic = PseudoCatalogue(REGISTRY["ar"], english.forms, english.plural)
    return Texts(folders, translations, extra_catalogues=[arabic])


def _with_arabic(settings: WebSettings) -> WebSettings:
    services = {name: replace(service, languages=("en", "ar")) for name, service in settings.shared.services.items()}
    return replace(settings, shared=replace(settings.shared, services=services))
