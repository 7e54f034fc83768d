"""What a country's law says, as dated data with its sources. It computes no deadline: that is the core's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.case import Phase
from portal.domain.people import Relation
from portal.texts import Text


class Certainty(StrEnum):
    """How surely it is known that the law says so."""

    READ = "read"
    NOT_READ = "not read, to be checked"
    LAWYER = "a question for a lawyer"


@dataclass(frozen=True)
class Reference:
    """A law, a preparatory work or a finding a rule rests on, as a lawyer cites it; `url` where it can be read.

    `note` says what is open or dated about it, in plain words.
    """

    title: str
    url: str | None = None
    certainty: Certainty = Certainty.READ
    note: str = ""


@dataclass(frozen=True)
class AgeFrom:
    """An age in whole years that holds from a day on."""

    day: date
    years: int


@dataclass(frozen=True)
class DatedAge:
    """An age the law sets, which it may change. `steps` are oldest first and begin before anybody's case.

    `by_year`: reached with the calendar year, not on the birthday. `reference`: a name in the pack's references.
    `coming`: what has been decided without a day from which it holds; it changes nothing until it stands in `steps`.
    """

    what: str
    reference: str
    steps: tuple[AgeFrom, ...]
    by_year: bool = False
    coming: str = ""

    def on(self, day: date) -> int:
        """The age in whole years that holds on this day."""
        return max((step for step in self.steps if step.day <= day), key=lambda step: step.day).years

    def reached_on(self, birth: date) -> date:
        """The first day on which somebody born then is old enough; with a lower age later perhaps the day it began."""
        return min(max(step.day, self._turns(birth, step.years)) for step in self.steps)

    def reached(self, birth: date, day: date) -> bool:
        """Is somebody born then old enough on this day?"""
        return self._turns(birth, self.on(day)) <= day

    def _turns(self, birth: date, years: int) -> date:
        """Whoever was born on 29 February turns a year older on 1 March of a year without one."""
        if self.by_year:
            return date(birth.year + years, 1, 1)
        try:
            return birth.replace(year=birth.year + years)
        except ValueError:
            return date(birth.year + years, 3, 1)


@dataclass(frozen=True)
class Clock:
    """How long the law gives for something, from what; as long as `days` and `months` together.

    `at_most`: how far it may be stretched in special cases, in months, None when it may not.
    """

    code: str
    what: str
    begins: str
    reference: str
    days: int = 0
    months: int = 0
    at_most: int | None = None


@dataclass(frozen=True)
class PhaseLaw:
    """One phase of a case with the clocks that run in it; `own_word` is the country's, for those who know its law."""

    phase: Phase
    own_word: str
    clocks: tuple[Clock, ...] = ()


@dataclass(frozen=True)
class Role:
    """What somebody may be in a case there; `own_word` is the country's."""

    relation: Relation
    own_word: str
    reference: str


@dataclass(frozen=True)
class Override:
    """Why a worker may let somebody read an author's words against the author's no (rules.md R13).

    `code` travels to the core; `child` and `adult` tell the author why, when that is safe.
    """

    code: str
    child: Text
    adult: Text
    reference: str
