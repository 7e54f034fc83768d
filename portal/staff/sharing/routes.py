"""Routes of sharing what somebody has said."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import DECIDE_SHARING, SEE_SHARING
from portal.staff.checked import Checked, NotCheckedError, check
from portal.staff.sharing import operations
from portal.staff.sharing.forms import Pair, decision_of, pair_of, question_draft, question_key
from portal.staff.sharing.pages import Ways
from portal.web.errors import DownError
from portal.web.forms import FieldError, WordsForm, new_id
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, keep_refused, shown, written_id

staff_sharing = Blueprint("staff_sharing", __name__)


@staff_sharing.get("/staff/threads/<uuid:thread_id>/sharing", access=SEE_SHARING)
def sharing(visit: Visit) -> Response:
    """What the person of the thread has said, and who may read it."""
    return render(operations.sharing_page(visit))


@staff_sharing.post(
    "/staff/threads/<uuid:thread_id>/sharing/questions",
    access=DECIDE_SHARING,
    body_limit=TEXT_BODY,
    draft=question_draft,
)
def ask(visit: Visit) -> AnyResponse:
    """Ask the author; or show what is wrong, with the why still there."""
    pair = pair_of(visit.form)
    form = WordsForm(visit.form, limit=operations.text_limit(visit))
    written = Written(written_id(visit), form.text, None)
    try:
        checked = check(visit, form, f"words-{pair.id}", operations.text_limit(visit))
    except NotCheckedError:
        keep_refused(visit, question_key(operations.thread_of(visit), pair), written.text)
        raise DownError from None
    hindered = None if checked.errors else operations.question_hindered(visit, pair)
    problems = checked.errors if hindered is None else (FieldError("main", hindered),)
    if problems:
        keep_refused(visit, question_key(operations.thread_of(visit), pair), written.text)
        ways = Ways(pair, written.id, new_id(), written.text, begun=True, draft_until=None)
        return render(operations.page_to_mend(visit, ways, shown(visit, problems), checked.warning), 422)
    operations.send_question(visit, pair, written, checked.acknowledged)
    return _back(visit, pair)


@staff_sharing.post("/staff/threads/<uuid:thread_id>/sharing/decisions", access=DECIDE_SHARING)
def decide(visit: Visit) -> AnyResponse:
    """Let somebody read, or not. Without a yes only with a reason, and with a day to tell its author."""
    pair = pair_of(visit.form)
    decision = decision_of(visit.form, visit.jurisdiction, visit.today)
    if isinstance(decision, FieldError):
        return _mend(visit, pair, Checked((decision,)))
    checked = operations.decision_checked(visit, pair, decision)
    if checked.errors:
        return _mend(visit, pair, checked)
    operations.send_decision(visit, pair, written_id(visit), decision, checked.acknowledged)
    return _back(visit, pair)


def _mend(visit: Visit, pair: Pair, checked: Checked) -> Response:
    reason, day = visit.form.get("reason", ""), visit.form.get("tell_from", "")
    ways = Ways(pair, new_id(), written_id(visit), "", begun=False, draft_until=None, reason=reason, tell_from=day)
    return render(operations.page_to_mend(visit, ways, shown(visit, checked.errors), checked.warning), 422)


def _back(visit: Visit, pair: Pair) -> AnyResponse:
    thread_id = operations.thread_of(visit)
    return visit.redirect("staff_sharing.sharing", thread_id=thread_id, _anchor=f"w-{pair.words_id}")
