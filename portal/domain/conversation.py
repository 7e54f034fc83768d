"""A thread between one person and the team, and what staff see of their threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from portal.domain.attachment import Attachment
from portal.domain.case import Closing
from portal.domain.classification import Classification
from portal.domain.delivery import DeliveryState
from portal.domain.people import Child, Reader, Relation, Worker
from portal.domain.request import AppealResult, Outcome
from portal.domain.view import StaffView
from portal.domain.visits import VisitWish
from portal.domain.words import Stance


class AuthorKind(StrEnum):
    """Which side wrote."""

    FAMILY = "family"
    WORKER = "worker"


class ThreadKind(StrEnum):
    """A thread belongs to a case, or to somebody who asked for help."""

    CASE = "case"
    REFERRAL = "referral"


class InboxReason(StrEnum):
    """Why a thread stands where it stands in an inbox, in this order."""

    URGENT = "urgent"
    WITHDRAWN = "withdrawn"
    DUE = "due"
    UNANSWERED = "unanswered"
    UNDELIVERED = "undelivered"
    QUIET = "quiet"


class RemarkKind(StrEnum):
    """What somebody has said outside the messages: of the plan, of wanting to see more, of disagreeing."""

    COMMENT = "comment"
    ACCESS_REQUEST = "access_request"
    APPEAL = "appeal"
    VISIT_WISH = "visit_wish"
    CONSENT_WITHDRAWN = "consent_withdrawn"


@dataclass(frozen=True)
class Message:
    """One message as this reader sees it; `opened_by` is the first name of the human who opened it."""

    id: str
    author_kind: AuthorKind
    author_name: str
    mine: bool
    body: str
    sent_at_utc: datetime
    state: DeliveryState
    opened_by: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """One person's thread with the team of a case; `readers` names who can read it, before anything is written.

    `closing` says who receives what is written to a case that is closed.
    """

    case_id: str
    thread_id: str
    child: Child
    reader: Reader
    content_language: str
    worker: Worker
    closing: Closing | None
    readers: tuple[str, ...]
    answer_due: date | None
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class HelpConversation:
    """The answers to one's own asking for help; what was written is shown only as time and state."""

    referral_id: str
    content_language: str
    received_at_utc: datetime
    state: DeliveryState
    worker_first_name: str | None
    readers: tuple[str, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class UnansweredRemarks:
    """How many remarks of each kind, and views, wait for an answer in a thread."""

    comments: int
    access_requests: int
    appeals: int
    views: int
    visit_wishes: int
    withdrawals: int


@dataclass(frozen=True)
class InboxThread:
    """A thread of one of the worker's families: what is new in it and how long it has waited.

    `unopened` counts messages; `answer_due` is the day promised for them.
    """

    thread_id: str
    reason: InboxReason
    kind: ThreadKind
    about: str
    with_name: str
    with_relation: Relation | None
    unopened: int
    unanswered_remarks: UnansweredRemarks
    waiting_since_utc: datetime | None
    answer_due: date | None
    covering_for: str | None


@dataclass(frozen=True)
class BreachReport:
    """A message that went to the wrong person and was stopped, for the leader to follow up (rules.md, safety 13)."""

    thread_id: str
    message_id: str
    with_name: str
    stopped_at_utc: datetime
    stopped_by: str


@dataclass(frozen=True)
class UnopenedThread:
    """A thread in which something lies that nobody of the team has opened for one working day, for the leader."""

    thread_id: str
    about: str
    with_name: str
    with_relation: Relation | None
    since_utc: datetime


@dataclass(frozen=True)
class Inbox:
    """One page of the threads of a worker's families, in the order of `InboxReason`.

    `mark` tells nothing and is another one when anything in any of the threads is. For a leader also what nobody has
    opened for one working day, and the reports of breaches. `address_unknown`: first names of the children of whom
    somebody has to find out whether their address is protected (rules.md R1).
    """

    first_name: str
    team: str
    away_until: date | None
    cover_first_name: str | None
    page: int
    pages: int
    mark: str
    threads: tuple[InboxThread, ...]
    unopened: tuple[UnopenedThread, ...] = ()
    breach_reports: tuple[BreachReport, ...] = ()
    address_unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark:
    """What the person of a thread has said about the plan or visits, a wish to see more or an appeal; and the answer.

    `about`: the goal, measure, decision, arrangement or visit as this worker may see it, None for a wish to see more,
    an appeal against the answer to one, and what is said about all visits. `plan_version`, `stance` and
    `plan_had_changed` (as in `plan.Comment`) belong to comments, `wish` to what is said about visits; every `body` may
    be empty, that of a comment only where there is a stance. `outcome` is
    what was answered to a wish or an appeal, None where that was not said here.
    """

    id: str
    kind: RemarkKind
    about: str | None = field(repr=False)
    plan_version: str | None
    body: str = field(repr=False)
    at_utc: datetime
    outcome: Outcome | AppealResult | None
    answer: str | None = field(repr=False)
    answered_by: str | None
    stance: Stance | None = None
    plan_had_changed: bool = False
    wish: VisitWish | None = None


@dataclass(frozen=True)
class MessageStop:
    """A message of the team that went to the wrong person and was stopped. Only staff are told.

    `opened_since`: the person has opened the thread after it was sent. False proves nothing; None: it is not known.
    """

    message_id: str
    by_role: Relation
    at_utc: datetime
    opened_since: bool | None


@dataclass(frozen=True)
class StaffConversation:
    """One thread as the caseworker reads it. `text` parts of a referral come as answers.

    `own_case_id`: the case, where it is one of the worker's own; None for a referral and while covering.
    `classifications`: what was decided about its items, oldest first; None where the core takes no such decisions.
    """

    thread_id: str
    kind: ThreadKind
    about: str
    with_name: str
    with_relation: Relation | None
    content_language: str
    answer_due: date | None
    last_unopened_id: str | None
    messages: tuple[Message, ...]
    remarks: tuple[Remark, ...] = ()
    referral: StaffReferral | None = None
    classifications: tuple[Classification, ...] | None = None
    own_case_id: str | None = None
    stops: tuple[MessageStop, ...] = ()
    views: tuple[StaffView, ...] = ()


@dataclass(frozen=True)
class StaffAnswer:
    """One answer of somebody who asked for help: the question's code and what was said."""

    question: str
    answer: str


@dataclass(frozen=True)
class StaffReferral:
    """A self-referral as the service reads it. The one-week clock runs from `received_at_utc` (rules.md R21)."""

    referral_id: str
    received_at_utc: datetime
    decide_by: date
    identity_known: bool
    answers: tuple[StaffAnswer, ...]
    attachments: tuple[Attachment, ...] = ()
