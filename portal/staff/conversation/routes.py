"""Routes of one thread."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import MARK_OPENED, READ_THREAD, REPLY
from portal.staff.checked import Checked, NotCheckedError, check
from portal.staff.conversation import operations
from portal.staff.conversation.forms import (
    Chosen,
    answer_draft_of,
    answer_key,
    chosen_of,
    draft_key,
    draft_of,
    remark_of,
)
from portal.staff.conversation.holding import promised_day, send_holding
from portal.staff.conversation.pages import AnswerBox, answer_field, reason_field
from portal.texts import N_
from portal.web.forms import FieldError, NotAnIdError, WordsForm, form_id
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.uploads import given_out
from portal.web.visit import Visit
from portal.web.writing import Written, begun, keep_refused, shown, written_id

staff_conversation = Blueprint("staff_conversation", __name__)

LONGEST_ID = 255
DO, LOOK = "do", "look"
"""The button that only asks how hard a text is to read."""


@staff_conversation.get("/staff/threads/<uuid:thread_id>", access=READ_THREAD)
def thread(visit: Visit) -> Response:
    """Read a thread. Reading alone says nothing to the family."""
    return render(operations.thread_page(visit, begun(visit, draft_key(operations.thread_of(visit)))))


@staff_conversation.get("/staff/threads/<uuid:thread_id>/files/<uuid:attachment_id>", access=READ_THREAD)
def file(visit: Visit) -> Response:
    """A file that somebody of the thread has sent."""
    return given_out(visit, str(visit.arguments["attachment_id"]))


@staff_conversation.post("/staff/threads/<uuid:thread_id>/opened", access=MARK_OPENED)
def opened(visit: Visit) -> AnyResponse:
    """A person has opened it: the family sees by whom."""
    message_id = visit.form.get("message_id", "")
    if not 0 < len(message_id) <= LONGEST_ID:
        raise NotAnIdError
    operations.mark_opened(visit, form_id(visit.form), message_id)
    return visit.redirect("staff_conversation.thread", thread_id=operations.thread_of(visit))


@staff_conversation.post("/staff/threads/<uuid:thread_id>/replies", access=REPLY, body_limit=TEXT_BODY, draft=draft_of)
def reply(visit: Visit) -> AnyResponse:
    """Take a reply in; or show what is wrong, or how hard it is to read, with the text still there."""
    form = WordsForm(visit.form, limit=operations.text_limit(visit))
    written = Written(written_id(visit), form.text, None)
    thread_id = operations.thread_of(visit)
    if visit.form.get(DO) == LOOK:
        keep_refused(visit, draft_key(thread_id), written.text)
        return render(operations.looked_at(visit, written))
    try:
        checked = check(visit, form, "body", operations.answer_limit(visit))
    except NotCheckedError:
        return render(operations.not_checked(visit, written), 503)
    if checked.errors:
        keep_refused(visit, draft_key(thread_id), written.text)
        return render(operations.reply_to_mend(visit, written, shown(visit, checked.errors), checked.warning), 422)
    operations.send_reply(visit, written, checked.acknowledged)
    return visit.redirect("staff_conversation.thread", thread_id=thread_id, _anchor=f"m-{written.id}")


@staff_conversation.post("/staff/threads/<uuid:thread_id>/holding", access=REPLY)
def holding(visit: Visit) -> AnyResponse:
    """Say with one press that it is read, and by when an answer comes."""
    send_holding(visit, form_id(visit.form), promised_day(visit.form.get("day", ""), visit.today))
    return visit.redirect("staff_conversation.thread", thread_id=operations.thread_of(visit))


@staff_conversation.post(
    "/staff/threads/<uuid:thread_id>/answers", access=REPLY, body_limit=TEXT_BODY, draft=answer_draft_of
)
def answer(visit: Visit) -> AnyResponse:
    """Take an answer to a remark in; or show what is wrong, with the text still there."""
    remark_id, thread_id = remark_of(visit.form), operations.thread_of(visit)
    form = WordsForm(visit.form, limit=operations.answer_limit(visit))
    written = Written(written_id(visit), form.text, None)
    chosen = chosen_of(visit.form, visit.jurisdiction.refusals)
    try:
        checked = _checked(visit, form, remark_id, chosen)
    except NotCheckedError:
        return render(operations.not_checked(visit, written, remark_id, chosen), 503)
    if checked.errors:
        keep_refused(visit, answer_key(thread_id, remark_id), written.text)
        box = AnswerBox(
            remark_id,
            written.id,
            written.text,
            begun=True,
            draft_until=None,
            outcome=chosen.outcome,
            reason=chosen.reason,
        )
        return render(operations.answer_to_mend(visit, box, shown(visit, checked.errors), checked.warning), 422)
    operations.send_answer(visit, remark_id, written, chosen, checked.acknowledged)
    return visit.redirect("staff_conversation.thread", thread_id=thread_id, _anchor=f"r-{remark_id}")


def _checked(visit: Visit, form: WordsForm, remark_id: str, chosen: Chosen) -> Checked:
    """What is wrong with an answer: a no without a why is not looked at any further. Raises `NotCheckedError`."""
    if chosen.lacks_reason:
        why = FieldError(reason_field(remark_id), N_("Choose why. Nothing has been sent."))
        return Checked((why, *form.problems(answer_field(remark_id))))
    return check(visit, form, answer_field(remark_id), form.limit)
