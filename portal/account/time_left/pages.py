"""The page after a session has run out in front of somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.web.pages import Page


@dataclass(frozen=True)
class TimedOutPage(Page):
    """Says what has happened and that what was begun is kept. Shows nothing of it."""

    template: ClassVar[str] = "account/timed_out.html"
    bare: ClassVar[bool] = True
    sign_in_url: str
