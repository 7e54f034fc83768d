"""The pages of asking for help. Their titles are neutral: no question stands in a tab or a history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.web.pages import Page
from portal.web.writing import ShownError


@dataclass(frozen=True)
class StartPage(Page):
    """What happens next, who reads it, and what is true about secrecy, before anything is written.

    `days`: within how many days it is looked at.
    """

    template: ClassVar[str] = "family/help_start.html"
    adult_age: int
    days: int
    place: str
    post_url: str
    sent_url: str
    go_on_url: str | None
    draft_until: date | None


@dataclass(frozen=True)
class QuestionPage(Page):
    """One question. `options` are (code, text); `words` says whether there is a box as well."""

    template: ClassVar[str] = "family/help_question.html"
    is_child: bool
    who: str
    number: int
    count: int
    title: str
    hint: str
    options: tuple[tuple[str, str], ...]
    choice: str
    words: bool
    text: str
    limit: int
    numbers_first: bool
    back_url: str
    post_url: str
    check_url: str
    errors: tuple[ShownError, ...]


@dataclass(frozen=True)
class CheckPage(Page):
    """All answers before they are sent. `rows` are (question, answer, where to change it).

    `place` is where it goes; with nothing answered only that stands in `rows`.
    """

    template: ClassVar[str] = "family/help_check.html"
    is_child: bool
    nothing_answered: bool
    rows: tuple[tuple[str, str, str], ...]
    place: str
    first_url: str
    numbers_first: bool
    submission_id: str
    back_url: str
    post_url: str
