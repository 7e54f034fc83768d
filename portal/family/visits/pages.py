"""The page about visits, and the page of a service whose system knows none. No field for anybody else's words (R13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from portal.domain.visits import Arrangement, Living, PlannedVisit, SaidAboutVisits, VisitWish
from portal.family.visits.forms import ALL
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class Box:
    """A box about one arrangement or visit, or about all. `begun` opens it; `draft_until`: how long a draft lasts."""

    about_id: str | None
    submission_id: str
    text: str = field(repr=False)
    wish: VisitWish | None
    begun: bool
    draft_until: date | None

    @property
    def word(self) -> str:
        """What stands for it in the form, and in the ids of the page."""
        return self.about_id or ALL

    @property
    def field_id(self) -> str:
        """The id of the box."""
        return f"words-{self.word}"

    @property
    def choice_id(self) -> str:
        """The id of the choice."""
        return f"wish-{self.word}"


@dataclass(frozen=True)
class Said:
    """What the reader has said about one thing: what the core shows, what is on its way, and the box."""

    said: tuple[SaidAboutVisits, ...]
    waiting: tuple[OnItsWay, ...]
    box: Box


@dataclass(frozen=True)
class ShownVisit:
    """A coming visit. `day` and `month` are short local words for the eye."""

    visit: PlannedVisit
    day: str
    month: str


@dataclass(frozen=True)
class ShownAlone:
    """A visit that belongs to no arrangement of the page."""

    shown: ShownVisit
    said: Said


@dataclass(frozen=True)
class ShownArrangement:
    """An arrangement with its coming visits."""

    arrangement: Arrangement
    visits: tuple[ShownVisit, ...]
    said: Said


@dataclass(frozen=True)
class VisitsPage(Page):
    """Where the child lives, whom it sees, what the reader has said. `rest`: about all of it, or about what is over.

    Before the reader's own code is typed there is nothing of what they said, and `unlock_url` leads there (R20).
    """

    template: ClassVar[str] = "family/visits.html"
    is_child: bool
    child_name: str
    content_language: str
    readers: tuple[str, ...]
    worker: str
    living: tuple[Living, ...]
    arrangements: tuple[ShownArrangement, ...]
    alone: tuple[ShownAlone, ...]
    rest: Said
    limit: int
    back_url: str
    post_url: str
    messages_url: str
    see_more_url: str
    asked_url: str
    unlock_url: str | None
    errors: tuple[ShownError, ...]


@dataclass(frozen=True)
class NoVisitsHerePage(Page):
    """This service's system tells of no visits here: a sentence and a phone number."""

    template: ClassVar[str] = "family/visits_not_here.html"
    is_child: bool
    back_url: str
    messages_url: str
    see_more_url: str
    asked_url: str
