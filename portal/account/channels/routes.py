"""Routes for providers: sign-outs begun elsewhere end the session here, too. They need no cookie and set none."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from portal.access.actions import PUBLIC
from portal.account.channels import operations
from portal.domain.people import Realm
from portal.identity.limits import BACK_CHANNEL
from portal.web import limits
from portal.web.finish import FramedResponse
from portal.web.visit import Visit

account_channels = Blueprint("account_channels", __name__)


@account_channels.post("/sign-in/back-channel", access=PUBLIC, machine=True)
def back_channel(visit: Visit) -> Response:
    """The national ID's server says who has signed out."""
    return _back_channel(visit, Realm.FAMILY)


@account_channels.post("/staff/sign-in/back-channel", access=PUBLIC, machine=True)
def staff_back_channel(visit: Visit) -> Response:
    """The staff provider's server says who has signed out."""
    return _back_channel(visit, Realm.STAFF)


@account_channels.get("/sign-in/front-channel", access=PUBLIC)
def front_channel(visit: Visit) -> Response:
    """A frame in the national ID's sign-out page says so."""
    return _front_channel(visit, Realm.FAMILY)


@account_channels.get("/staff/sign-in/front-channel", access=PUBLIC)
def staff_front_channel(visit: Visit) -> Response:
    """A frame in the staff provider's sign-out page says so."""
    return _front_channel(visit, Realm.STAFF)


def _back_channel(visit: Visit, realm: Realm) -> Response:
    """200, or 400 for whatever is no order (OpenID Connect Back-Channel Logout 1.0 §2.8)."""
    limits.by_address(visit, BACK_CHANNEL)
    given = visit.form.getlist("logout_token")
    if operations.end_by_back_channel(visit, realm, given[0] if len(given) == 1 else None):
        return Response(status=200)
    answer = jsonify(error="invalid_request")
    answer.status_code = 400
    return answer


def _front_channel(visit: Visit, realm: Realm) -> Response:
    """The same answer whatever it did: nobody learns from it which sessions there are."""
    issuers, sids = request.args.getlist("iss"), request.args.getlist("sid")
    if len(issuers) <= 1 and len(sids) == 1:
        operations.end_by_front_channel(visit, realm, issuers[0] if issuers else None, sids[0])
    answer = FramedResponse("<!doctype html>", mimetype="text/html")
    answer.framed_by = operations.provider_origins(visit, realm)
    return answer
