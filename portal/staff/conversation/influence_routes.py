"""Routes of one view and the influence answer to it."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import READ_THREAD, REPLY
from portal.staff.checked import NotCheckedError, check
from portal.staff.conversation import influence
from portal.staff.conversation.influence_forms import InfluenceForm, LaterForm, influence_draft, later_draft
from portal.staff.conversation.operations import answer_limit, thread_of
from portal.texts import N_
from portal.web.forms import FieldError
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import shown, written_id

staff_influence = Blueprint("staff_influence", __name__)

GONE = N_("This has been answered, or the answer promised, meanwhile. Nothing has been sent.")


@staff_influence.get("/staff/threads/<uuid:thread_id>/views/<uuid:view_id>", access=READ_THREAD)
def view(visit: Visit) -> Response:
    """One view, with a box for each part of the answer."""
    return render(influence.view_page(visit))


@staff_influence.post(
    "/staff/threads/<uuid:thread_id>/views/<uuid:view_id>/answer",
    access=REPLY,
    body_limit=TEXT_BODY,
    draft=influence_draft,
)
def answer(visit: Visit) -> AnyResponse:
    """Take an influence answer in; or show what is wrong, with the words still there."""
    form = InfluenceForm(visit.form, limit=answer_limit(visit))
    submission_id = written_id(visit)
    try:
        checked = check(visit, form, "heard", form.limit, answers=influence.view_of(visit))
    except NotCheckedError:
        return render(influence.not_checked(visit, form.boxes), 503)
    if checked.errors or not influence.can_be_answered(visit):
        errors = checked.errors or (FieldError("main", GONE),)
        influence.keep_boxes(visit, form.boxes)
        mending = influence.Mending(submission_id, boxes=form.boxes, warning=checked.warning)
        return render(influence.page_to_mend(visit, mending, shown(visit, errors)), 422)
    influence.send_answer(visit, submission_id, form.boxes, checked.acknowledged)
    return _sent(visit)


@staff_influence.post(
    "/staff/threads/<uuid:thread_id>/views/<uuid:view_id>/later",
    access=REPLY,
    body_limit=TEXT_BODY,
    draft=later_draft,
)
def later(visit: Visit) -> AnyResponse:
    """Take in why the answer comes later, and by which day; or show what is wrong."""
    form = LaterForm(visit.form, limit=answer_limit(visit), today=visit.today)
    submission_id, problems = written_id(visit), form.problems()
    if not problems and not influence.can_be_put_off(visit):
        problems = (FieldError("main", GONE),)
    if problems or form.until is None:
        until = form.until.isoformat() if form.until else ""
        mending = influence.Mending(submission_id, reason=form.text, until=until)
        return render(influence.page_to_mend(visit, mending, shown(visit, problems)), 422)
    influence.send_later(visit, submission_id, form.text, form.until)
    return _sent(visit)


def _sent(visit: Visit) -> AnyResponse:
    """Back to the view, with what is on its way."""
    return visit.redirect("staff_influence.view", thread_id=thread_of(visit), view_id=influence.view_of(visit))
