"""The route on which a worker chooses as whom to look."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from portal.access.actions import PREVIEW
from portal.staff.preview.pages import SomebodysView, WhoseViewPage
from portal.web.pages import render
from portal.web.visit import Visit

staff_preview = Blueprint("staff_preview", __name__)


@staff_preview.get("/staff/preview/<uuid:case_id>", access=PREVIEW)
def people(visit: Visit) -> Response:
    """Everybody whose view there is."""
    found = visit.core.case_people(visit.grant, visit.language)
    views = tuple(
        SomebodysView(
            url_for("family_overview.preview_see_overview", case_id=found.case_id, person_id=person.id),
            person.first_name,
            person.relation,
        )
        for person in found.people
    )
    return render(WhoseViewPage(found.child_name, views, url_for("staff_children.children")))
