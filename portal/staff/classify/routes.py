"""Routes of deciding what a message is: the question, and the decision."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import CLASSIFY
from portal.staff.classify import operations
from portal.staff.classify.operations import CLASS, ITEM, class_of, item_of
from portal.texts import N_
from portal.web.forms import FieldError, WordsForm, clean
from portal.web.pages import render
from portal.web.rule import TEXT_BODY, DraftToKeep
from portal.web.visit import Visit
from portal.web.writing import Written, begun, shown, written_id

staff_classify = Blueprint("staff_classify", __name__)


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What is kept of a reason whose writer was signed out meanwhile. Raises `NoError` when the form was not ours."""
    thread_id, item_id = str(arguments["thread_id"]), item_of(form.get(ITEM, ""))
    return DraftToKeep(
        key=f"classify:{thread_id}:{item_id}",
        content={"body": clean(form.get("body", ""))},
        back=url_for("staff_classify.ask", thread_id=thread_id, item_id=item_id),
    )


@staff_classify.get("/staff/threads/<uuid:thread_id>/what-it-is", access=CLASSIFY)
def ask(visit: Visit) -> Response:
    """What it says, what was decided before, and the question."""
    item_id = item_of(visit.query(ITEM))
    page = operations.classify_page(visit, item_id, begun(visit, operations.draft_key(visit, item_id)))
    if not page.core_down:
        visit.note_seen("thread")
    return render(page)


@staff_classify.post(
    "/staff/threads/<uuid:thread_id>/what-it-is", access=CLASSIFY, body_limit=TEXT_BODY, draft=draft_of
)
def decide(visit: Visit) -> AnyResponse:
    """Take the decision in; or show what is missing, with the reason still there."""
    item_id, item_class = item_of(visit.form.get(ITEM, "")), class_of(visit.form.get(CLASS, ""))
    form = WordsForm(visit.form, limit=operations.reason_limit(visit))
    written = Written(written_id(visit), form.text, None)
    problems = form.problems()
    if item_class is None:
        problems = (FieldError(CLASS, N_("Choose what it is. Nothing has been decided.")), *problems)
    if item_class is None or problems:
        operations.keep_reason(visit, item_id, written)
        chosen = "" if item_class is None else item_class.value
        page = operations.classify_page(visit, item_id, written, chosen, shown(visit, problems))
        if not page.core_down:
            visit.note_seen("thread")
        return render(page, 422)
    operations.decide(visit, item_id, item_class, written)
    return visit.redirect("staff_classify.ask", thread_id=operations.thread_of(visit), item_id=item_id)
