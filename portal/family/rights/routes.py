"""The route of one's rights."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.access.actions import SEE_RIGHTS
from portal.family.rights import operations
from portal.texts import N_
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.visit import Visit

family_rights = Blueprint("family_rights", __name__)


@family_rights.get("/cases/<uuid:case_id>/rights", access=SEE_RIGHTS)
def rights(visit: Visit) -> Response:
    """What I have a right to."""
    return render(operations.rights_page(visit))


preview(family_rights, "/rights", N_("Your rights"), SEE_RIGHTS, operations.rights_page)
