"""The page after a session has run out in front of somebody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from portal.web.pages import Page


class Words(StrEnum):
    """What became of half-written words."""

    NONE = "none"
    KEPT = "kept"
    LOST = "lost"


@dataclass(frozen=True)
class TimedOutPage(Page):
    """Says what has happened. Shows nothing of what was begun.

    `words`: what became of words that were half written, as the page itself found out; `Words.NONE` if there were none.
    """

    template: ClassVar[str] = "account/timed_out.html"
    bare: ClassVar[bool] = True
    sign_in_url: str
    words: Words
