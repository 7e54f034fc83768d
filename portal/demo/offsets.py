"""Days and ages told as offsets from one day, so that an invented story never grows old. Knows no today."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PLACE_OF_CLOCKS = ZoneInfo("Europe/Oslo")
_SATURDAY = 5
_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_IN_TEXT = re.compile(r"\{([+-]\d{1,5}w?d)\}")


@dataclass(frozen=True)
class Day:
    """A day: so many days, or working days (Monday to Friday), after the anchor; negative before it."""

    count: int
    working: bool

    @classmethod
    def parse(cls, text: str) -> Day:
        """From "+3wd" or "-12d"."""
        working = text.endswith("wd")
        return cls(int(text.removesuffix("d").removesuffix("w")), working)

    def on(self, anchor: date) -> date:
        """The calendar day."""
        return add_working_days(anchor, self.count) if self.working else anchor + timedelta(days=self.count)


@dataclass(frozen=True)
class Moment:
    """A day and a local time."""

    day: Day
    at: time

    @classmethod
    def parse(cls, text: str) -> Moment:
        """From "+3wd 14:30"."""
        day, _, clock = text.partition(" ")
        return cls(Day.parse(day), time.fromisoformat(clock))

    def on(self, anchor: date) -> datetime:
        """The moment, in UTC."""
        return datetime.combine(self.day.on(anchor), self.at, PLACE_OF_CLOCKS).astimezone(UTC)


@dataclass(frozen=True)
class Birth:
    """When somebody was born: `years` full years old `days` days before the anchor (after it, when negative)."""

    years: int
    days: int

    @classmethod
    def parse(cls, text: str) -> Birth:
        """From "15y 120d" or "turns 18 in 20d"."""
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        return cls(numbers[0], -numbers[1] if text.startswith("turns") else numbers[1])

    @property
    def age(self) -> int:
        """Full years on the anchor day."""
        return self.years - 1 if self.days < 0 else self.years

    def on(self, anchor: date) -> date:
        """The day of birth."""
        return years_before(anchor - timedelta(days=self.days), self.years)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th in a year without one."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def age_on(birth: date, today: date) -> int:
    """Full years of age."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def add_working_days(day: date, count: int) -> date:
    """So many working days (Monday to Friday; public holidays are not known here) after `day`, or before it."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.weekday() >= _SATURDAY:
            day += step
    return day


def local_day(moment: datetime) -> date:
    """The calendar day of a moment where the service is."""
    return moment.astimezone(PLACE_OF_CLOCKS).date()


def with_weekdays(text: str, anchor: date) -> str:
    """The text with every "{+3wd}" told as the weekday (bokmål) it falls on."""
    return _IN_TEXT.sub(lambda found: _WEEKDAYS[Day.parse(found[1]).on(anchor).weekday()], text)
