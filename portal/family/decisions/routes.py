"""The route of the decisions: open at any age and assurance, also to a child whom a worker let in (rules.md R8)."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.access.actions import SEE_DECISIONS
from portal.family.decisions import operations
from portal.texts import N_
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.visit import Visit

family_decisions = Blueprint("family_decisions", __name__)


@family_decisions.get("/cases/<uuid:case_id>/decisions", access=SEE_DECISIONS)
def decisions(visit: Visit) -> Response:
    """What is decided."""
    return render(operations.decisions_page(visit))


preview(family_decisions, "/decisions", N_("What is decided"), SEE_DECISIONS, operations.decisions_page)
