"""Dates as people say them, in English, Norwegian and a right-to-left language."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.texts import Catalogue, Dates, NaiveTimeError, Texts
from portal.texts.catalogues import load
from portal.texts.locales import REGISTRY
from portal.texts.pseudo import right_to_left

TRANSLATIONS = Path(__file__).parents[2] / "translations"
OSLO = ZoneInfo("Europe/Oslo")
TODAY = date(2025, 11, 20)  # a Thursday
NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def english() -> Dates:
    return Dates(Catalogue(REGISTRY["en"]))


@pytest.fixture
def norwegian() -> Dates:
    return Dates(load(TRANSLATIONS / "nb" / "LC_MESSAGES" / "messages.po", REGISTRY["nb"]))


@pytest.mark.parametrize(
    ("value", "in_english", "in_norwegian"),
    [
        (date(2025, 11, 20), "today", "i dag"),
        (date(2025, 11, 21), "tomorrow", "i morgen"),
        (date(2025, 11, 19), "yesterday", "i går"),
        (date(2025, 11, 27), "Thursday 27 November", "torsdag 27. november"),
        (date(2026, 1, 8), "Thursday 8 January 2026", "torsdag 8. januar 2026"),
    ],
)
def test_day(english: Dates, norwegian: Dates, value: date, in_english: str, in_norwegian: str) -> None:
    assert english.day(value, TODAY) == in_english
    assert norwegian.day(value, TODAY) == in_norwegian


@pytest.mark.parametrize(
    ("value", "in_english", "in_norwegian"),
    [
        (date(2025, 11, 20), "during today", "i løpet av dagen"),
        (date(2025, 11, 21), "by tomorrow", "innen i morgen"),
        (date(2025, 11, 27), "by Thursday 27 November", "innen torsdag 27. november"),
    ],
)
def test_by_day(english: Dates, norwegian: Dates, value: date, in_english: str, in_norwegian: str) -> None:
    assert english.by_day(value, TODAY) == in_english
    assert norwegian.by_day(value, TODAY) == in_norwegian


@pytest.mark.parametrize(
    ("at_utc", "in_english", "in_norwegian"),
    [
        (datetime(2025, 11, 20, 13, 5, tzinfo=UTC), "today at 14:05", "i dag kl. 14.05"),
        (datetime(2025, 11, 19, 8, 10, tzinfo=UTC), "yesterday at 09:10", "i går kl. 09.10"),
        (datetime(2025, 11, 21, 8, 0, tzinfo=UTC), "tomorrow at 09:00", "i morgen kl. 09.00"),
        (datetime(2025, 6, 19, 12, 5, tzinfo=UTC), "19 June at 14:05", "19. juni kl. 14.05"),
        (datetime(2024, 11, 19, 13, 5, tzinfo=UTC), "19 November 2024 at 14:05", "19. november 2024 kl. 14.05"),
        # half past midnight in Oslo is still the day before in UTC
        (datetime(2025, 11, 19, 23, 30, tzinfo=UTC), "today at 00:30", "i dag kl. 00.30"),
    ],
)
def test_moment(english: Dates, norwegian: Dates, at_utc: datetime, in_english: str, in_norwegian: str) -> None:
    assert english.moment(at_utc, NOW, OSLO) == in_english
    assert norwegian.moment(at_utc, NOW, OSLO) == in_norwegian


@pytest.mark.parametrize(
    ("at_utc", "in_english", "in_norwegian"),
    [
        (datetime(2025, 11, 26, 14, 0, tzinfo=UTC), "Wednesday at 15:00", "onsdag kl. 15.00"),
        (datetime(2025, 11, 27, 14, 0, tzinfo=UTC), "Thursday 27 November at 15:00", "torsdag 27. november kl. 15.00"),
        (datetime(2025, 11, 18, 14, 0, tzinfo=UTC), "Tuesday 18 November at 15:00", "tirsdag 18. november kl. 15.00"),
    ],
)
def test_weekday_time(english: Dates, norwegian: Dates, at_utc: datetime, in_english: str, in_norwegian: str) -> None:
    assert english.weekday_time(at_utc, NOW, OSLO) == in_english
    assert norwegian.weekday_time(at_utc, NOW, OSLO) == in_norwegian


def test_time_alone(norwegian: Dates) -> None:
    assert norwegian.time(NOW, OSLO) == "13.00"


def test_months_are_in_the_languages_own_words() -> None:
    arabic = Dates(right_to_left(Catalogue(REGISTRY["en"])))
    assert arabic.day(date(2025, 11, 27), TODAY) == "الخميس 27 نوفمبر"


def test_a_time_without_a_zone_is_refused(english: Dates) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(NaiveTimeError):
        english.moment(naive, NOW, OSLO)
    with pytest.raises(NaiveTimeError):
        english.moment(NOW, naive, OSLO)
    with pytest.raises(NaiveTimeError):
        english.weekday_time(naive, NOW, OSLO)
    with pytest.raises(NaiveTimeError):
        english.time(naive, OSLO)


def test_templates_reach_dates_in_their_language(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ dates.by_day(due, today)|upper_first }}")
    texts = Texts([tmp_path], TRANSLATIONS)
    assert texts.render("nb", "page.html", {"due": date(2025, 11, 27), "today": TODAY}) == "Innen torsdag 27. november"
    assert texts.dates("en").by_day(date(2025, 11, 27), TODAY) == "by Thursday 27 November"
