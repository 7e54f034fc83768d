"""The pages of the overview: one written to a child, one to an adult, and asking to see more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from babel.dates import format_date

from portal.domain.case import Appointment, Change, Clock, Closing, Moving, NextStep
from portal.domain.people import Worker
from portal.texts.locales import locale_of
from portal.web.pages import Page
from portal.web.visit import Visit
from portal.web.writing import ShownError

MOST_CHANGES = 5


@dataclass(frozen=True)
class ShownAppointment:
    """A visit or meeting. `day` and `month` are short local words for the eye; the time is also said in full."""

    title: str
    day: str
    month: str
    starts_at_utc: datetime
    place: str | None
    cancelled_reason: str | None


@dataclass(frozen=True)
class OverviewPage(Page):
    """The front of a case for an adult. `answerer` is the first name of whoever answers now.

    A URL is None where the core has no such thing; then the page says so. Without a `documents_url` or `decisions_url`
    it says nothing: this reader has no such page. Before the reader's own code is typed nothing tells that something
    was written or answered (rules.md R20): `news` and `answer_due` are None, no change is a message, and nothing
    `asks`.
    """

    template: ClassVar[str] = "family/overview.html"
    first_name: str
    child_name: str
    content_language: str
    phase_text: str | None
    clock: Clock | None
    closing: Closing | None
    moving: Moving | None
    next_steps: tuple[NextStep, ...]
    worker: Worker
    answerer: str
    team: tuple[str, ...]
    appointments: tuple[ShownAppointment, ...]
    changes: tuple[Change, ...]
    news: bool | None
    answer_due: date | None
    asks: bool
    words_url: str
    messages_url: str | None
    say_url: str
    plan_url: str | None
    visits_url: str
    documents_url: str | None
    trail_url: str
    about_us_url: str
    paper_url: str | None
    rights_url: str
    who_stays_url: str | None
    decisions_url: str | None
    ask_for_help_url: str
    see_more_url: str
    asked_url: str
    home_url: str


@dataclass(frozen=True)
class ChildOverviewPage(OverviewPage):
    """The same for the child itself: four things on the first screen, the rest one tap down (rules.md, "Words")."""

    template: ClassVar[str] = "family/overview_child.html"


@dataclass(frozen=True)
class SeeMorePage(Page):
    """Asking to see more. `is_child` is None while the core cannot say who the reader is to the child."""

    template: ClassVar[str] = "family/overview_see_more.html"
    is_child: bool | None
    text: str
    draft_until: date | None
    limit: int
    submission_id: str
    back_url: str
    post_url: str
    errors: tuple[ShownError, ...]


def answerer(visit: Visit, worker: Worker) -> str:
    """Who answers now: somebody else while the worker is away."""
    away = worker.away_until is not None and worker.away_until >= visit.today
    return worker.cover_first_name or worker.first_name if away else worker.first_name


def coming(visit: Visit, appointments: Iterable[Appointment]) -> tuple[ShownAppointment, ...]:
    """Those of today and later, the next one first."""
    ordered = sorted(appointments, key=lambda item: item.starts_at_utc)
    return tuple(_shown(visit, item) for item in ordered if _day(visit, item) >= visit.today)


def _day(visit: Visit, appointment: Appointment) -> date:
    return appointment.starts_at_utc.astimezone(visit.service.timezone).date()


def _shown(visit: Visit, appointment: Appointment) -> ShownAppointment:
    day = _day(visit, appointment)
    return ShownAppointment(
        title=appointment.title,
        day=str(day.day),
        month=format_date(day, "MMM", locale=locale_of(visit.language).calendar),
        starts_at_utc=appointment.starts_at_utc,
        place=appointment.place,
        cancelled_reason=appointment.cancelled_reason,
    )
