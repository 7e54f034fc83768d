"""The page of one thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from portal.domain.classification import Classification
from portal.domain.conversation import Message, Remark
from portal.domain.people import Relation
from portal.domain.view import StaffView
from portal.staff.checked import LeakWarning
from portal.staff.conversation.readable import Readable
from portal.texts import Text
from portal.web.pages import Page
from portal.web.stopped import ShownStop
from portal.web.uploads import ShownFile
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class Answer:
    """One answer of somebody who asked for help, under the question as it was asked."""

    question: Text | str
    answer: Text | str = field(repr=False)


@dataclass(frozen=True)
class Referral:
    """What somebody who asked for help has told; the one-week clock is the core's (rules.md R21)."""

    referral_id: str
    received_at_utc: datetime
    decide_by: date
    identity_known: bool
    answers: tuple[Answer, ...]
    files: tuple[ShownFile, ...] = ()


@dataclass(frozen=True)
class AnswerBox:
    """The box under one remark. `begun` opens it; `draft_until` is the last day of a draft in it.

    `outcome` and `reason` are what was chosen in a form that could not be taken; empty before.
    """

    remark_id: str
    submission_id: str
    text: str = field(repr=False)
    begun: bool
    draft_until: date | None
    outcome: str = ""
    reason: str = ""

    @property
    def field_id(self) -> str:
        """The id of the field on the page."""
        return answer_field(self.remark_id)

    @property
    def reason_id(self) -> str:
        """The id of the choice of a reason."""
        return reason_field(self.remark_id)


@dataclass(frozen=True)
class ShownRemark:
    """What the person has said outside the messages. Without a box it is answered, or the answer is on its way."""

    remark: Remark
    waiting: tuple[OnItsWay, ...]
    box: AnswerBox | None


@dataclass(frozen=True)
class Classified:
    """Where it is decided what an item is, and what was decided last, by the id of the item."""

    url: str
    last: Mapping[str, Classification]


@dataclass(frozen=True)
class Holding:
    """One press for each of these days sends that it is read, and that an answer comes by then."""

    post_url: str
    submission_id: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class ThreadPage(Page):
    """What was said about the plan and by occasion, wishes, appeals, messages, what is on its way, and the box.

    `files`: of each message, by its id. `open_id` is the last of all these that nobody has opened yet. `stops`: what
    of it went to the wrong person and was stopped, by the id of the message; `stop_url` is where that is done.
    `warning`: what was found in a text not sent.
    `classified`: what the items were decided to be; None where the core takes no such decisions.
    `readable`: how hard the text in the box is, once somebody has asked. `holding`: only while somebody waits.
    `reasons`: those the country's law knows for not showing more, by code; without any a wish can only be met, or
    answered elsewhere. `views` are each with the address of its own page.
    """

    template: ClassVar[str] = "staff/thread.html"
    about: str
    with_name: str
    relation: Relation | None
    content_language: str
    answer_due: date | None
    late: bool
    items: tuple[Message, ...]
    waiting: tuple[OnItsWay, ...]
    files: Mapping[str, tuple[ShownFile, ...]]
    stops: Mapping[str, ShownStop]
    stop_url: str
    classified: Classified | None
    withdrawals: tuple[ShownRemark, ...]
    comments: tuple[ShownRemark, ...]
    wishes: tuple[ShownRemark, ...]
    appeals: tuple[ShownRemark, ...]
    views: tuple[tuple[StaffView, str], ...]
    visit_wishes: tuple[ShownRemark, ...]
    reasons: tuple[tuple[str, Text], ...]
    answer_url: str
    answer_limit: int
    referral: Referral | None
    open_id: str | None
    open_url: str
    open_submission_id: str
    reply_url: str
    preview_url: str | None
    back_url: str
    sharing_url: str | None
    text: str = field(repr=False)
    draft_until: date | None
    limit: int
    submission_id: str
    errors: tuple[ShownError, ...]
    warning: LeakWarning | None
    readable: Readable | None
    holding: Holding | None


@dataclass(frozen=True)
class UncheckedPage(Page):
    """An answer that cannot be checked while the core is down: kept, not sent. `remark_id`: what it answers.

    `outcome` and `reason`: what was chosen beside it, or empty.
    """

    template: ClassVar[str] = "staff/unchecked.html"
    post_url: str
    back_url: str
    remark_id: str | None
    outcome: str
    reason: str
    text: str = field(repr=False)
    limit: int
    submission_id: str


def answer_field(remark_id: str) -> str:
    """The id of the field in which a remark is answered."""
    return f"words-{remark_id}"


def reason_field(remark_id: str) -> str:
    """The id of the choice of why a wish is not met."""
    return f"reason-{remark_id}"
