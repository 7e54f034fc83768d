"""The pages of the conversation. What is on its way is shown as time and state, never as text (house.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.domain.case import Closing
from portal.domain.conversation import Conversation, Message
from portal.domain.people import Worker
from portal.web.pages import Page
from portal.web.uploads import FilesOffered, ShownFile
from portal.web.writing import OnItsWay, ShownError

MARK_LENGTH = 32


@dataclass(frozen=True)
class TalkPage(Page):
    """The messages alone, as the page and a poll both show them. `news_url` is where to ask for news.

    `files`: of each message, by its id.
    """

    template: ClassVar[str] = "family/conversation_news.html"
    live: ClassVar[bool] = True
    is_child: bool
    content_language: str
    items: tuple[Message, ...]
    waiting: tuple[OnItsWay, ...]
    files: Mapping[str, tuple[ShownFile, ...]]
    news_url: str


@dataclass(frozen=True)
class ConversationPage(TalkPage):
    """The whole conversation with its box. `draft_until` is the last day of a draft shown in the box."""

    template: ClassVar[str] = "family/conversation.html"
    worker: Worker
    closing: Closing | None
    readers: tuple[str, ...]
    answer_due: date | None
    text: str
    draft_until: date | None
    limit: int
    offered: FilesOffered | None
    submission_id: str
    back_url: str
    post_url: str
    see_more_url: str
    asked_url: str
    errors: tuple[ShownError, ...]


@dataclass(frozen=True)
class WritePage(Page):
    """A box that needs nothing from the core."""

    template: ClassVar[str] = "family/conversation_write.html"
    core_down: bool
    text: str
    draft_until: date | None
    limit: int
    offered: FilesOffered | None
    submission_id: str
    back_url: str
    post_url: str
    see_more_url: str
    asked_url: str
    errors: tuple[ShownError, ...]


def mark(conversation: Conversation, waiting: Iterable[OnItsWay]) -> str:
    """What this reader has on the page, as a word that tells nothing: other when a message or a state is other."""
    seen = [f"{item.id} {item.state} {item.opened_by or ''}" for item in conversation.messages]
    seen += [f"{item.id} {item.state}" for item in waiting]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:MARK_LENGTH]
