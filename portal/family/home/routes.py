"""The route of the home."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import SEE_HOME
from portal.domain.people import Relation
from portal.family.home.pages import home_page
from portal.web.pages import render
from portal.web.visit import Visit

family_home = Blueprint("family_home", __name__)


@family_home.get("/home", access=SEE_HOME)
def home(visit: Visit) -> AnyResponse:
    """Every door; straight through to one's own case where there is no other."""
    found = visit.core.home(visit.grant, visit.language)
    match found.cases:
        case (only,) if only.relation is Relation.SELF:
            return visit.redirect("family_overview.overview", case_id=only.case_id)
    return render(home_page(found))
