"""The route of the page to print."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.access.actions import SEE_ON_PAPER
from portal.family.on_paper import operations
from portal.texts import N_
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.visit import Visit

family_on_paper = Blueprint("family_on_paper", __name__)


@family_on_paper.get("/cases/<uuid:case_id>/print", access=SEE_ON_PAPER)
def paper(visit: Visit) -> Response:
    """All I may see, on one page."""
    return render(operations.paper_page(visit))


preview(family_on_paper, "/print", N_("To print or save"), SEE_ON_PAPER, operations.paper_page)
