"""What the people of a story think, by occasion, and what became of it. Part of `story_types`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.offsets import Day, Moment


@dataclass(frozen=True)
class Coded:
    """A code of the portal's, and the words in which it was read."""

    code: str
    text: str


@dataclass(frozen=True)
class Answered:
    """One question that was answered: by choosing, in words of one's `own`, or both."""

    question: Coded
    chosen: tuple[Coded, ...] = ()
    own: str = ""


@dataclass(frozen=True)
class Influence:
    """The influence answer of a worker."""

    worker: str
    at: Moment
    heard: str
    changed: str = ""
    not_changed: str = ""


@dataclass(frozen=True)
class Later:
    """The answer comes later; `why` is for the team."""

    worker: str
    until: Day
    why: str


@dataclass(frozen=True)
class Viewed:
    """What somebody thinks."""

    key: str
    person: str
    at: Moment
    occasion: Coded
    answers: tuple[Answered, ...]
    answer: Influence | None = None
    later: Later | None = None
