"""The pages of a child's own way in: one thing a page, in the child's words. Titles are neutral."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.web.forms import FieldError
from portal.web.pages import Page


@dataclass(frozen=True)
class CodePage(Page):
    """Type the code, or go on to the words one has already."""

    template: ClassVar[str] = "account/way_in.html"
    post_url: str
    words_url: str
    passkey_url: str
    help_url: str
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class NewWordsPage(Page):
    """The four words, shown once."""

    template: ClassVar[str] = "account/way_in_new_words.html"
    lasting: ClassVar[bool] = False
    words: tuple[str, ...]
    words_language: str
    next_url: str
    others_url: str


@dataclass(frozen=True)
class PinPage(Page):
    """Choose a PIN, twice."""

    template: ClassVar[str] = "account/way_in_pin.html"
    lasting: ClassVar[bool] = False
    post_url: str
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class WordsPage(Page):
    """Sign in with words and PIN. `wait_seconds`: nothing is compared before; help stays open all the same."""

    template: ClassVar[str] = "account/way_in_words.html"
    post_url: str
    code_url: str
    sign_in_url: str
    passkey_url: str
    help_url: str
    wait_seconds: int = 0
    errors: tuple[FieldError, ...] = ()
