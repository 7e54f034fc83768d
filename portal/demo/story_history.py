"""What the plan of a story said before, and when somebody last looked at it. In the shape of `story.schema.json`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.offsets import Day
from portal.demo.story_said import Words


@dataclass(frozen=True)
class Before:
    """What a goal or measure said until the day on which it was changed."""

    changed: Day
    state: str
    text: Words
    until: Day | None = None
    responsible: Words | None = None
    bears_place: bool = False


@dataclass(frozen=True)
class History:
    """When something came into the plan and went out of it, and what it said before. JSON: `history`."""

    added: Day | None = None
    removed: Day | None = None
    before: tuple[Before, ...] = ()


NOTHING_BEFORE = History()


@dataclass(frozen=True)
class Looked:
    """Somebody opened the plan."""

    person: str
    on: Day
