"""Whom a child sees and how often, where it lives, and what somebody has said about that, for one reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from portal.domain.delivery import DeliveryState
from portal.domain.people import Child, Reader


class VisitWish(StrEnum):
    """What somebody wants with a visit. `SAY` chooses nothing and says something; none of them decides anything."""

    MORE = "more"
    LESS = "less"
    NOT_NOW = "not_now"
    SAY = "say"


@dataclass(frozen=True)
class Living:
    """Where the child lives, in words for this reader."""

    id: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Arrangement:
    """Somebody the child sees again and again. `place` is None when it may not be shown, or is not known."""

    id: str
    with_whom: str
    how_often: str
    place: str | None


@dataclass(frozen=True)
class PlannedVisit:
    """One visit; `arrangement_id` is None for one that stands alone. `place` as in `Arrangement`."""

    id: str
    arrangement_id: str | None
    title: str
    starts_at_utc: datetime
    place: str | None
    cancelled_reason: str | None


@dataclass(frozen=True)
class SaidAboutVisits:
    """What this reader has said about one of these, or, without `about_id`, about all of it. Nobody else's (R13).

    `opened_by` and `answered_by` are first names.
    """

    id: str
    about_id: str | None
    wish: VisitWish
    body: str = field(repr=False)
    at_utc: datetime
    state: DeliveryState
    opened_by: str | None
    answer: str | None = field(repr=False)
    answered_by: str | None


@dataclass(frozen=True)
class Visits:
    """The page about visits. `readers` names who can read what is written here; `visits` are the coming ones."""

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    readers: tuple[str, ...]
    worker_first_name: str
    living: tuple[Living, ...]
    arrangements: tuple[Arrangement, ...]
    visits: tuple[PlannedVisit, ...]
    said: tuple[SaidAboutVisits, ...]

    def has(self, about_id: str | None) -> bool:
        """Is this an arrangement or visit on the page? None, all of it, always is."""
        shown = {None, *(one.id for one in self.arrangements), *(one.id for one in self.visits)}
        return about_id in shown
