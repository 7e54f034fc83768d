"""Routes of who may still see something. Nobody but the child of the case comes here."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import CHOOSE_WHO_STAYS, SEE_WHO_STAYS
from portal.family.who_stays import operations
from portal.family.who_stays.forms import choices_of
from portal.texts import N_
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.visit import Visit
from portal.web.writing import after_sending, is_locked

family_who_stays = Blueprint("family_who_stays", __name__)


@family_who_stays.get("/cases/<uuid:case_id>/who-stays", access=SEE_WHO_STAYS)
def who_stays(visit: Visit) -> Response:
    """What happens by itself at 18, and from then on what I want."""
    return render(operations.who_stays_page(visit))


preview(family_who_stays, "/who-stays", N_("Who may still see"), SEE_WHO_STAYS, operations.who_stays_page)


@family_who_stays.post("/cases/<uuid:case_id>/who-stays", access=CHOOSE_WHO_STAYS)
def choose(visit: Visit) -> AnyResponse:
    """Take in what was chosen. Nothing chosen is nothing sent."""
    case_id = operations.case_of(visit)
    choices = choices_of(visit.form)
    if choices:
        kept_id = operations.choose(visit, choices)
        if visit.grant.keep_only:
            return after_sending(visit, "family_sent.receipt", submission_id=kept_id)
        return after_sending(visit, "family_who_stays.who_stays", case_id=case_id)
    if visit.grant.keep_only or is_locked(visit):
        return visit.redirect("family_who_stays.who_stays", case_id=case_id)
    return render(operations.nothing_chosen_page(visit), 422)
