"""A core that does what a test tells it: takes things in, is down, loses answers, says no, hands out given pages."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import Lock
from typing import TypeVar

from portal.access.actions import Scope
from portal.access.grants import Grant
from portal.access.standing import (
    AddressGrade,
    ChildFacts,
    CoreGrant,
    Known,
    Responsibility,
    ResponsibilitySource,
    Standing,
    Target,
)
from portal.core.errors import Conflict, NotFound, OutcomeUnknown
from portal.core.guard import for_delivery
from portal.core.wire_submission import body_digest
from portal.domain.attachment import FileContent, OutgoingFile
from portal.domain.capability import Capabilities, ChangePage, CoreChange, Limits
from portal.domain.case import Home, Overview
from portal.domain.children import WorkersChildren
from portal.domain.complaint import Complaints, StaffComplaints
from portal.domain.conversation import Conversation, HelpConversation, Inbox, StaffConversation
from portal.domain.decision import Decisions
from portal.domain.delivery import DeliveryState, Receipt
from portal.domain.document import Document, Documents
from portal.domain.journal import KeptHead
from portal.domain.people import Actor, PersonNumber, Relation
from portal.domain.plan import PlanView
from portal.domain.preview import CasePeople, CasePerson
from portal.domain.request import Requests
from portal.domain.shielding import ShieldedFrom
from portal.domain.stays import WhoStays
from portal.domain.submission import Submission
from portal.domain.trail import Trail
from portal.domain.visits import Visits
from portal.domain.words import MyWords, StaffSharing

P = TypeVar("P")

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
_FLAGS = (
    "plans",
    "comments",
    "threads",
    "referrals",
    "documents",
    "trail",
    "complaints",
    "views",
    "visits",
    "withdrawals",
)
CAPABILITIES = Capabilities(**dict.fromkeys(_FLAGS, True), limits=Limits(4000, 2000, 2000))
CHILD = "child-1"
YES, NO = Known(value=True), Known(value=False)


def standing_of(target: Target, relation: Relation = Relation.SELF) -> Standing:
    """Everything about the target is known and allowed, for a family member and for a worker alike."""
    case_id = target.case_id or "case-1"
    grant = CoreGrant(case_id, CHILD, relation, frozenset(Scope), date(2020, 1, 1), None, "basis")
    facts = ChildFacts(
        CHILD,
        NO,
        Known(AddressGrade.OPEN),
        NO,
        Known(14),
        NO,
        Known(()),
        Known(Responsibility(held=True, source=ResponsibilitySource.REGISTER)),
        NO,
    )
    return Standing(YES, Known((grant,)), (facts,), Known(frozenset({Relation.CASEWORKER, Relation.LEADER})), YES, YES)


@dataclass
class FakeGateway:
    """One core.

    `script`: errors for the next deliveries, first out first; a None in it lets one through. `loses`: that many
    deliveries are taken in without an answer. `down`: what every call raises. `during`: called inside `deliver`.
    `pages`: what the page reads return, by the name of the method. `receipts_at`: the level of new receipts.
    """

    service_id: str = "fjordvik"
    down: Exception | None = None
    script: list[Exception | None] = field(default_factory=list)
    loses: int = 0
    during: Callable[[], None] = lambda: None
    level: DeliveryState = DeliveryState.REGISTERED
    standings: Callable[[Actor, Target], Standing] = lambda _actor, target: standing_of(target)
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    pages: dict[str, object] = field(default_factory=dict)
    files: dict[str, OutgoingFile] = field(default_factory=dict)
    during_file: Callable[[], None] = lambda: None
    feed: list[CoreChange] = field(default_factory=list)
    attempts: list[Submission] = field(default_factory=list)
    taken: list[Submission] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    reads: list[tuple[str, Grant, str]] = field(default_factory=list)
    asked_inbox: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock, repr=False)

    def capabilities(self) -> Capabilities:
        """See `Gateway`."""
        self._called("capabilities")
        return CAPABILITIES

    def resolve_person(self, number: PersonNumber) -> str:
        """See `Gateway`; from `people`."""
        self._called("resolve_person")
        try:
            return self.people[number.scheme, number.value]
        except KeyError:
            raise NotFound from None

    def standing(self, actor: Actor, target: Target) -> Standing:
        """See `Gateway`; from `standings`."""
        self._called("standing")
        return self.standings(actor, target)

    def home(self, grant: Grant, language: str) -> Home:
        """See `Gateway`; from `pages`."""
        return self._page("home", grant, language, Home)

    def overview(self, grant: Grant, language: str) -> Overview:
        """See `Gateway`; from `pages`."""
        return self._page("overview", grant, language, Overview)

    def plan(self, grant: Grant, language: str) -> PlanView:
        """See `Gateway`; from `pages`."""
        return self._page("plan", grant, language, PlanView)

    def conversation(self, grant: Grant, language: str) -> Conversation:
        """See `Gateway`; from `pages`."""
        return self._page("conversation", grant, language, Conversation)

    def documents(self, grant: Grant, language: str) -> Documents:
        """See `Gateway`; from `pages`."""
        return self._page("documents", grant, language, Documents)

    def document(self, grant: Grant, document_id: str, language: str) -> Document:
        """See `Gateway`; from `pages`, where its id is the one asked for."""
        page = self._page("document", grant, language, Document)
        if page.card.id != document_id:
            raise NotFound
        return page

    def my_words(self, grant: Grant, language: str) -> MyWords:
        """See `Gateway`; from `pages`."""
        return self._page("my_words", grant, language, MyWords)

    def staff_sharing(self, grant: Grant, language: str) -> StaffSharing:
        """See `Gateway`; from `pages`."""
        return self._page("staff_sharing", grant, language, StaffSharing)

    def trail(self, grant: Grant, language: str) -> Trail:
        """See `Gateway`; from `pages`."""
        return self._page("trail", grant, language, Trail)

    def who_stays(self, grant: Grant, language: str) -> WhoStays:
        """See `Gateway`; from `pages`."""
        return self._page("who_stays", grant, language, WhoStays)

    def visits(self, grant: Grant, language: str) -> Visits:
        """See `Gateway`; from `pages`."""
        return self._page("visits", grant, language, Visits)

    def requests(self, grant: Grant, language: str) -> Requests:
        """See `Gateway`; from `pages`."""
        return self._page("requests", grant, language, Requests)

    def decisions(self, grant: Grant, language: str) -> Decisions:
        """See `Gateway`; from `pages`."""
        return self._page("decisions", grant, language, Decisions)

    def complaints(self, grant: Grant, language: str) -> Complaints:
        """See `Gateway`; from `pages`."""
        return self._page("complaints", grant, language, Complaints)

    def staff_complaints(self, grant: Grant, language: str) -> StaffComplaints:
        """See `Gateway`; from `pages`."""
        return self._page("staff_complaints", grant, language, StaffComplaints)

    def help_conversation(self, grant: Grant, language: str) -> HelpConversation:
        """See `Gateway`; from `pages`."""
        return self._page("help_conversation", grant, language, HelpConversation)

    def inbox(self, grant: Grant, language: str, page: int = 1, undelivered: Collection[str] = ()) -> Inbox:
        """See `Gateway`; from `pages`. What was asked for stands in `asked_inbox`."""
        self.asked_inbox.append((page, tuple(undelivered)))
        return self._page("inbox", grant, language, Inbox)

    def staff_conversation(self, grant: Grant, language: str) -> StaffConversation:
        """See `Gateway`; from `pages`."""
        return self._page("staff_conversation", grant, language, StaffConversation)

    def shielded(self, grant: Grant, language: str, reader_id: str | None = None) -> ShieldedFrom:  # noqa: ARG002
        """See `Gateway`; from `pages`, the same for every reader."""
        return self._page("shielded", grant, language, ShieldedFrom)

    def children(self, grant: Grant, language: str) -> WorkersChildren:
        """See `Gateway`; from `pages`."""
        return self._page("children", grant, language, WorkersChildren)

    def case_people(self, grant: Grant, language: str) -> CasePeople:
        """See `Gateway`; from `pages`."""
        return self._page("case_people", grant, language, CasePeople)

    def case_person(self, grant: Grant) -> tuple[CasePerson, Standing, ShieldedFrom]:
        """See `Gateway`; from the `case_people` and `shielded` of `pages` and from `standings`."""
        people = self._page("case_people", grant, "", CasePeople).people
        found = next((person for person in people if person.id == grant.target.person_id), None)
        if found is None:
            raise NotFound
        facts = self.standings(replace(grant.actor, subject=found.id), Target(case_id=grant.target.case_id))
        return found, facts, self._page("shielded", grant, "", ShieldedFrom)

    def deliver(self, grant: Grant, submission: Submission) -> Receipt:
        """See `Gateway`; the same id twice has one effect."""
        self._called("deliver")
        for_delivery(grant, self.service_id, submission)
        self.attempts.append(submission)
        self.during()
        fault = self.script.pop(0) if self.script else None
        if fault is not None:
            raise fault
        with self.lock:
            if submission.id not in self.receipts:
                self.taken.append(submission)
                self.receipts[submission.id] = Receipt(submission.id, self.level, NOW, body_digest(submission))
        if self.loses > 0:
            self.loses -= 1
            raise OutcomeUnknown
        return self.receipts[submission.id]

    def deliver_file(self, grant: Grant, submission: Submission, file: OutgoingFile) -> None:
        """See `Gateway`; into `files`. `during_file` is called inside."""
        self._called("deliver_file")
        for_delivery(grant, self.service_id, submission)
        self.during_file()
        self.files[file.id] = file

    def attachment(self, grant: Grant, attachment_id: str) -> FileContent:
        """See `Gateway`; from `files`."""
        self._called("attachment")
        self.reads.append(("attachment", grant, attachment_id))
        file = self.files.get(attachment_id)
        if file is None or file.evidence:
            raise NotFound
        return FileContent(file.media_type, file.content)

    def receipt(self, operation_id: str) -> Receipt:
        """See `Gateway`."""
        self._called("receipt")
        try:
            return self.receipts[operation_id]
        except KeyError:
            raise NotFound from None

    def changes(self, after: str | None, limit: int) -> ChangePage:
        """See `Gateway`; from `feed`, whose cursors are its places."""
        self._called("changes")
        start = int(after or 0)
        items = tuple(self.feed[start : start + limit])
        end = start + len(items)
        return ChangePage(items, str(end), more=end < len(self.feed))

    def keep_head(self, sequence: int, digest: str) -> None:
        """See `Gateway`; into `heads`."""
        self._called("keep_head")
        if self.heads.get(sequence, digest) != digest or sequence < max(self.heads, default=0):
            raise Conflict
        self.heads[sequence] = digest

    def latest_head(self) -> KeptHead:
        """See `Gateway`; from `heads`."""
        self._called("latest_head")
        if not self.heads:
            raise NotFound
        sequence = max(self.heads)
        return KeptHead(sequence, self.heads[sequence], NOW)

    def set_level(self, operation_id: str, level: DeliveryState, seen_by: str | None = None) -> None:
        """Move one receipt and say so in the feed."""
        self.receipts[operation_id] = replace(self.receipts[operation_id], state=level, seen_by=seen_by)
        self.tell("receipt.updated", operation_id)

    def tell(self, kind: str, entity_id: str | None, case_id: str | None = None) -> None:
        """Put a change into the feed."""
        number = len(self.feed) + 1
        self.feed.append(CoreChange(str(number), f"change-{number}", kind, case_id, entity_id))

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.down is not None:
            raise self.down

    def _page(self, name: str, grant: Grant, language: str, kind: type[P]) -> P:
        self._called(name)
        self.reads.append((name, grant, language))
        page = self.pages.get(name)
        if not isinstance(page, kind):
            raise NotFound
        return page
