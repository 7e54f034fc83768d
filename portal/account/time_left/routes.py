"""Routes about the time a session has left, once for each realm. Asking never prolongs; only "stay" does."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, jsonify, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import ASK_STAFF_TIME_LEFT, ASK_TIME_LEFT, PUBLIC, USE_ACCOUNT, USE_STAFF_ACCOUNT
from portal.account.time_left.pages import TimedOutPage, Words
from portal.domain.people import Realm
from portal.web.mendable import HOME
from portal.web.pages import render
from portal.web.visit import Visit

time_left = Blueprint("account_time", __name__)

SIGN_IN = {Realm.FAMILY: "account.sign_in", Realm.STAFF: "account.staff_sign_in"}


@time_left.get("/time-left", access=ASK_TIME_LEFT, live=True)
def left(visit: Visit) -> Response:
    """Whole seconds until this session ends by itself, and whether "stay" would help."""
    return _left(visit)


@time_left.get("/staff/time-left", access=ASK_STAFF_TIME_LEFT, live=True)
def staff_left(visit: Visit) -> Response:
    """The same for staff."""
    return _left(visit)


@time_left.post("/stay", access=USE_ACCOUNT)
def stay(visit: Visit) -> Response:  # noqa: ARG001 the gate has prolonged the session already: somebody is there
    """Somebody is still there."""
    return Response(status=204)


@time_left.post("/staff/stay", access=USE_STAFF_ACCOUNT)
def staff_stay(visit: Visit) -> Response:  # noqa: ARG001 as above
    """The same for staff."""
    return Response(status=204)


@time_left.get("/timed-out", access=PUBLIC)
def timed_out(visit: Visit) -> AnyResponse:
    """What a page that lay open too long turns into."""
    return _timed_out(visit, Realm.FAMILY)


@time_left.get("/staff/timed-out", access=PUBLIC)
def staff_timed_out(visit: Visit) -> AnyResponse:
    """The same for staff."""
    return _timed_out(visit, Realm.STAFF)


def _left(visit: Visit) -> Response:
    session = visit.session
    seconds = (session.idle_until_utc - visit.now) // timedelta(seconds=1)
    return jsonify({"seconds": max(seconds, 0), "can_stay": session.idle_until_utc < session.absolute_until_utc})


def _timed_out(visit: Visit, realm: Realm) -> AnyResponse:
    """Whoever is still signed in is told no such thing."""
    if visit.open_session(realm) is not None:
        return visit.redirect(HOME[realm])
    told = visit.query("words")
    words = Words(told) if told in set(Words) else Words.NONE
    return render(TimedOutPage(sign_in_url=url_for(SIGN_IN[realm]), words=words))
