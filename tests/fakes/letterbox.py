"""The outbox put together over a test's database: people, grants, the web's half, the worker's half and a fake core."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import func, select

from portal.access.actions import Action
from portal.access.decide import decide
from portal.access.grants import Grant
from portal.access.standing import Target
from portal.audit.journal import Journal
from portal.core.gateway import Gateway
from portal.domain.people import Actor, Assurance, Realm, Relation
from portal.domain.submission import SubmissionKind
from portal.jurisdictions import jurisdiction
from portal.outbox.box import Box, Kept, NewSubmission
from portal.outbox.drafts import Drafts
from portal.outbox.kinds import ACTION_OF
from portal.outbox.reconcile import Reconciler
from portal.outbox.seal import Opener, Sealer
from portal.outbox.send import Worker
from portal.store.crypto import DraftKeys
from portal.store.tables import account, audit_event, submission
from portal.store.unit import Store
from tests.contract import samples_of_views
from tests.fakes.clock import ManualClock
from tests.fakes.gateway import FakeGateway, standing_of

SERVICE = "fjordvik"
CHILD = "11111111-1111-4111-8111-111111111111"
FATHER = "22222222-2222-4222-8222-222222222222"
WORKER = "33333333-3333-4333-8333-333333333333"
AUDIT_KEY = bytes(range(32))
DRAFT_KEYS = DraftKeys({"k1": bytes(range(32))}, "k1")
CASE = Target(case_id="case-1")
THREAD = Target(thread_id="thread-1")
NOTHING = Target()
TARGETS: Mapping[SubmissionKind, Target] = {
    SubmissionKind.MESSAGE: CASE,
    SubmissionKind.COMMENT: CASE,
    SubmissionKind.ACCESS_REQUEST: CASE,
    SubmissionKind.REFERRAL: NOTHING,
    SubmissionKind.CLASSIFICATION: THREAD,
    SubmissionKind.REFERRAL_MESSAGE: Target(referral_id="44444444-4444-4444-8444-444444444444"),
    SubmissionKind.REPLY: THREAD,
    SubmissionKind.OPENED: THREAD,
    SubmissionKind.REMARK_ANSWER: THREAD,
    SubmissionKind.APPEAL: CASE,
    SubmissionKind.SHARING_ANSWER: CASE,
    SubmissionKind.SENTENCE_ANSWER: CASE,
    SubmissionKind.STAYS_OPEN: CASE,
    SubmissionKind.SHARING_QUESTION: THREAD,
    SubmissionKind.SHARING_DECISION: THREAD,
    SubmissionKind.STOP_MESSAGE: THREAD,
    SubmissionKind.COMPLAINT: CASE,
    SubmissionKind.COMPLAINT_ANSWER: NOTHING,
    SubmissionKind.VIEW: CASE,
    SubmissionKind.CONSENT_WITHDRAWN: CASE,
    SubmissionKind.INFLUENCE_ANSWER: THREAD,
    SubmissionKind.INFLUENCE_LATER: THREAD,
    SubmissionKind.VISIT_WISH: CASE,
}
WORDS = {"body": "Jeg vil heller møtes på skolen.", "language": "nb"}
CONTENT: Mapping[SubmissionKind, Mapping[str, object]] = {
    SubmissionKind.MESSAGE: WORDS,
    SubmissionKind.COMMENT: {**WORDS, "plan_id": "p", "plan_version": "1", "target_type": "goal", "target_id": "g"},
    SubmissionKind.ACCESS_REQUEST: WORDS,
    SubmissionKind.CLASSIFICATION: {"item_id": "m-1", "item_class": "neither", "reason": "Et spørsmål om tid."},
    SubmissionKind.REFERRAL: {"answers": [{"question": "safe_now", "answer": "nei"}], "language": "nb"},
    SubmissionKind.REFERRAL_MESSAGE: WORDS,
    SubmissionKind.REPLY: WORDS,
    SubmissionKind.OPENED: {"message_id": "message-1"},
    SubmissionKind.REMARK_ANSWER: {**WORDS, "remark_id": "remark-1"},
    SubmissionKind.APPEAL: {**WORDS, "about_id": "decision-1"},
    SubmissionKind.SHARING_ANSWER: {**WORDS, "question_id": "question-1", "answer": "yes"},
    SubmissionKind.SENTENCE_ANSWER: {**WORDS, "sentence_id": "sentence-1", "right": False},
    SubmissionKind.STAYS_OPEN: {"choices": [{"person_id": "person-2", "stays_open": False}], "language": "nb"},
    SubmissionKind.SHARING_QUESTION: {
        "words_id": "comment-1",
        "person_id": "person-2",
        "why": "Da kan hun forstå.",
        "language": "nb",
    },
    SubmissionKind.SHARING_DECISION: {
        "words_id": "comment-1",
        "person_id": "person-2",
        "decision": "release",
        "reason_code": None,
        "tell_author_from": None,
        "language": "nb",
    },
    SubmissionKind.COMPLAINT: {**WORDS, "about": "worker", "not_these": ["worker-1"], "other_worker": True},
    SubmissionKind.COMPLAINT_ANSWER: {**WORDS, "complaint_id": "complaint-1"},
    SubmissionKind.STOP_MESSAGE: {"message_id": "message-1", "reason": ""},
    SubmissionKind.VIEW: samples_of_views.NEW_VIEW,
    SubmissionKind.CONSENT_WITHDRAWN: WORDS,
    SubmissionKind.INFLUENCE_ANSWER: {"view_id": "view-1", **samples_of_views.NEW_ANSWER},
    SubmissionKind.INFLUENCE_LATER: {"view_id": "view-1", **samples_of_views.NEW_LATER},
    SubmissionKind.VISIT_WISH: {**WORDS, "about_id": "visit-1", "wish": "less"},
}


def new_id() -> str:
    """An id as a form brings it."""
    return str(uuid.uuid4())


def actor(realm: Realm = Realm.FAMILY, subject: str = "person-1", service_id: str = SERVICE) -> Actor:
    """Somebody who has signed in."""
    return Actor(service_id, realm, subject, Assurance.HIGH)


def grant_for(action: Action, target: Target, who: Actor | None = None, relation: Relation = Relation.FATHER) -> Grant:
    """A real grant, from facts that allow it."""
    who = who or actor(action.realm or Realm.FAMILY)
    relation = next(iter(action.relations or {relation}))
    facts, today = standing_of(target, relation), ManualClock().now.date()
    decision = decide(action, who, facts, target, today, ages=jurisdiction("no").ages)
    assert isinstance(decision, Grant)
    return decision


def new(kind: SubmissionKind = SubmissionKind.MESSAGE, **changes: object) -> NewSubmission:
    """A submission of a kind with fitting content."""
    values: dict[str, object] = {"id": new_id(), "kind": kind, "content": CONTENT[kind], **changes}
    return NewSubmission(**values)  # type: ignore[arg-type]  # by name, checked by the dataclass's users


@dataclass
class Letterbox:
    """Everything over one database and one clock."""

    store: Store
    clock: ManualClock = field(default_factory=ManualClock)
    gateway: FakeGateway = field(default_factory=FakeGateway)
    private_key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    jitter: float = 0.5

    def __post_init__(self) -> None:
        """Three people have an account."""
        with self.store.write() as connection:
            for identifier in (CHILD, FATHER, WORKER):
                values = {"service_id": SERVICE, "id": identifier, "realm": "family", "issuer": "https://id.example"}
                values |= {"subject": identifier, "pseudonym": f"pseudonym-{identifier}"}
                connection.execute(account.insert().values(**values, created_at=self.clock()))

    @cached_property
    def journal(self) -> Journal:
        """The journal of both halves."""
        return Journal(AUDIT_KEY, self.clock)

    @cached_property
    def drafts(self) -> Drafts:
        """The web's drafts."""
        return Drafts(self.store, DRAFT_KEYS, self.clock)

    @cached_property
    def sealer(self) -> Sealer:
        """The web's half of the delivery key."""
        return Sealer(self.private_key.public_key())

    @cached_property
    def opener(self) -> Opener:
        """The worker's half."""
        return Opener(self.private_key)

    @cached_property
    def box(self) -> Box:
        """The web's letterbox."""
        return Box(self.store, self.sealer, self.journal, self.drafts, self.clock)

    @property
    def gateways(self) -> Mapping[str, Gateway]:
        """The one core."""
        return {self.gateway.service_id: self.gateway}

    def worker(self) -> Worker:
        """A delivery worker of its own, as a new process would have it."""
        zones = dict.fromkeys(self.gateways, UTC)
        return Worker(
            self.store,
            self.opener,
            self.gateways,
            self.journal,
            self.clock,
            timezones=zones,
            ages=dict.fromkeys(self.gateways, jurisdiction("no").ages),
            random=lambda: self.jitter,
        )

    def reconciler(self) -> Reconciler:
        """A reconciler of its own."""
        zones, ages = dict.fromkeys(self.gateways, UTC), dict.fromkeys(self.gateways, jurisdiction("no").ages)
        return Reconciler(self.store, self.opener, self.gateways, self.journal, self.clock, timezones=zones, ages=ages)

    def send(
        self,
        kind: SubmissionKind = SubmissionKind.MESSAGE,
        account_id: str = CHILD,
        relation: Relation = Relation.FATHER,
        **changes: object,
    ) -> Kept:
        """Put something in, with a fitting grant."""
        grant = grant_for(ACTION_OF[kind], TARGETS[kind], relation=relation)
        return self.box.accept(grant, new(kind, **changes), account_id)

    def row(self, kept: Kept) -> Mapping[str, object]:
        """A submission as it is stored."""
        with self.store.read() as connection:
            found = connection.execute(select(submission).where(submission.c.id == kept.id)).mappings().one()
            return dict(found)

    def state(self, kept: Kept) -> str:
        """The state of a submission."""
        return str(self.row(kept)["state"])

    def count(self) -> int:
        """How many submissions are stored."""
        with self.store.read() as connection:
            return connection.execute(select(func.count()).select_from(submission)).scalar_one()

    def events(self) -> list[tuple[str, str]]:
        """Event and outcome of every audit row, oldest first."""
        with self.store.read() as connection:
            rows = connection.execute(
                select(audit_event.c.event, audit_event.c.outcome).order_by(audit_event.c.sequence)
            )
            return [(row.event, row.outcome) for row in rows]
