"""The access trail, and a service whose system keeps none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.domain.trail import TrailRow
from portal.web.pages import Page


@dataclass(frozen=True)
class TrailDay:
    """What was done on one day, in a fixed order: nothing tells what came first."""

    day: date
    rows: tuple[TrailRow, ...]


@dataclass(frozen=True)
class TrailPage(Page):
    """The newest day first; an empty list is no error. `since`: the first day it tells of."""

    template: ClassVar[str] = "family/trail.html"
    is_child: bool
    child_name: str
    since: date
    days: tuple[TrailDay, ...]
    back_url: str
    messages_url: str
    see_more_url: str


@dataclass(frozen=True)
class NoTrailHerePage(Page):
    """This service's system cannot tell it here: a sentence and the phone numbers."""

    template: ClassVar[str] = "family/trail_not_here.html"
    is_child: bool
    back_url: str
    messages_url: str
