"""Routes of the conversation. What was written is never lost: it is sent, or shown again, or kept as a draft."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import SEE_CONVERSATION, SEE_NEWS, WRITE_MESSAGE
from portal.domain.people import Relation
from portal.family.conversation import operations
from portal.family.conversation.forms import draft_key, draft_of
from portal.texts import N_
from portal.web.forms import FieldError, WordsForm
from portal.web.pages import render, render_block
from portal.web.preview import preview
from portal.web.rule import TEXT_BODY
from portal.web.uploads import FIELD, given_out, is_chosen, taken
from portal.web.visit import Visit
from portal.web.writing import Written, after_sending, begun, keep_refused, shown, written_id

family_conversation = Blueprint("family_conversation", __name__)

CHOOSE_AGAIN = (FieldError(FIELD, N_("Choose the file once more. It was not sent.")),)


@family_conversation.get("/cases/<uuid:case_id>/messages", access=SEE_CONVERSATION)
def conversation(visit: Visit) -> Response:
    """The messages and the box."""
    return render(operations.fresh_page(visit))


preview(family_conversation, "/messages", N_("Messages"), SEE_CONVERSATION, operations.fresh_page)


@family_conversation.post("/cases/<uuid:case_id>/messages", access=WRITE_MESSAGE, body_limit=TEXT_BODY, draft=draft_of)
def send(visit: Visit) -> AnyResponse:
    """Take a message in; or show what is wrong, with the text still there."""
    chosen = is_chosen()
    form = WordsForm(visit.form, limit=operations.text_limit(visit), required=not chosen)
    written = Written(written_id(visit), form.text, None)
    problems = form.problems()
    files, unfit = taken(visit, child=visit.grant.relation is Relation.SELF)
    problems = (*problems, *unfit, *(CHOOSE_AGAIN if problems and files else ()))
    if problems:
        keep_refused(visit, draft_key(operations.case_of(visit)), written.text)
        return render(operations.page_to_mend(visit, written, shown(visit, problems)), 422)
    kept_id = operations.send_message(visit, written, files)
    if visit.grant.keep_only:
        return after_sending(visit, "family_sent.receipt", submission_id=kept_id)
    case_id = operations.case_of(visit)
    return after_sending(visit, "family_conversation.conversation", case_id=case_id, _anchor=f"m-{kept_id}")


@family_conversation.get("/cases/<uuid:case_id>/messages/files/<uuid:attachment_id>", access=SEE_CONVERSATION)
def file(visit: Visit) -> Response:
    """A file of one's own conversation."""
    return given_out(visit, str(visit.arguments["attachment_id"]))


@family_conversation.get("/cases/<uuid:case_id>/messages/new", access=WRITE_MESSAGE)
def write(visit: Visit) -> Response:
    """Write without reading."""
    return render(operations.write_page(visit, begun(visit, draft_key(operations.case_of(visit)))))


@family_conversation.get("/cases/<uuid:case_id>/messages/news", access=SEE_NEWS, live=True)
def news(visit: Visit) -> Response:
    """Nothing, or the messages anew for a page that stays open."""
    page = operations.news(visit, visit.query("after"))
    return Response(status=204) if page is None else render_block(page, "news")
