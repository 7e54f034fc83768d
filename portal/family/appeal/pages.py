"""The page of an appeal: what happens with it, a box that may stay empty, and the button."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from portal.web.pages import Page
from portal.web.writing import ShownError


@dataclass(frozen=True)
class AppealPage(Page):
    """Needs nothing from the core. `is_child` is None while the core cannot say who the reader is to the child.

    `of_decision`: against a decision, else against an answer to a wish to see more.
    """

    template: ClassVar[str] = "family/appeal.html"
    is_child: bool | None
    of_decision: bool
    text: str = field(repr=False)
    draft_until: date | None
    limit: int
    submission_id: str
    back_url: str
    post_url: str
    see_more_url: str
    asked_url: str
    errors: tuple[ShownError, ...]
