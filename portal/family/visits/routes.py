"""Routes of the visits."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import SAY_ABOUT_VISITS, SEE_VISITS
from portal.family.visits import operations
from portal.family.visits.forms import GONE, WishForm, about_of, content_of, draft_of, visits_key
from portal.family.visits.pages import Box
from portal.texts import N_
from portal.web.forms import FieldError
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.rule import DRAFT_BYTES, TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, after_sending, keep_draft, shown, written_id

family_visits = Blueprint("family_visits", __name__)


@family_visits.get("/cases/<uuid:case_id>/visits", access=SEE_VISITS)
def visits(visit: Visit) -> Response:
    """Whom I see and when, and where I live."""
    return render(operations.visits_page(visit))


preview(family_visits, "/visits", N_("Visits"), SEE_VISITS, operations.visits_page)


@family_visits.post(
    "/cases/<uuid:case_id>/visits/wishes", access=SAY_ABOUT_VISITS, body_limit=TEXT_BODY, draft=draft_of
)
def say(visit: Visit) -> AnyResponse:
    """Take in more, less, not now or words; or show what is wrong, with the choice and the text still there."""
    about_id = about_of(visit.form)
    form = WishForm(visit.form, about_id, limit=operations.text_limit(visit))
    box = Box(about_id, written_id(visit), form.text, form.wish, begun=True, draft_until=None)
    problems = form.wrong(box.field_id, box.choice_id)
    if problems or form.wish is None:
        return _mend(visit, box, problems)
    if not operations.is_there(visit, about_id):
        return _mend(visit, box, (FieldError("main", GONE),))
    kept_id = operations.send_wish(visit, about_id, form.wish, Written(box.submission_id, box.text, None))
    if visit.grant.keep_only:
        return after_sending(visit, "family_sent.receipt", submission_id=kept_id)
    case_id = operations.case_of(visit)
    return after_sending(visit, "family_visits.visits", case_id=case_id, _anchor=f"w-{kept_id}")


def _mend(visit: Visit, box: Box, problems: tuple[FieldError, ...]) -> Response:
    if 0 < len(box.text.encode()) <= DRAFT_BYTES:
        keep_draft(visit, visits_key(operations.case_of(visit), box.about_id), content_of(visit.form))
    return render(operations.page_to_mend(visit, box, shown(visit, problems)), 422)
