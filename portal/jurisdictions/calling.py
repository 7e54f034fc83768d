"""Whom to call, by situation and hour. It promises nothing about who answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from portal.texts import Text

MOST = 2
"""Numbers beside the service's own: more than three in all are not read (reference/domain.md 1A, row 18)."""


class Situation(StrEnum):
    """Why somebody calls."""

    DANGER = "danger"
    TALK = "talk"


@dataclass(frozen=True)
class Open:
    """Hours of some weekdays, 0 is Monday; `until` None is midnight. Local time of the service."""

    weekdays: frozenset[int]
    since: time
    until: time | None = None

    def holds(self, at: datetime) -> bool:
        """Is it within these hours at that local moment?"""
        clock = at.time()
        return at.weekday() in self.weekdays and self.since <= clock and (self.until is None or clock < self.until)


@dataclass(frozen=True)
class HelpNumber:
    """Somebody to call. `number` is what a person reads, `tel` what a phone dials; without `open` it always answers."""

    name: Text
    number: str
    tel: str
    hours: Text
    situations: frozenset[Situation] = frozenset(Situation)
    open: tuple[Open, ...] = ()

    def answers(self, at: datetime) -> bool:
        """Does somebody answer at that local moment?"""
        return not self.open or any(hours.holds(at) for hours in self.open)


def to_call(numbers: Iterable[HelpNumber], situation: Situation | None, at_local: datetime) -> tuple[HelpNumber, ...]:
    """Those who answer now, for this situation or for any, in the country's order and at most `MOST`."""
    fitting = (n for n in numbers if (situation is None or situation in n.situations) and n.answers(at_local))
    return tuple(fitting)[:MOST]
