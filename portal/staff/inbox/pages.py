"""The inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from portal.domain.conversation import InboxReason
from portal.domain.people import Relation
from portal.web.pages import Page


@dataclass(frozen=True)
class ThreadRow:
    """One thread of the inbox. `unopened` counts messages nobody of the team has opened.

    `said`, `asks_to_see_more`, `appeals`, `views`, `about_visits` and `withdrawn`: something about the plan, such a
    wish, an appeal, what somebody thinks, something about visits, or that they no longer agree, waits for an answer.
    `undelivered`: something this worker sent into it has not reached the core.
    """

    url: str
    asked_for_help: bool
    about: str
    with_name: str
    relation: Relation | None
    unopened: int
    said: bool
    asks_to_see_more: bool
    appeals: bool
    views: bool
    about_visits: bool
    withdrawn: bool
    undelivered: bool
    waiting_since_utc: datetime | None
    answer_due: date | None
    late: bool
    covering_for: str | None


@dataclass(frozen=True)
class Group:
    """The threads of a page that stand where they stand for one reason, in the core's order."""

    reason: InboxReason
    rows: tuple[ThreadRow, ...]


@dataclass(frozen=True)
class UnopenedRow:
    """Something nobody has opened for one working day, for the leader; it says nothing of any worker."""

    url: str
    about: str
    with_name: str
    relation: Relation | None
    since_utc: datetime


@dataclass(frozen=True)
class BreachRow:
    """A message that went to the wrong person, for the leader to follow up."""

    url: str
    with_name: str
    stopped_at_utc: datetime
    stopped_by: str


@dataclass(frozen=True)
class InboxPage(Page):
    """One page of the threads, by what a person waits for. `breaches` and `unopened` are empty but for a leader.

    `news_url` is where the page asks whether anything is new; `next_url` and `previous_url`: the pages beside this one.

    `said`: how much waits of what was said to a leader about others who work here; None for everybody else.
    """

    template: ClassVar[str] = "staff/inbox.html"
    live: ClassVar[bool] = True
    first_name: str
    team: str
    away_until: date | None
    cover_first_name: str | None
    groups: tuple[Group, ...]
    number: int
    pages: int
    next_url: str | None
    previous_url: str | None
    address_unknown: tuple[str, ...]
    unopened: tuple[UnopenedRow, ...]
    breaches: tuple[BreachRow, ...]
    said: int | None
    said_url: str
    news_url: str


@dataclass(frozen=True)
class NewsPage(Page):
    """That something is new, and where it is. Tells nothing else."""

    template: ClassVar[str] = "staff/inbox_news.html"
    live: ClassVar[bool] = True
    inbox_url: str
