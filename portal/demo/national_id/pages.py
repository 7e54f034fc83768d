"""How the simulator's few pages are made: strict headers, one style sheet, a banner that cannot be missed."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Response, render_template, request

from portal.demo.national_id.loopback import origin
from portal.demo.national_id.state import provider
from portal.demo.national_id.words import WORDS, language_for

STYLE = (Path(__file__).parent / "templates" / "simulator.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


@dataclass(frozen=True)
class PersonButton:
    """One person to press."""

    key: str
    name: str
    story: str


@dataclass(frozen=True)
class PersonGroup:
    """People under one heading; an empty heading shows none."""

    heading: str
    people: tuple[PersonButton, ...]


@dataclass(frozen=True)
class PickPage:
    """Who can be picked for one request, and who cannot because their level is too low."""

    choice: str = field(repr=False)
    groups: tuple[PersonGroup, ...]
    unable: tuple[PersonButton, ...]


@dataclass(frozen=True)
class SignedOutPage:
    """The end: where to go on, and the frames that tell clients (Front-Channel Logout 1.0)."""

    return_to: str | None = field(repr=False)
    frames: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class StoppedPage:
    """A sign-in that cannot go on."""


def show(
    template: str,
    language: str,
    page: PickPage | SignedOutPage | StoppedPage,
    *,
    status: int = 200,
    form_target: str | None = None,
    frames: Sequence[str] = (),
) -> Response:
    """Render a page. Browsers apply `form-action` to the redirect after a form too, hence `form_target`."""
    body = render_template(
        template,
        page=page,
        words=WORDS[language],
        language=language,
        title=provider().config.title[language],
        style=STYLE,
    )
    response = Response(body, status=status)
    targets = " ".join(["'self'", *([origin(form_target)] if form_target else [])])
    sources = " ".join(sorted({origin(frame) for frame in frames})) or "'none'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; "
        f"form-action {targets}; frame-src {sources}; frame-ancestors 'none'; base-uri 'none'"
    )
    return response


def browser_language() -> str:
    """The language of a page that belongs to no request of a client."""
    return language_for([tag for tag, _ in request.accept_languages])


def harden(response: Response) -> Response:
    """The headers of every answer: nothing is stored, nothing is told to the next site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    return response
