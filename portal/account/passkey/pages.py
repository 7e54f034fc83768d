"""The pages around a passkey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.texts import Text
from portal.web.forms import FieldError
from portal.web.pages import Page


@dataclass(frozen=True)
class PasskeyPage(Page):
    """Come in with one's own phone: one button, and the words for whoever cannot.

    `stopped` is said when nothing came of it.
    """

    template: ClassVar[str] = "account/passkey.html"
    post_url: str
    ask_url: str
    words_url: str
    script_url: str
    stopped: Text
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class MakePasskeyPage(PasskeyPage):
    """Let one's own phone open it from now on; the caseworker sits beside."""

    template: ClassVar[str] = "account/passkey_make.html"
