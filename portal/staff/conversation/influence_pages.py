"""The page of one view: the influence answer to it, or putting that off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from portal.domain.view import StaffView
from portal.staff.checked import LeakWarning
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class InfluencePage(Page):
    """One view with the forms for its answer. `coming`: an answer or a promise of one that is on its way.

    `days`: by which day it can be promised; none when it was promised before. `until` and `reason` are what was chosen
    in a form that could not be taken.
    """

    template: ClassVar[str] = "staff/influence.html"
    with_name: str
    content_language: str
    view: StaffView
    late: bool
    coming: tuple[OnItsWay, ...]
    open: bool
    boxes: Mapping[str, str] = field(repr=False)
    draft_until: date | None
    limit: int
    submission_id: str
    answer_url: str
    days: tuple[date, ...]
    until: str
    reason: str = field(repr=False)
    later_id: str
    later_url: str
    back_url: str
    errors: tuple[ShownError, ...]
    warning: LeakWarning | None


@dataclass(frozen=True)
class UncheckedInfluencePage(Page):
    """An answer that cannot be checked while the core is down: kept as a draft, not sent."""

    template: ClassVar[str] = "staff/influence_kept.html"
    back_url: str
