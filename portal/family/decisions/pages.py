"""The decisions of a case, explained. The text of one is a document and is not here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from portal.domain.request import Appeal, AppealWay
from portal.web.pages import Page
from portal.web.writing import OnItsWay


@dataclass(frozen=True)
class ShownDecision:
    """One decision. Before the reader's own code is typed `appeals` and `coming` are empty (rules.md R20).

    `appeal_url` is None when this reader cannot appeal, and when an appeal was sent or is `coming`; `document_url` when
    its text is not read here.
    """

    id: str
    dated: date
    title: str = field(repr=False)
    explanation: str = field(repr=False)
    appeal_way: AppealWay | None
    appeals: tuple[Appeal, ...]
    coming: tuple[OnItsWay, ...]
    appeal_url: str | None
    document_url: str | None


@dataclass(frozen=True)
class DecisionsPage(Page):
    """The decisions this reader is told of, newest first. `unlock_url`: where one's own code is typed first."""

    template: ClassVar[str] = "family/decisions.html"
    is_child: bool
    child_name: str
    worker_first_name: str
    content_language: str
    decisions: tuple[ShownDecision, ...]
    messages_url: str
    back_url: str
    see_more_url: str
    asked_url: str
    unlock_url: str | None
