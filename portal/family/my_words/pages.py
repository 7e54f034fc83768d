"""The page of one's own words. It holds nothing of anybody else: no count, and no word of who has answered (R13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from portal.domain.withdrawal import Withdrawal
from portal.domain.words import MyWordsItem, SharingQuestion, ViewSentence, WordsReader
from portal.texts import Text
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class Box:
    """A box at one question or sentence. `begun` opens it; `draft_until` is the last day of a draft in it."""

    about_id: str
    submission_id: str
    text: str = field(repr=False)
    begun: bool
    draft_until: date | None


@dataclass(frozen=True)
class ShownReader:
    """Who may read, or could. `reason` is there when it was decided without a yes."""

    reader: WordsReader
    reason: Text | None


@dataclass(frozen=True)
class ShownQuestion:
    """One question with the answers that are on their way."""

    question: SharingQuestion
    waiting: tuple[OnItsWay, ...]
    box: Box


@dataclass(frozen=True)
class ShownWords:
    """One thing one has said."""

    item: MyWordsItem
    readers: tuple[ShownReader, ...]
    questions: tuple[ShownQuestion, ...]


@dataclass(frozen=True)
class ShownSentence:
    """What is going to be written that one thinks. `yes_id` is the submission id of saying that it is right."""

    sentence: ViewSentence
    waiting: tuple[OnItsWay, ...]
    box: Box
    yes_id: str


@dataclass(frozen=True)
class MyWordsPage(Page):
    """What the reader has said. `worker`: whom to talk to."""

    template: ClassVar[str] = "family/my_words.html"
    is_child: bool
    child_name: str
    content_language: str
    team: tuple[str, ...]
    worker: str
    sentences: tuple[ShownSentence, ...]
    words: tuple[ShownWords, ...]
    withdrawals: tuple[Withdrawal, ...]
    limit: int
    back_url: str
    messages_url: str
    say_url: str
    see_more_url: str
    answer_url: str
    sentence_url: str
    errors: tuple[ShownError, ...]
