"""Who comes without a session: on to sign-in; and what was written when a session had run out is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import g, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.domain.people import Realm
from portal.identity.session import IdleExpired
from portal.settings import Service
from portal.web.pages import Page, render
from portal.web.parts import Parts
from portal.web.rule import DraftToKeep, GatedRule

SIGN_IN = {Realm.FAMILY: "account.sign_in", Realm.STAFF: "account.staff_sign_in"}


@dataclass(frozen=True)
class SignedOutPage(Page):
    """The session had ended when a form came: whether the text is kept, and where to sign in again."""

    template: ClassVar[str] = "account/signed_out_meanwhile.html"
    kept: bool
    sign_in_url: str


def answer(own: Parts, service: Service, rule: GatedRule, expired: IdleExpired | None) -> Response:
    """For a page: on to sign-in and back. For a form: keep the text where that is allowed, and say which it is."""
    realm = rule.access.realm or Realm.FAMILY
    if rule.live:
        return Response(status=401)  # the open page stays as it is; its next real step leads to sign-in
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for(SIGN_IN[realm], next=_here()), 303)
    draft = rule.draft(g.arguments, request.form) if rule.draft is not None else None
    kept = draft is not None and expired is not None and _keep(own, service, expired, draft)
    sign_in_url = url_for(SIGN_IN[realm], next=draft.back if draft is not None else None)
    return render(SignedOutPage(kept=kept, sign_in_url=sign_in_url), 401)


def _keep(own: Parts, service: Service, expired: IdleExpired, draft: DraftToKeep) -> bool:
    """One draft, for the person the session belonged to, and nothing is shown back."""
    with own.store.write() as connection:
        if not own.sessions.take_draft_right(connection, expired):
            return False
        own.drafts.save(connection, service.id, expired.account_id, draft.key, dict(draft.content))
    return True


def _here() -> str:
    return request.script_root + request.path
