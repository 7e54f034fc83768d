"""The leader's pages: what was said, and one with its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from portal.domain.complaint import StaffComplaint
from portal.domain.people import Relation
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class ComplaintRow:
    """One line of the list; not what was said."""

    url: str
    with_name: str
    relation: Relation | None
    child_name: str
    at_utc: datetime
    answered: bool


@dataclass(frozen=True)
class ComplaintsPage(Page):
    """Longest waiting first, then what is answered."""

    template: ClassVar[str] = "staff/complaints.html"
    waiting: tuple[ComplaintRow, ...]
    answered: tuple[ComplaintRow, ...]
    inbox_url: str


@dataclass(frozen=True)
class ComplaintPage(Page):
    """One, and the box for its answer; `coming`: an answer that is not at the core yet."""

    template: ClassVar[str] = "staff/complaint.html"
    complaint: StaffComplaint
    content_language: str
    coming: tuple[OnItsWay, ...]
    text: str = field(repr=False)
    draft_until: date | None
    limit: int
    submission_id: str
    back_url: str
    answer_url: str
    errors: tuple[ShownError, ...]
