"""What the people of a story have said, and what was asked and decided about it. Part of `story_types`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.offsets import Day, Moment


@dataclass(frozen=True)
class Words:
    """The same said to the child it is about and to an adult."""

    child: str
    adult: str


@dataclass(frozen=True)
class Said:
    """Something a person of the family said to a worker, as the worker wrote it down."""

    key: str
    person: str
    at: Moment
    text: str


@dataclass(frozen=True)
class ShareAnswered:
    """What the author answered: "yes" or "no"."""

    answer: str
    at: Moment


@dataclass(frozen=True)
class SharingAsked:
    """Whether `person` may read some words: "goal KEY", "said KEY" or "comment PERSON TARGET"."""

    words: str
    person: str
    worker: str
    at: Moment
    why: str
    answered: ShareAnswered | None = None


@dataclass(frozen=True)
class Overridden:
    """Words that `person` was let read without a yes; the author is told from the day `tell`."""

    words: str
    person: str
    worker: str
    at: Moment
    reason: str
    tell: Day


@dataclass(frozen=True)
class Sentence:
    """What a decision is going to say that `person` thinks, to be looked at by that person until `by`."""

    key: str
    person: str
    about: Words
    text: str
    by: Day
    issued: bool = False


@dataclass(frozen=True)
class OwnWords:
    """What the child said, and who may read it."""

    text: str
    released_to: tuple[str, ...]


@dataclass(frozen=True)
class CommentAnswer:
    """What a worker answered."""

    worker: str
    at: Moment
    text: str
