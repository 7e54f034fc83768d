"""Routes of stopping a message: the question, and doing it."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import STOP_MESSAGE
from portal.staff.stops import operations
from portal.web.forms import WordsForm, new_id
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, written_id

staff_stops = Blueprint("staff_stops", __name__)


@staff_stops.get("/staff/threads/<uuid:thread_id>/stop", access=STOP_MESSAGE)
def ask(visit: Visit) -> Response:
    """Which message, and what happens; afterwards that it is stopped."""
    message_id = operations.message_of(visit.query(operations.MESSAGE))
    page = operations.stop_page(visit, message_id, Written(new_id(), "", None))
    if page.body is not None:
        visit.note_seen("thread")
    return render(page)


@staff_stops.post("/staff/threads/<uuid:thread_id>/stop", access=STOP_MESSAGE, body_limit=TEXT_BODY)
def stop(visit: Visit) -> AnyResponse:
    """Stop it. A reason that is too long holds nothing up: it is cut, because the message must go at once."""
    message_id = operations.message_of(visit.form.get(operations.MESSAGE, ""))
    form = WordsForm(visit.form, limit=operations.reason_limit(visit), required=False)
    operations.stop(visit, message_id, Written(written_id(visit), form.text[: form.limit], None))
    values = {"thread_id": operations.thread_of(visit), operations.MESSAGE: message_id}
    return visit.redirect("staff_stops.ask", **values)
