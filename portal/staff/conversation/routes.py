"""Routes of one thread."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import MARK_OPENED, READ_THREAD, REPLY
from portal.staff.conversation import operations
from portal.staff.conversation.forms import draft_key, draft_of
from portal.web.forms import NotAnIdError, WordsForm, form_id
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, begun, keep_refused, shown

staff_conversation = Blueprint("staff_conversation", __name__)

LONGEST_ID = 255


@staff_conversation.get("/staff/threads/<uuid:thread_id>", access=READ_THREAD)
def thread(visit: Visit) -> Response:
    """Read a thread. Reading alone says nothing to the family."""
    return render(operations.thread_page(visit, begun(visit, draft_key(operations.thread_of(visit)))))


@staff_conversation.post("/staff/threads/<uuid:thread_id>/opened", access=MARK_OPENED)
def opened(visit: Visit) -> AnyResponse:
    """A person has opened it: the family sees by whom."""
    message_id = visit.form.get("message_id", "")
    if not 0 < len(message_id) <= LONGEST_ID:
        raise NotAnIdError
    operations.mark_opened(visit, form_id(visit.form), message_id)
    return visit.redirect("staff_conversation.thread", thread_id=operations.thread_of(visit))


@staff_conversation.post(
    "/staff/threads/<uuid:thread_id>/replies", access=REPLY, body_limit=TEXT_BODY, draft=draft_of
)
def reply(visit: Visit) -> AnyResponse:
    """Take a reply in; or show what is wrong, with the text still there."""
    form = WordsForm(visit.form, limit=operations.text_limit(visit))
    written = Written(form_id(visit.form), form.text, None)
    problems = form.problems()
    thread_id = operations.thread_of(visit)
    if problems:
        keep_refused(visit, draft_key(thread_id), written.text)
        return render(operations.thread_page(visit, written, shown(visit, problems)), 422)
    operations.send_reply(visit, written)
    return visit.redirect("staff_conversation.thread", thread_id=thread_id, _anchor=f"m-{written.id}")
