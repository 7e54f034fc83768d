"""Who comes without a session: on to sign-in; and what was written when a session had run out is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import g, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.audit.events import Entry, Event
from portal.domain.people import Realm
from portal.identity.own_code import draft_place
from portal.identity.session import IdleExpired
from portal.settings import Service
from portal.web import cookies
from portal.web.pages import Page, render
from portal.web.parts import Parts
from portal.web.rule import DraftToKeep, GatedRule

SIGN_IN = {Realm.FAMILY: "account.sign_in", Realm.STAFF: "account.staff_sign_in"}
SIGN_OUT = {Realm.FAMILY: "account.sign_out", Realm.STAFF: "account.staff_sign_out"}
SIGNED_OUT = {Realm.FAMILY: "account.signed_out", Realm.STAFF: "account.staff_signed_out"}


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
    if rule.endpoint == SIGN_OUT[realm]:
        return _sign_out(own, service, realm, expired)
    draft = rule.draft(g.arguments, request.form) if rule.draft is not None else None
    kept = draft is not None and expired is not None and _keep(own, service, expired, draft)
    sign_in_url = url_for(SIGN_IN[realm], next=draft.back if draft is not None else None)
    return render(SignedOutPage(kept=kept, sign_in_url=sign_in_url), 401)


def _sign_out(own: Parts, service: Service, realm: Realm, expired: IdleExpired | None) -> Response:
    """Pressed twice, or after the session ran out: what was wanted is so, and what is left of it ends, too."""
    if expired is not None:
        with own.store.write() as connection:
            own.sessions.revoke(connection, expired, "signed_out")
            own.journal.record(connection, Entry(service.id, Event.SIGNED_OUT, realm, expired.account_id))
    response = redirect(url_for(SIGNED_OUT[realm]), 303)
    cookies.clear_session(response, realm)
    cookies.clear_browser_secret(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _keep(own: Parts, service: Service, expired: IdleExpired, draft: DraftToKeep) -> bool:
    """One draft, for the person the session belonged to, and nothing is shown back."""
    with own.store.write() as connection:
        if not own.sessions.take_draft_right(connection, expired):
            return False
        key = draft_place(expired, draft.key)
        own.drafts.save(connection, service.id, expired.account_id, key, dict(draft.content))
    return True


def _here() -> str:
    return request.script_root + request.path
