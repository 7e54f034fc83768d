"""The adapter and the reference core in one process: both ends of the contract, with every exchange held against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4
from zoneinfo import ZoneInfo

from joserfc.jwk import KeySet

from portal.access import actions
from portal.access.actions import Action
from portal.access.decide import decide
from portal.access.grants import Denied, Grant
from portal.access.standing import Target
from portal.core.http import HttpGateway
from portal.core.inprocess import InProcessTransport
from portal.core.transport import Answer, Call, Transport
from portal.demo.reference_core import CoreConfig, create_core
from portal.demo.story import DEFAULT_STORY, load_story
from portal.domain.delivery import Receipt
from portal.domain.people import Actor, Assurance, PersonNumber, Realm
from portal.domain.submission import Submission, SubmissionKind
from portal.jurisdictions import jurisdiction
from tests.contract.scripted_core import ACTOR_KEY, CLIENT_KEY, SERVICE, SETTINGS, destination
from tests.contract.validation import check_answer, check_request
from tests.fakes.clock import ManualClock

OSLO = ZoneInfo("Europe/Oslo")
ADDRESS = "http://core.localhost"


class Watched:
    """A transport that lets nothing pass which is not in the contract. `lose`: answers to drop on the way back."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.calls: list[Call] = []
        self.lose: list[Exception] = []

    def send(self, call: Call) -> Answer:
        """Send on, and hold both directions against the contract."""
        check_request(call.method, call.path, call.headers, call.body or b"")
        self.calls.append(call)
        answer = self._inner.send(call)
        check_answer(call.method, call.path, answer.status, answer.headers, answer.body)
        if self.lose and call.effect:
            raise self.lose.pop(0)
        return answer


@dataclass
class Party:
    """One service of the story with its core, and everybody who signs in there."""

    gateway: HttpGateway
    transport: Watched
    clock: ManualClock
    people: dict[str, tuple[Realm, PersonNumber]] = field(repr=False)

    def actor(self, key: str) -> Actor:
        """Somebody of the story, by the id the core gives for the number."""
        realm, number = self.people[key]
        return Actor(SERVICE, realm, self.gateway.resolve_person(number), Assurance.HIGH)

    def stranger(self) -> Actor:
        """Somebody the core does not know."""
        return Actor(SERVICE, Realm.FAMILY, f"unresolved:{uuid4()}", Assurance.SUBSTANTIAL)

    def case_of(self, key: str) -> Target:
        """The first case on somebody's home."""
        home = self.gateway.home(self.may(self.actor(key), actions.SEE_HOME), "nb")
        return Target(case_id=home.cases[0].case_id)

    def decide(self, actor: Actor, action: Action, target: Target | None = None) -> Grant | Denied:
        """The portal's decision, from the core's own facts."""
        aim = target or Target()
        facts = self.gateway.standing(actor, aim)
        return decide(action, actor, facts, aim, self.clock().astimezone(OSLO).date(), ages=jurisdiction("no").ages)

    def may(self, actor: Actor, action: Action, target: Target | None = None) -> Grant:
        """The grant, where there must be one."""
        made = self.decide(actor, action, target)
        assert isinstance(made, Grant), made
        return made

    def written(
        self, actor: Actor, kind: SubmissionKind, target: Target, content: dict[str, object], key: str = ""
    ) -> Submission:
        """Something to send, under a new id unless one is given."""
        return Submission(key or str(uuid4()), kind, actor, destination(target), self.clock(), content)

    def say(self, actor: Actor, action: Action, kind: SubmissionKind, target: Target, body: str) -> Receipt:
        """Deliver a text."""
        submission = self.written(actor, kind, target, {"body": body, "language": "nb"})
        return self.gateway.deliver(self.may(actor, action, target), submission)


def party(folder: Path) -> Party:
    """A core of the story's first service as it was filled, and the adapter in front of it."""
    clock = ManualClock()
    (folder / "core.sqlite").write_bytes(_filled_once())
    transport = Watched(InProcessTransport(create_core(_config(folder), clock).wsgi_app, ADDRESS))
    return Party(HttpGateway(SETTINGS, SERVICE, clock, transport), transport, clock, _people())


@cache
def _people() -> dict[str, tuple[Realm, PersonNumber]]:
    return {
        person.key: (
            Realm.FAMILY if person.scheme == "no-pid" else Realm.STAFF,
            PersonNumber(person.scheme, person.value),
        )
        for person in load_story(DEFAULT_STORY).people_for_sign_in()
    }


@cache
def _filled_once() -> bytes:
    with TemporaryDirectory() as folder:
        create_core(_config(Path(folder)), ManualClock())
        return (Path(folder) / "core.sqlite").read_bytes()


def _config(folder: Path) -> CoreConfig:
    return CoreConfig(
        service=SERVICE,
        story=DEFAULT_STORY,
        database=folder / "core.sqlite",
        port=0,
        audience=SETTINGS.audience,
        client_id=SETTINGS.client_id,
        client_keys=KeySet.import_key_set({"keys": [CLIENT_KEY.as_dict(private=False)]}),
        actor_keys=KeySet.import_key_set({"keys": [ACTOR_KEY.as_dict(private=False)]}),
    )
