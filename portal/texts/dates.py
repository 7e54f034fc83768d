"""Dates and times as people say them: "today at 14:05", "by Thursday 27 November".

Always told what now is; never looks at a clock and never computes a deadline.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from portal.texts.catalogues import Catalogue

WEEK = timedelta(days=7)


class NaiveTimeError(ValueError):
    """A time without a zone: nobody could say when it was."""


@lru_cache(maxsize=4096)
def _worded_date(value: date, pattern: str, calendar: str) -> str:
    return format_date(value, pattern, locale=calendar)


@lru_cache(maxsize=4096)
def _worded_time(hour: int, minute: int, pattern: str, calendar: str) -> str:
    return format_time(datetime(2000, 1, 1, hour, minute).time(), pattern, locale=calendar)  # noqa: DTZ001 - a wall clock time


def _local(at: datetime, timezone: ZoneInfo) -> datetime:
    if at.tzinfo is None:
        raise NaiveTimeError("a time needs its zone")
    return at.astimezone(timezone)


class Dates:
    """Human dates in one language. Patterns are CLDR's (Unicode TR 35) and the translators' to change.

    Times come in with a zone (UTC in our code); `now` too; `timezone` is where the reader's service is.
    Raises NaiveTimeError.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._calendar = catalogue.locale.calendar

    def day(self, value: date, today: date) -> str:
        """As "today", "tomorrow", "yesterday", else "Thursday 27 November", with the year when it is another."""
        near = self._near(value, today)
        return near or self._weekday(value, today)

    def by_day(self, value: date, today: date) -> str:
        """As "by Thursday 27 November", "by tomorrow", "during today"."""
        gettext = self._catalogue.gettext
        if value == today:
            return gettext("during today")
        if value == today + timedelta(days=1):
            return gettext("by tomorrow")
        return gettext("by %(day)s") % {"day": self._weekday(value, today)}

    def moment(self, at: datetime, now: datetime, timezone: ZoneInfo) -> str:
        """As "today at 14:05", "yesterday at 09:10", "19 November at 14:05" (the year when it is another)."""
        local, today = _local(at, timezone), _local(now, timezone).date()
        gettext = self._catalogue.gettext
        words = {
            -1: gettext("yesterday at %(time)s"),
            0: gettext("today at %(time)s"),
            1: gettext("tomorrow at %(time)s"),
        }
        away = (local.date() - today).days
        if away in words:
            return words[away] % {"time": self._time(local)}
        return self._at(self._plain_day(local.date(), today), local)

    def weekday_time(self, at: datetime, now: datetime, timezone: ZoneInfo) -> str:
        """As "Thursday at 15:00" within the next six days, else "Thursday 27 November at 15:00"."""
        local, today = _local(at, timezone), _local(now, timezone).date()
        if timedelta(0) <= local.date() - today < WEEK:
            return self._at(self._dated(local.date(), self._catalogue.pgettext("date pattern", "EEEE")), local)
        return self._at(self._weekday(local.date(), today), local)

    def time(self, at: datetime, timezone: ZoneInfo) -> str:
        """As "14:05", local."""
        return self._time(_local(at, timezone))

    def _near(self, value: date, today: date) -> str:
        gettext = self._catalogue.gettext
        names = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
        return names.get((value - today).days, "")

    def _weekday(self, value: date, today: date) -> str:
        pgettext = self._catalogue.pgettext
        if value.year == today.year:
            return self._dated(value, pgettext("date pattern", "EEEE d MMMM"))
        return self._dated(value, pgettext("date pattern", "EEEE d MMMM y"))

    def _plain_day(self, value: date, today: date) -> str:
        pgettext = self._catalogue.pgettext
        if value.year == today.year:
            return self._dated(value, pgettext("date pattern", "d MMMM"))
        return self._dated(value, pgettext("date pattern", "d MMMM y"))

    def _at(self, day: str, local: datetime) -> str:
        return self._catalogue.gettext("%(day)s at %(time)s") % {"day": day, "time": self._time(local)}

    def _dated(self, value: date, pattern: str) -> str:
        return _worded_date(value, pattern, self._calendar)

    def _time(self, local: datetime) -> str:
        pattern = self._catalogue.pgettext("time pattern", "HH:mm")
        return _worded_time(local.hour, local.minute, pattern, self._calendar)
