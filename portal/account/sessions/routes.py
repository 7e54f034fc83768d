"""Routes of "My sign-in", for families and for staff."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import USE_ACCOUNT, USE_STAFF_ACCOUNT
from portal.account.operations import sign_out
from portal.account.routes import leave_to
from portal.account.sessions import operations
from portal.account.sessions.pages import OwnSessionPage, StaffSessionsPage
from portal.domain.people import Realm
from portal.web.pages import render
from portal.web.visit import Visit

account_sessions = Blueprint("account_sessions", __name__)

MINUTE = timedelta(minutes=1)


@account_sessions.get("/account", access=USE_ACCOUNT)
def own(visit: Visit) -> Response:
    """When this person was here last, and how long they are signed in."""
    session, lengths = visit.session, visit.service.sessions
    idle = lengths.family_shared_idle if session.shared else lengths.family_idle
    return render(
        OwnSessionPage(
            previous_utc=None if session.actor.locked else session.previous_sign_in_utc,
            locked=session.actor.locked,
            shared=session.shared,
            idle_minutes=idle // MINUTE,
            ends_utc=session.absolute_until_utc,
            everywhere_url=url_for("account_sessions.end_everywhere"),
            unlock_url=url_for("account_code.ask", next=url_for("account_sessions.own")),
            code_url=url_for("account_code.code"),
        )
    )


@account_sessions.post("/account/sign-out-everywhere", access=USE_ACCOUNT)
def end_everywhere(visit: Visit) -> AnyResponse:
    """End all that this person has open, here and elsewhere, then at the national ID."""
    return leave_to(sign_out(visit, Realm.FAMILY, everywhere=True), Realm.FAMILY)


@account_sessions.get("/staff/account", access=USE_STAFF_ACCOUNT)
def staff_own(visit: Visit) -> Response:
    """Where this worker is signed in."""
    return render(
        StaffSessionsPage(
            previous_utc=visit.session.previous_sign_in_utc,
            idle_minutes=visit.service.sessions.staff_idle // MINUTE,
            sessions=visit.parts.sessions.of_the_same_person(visit.session),
            end_url=url_for("account_sessions.staff_end"),
            end_others_url=url_for("account_sessions.staff_end_others"),
        )
    )


@account_sessions.post("/staff/account/end", access=USE_STAFF_ACCOUNT)
def staff_end(visit: Visit) -> AnyResponse:
    """End one of the others. The page shows what is left."""
    operations.end_one(visit, visit.form.get("session", ""))
    return visit.redirect("account_sessions.staff_own")


@account_sessions.post("/staff/account/end-others", access=USE_STAFF_ACCOUNT)
def staff_end_others(visit: Visit) -> AnyResponse:
    """End all of the others."""
    operations.end_others(visit)
    return visit.redirect("account_sessions.staff_own")
