"""Routes of saying that something is wrong. The address tells nothing of it."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import SEE_OWN_COMPLAINTS, WRITE_COMPLAINT
from portal.family.complaint import operations
from portal.family.complaint.forms import ComplaintForm, complaint_key, draft_of
from portal.family.complaint.pages import Filled
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import after_sending, begun, keep_refused, shown, written_id

family_complaint = Blueprint("family_complaint", __name__)


@family_complaint.get("/cases/<uuid:case_id>/about-us", access=SEE_OWN_COMPLAINTS)
def said(visit: Visit) -> Response:
    """What I have said, and the answers."""
    return render(operations.said_page(visit))


@family_complaint.route(
    "/cases/<uuid:case_id>/about-us/new",
    methods=["GET", "POST"],
    access=WRITE_COMPLAINT,
    body_limit=TEXT_BODY,
    draft=draft_of,
)
def write(visit: Visit) -> AnyResponse:
    """The form; then take it in, or show what is wrong with it, with everything still there."""
    case_id = operations.case_of(visit)
    key = complaint_key(case_id)
    if request.method != "POST":
        words = begun(visit, key)
        return render(operations.write_page(visit, Filled(words.id, words.text, words.draft_until)))
    form = ComplaintForm(visit.form, limit=operations.text_limit(visit))
    about = form.about
    filled = Filled(
        submission_id=written_id(visit),
        text=form.text,
        about=about.value if about else None,
        not_these=form.not_these,
        other_worker=form.other_worker,
    )
    problems = form.problems()
    if problems or about is None:
        keep_refused(visit, key, filled.text)
        return render(operations.write_page(visit, filled, shown(visit, problems)), 422)
    kept_id = operations.send(visit, filled, about)
    if visit.grant.keep_only:
        return after_sending(visit, "family_sent.receipt", submission_id=kept_id)
    return after_sending(visit, "family_complaint.said", case_id=case_id, _anchor=f"c-{kept_id}")
