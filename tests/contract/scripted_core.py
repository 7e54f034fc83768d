"""A core that answers what a test tells it to, and grants for those who ask it. Holds every request to the contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from joserfc.jwk import ECKey, OKPKey

from portal.access.actions import Action, Scope
from portal.access.decide import decide
from portal.access.grants import Grant
from portal.access.standing import AddressGrade, ChildFacts, CoreGrant, Known, Standing, Target
from portal.core.http import HttpGateway
from portal.core.transport import Answer, Call
from portal.domain.people import Actor, Assurance, Realm, Relation
from portal.domain.submission import Destination
from portal.jurisdictions import jurisdiction
from portal.settings import CoreSettings
from tests.contract.adapter_samples import CASE, CHILD, PERSON, sample
from tests.contract.validation import check_answer, check_request
from tests.fakes.clock import ManualClock

SERVICE = "fjordvik"
CLIENT_KEY = ECKey.generate_key("P-256", {"kid": "client-1"})
ACTOR_KEY = OKPKey.generate_key("Ed25519", {"kid": "actor-1"})
SETTINGS = CoreSettings(
    url="http://127.0.0.1:9/participation/v1",
    audience="urn:example:core",
    client_id="lytt-fjordvik",
    client_key=json.dumps(CLIENT_KEY.as_dict(private=True)).encode(),
    actor_key=json.dumps(ACTOR_KEY.as_dict(private=True)).encode(),
)
FAMILY = Actor(SERVICE, Realm.FAMILY, PERSON, Assurance.SUBSTANTIAL)
STAFF = Actor(SERVICE, Realm.STAFF, "worker-2", Assurance.HIGH)

Scripted = Answer | Exception | Callable[[Call], Answer]


class ScriptedCore:
    """A `Transport`. What it is asked for tokens it answers itself, unless a test put answers into `tokens`."""

    def __init__(self, *script: Scripted) -> None:
        self.script: list[Scripted] = list(script)
        self.tokens: list[Scripted] = []
        self.calls: list[Call] = []
        self.token_calls: list[Call] = []

    def send(self, call: Call) -> Answer:
        """The next answer of the script."""
        check_request(call.method, call.path, call.headers, call.body or b"")
        if call.path == "/oauth/token":
            self.token_calls.append(call)
            number = len(self.token_calls)
            return _play(self.tokens.pop(0) if self.tokens else ok(sample("Token", access_token=f"b{number}")), call)
        self.calls.append(call)
        return _play(self.script.pop(0), call)


def _play(scripted: Scripted, call: Call) -> Answer:
    if isinstance(scripted, Exception):
        raise scripted
    return scripted if isinstance(scripted, Answer) else scripted(call)


def gateway(core: ScriptedCore, clock: ManualClock | None = None) -> HttpGateway:
    """The adapter on top of a scripted core."""
    return HttpGateway(SETTINGS, SERVICE, clock or ManualClock(), core)


def ok(value: object, status: int = 200) -> Answer:
    """An answer with JSON."""
    return Answer(status, {"content-type": "application/json"}, json.dumps(value).encode())


def problem(status: int, code: str, **headers: str) -> Answer:
    """A problem document (RFC 9457)."""
    document = {"type": "about:blank", "title": "No", "status": status, "code": code}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"content-type": "application/problem+json", **headers}, json.dumps(document).encode())


def validated(answer: Answer) -> Callable[[Call], Answer]:
    """The same answer, once it is seen that the contract knows it."""

    def play(call: Call) -> Answer:
        check_answer(call.method, call.path, answer.status, answer.headers, answer.body)
        return answer

    return play


def standing(relation: Relation = Relation.SELF) -> Standing:
    """Everything is allowed to this person."""
    no = Known(value=False)
    yes = Known(value=True)
    facts = ChildFacts(CHILD, no, Known(AddressGrade.OPEN), no, Known(15), yes, Known(()))
    core_grant = CoreGrant(CASE, CHILD, relation, frozenset(Scope), date(2031, 1, 1), None, "test")
    roles = Known(frozenset({Relation.CASEWORKER, Relation.LEADER}))
    return Standing(
        yes,
        Known((core_grant,)),
        (facts,),
        roles,
        thread_open_to_worker=yes,
        referral_mine=yes,
        child_open_to_worker=yes,
        case_open_to_worker=yes,
    )


def destination(target: Target) -> Destination:
    """The same place, as a submission names it."""
    return Destination(target.case_id, target.thread_id, target.referral_id)


def grant(action: Action, target: Target | None = None, facts: Standing | None = None, **actor: Any) -> Grant:
    """A real grant, made the one way there is."""
    person = replace(STAFF if action.realm is Realm.STAFF else FAMILY, proved_ago=timedelta())
    person = Actor(**{**vars(person), **actor})
    made = decide(
        action, person, facts or standing(), target or Target(), date(2031, 3, 4), ages=jurisdiction("no").ages
    )
    assert isinstance(made, Grant)
    return made
