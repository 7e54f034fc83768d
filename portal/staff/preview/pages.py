"""The list of people whose view of a case can be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.domain.people import Relation
from portal.web.pages import Page


@dataclass(frozen=True)
class SomebodysView:
    """One person, and where their first page is looked at."""

    url: str
    first_name: str
    relation: Relation


@dataclass(frozen=True)
class WhoseViewPage(Page):
    """Everybody with a grant in the case."""

    template: ClassVar[str] = "staff/preview.html"
    child_name: str
    people: tuple[SomebodysView, ...]
    back_url: str
