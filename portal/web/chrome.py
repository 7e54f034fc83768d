"""What surrounds every page: language, leaving fast, phone numbers, navigation. Neutral outside the page's body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from portal.access.leaks import Finding
from portal.texts import Text


@dataclass(frozen=True)
class LanguageLink:
    """One language in its own name (WCAG 3.1.2)."""

    tag: str
    own_name: str
    direction: str
    url: str
    current: bool


@dataclass(frozen=True)
class NavigationLink:
    """One place to go for a signed-in person."""

    text: Text
    url: str
    current: bool


@dataclass(frozen=True)
class ShownNumber:
    """A phone number of the help panel."""

    name: Text | str
    number: str
    tel: str
    hours: Text | str


@dataclass(frozen=True)
class HiddenField:
    """A hidden form field, such as the token against forged requests."""

    name: str
    value: str


@dataclass(frozen=True)
class SessionClock:
    """When this session ends by itself, in seconds from now, and where to ask, stay and go (WCAG 2.2.1)."""

    seconds: int
    left_url: str
    stay_url: str
    ended_url: str
    script_url: str


@dataclass(frozen=True)
class PreviewBand:
    """Stands above a page that a worker looks at as one of a family: as whom, and where else to look.

    `relation`: of that person to the child. `in_person`: as when that person has come in the way a worker let them in.
    `refused`: that person would be told that there is nothing. `tells`: what stands on the page and is shielded from
    that person; for the eyes of the worker alone.
    """

    first_name: str
    relation: str
    in_person: bool
    refused: bool
    pages: tuple[NavigationLink, ...]
    others_url: str
    tells: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Chrome:
    """The frame of a page. The "no" page has neither navigation, nor form, nor token (house.md, "The one no")."""

    language: str
    direction: str
    languages: tuple[LanguageLink, ...]
    service_name: str
    title_suffix: str
    title_prefix_error: bool
    inline_css: Markup | None
    css_url: str
    js_url: str
    htmx_url: str | None
    icon_url: str
    home_url: str
    help_url: str
    leave_url: str
    privacy_url: str
    accessibility_url: str
    sign_in_url: str | None
    sign_out_url: str | None
    csrf_field: HiddenField | None
    session: SessionClock | None
    signed_in_name: str | None
    navigation: tuple[NavigationLink, ...]
    numbers: tuple[ShownNumber, ...]
    banner: str | None
    realm: str
    now: datetime
    today: date
    timezone: ZoneInfo
    preview: PreviewBand | None = None
