"""Routes of the plan."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import COMMENT_ON_PLAN, SEE_PLAN
from portal.family.plan import operations
from portal.family.plan.forms import CommentForm, about, comment_key, draft_of
from portal.family.plan.pages import Box
from portal.texts import N_
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import after_sending, keep_refused, shown, written_id

family_plan = Blueprint("family_plan", __name__)


@family_plan.get("/cases/<uuid:case_id>/plan", access=SEE_PLAN)
def plan(visit: Visit) -> Response:
    """Goals and measures, with what the reader said about each."""
    return render(operations.plan_page(visit))


preview(family_plan, "/plan", N_("Plan"), SEE_PLAN, operations.plan_page)


@family_plan.post("/cases/<uuid:case_id>/plan/comments", access=COMMENT_ON_PLAN, body_limit=TEXT_BODY, draft=draft_of)
def comment(visit: Visit) -> AnyResponse:
    """Take a comment in; or show what is wrong, with the text still there."""
    subject = about(visit.form)
    form = CommentForm(visit.form, subject, limit=operations.text_limit(visit))
    problems = form.problems(f"words-{subject.box_id}")
    if problems:
        keep_refused(visit, comment_key(operations.case_of(visit), subject.box_id), form.text)
        box = Box(subject, written_id(visit), form.text, begun=True, draft_until=None, stance=form.stance)
        return render(operations.page_to_mend(visit, box, shown(visit, problems)), 422)
    kept_id = operations.send_comment(visit, subject, written_id(visit), form)
    if visit.grant.keep_only:
        return after_sending(visit, "family_sent.receipt", submission_id=kept_id)
    return after_sending(visit, "family_plan.plan", case_id=operations.case_of(visit), _anchor=f"c-{kept_id}")
