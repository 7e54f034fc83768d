"""The page of what somebody has said, for the team."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from portal.domain.people import Relation
from portal.domain.words import PossibleReader, StaffWords, ViewSentence
from portal.staff.checked import LeakWarning
from portal.staff.sharing.forms import Pair
from portal.texts import Text
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class Ways:
    """The boxes at one possible reader. A submission id for the question, and one for a decision."""

    pair: Pair
    ask_id: str
    decide_id: str
    text: str = field(repr=False)
    begun: bool
    draft_until: date | None
    reason: str = ""
    tell_from: str = ""


@dataclass(frozen=True)
class ShownReader:
    """One possible reader. `reason`: why it was opened without a yes."""

    reader: PossibleReader
    reason: Text | None
    waiting: tuple[OnItsWay, ...]
    ways: Ways


@dataclass(frozen=True)
class ShownWords:
    """One thing that was said, with everybody who could be let read it."""

    words: StaffWords
    readers: tuple[ShownReader, ...]


@dataclass(frozen=True)
class SharingPage(Page):
    """What the person of a thread has said. `reasons`: code and words of each reason for an override.

    `warning`: what something would tell its reader that was not sent.
    """

    template: ClassVar[str] = "staff/sharing.html"
    with_name: str
    relation: Relation | None
    content_language: str
    words: tuple[ShownWords, ...]
    sentences: tuple[ViewSentence, ...]
    reasons: tuple[tuple[str, Text], ...]
    limit: int
    back_url: str
    ask_url: str
    decide_url: str
    errors: tuple[ShownError, ...]
    warning: LeakWarning | None
