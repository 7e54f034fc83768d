"""The page of one's rights, and that of no longer agreeing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from portal.jurisdictions.rights import Outside
from portal.texts import Text
from portal.web.pages import Page
from portal.web.writing import ShownError


@dataclass(frozen=True)
class ShownRight:
    """One of them. `law`: its name, for adults; `checked`: whether it was read as it stands there."""

    code: str
    title: Text
    text: Text
    law: str | None
    checked: bool


@dataclass(frozen=True)
class RightsPage(Page):
    """What holds in the phase this reader stands in. `agree_url`: where one says that one no longer agrees.

    It is None where nothing in this phase is voluntary, or nobody can be written to.
    """

    template: ClassVar[str] = "family/rights.html"
    is_child: bool
    content_language: str
    phase_text: str | None
    worker: str
    rights: tuple[ShownRight, ...]
    outside: tuple[Outside, ...]
    agree_url: str | None
    back_url: str
    about_us_url: str
    decisions_url: str | None
    paper_url: str | None
    see_more_url: str


@dataclass(frozen=True)
class AgreePage(Page):
    """Needs nothing from the core. `is_child` is None while the core cannot say who the reader is to the child."""

    template: ClassVar[str] = "family/agree.html"
    is_child: bool | None
    text: str = field(repr=False)
    draft_until: date | None
    limit: int
    submission_id: str
    back_url: str
    post_url: str
    errors: tuple[ShownError, ...]
