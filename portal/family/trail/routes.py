"""Route of the access trail."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.access.actions import SEE_TRAIL
from portal.family.trail import operations
from portal.texts import N_
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.visit import Visit

family_trail = Blueprint("family_trail", __name__)


@family_trail.get("/cases/<uuid:case_id>/who-has-looked", access=SEE_TRAIL)
def who_has_looked(visit: Visit) -> Response:
    """Who of those who work here has looked."""
    return render(operations.trail_page(visit))


preview(family_trail, "/who-has-looked", N_("Who has looked"), SEE_TRAIL, operations.trail_page)
