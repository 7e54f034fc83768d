"""The pages about a person's own sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from portal.identity.session import OwnSession
from portal.web.pages import Page


@dataclass(frozen=True)
class OwnSessionPage(Page):
    """For families. `previous_utc` is None at the first sign-in; `ends_utc` is when this session ends at the latest.

    `locked`: the reader's own code has not been typed, so nobody is told when its owner was here (rules.md R20).
    """

    template: ClassVar[str] = "account/sessions.html"
    previous_utc: datetime | None
    locked: bool
    shared: bool
    idle_minutes: int
    ends_utc: datetime
    everywhere_url: str
    unlock_url: str
    code_url: str


@dataclass(frozen=True)
class StaffSessionsPage(Page):
    """For those who work in the service: where they are signed in, and an end to each."""

    template: ClassVar[str] = "account/sessions_staff.html"
    previous_utc: datetime | None
    idle_minutes: int
    sessions: tuple[OwnSession, ...]
    end_url: str
    end_others_url: str
