"""The route of one's own wishes to see more."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.access.actions import SEE_REQUESTS
from portal.family.requests import operations
from portal.texts import N_
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.visit import Visit

family_requests = Blueprint("family_requests", __name__)


@family_requests.get("/cases/<uuid:case_id>/asked-to-see-more", access=SEE_REQUESTS)
def requests(visit: Visit) -> Response:
    """What I have asked to see, and the answers."""
    return render(operations.requests_page(visit))


preview(family_requests, "/asked-to-see-more", N_("What you have asked to see"), SEE_REQUESTS, operations.requests_page)
