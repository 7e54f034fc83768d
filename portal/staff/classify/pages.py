"""The page on which it is decided what a message is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from portal.domain.classification import Classification
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class ClassifyPage(Page):
    """What it is about, what was decided before, oldest first, and the question.

    `body` is None for an asking for help, which stands in its thread, and while the core is down (`core_down`).
    `possible`: the core takes such decisions; else the page says whom to call. `waiting`: decisions on their way.
    """

    template: ClassVar[str] = "staff/classify.html"
    item_id: str
    with_name: str | None
    content_language: str
    body: str | None = field(repr=False)
    received_at_utc: datetime | None
    decided: tuple[Classification, ...]
    waiting: tuple[OnItsWay, ...]
    possible: bool
    core_down: bool
    chosen: str
    reason: str = field(repr=False)
    limit: int
    submission_id: str
    post_url: str
    back_url: str
    errors: tuple[ShownError, ...]
