"""The home of a person with cases, and of one without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from portal.domain.case import CaseCard, Home
from portal.domain.people import Relation
from portal.web.pages import Page


@dataclass(frozen=True)
class Door:
    """The way into one child's space, or into one's own. `news`: is there a message to read?"""

    first_name: str
    own: bool
    news: bool
    url: str


@dataclass(frozen=True)
class HomePage(Page):
    """One door per case; no door shows anything of another."""

    template: ClassVar[str] = "family/home.html"
    first_name: str | None
    doors: tuple[Door, ...]
    ask_for_help_url: str
    sent_url: str


@dataclass(frozen=True)
class WithoutCasePage(Page):
    """No case is no error: asking for help, and what was sent. The same for everybody who sees no case."""

    template: ClassVar[str] = "family/home_without.html"
    first_name: str | None
    ask_for_help_url: str
    sent_url: str


def home_page(home: Home) -> HomePage | WithoutCasePage:
    """The page for these cases."""
    ask_for_help_url, sent_url = url_for("family_help.start"), url_for("family_sent.sent")
    if not home.cases:
        return WithoutCasePage(home.first_name, ask_for_help_url, sent_url)
    return HomePage(home.first_name, tuple(_door(card) for card in home.cases), ask_for_help_url, sent_url)


def _door(card: CaseCard) -> Door:
    return Door(
        first_name=card.child.first_name,
        own=card.relation is Relation.SELF,
        news=card.unread_messages > 0,
        url=url_for("family_overview.overview", case_id=card.case_id),
    )
