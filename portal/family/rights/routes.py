"""Routes of one's rights, and of no longer agreeing. No address tells which."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import SEE_RIGHTS, WITHDRAW_CONSENT
from portal.family.rights import operations
from portal.family.rights.forms import agree_key, draft_of
from portal.texts import N_
from portal.web.forms import WordsForm
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, after_sending, begun, keep_refused, shown, written_id

family_rights = Blueprint("family_rights", __name__)


@family_rights.get("/cases/<uuid:case_id>/rights", access=SEE_RIGHTS)
def rights(visit: Visit) -> Response:
    """What I have a right to."""
    return render(operations.rights_page(visit))


preview(family_rights, "/rights", N_("Your rights"), SEE_RIGHTS, operations.rights_page)


@family_rights.route(
    "/cases/<uuid:case_id>/rights/agree",
    methods=["GET", "POST"],
    access=WITHDRAW_CONSENT,
    body_limit=TEXT_BODY,
    draft=draft_of,
)
def no_longer_agree(visit: Visit) -> AnyResponse:
    """What happens when I no longer agree, and the button; then take it in, or show what is wrong with the words."""
    key = agree_key(operations.case_of(visit))
    if request.method != "POST":
        return render(operations.agree_page(visit, begun(visit, key)))
    form = WordsForm(visit.form, limit=operations.text_limit(visit), required=False)
    written = Written(written_id(visit), form.text, None)
    problems = form.problems()
    if problems:
        keep_refused(visit, key, written.text)
        return render(operations.agree_page(visit, written, shown(visit, problems)), 422)
    return after_sending(visit, "family_sent.receipt", submission_id=operations.withdraw(visit, written))
