"""A no that the person can mend: prove anew who they are, or open with their own code. And words kept for later.

These pages come before any fact about a case is asked for, and so are the same for every case there is or is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from flask import g, request, url_for
from werkzeug.wrappers import Response

from portal.access.grants import Denial
from portal.domain.people import Realm
from portal.identity.own_code import draft_place
from portal.identity.session import Session
from portal.settings import Service
from portal.web.forms import FieldError
from portal.web.pages import Page, render
from portal.web.parts import Parts
from portal.web.rule import GatedRule
from portal.web.visit import Visit

MENDABLE = frozenset({Denial.ASSURANCE, Denial.FRESHNESS, Denial.SCOPE, Denial.LOCKED})
KEEP_FIELD = "keep_for_later"
"""Sent by the page itself, just before a session ends, with what is half written in a form."""

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_WRITES = re.compile(rf"/(?:cases/(?P<case_id>{_UUID})|asked/(?P<referral_id>{_UUID}))(?=[/?#]|$)")

HOME = {Realm.FAMILY: "family_home.home", Realm.STAFF: "staff_inbox.inbox"}
STEP_UP = {Realm.FAMILY: "account.step_up", Realm.STAFF: "account.staff_step_up"}


@dataclass(frozen=True)
class StepUpPage(Page):
    """What is wanted needs a surer or a fresher sign-in: to the provider and back (rules.md, "Assurance")."""

    template: ClassVar[str] = "account/step_up.html"
    lasting: ClassVar[bool] = False
    start_url: str
    next_url: str
    home_url: str


@dataclass(frozen=True)
class TogetherPage(Page):
    """A child let in by a caseworker reads this together with the worker (rules.md R4, R8)."""

    template: ClassVar[str] = "account/together.html"
    lasting: ClassVar[bool] = False
    home_url: str


@dataclass(frozen=True)
class LockedPage(Page):
    """The person's own code is asked for (rules.md R20). Writing and asking for help go on without it."""

    template: ClassVar[str] = "account/locked.html"
    lasting: ClassVar[bool] = False
    unlock_url: str
    next_url: str
    write_url: str | None
    help_url: str
    home_url: str
    wait: timedelta = timedelta()
    errors: tuple[FieldError, ...] = ()


def answer(own: Parts, service: Service, rule: GatedRule, session: Session, denial: Denial) -> Response:
    """The page for one mendable no. What came with a form is kept as a draft where that is possible."""
    if rule.live:
        return Response(status=401)  # the open page stays as it is; its next real step asks
    draft = rule.draft(g.arguments, request.form) if rule.draft is not None and request.method == "POST" else None
    if draft is not None:
        with own.store.write() as connection:
            key = draft_place(session, draft.key)
            own.drafts.save(connection, service.id, session.account_id, key, dict(draft.content))
    home_url = url_for(HOME[session.realm])
    here = request.script_root + request.path if request.method in {"GET", "HEAD"} else home_url
    next_url = draft.back if draft is not None else here
    if denial is Denial.LOCKED:
        return render(locked_page(next_url), 403)
    if denial is Denial.SCOPE:
        return render(TogetherPage(home_url=home_url), 403)
    return render(StepUpPage(start_url=url_for(STEP_UP[session.realm]), next_url=next_url, home_url=home_url), 403)


def locked_page(next_url: str, wait: timedelta = timedelta(), errors: tuple[FieldError, ...] = ()) -> LockedPage:
    """The question for the code, with the ways that need none. `wait`: how long no code is compared."""
    return LockedPage(
        unlock_url=url_for("account_code.unlock"),
        next_url=next_url,
        write_url=_write_url(next_url),
        help_url=url_for("family_help.start"),
        home_url=url_for(HOME[Realm.FAMILY]),
        wait=wait,
        errors=errors,
    )


def _write_url(next_url: str) -> str | None:
    """Where to write without reading, known by where the person was going; nobody is asked whether that exists."""
    found = _WRITES.search(next_url)
    if found is None:
        return None
    if found["case_id"] is not None:
        return url_for("family_conversation.write", case_id=found["case_id"])
    return url_for("family_sent.write", referral_id=found["referral_id"])


def wants_to_keep() -> bool:
    """Does the page ask to keep what is half written? Then nothing is sent, whatever form it was.

    It asks by itself, so nobody has shown that they are still there.
    """
    return KEEP_FIELD in request.form


def kept_for_later(visit: Visit, rule: GatedRule) -> Response:
    """Keep it as a draft of its writer: 204, or 422 where that cannot be. Nothing is sent, nothing is shown back."""
    draft = rule.draft(g.arguments, request.form) if rule.draft is not None else None
    if draft is None or not draft.fits:
        return Response(status=422)
    with visit.parts.store.write() as connection:
        content = dict(draft.content)
        key = draft_place(visit.session, draft.key)
        visit.parts.drafts.save(connection, visit.service.id, visit.session.account_id, key, content)
    return Response(status=204)
