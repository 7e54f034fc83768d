"""The pages about what somebody has sent. None of them shows what was written before the core gives it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from portal.domain.conversation import Message
from portal.domain.delivery import DeliveryState
from portal.domain.submission import SubmissionKind
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class Sent:
    """One thing that was sent. `place`: the other service it went to, or None; `follow_url`: where its answer is.

    `to_intake`: it could not be brought where it was written, and those who take in new requests have it.
    """

    kind: SubmissionKind
    composed_at_utc: datetime
    state: DeliveryState
    seen_by: str | None
    place: str | None
    url: str
    follow_url: str | None
    to_intake: bool


@dataclass(frozen=True)
class SentPage(Page):
    """What I have sent, newest first."""

    template: ClassVar[str] = "family/sent.html"
    items: tuple[Sent, ...]
    ask_for_help_url: str
    code_url: str


@dataclass(frozen=True)
class ReceiptPage(Page):
    """One thing that was sent: its honest state, what happens next, and when somebody reads it.

    `days`: within how many days asking for help is looked at.
    """

    template: ClassVar[str] = "family/sent_receipt.html"
    item: Sent
    days: int
    sent_url: str


@dataclass(frozen=True)
class AnswersPage(Page):
    """The answers to one's own asking for help, and a box to write on. `days`: within how many it is looked at."""

    template: ClassVar[str] = "family/sent_answers.html"
    received_at_utc: datetime
    days: int
    state: DeliveryState
    worker_first_name: str | None
    readers: tuple[str, ...]
    content_language: str
    items: tuple[Message, ...]
    waiting: tuple[OnItsWay, ...]
    text: str
    draft_until: date | None
    limit: int
    submission_id: str
    back_url: str
    post_url: str
    errors: tuple[ShownError, ...]


@dataclass(frozen=True)
class WriteOnPage(Page):
    """The box alone, while the answers may not be shown."""

    template: ClassVar[str] = "family/sent_write.html"
    core_down: bool
    text: str
    draft_until: date | None
    limit: int
    submission_id: str
    back_url: str
    post_url: str
    errors: tuple[ShownError, ...]
