"""What a story tells of where a child lives and whom it sees. Part of `story_types`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.offsets import Moment
from portal.demo.story_said import CommentAnswer, Words


@dataclass(frozen=True)
class Living:
    """Where the child lives, in words."""

    key: str
    text: Words
    only_for: tuple[str, ...] = ()
    bears_place: bool = False


@dataclass(frozen=True)
class Arrangement:
    """Somebody the child sees again and again. `visits`: keys of the appointments that belong to it."""

    key: str
    with_whom: Words
    how_often: Words
    place: str | None = None
    visits: tuple[str, ...] = ()
    only_for: tuple[str, ...] = ()
    bears_place: bool = False


@dataclass(frozen=True)
class SaidAboutVisit:
    """What `person` wants with "arrangement KEY" or "appointment KEY", or, without `target`, with all of it."""

    key: str
    person: str
    at: Moment
    wish: str
    text: str = ""
    target: str | None = None
    answer: CommentAnswer | None = None
