"""The page about who may still see something: told before the day, asked from that day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.domain.stays import StoodIn
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class WhoStaysPage(Page):
    """Every adult with two equal choices. `asks`: the day has come. `waiting`: choices the core does not show yet."""

    template: ClassVar[str] = "family/who_stays.html"
    asks: bool
    adult_on: date
    worker_first_name: str
    people: tuple[StoodIn, ...]
    waiting: tuple[OnItsWay, ...]
    submission_id: str
    back_url: str
    post_url: str
    see_more_url: str
    errors: tuple[ShownError, ...]
