"""The page of one thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from portal.domain.conversation import Message
from portal.domain.people import Relation
from portal.texts import Text
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class Answer:
    """One answer of somebody who asked for help, under the question as it was asked."""

    question: Text | str
    answer: Text | str = field(repr=False)


@dataclass(frozen=True)
class Referral:
    """What somebody who asked for help has told; the one-week clock is the core's (rules.md R21)."""

    received_at_utc: datetime
    decide_by: date
    identity_known: bool
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class ThreadPage(Page):
    """Messages, what is on its way, and the box to reply. `open_id` is the last message nobody has opened yet."""

    template: ClassVar[str] = "staff/thread.html"
    about: str
    with_name: str
    relation: Relation | None
    content_language: str
    answer_due: date | None
    late: bool
    items: tuple[Message, ...]
    waiting: tuple[OnItsWay, ...]
    referral: Referral | None
    open_id: str | None
    open_url: str
    open_submission_id: str
    reply_url: str
    back_url: str
    text: str = field(repr=False)
    draft_until: date | None
    limit: int
    submission_id: str
    errors: tuple[ShownError, ...]
