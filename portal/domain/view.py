"""What somebody thinks, by occasion, in one format however it was said; and the influence answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class ViewWords:
    """Something the portal has words for: its stable code, and the words in which it was read."""

    code: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class ViewAnswer:
    """One question that was answered: by choosing, in words of one's own, or both. A number is a choice, too."""

    question: ViewWords
    chosen: tuple[ViewWords, ...]
    words: str = field(repr=False)

    @property
    def said(self) -> str:
        """What was answered, as its writer reads it."""
        return "\n".join([*(one.text for one in self.chosen), *([self.words] if self.words else [])])


@dataclass(frozen=True)
class InfluenceAnswer:
    """What was heard, what it changed, what it did not and why (rules.md, "Influence")."""

    heard: str = field(repr=False)
    changed: str = field(repr=False)
    not_changed: str = field(repr=False)
    by: str
    at_utc: datetime


@dataclass(frozen=True)
class ViewLater:
    """The answer comes later: why, for the team alone, and by which day, which the writer reads."""

    reason: str = field(repr=False)
    until: date


@dataclass(frozen=True)
class StaffView:
    """One view as staff read it, with what became of it."""

    id: str
    occasion: ViewWords
    answers: tuple[ViewAnswer, ...]
    at_utc: datetime
    influence: InfluenceAnswer | None
    later: ViewLater | None

    @property
    def said(self) -> str:
        """All that was answered, without the questions."""
        return "\n".join(answer.said for answer in self.answers)
