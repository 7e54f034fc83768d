"""What a story tells of decisions, of wishes to see more and their answers, in the shape of `story.schema.json`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.offsets import Day, Moment
from portal.demo.story_said import Words


@dataclass(frozen=True)
class Appeal:
    """An appeal against the answer to a wish."""

    at: Moment
    text: str


@dataclass(frozen=True)
class WishAnswer:
    """What a worker answered to a wish; `reason` is a code of the country's pack."""

    worker: str
    at: Moment
    outcome: str
    text: str
    reason: str | None = None


@dataclass(frozen=True)
class Wish:
    """Somebody asked to see more; `text` may be empty."""

    key: str
    person: str
    at: Moment
    text: str = ""
    answer: WishAnswer | None = None
    appeal: Appeal | None = None


@dataclass(frozen=True)
class Decision:
    """A decision as it is told; its text is one of the case's documents, where it is written down here."""

    key: str
    dated: Day
    title: Words
    text: Words
    appeal_by: Day | None = None
    moving: bool = False
    document: str | None = None
    only_for: tuple[str, ...] = ()
    bears_place: bool = False
