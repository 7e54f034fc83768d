"""Routes of an appeal: against a decision, and against the answer to a wish to see more."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import APPEAL
from portal.family.appeal import operations
from portal.family.appeal.forms import draft_key, draft_of_decision, draft_of_request
from portal.web.forms import WordsForm
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, after_sending, begun, keep_refused, shown, written_id

family_appeal = Blueprint("family_appeal", __name__)


@family_appeal.route(
    "/cases/<uuid:case_id>/decisions/<uuid:about_id>/appeal",
    methods=["GET", "POST"],
    access=APPEAL,
    body_limit=TEXT_BODY,
    draft=draft_of_decision,
)
def of_decision(visit: Visit) -> AnyResponse:
    """I disagree with a decision."""
    return _appeal(visit, of_decision=True)


@family_appeal.route(
    "/cases/<uuid:case_id>/asked-to-see-more/<uuid:about_id>/appeal",
    methods=["GET", "POST"],
    access=APPEAL,
    body_limit=TEXT_BODY,
    draft=draft_of_request,
)
def of_request(visit: Visit) -> AnyResponse:
    """I disagree with the answer to my wish to see more."""
    return _appeal(visit, of_decision=False)


def _appeal(visit: Visit, *, of_decision: bool) -> AnyResponse:
    """Show the box; then take the appeal in, or show what is wrong with it."""
    key = draft_key(operations.about_of(visit))
    if request.method != "POST":
        return render(operations.appeal_page(visit, begun(visit, key), of_decision=of_decision))
    form = WordsForm(visit.form, limit=operations.text_limit(visit), required=False)
    written = Written(written_id(visit), form.text, None)
    problems = form.problems()
    if problems:
        keep_refused(visit, key, written.text)
        page = operations.appeal_page(visit, written, of_decision=of_decision, errors=shown(visit, problems))
        return render(page, 422)
    kept_id = operations.appeal(visit, written)
    if visit.grant.keep_only:
        return after_sending(visit, "family_sent.receipt", submission_id=kept_id)
    endpoint = "family_decisions.decisions" if of_decision else "family_requests.requests"
    return after_sending(visit, endpoint, case_id=operations.case_of(visit), _anchor=f"a-{kept_id}")
