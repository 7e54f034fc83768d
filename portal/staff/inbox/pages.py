"""The inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from portal.domain.people import Relation
from portal.web.pages import Page


@dataclass(frozen=True)
class ThreadRow:
    """One thread of the inbox. `unopened` counts messages nobody of the team has opened.

    `said`, `asks_to_see_more` and `appeals`: something about the plan, such a wish, or an appeal, waits for an answer.
    """

    url: str
    about: str
    with_name: str
    relation: Relation | None
    unopened: int
    said: bool
    asks_to_see_more: bool
    appeals: bool
    waiting_since_utc: datetime | None
    answer_due: date | None
    late: bool
    covering_for: str | None


@dataclass(frozen=True)
class BreachRow:
    """A message that went to the wrong person, for the leader to follow up."""

    url: str
    with_name: str
    stopped_at_utc: datetime
    stopped_by: str


@dataclass(frozen=True)
class InboxPage(Page):
    """Asked for help first, then the families, longest waiting first as the core orders them.

    `breaches` is empty for everybody but a leader.
    """

    template: ClassVar[str] = "staff/inbox.html"
    first_name: str
    team: str
    asked: tuple[ThreadRow, ...]
    families: tuple[ThreadRow, ...]
    breaches: tuple[BreachRow, ...]
