"""The public pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.web.pages import Page


@dataclass(frozen=True)
class FrontPage(Page):
    """The first page: who this is for, sign in, ask for help."""

    template: ClassVar[str] = "public/front.html"
    sign_in_url: str
    way_in_url: str
    staff_sign_in_url: str
    ask_for_help_url: str
    signed_in: bool


@dataclass(frozen=True)
class HelpPage(Page):
    """Whom to call, and how to ask for help in writing."""

    template: ClassVar[str] = "public/help_now.html"
    ask_for_help_url: str


@dataclass(frozen=True)
class PrivacyPage(Page):
    """What is kept, for how long, and the truth about traces on a phone."""

    template: ClassVar[str] = "public/privacy.html"


@dataclass(frozen=True)
class AccessibilityPage(Page):
    """How accessible this is, and how to tell us when it is not."""

    template: ClassVar[str] = "public/accessibility.html"
