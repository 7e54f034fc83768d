"""The page on which a message is stopped, and that it is stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from portal.web.pages import Page
from portal.web.stopped import ShownStop


@dataclass(frozen=True)
class StopPage(Page):
    """Asks whether this message is to be stopped, or says that it is.

    `body` and `sent_at_utc` are None while the core cannot show the message, or while it still waits here.
    """

    template: ClassVar[str] = "staff/stop.html"
    message_id: str
    with_name: str | None
    content_language: str
    body: str | None = field(repr=False)
    sent_at_utc: datetime | None
    stopped: ShownStop | None
    core_down: bool
    reason: str = field(repr=False)
    limit: int
    post_url: str
    back_url: str
    submission_id: str
