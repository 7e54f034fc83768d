"""The page to print. No document is on it, and nothing that anybody else of the family has said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.domain.case import Closing, Moving
from portal.domain.decision import Decision
from portal.domain.people import Worker
from portal.domain.plan import Plan
from portal.domain.withdrawal import Withdrawal
from portal.domain.words import MyWordsItem
from portal.web.pages import Page


@dataclass(frozen=True)
class OnPaperPage(Page):
    """What this reader may see, on one page.

    `words` and `withdrawals`: the reader's own, which the team reads too; both are empty before the reader's own code
    is typed, which is done at `unlock_url` (rules.md R20).
    """

    template: ClassVar[str] = "family/on_paper.html"
    is_child: bool
    child_name: str
    content_language: str
    phase_text: str | None
    worker: Worker
    closing: Closing | None
    moving: Moving | None
    plan: Plan | None
    decisions: tuple[Decision, ...]
    words: tuple[MyWordsItem, ...]
    withdrawals: tuple[Withdrawal, ...]
    unlock_url: str | None
    back_url: str
    see_more_url: str
