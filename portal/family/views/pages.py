"""The pages of saying what one thinks. Their titles are neutral: no question stands in a tab or a history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from portal.web.pages import Page
from portal.web.writing import ShownError


@dataclass(frozen=True)
class StartPage(Page):
    """Choose the occasion. `occasions` are (name, URL). `offered`: this core takes such words."""

    template: ClassVar[str] = "family/views_start.html"
    adult: bool
    offered: bool
    occasions: tuple[tuple[str, str], ...]
    words_url: str
    back_url: str


@dataclass(frozen=True)
class QuestionPage(Page):
    """One question. `options` are (code, text, symbol); `words` says whether there is a box as well.

    `call_first`: whom to call, asking for help and the way round the team stand before it. `at_once`: what is answered
    here is sent.
    """

    template: ClassVar[str] = "family/views_question.html"
    adult: bool
    call_first: bool
    at_once: bool
    number: int
    count: int
    way: str
    title: str
    hint: str
    options: tuple[tuple[str, str, str], ...]
    chosen: tuple[str, ...]
    words: bool
    text: str = field(repr=False)
    limit: int
    submission_id: str
    back_url: str
    post_url: str
    check_url: str
    help_url: str
    about_us_url: str
    errors: tuple[ShownError, ...]

    @property
    def plain_options(self) -> tuple[tuple[str, str], ...]:
        """As the components for choosing take them."""
        return tuple((code, text) for code, text, _ in self.options)


@dataclass(frozen=True)
class CheckPage(Page):
    """All answers before they are sent. `rows` are (question, answer, where to change it)."""

    template: ClassVar[str] = "family/views_check.html"
    adult: bool
    call_first: bool
    occasion: str
    nothing_answered: bool
    rows: tuple[tuple[str, str, str], ...]
    first_url: str
    submission_id: str
    back_url: str
    post_url: str
    help_url: str
    about_us_url: str
