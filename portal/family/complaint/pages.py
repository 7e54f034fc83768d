"""Saying that something is wrong, and what was answered. Neither page is anybody else's, and nobody looks on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from portal.domain.complaint import Complaint, Receiver, TeamMember
from portal.jurisdictions.rights import Outside
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class Filled:
    """The form as it is shown: ids of the chosen workers, a word of `ComplaintAbout`, and the text."""

    submission_id: str
    text: str = field(repr=False)
    draft_until: date | None = None
    about: str | None = None
    not_these: tuple[str, ...] = ()
    other_worker: bool = False


@dataclass(frozen=True)
class WritePage(Page):
    """The form. `is_child` is None and `team` empty while the core cannot say; `goes_to` is None then, too.

    `outside`: who else can be told, who are no part of this service.
    """

    template: ClassVar[str] = "family/complaint_write.html"
    is_child: bool | None
    team: tuple[TeamMember, ...]
    goes_to: Receiver | None
    otherwise: Receiver | None
    outside: tuple[Outside, ...]
    filled: Filled
    limit: int
    back_url: str
    post_url: str
    said_url: str
    errors: tuple[ShownError, ...]

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The team as it can be chosen from."""
        return tuple((member.id, member.first_name) for member in self.team)


@dataclass(frozen=True)
class NotHerePage(Page):
    """This service takes it by phone only; those outside stand beside it all the same."""

    template: ClassVar[str] = "family/complaint_not_here.html"
    is_child: bool
    outside: tuple[Outside, ...]
    back_url: str


@dataclass(frozen=True)
class SaidPage(Page):
    """What one has said, its state and its answer."""

    template: ClassVar[str] = "family/complaint.html"
    is_child: bool
    content_language: str
    complaints: tuple[Complaint, ...]
    waiting: tuple[OnItsWay, ...]
    outside: tuple[Outside, ...]
    back_url: str
    write_url: str
