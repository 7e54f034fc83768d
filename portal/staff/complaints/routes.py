"""Routes of what was said about those who work here. For everybody whom the core has not given it, the one "no"."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import ANSWER_COMPLAINT, SEE_COMPLAINTS
from portal.staff.complaints import operations
from portal.staff.complaints.operations import answer_key, draft_of
from portal.web.forms import WordsForm
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, begun, keep_refused, shown, written_id

staff_complaints = Blueprint("staff_complaints", __name__)


@staff_complaints.get("/staff/about-us", access=SEE_COMPLAINTS)
def said_about_us(visit: Visit) -> Response:
    """What was said to this leader."""
    return render(operations.list_page(visit))


@staff_complaints.get("/staff/about-us/<uuid:complaint_id>", access=SEE_COMPLAINTS)
def one(visit: Visit) -> Response:
    """One of them."""
    return render(operations.one_page(visit, begun(visit, answer_key(operations.complaint_of(visit)))))


@staff_complaints.post(
    "/staff/about-us/<uuid:complaint_id>/answers", access=ANSWER_COMPLAINT, body_limit=TEXT_BODY, draft=draft_of
)
def answer(visit: Visit) -> AnyResponse:
    """Take the answer in; or show what is wrong, with the words still there. Only to one that is this leader's."""
    complaint_id = operations.complaint_of(visit)
    form = WordsForm(visit.form, limit=operations.text_limit(visit))
    written = Written(written_id(visit), form.text, None)
    problems = form.problems()
    if problems:
        keep_refused(visit, answer_key(complaint_id), written.text)
        page = operations.one_page(visit, written, shown(visit, problems))
        visit.note_seen("complaints")
        return render(page, 422)
    if not visit.grant.keep_only:
        operations.one_page(visit, written)  # whoever has not got it is told the one "no" before anything is kept
    operations.send(visit, written)
    return visit.redirect("staff_complaints.one", complaint_id=complaint_id)
