"""The page of one's rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.jurisdictions.rights import Outside
from portal.texts import Text
from portal.web.pages import Page


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
    see_more_url: str
