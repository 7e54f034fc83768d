"""Routes of the overview."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import ASK_TO_SEE_MORE, SEE_OVERVIEW
from portal.family.overview import operations
from portal.family.overview.forms import draft_of, see_more_key
from portal.texts import N_
from portal.web.forms import WordsForm
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, after_sending, begun, keep_refused, shown, written_id

family_overview = Blueprint("family_overview", __name__)


@family_overview.get("/cases/<uuid:case_id>", access=SEE_OVERVIEW)
def overview(visit: Visit) -> Response:
    """What happens next."""
    return render(operations.overview_page(visit))


preview(family_overview, "", N_("Overview"), SEE_OVERVIEW, operations.overview_page)


@family_overview.route(
    "/cases/<uuid:case_id>/ask-to-see-more",
    methods=["GET", "POST"],
    access=ASK_TO_SEE_MORE,
    body_limit=TEXT_BODY,
    draft=draft_of,
)
def ask_to_see_more(visit: Visit) -> AnyResponse:
    """A box for whoever wants to say more than that; then take the wish in, or show what is wrong with it."""
    key = see_more_key(operations.case_of(visit))
    if request.method != "POST":
        return render(operations.see_more_page(visit, begun(visit, key)))
    form = WordsForm(visit.form, limit=operations.see_more_limit(visit), required=False)
    written = Written(written_id(visit), form.text, None)
    problems = form.problems()
    if problems:
        keep_refused(visit, key, written.text)
        return render(operations.see_more_page(visit, written, shown(visit, problems)), 422)
    kept_id = operations.ask_to_see_more(visit, written)
    if visit.grant.keep_only:
        return after_sending(visit, "family_sent.receipt", submission_id=kept_id)
    case_id = operations.case_of(visit)
    return after_sending(visit, "family_requests.requests", case_id=case_id, _anchor=f"w-{kept_id}")
