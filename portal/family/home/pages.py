"""The home of a person with cases, and of one without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for

from portal.domain.case import CaseCard, Home
from portal.domain.people import Relation
from portal.web.pages import Page


@dataclass(frozen=True)
class Door:
    """The way into one child's space, or into one's own. `news`: is there a message to read?"""

    case_id: str
    first_name: str
    own: bool
    news: bool
    url: str


@dataclass(frozen=True)
class HomePage(Page):
    """One door per case; no door shows anything of another.

    `open_url`: where a form asks for a door when there are several; going from one child to another renews the session.
    """

    template: ClassVar[str] = "family/home.html"
    first_name: str | None
    last_here_utc: datetime | None
    doors: tuple[Door, ...]
    open_url: str | None
    ask_for_help_url: str
    sent_url: str


@dataclass(frozen=True)
class WithoutCasePage(Page):
    """No case is no error: asking for help, and what was sent. The same for everybody who sees no case."""

    template: ClassVar[str] = "family/home_without.html"
    first_name: str | None
    last_here_utc: datetime | None
    ask_for_help_url: str
    sent_url: str


def home_page(home: Home, last_here_utc: datetime | None, *, locked: bool = False) -> HomePage | WithoutCasePage:
    """The page for these cases. `locked`: the reader's own code has not been typed, so no door has news (R20)."""
    ask_for_help_url, sent_url = url_for("family_help.start"), url_for("family_sent.sent")
    if not home.cases:
        return WithoutCasePage(home.first_name, last_here_utc, ask_for_help_url, sent_url)
    return HomePage(
        first_name=home.first_name,
        last_here_utc=last_here_utc,
        doors=tuple(_door(card, locked=locked) for card in home.cases),
        open_url=url_for("family_home.open_door") if len(home.cases) > 1 else None,
        ask_for_help_url=ask_for_help_url,
        sent_url=sent_url,
    )


def _door(card: CaseCard, *, locked: bool) -> Door:
    return Door(
        case_id=card.case_id,
        first_name=card.child.first_name,
        own=card.relation is Relation.SELF,
        news=not locked and card.unread_messages > 0,
        url=url_for("family_overview.overview", case_id=card.case_id),
    )
