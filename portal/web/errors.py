"""The one "no", the "cannot be shown just now", and the other pages nobody should have to see."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import ClassVar

from flask import Flask, Response, current_app, g, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from portal.core.errors import UNREACHABLE, CoreError
from portal.domain.people import Realm
from portal.identity.limits import NEXT_TRY, LimitsUnavailable, TooOften
from portal.logs import log
from portal.web.forms import NotAnIdError
from portal.web.pages import Page, render
from portal.web.rule import GatedRule


class NoError(Exception):
    """Forbidden, missing, sealed, blocked, not a party: one page for all (rules.md R19)."""


class DownError(Exception):
    """The core cannot be asked just now."""


@dataclass(frozen=True)
class NoPage(Page):
    """Byte-identical for one viewer whatever the reason; it names nothing and offers ways to help."""

    template: ClassVar[str] = "public/no.html"
    bare: ClassVar[bool] = True
    ask_for_help_url: str


@dataclass(frozen=True)
class DownPage(Page):
    """The core is down: numbers on top, and writing goes on."""

    template: ClassVar[str] = "public/down.html"
    write_url: str | None
    ask_for_help_url: str


@dataclass(frozen=True)
class NotSentPage(Page):
    """A form that did not come from our own page, or is too old."""

    template: ClassVar[str] = "public/not_sent.html"
    too_large: bool


@dataclass(frozen=True)
class TooManyPage(Page):
    """Tried too often, or nothing can be counted just now (`ours`): when to come back. It tells of no case.

    Writing is offered only to who can write at once: a sign-in must not stand between.
    """

    template: ClassVar[str] = "public/too_many.html"
    bare: ClassVar[bool] = True
    lasting: ClassVar[bool] = False
    ours: bool
    minutes: int
    ask_for_help_url: str | None


@dataclass(frozen=True)
class BrokenPage(Page):
    """Something went wrong on our side."""

    template: ClassVar[str] = "public/broken.html"
    bare: ClassVar[bool] = True


def no_page() -> Response:
    """The one "no"."""
    return render(NoPage(ask_for_help_url=url_for("family_help.start")), 404)


def down_page() -> Response:
    """The page while the core is down, with a way to write where the request was about a case."""
    case_id = g.arguments.get("case_id")
    writes = case_id is not None and g.session is not None and g.session.realm.value == "family"
    write_url = url_for("family_conversation.write", case_id=case_id) if writes else None
    response = render(DownPage(write_url=write_url, ask_for_help_url=url_for("family_help.start")), 503)
    response.headers["Retry-After"] = "30"
    return response


def not_sent_page(*, too_large: bool) -> Response:
    """Nothing was taken in, and why."""
    return render(NotSentPage(too_large=too_large), 413 if too_large else 403)


def too_many_page(wait: timedelta, *, ours: bool) -> Response:
    """Come back in a while (RFC 6585 §4; RFC 9110 §10.2.3). An open page that asks by itself gets no page."""
    status, seconds = (503 if ours else 429), max(1, ceil(wait.total_seconds()))
    if isinstance(request.url_rule, GatedRule) and request.url_rule.live:
        response = Response(status=status)
    else:
        writes = g.session is not None and g.session.realm is Realm.FAMILY
        help_url = url_for("family_help.start") if writes else None
        response = render(TooManyPage(ours=ours, minutes=ceil(seconds / 60), ask_for_help_url=help_url), status)
    response.headers["Retry-After"] = str(seconds)
    return response


def install(app: Flask) -> None:
    """Every failure becomes a page of ours; none shows what went wrong inside."""
    for kind, answer in (
        (NoError, lambda _: no_page()),
        (DownError, lambda _: down_page()),
        (CoreError, _core),
        (TooOften, lambda error: too_many_page(error.wait, ours=False)),
        (LimitsUnavailable, lambda _: too_many_page(NEXT_TRY, ours=True)),
        (RequestEntityTooLarge, lambda _: not_sent_page(too_large=True)),
        (NotAnIdError, lambda _: not_sent_page(too_large=False)),
        (HTTPException, lambda _: no_page()),
        (Exception, _fault),
    ):
        app.register_error_handler(kind, answer)


def _core(error: CoreError) -> Response:
    if isinstance(error, UNREACHABLE):
        log("core.unreachable", code=error.code, service=g.service.id)
        return down_page()
    return no_page()


def _fault(error: Exception) -> Response:
    if current_app.testing:
        raise error
    log("request.fault", level=logging.ERROR, error=error, endpoint=request.endpoint or "-")
    return render(BrokenPage(), 500)
