"""The routes of the home."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import SEE_HOME
from portal.domain.people import Realm, Relation
from portal.family.home.operations import renew_session
from portal.family.home.pages import home_page
from portal.identity.errors import SignInError
from portal.web import cookies
from portal.web.errors import NoError
from portal.web.pages import render
from portal.web.stopped import counted
from portal.web.visit import Visit

family_home = Blueprint("family_home", __name__)


@family_home.get("/home", access=SEE_HOME)
def home(visit: Visit) -> AnyResponse:
    """Every door; straight through to one's own case where there is no other."""
    found = counted(visit, visit.core.home(visit.grant, visit.language))
    match found.cases:
        case (only,) if only.relation is Relation.SELF:
            return visit.redirect("family_overview.overview", case_id=only.case_id)
    if visit.session.actor.locked:  # whoever holds the phone is not told when its owner was here, nor what came
        return render(home_page(found, None, locked=True))
    return render(home_page(found, visit.session.previous_sign_in_utc))


@family_home.post("/home/open", access=SEE_HOME)
def open_door(visit: Visit) -> AnyResponse:
    """From one child's space to another's, with a new value in the cookie (sign-in.md, item 28)."""
    case_id = visit.form.get("case_id", "")
    if case_id not in visit.grant.cases:
        raise NoError
    try:
        token = renew_session(visit)
    except SignInError:  # signed out elsewhere in this very moment
        return visit.redirect("account.sign_in")
    response = visit.redirect("family_overview.overview", case_id=case_id)
    cookies.write_session(response, Realm.FAMILY, token)
    return response
