"""Routes about what somebody has sent. Somebody else's is the one "no"."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import SEE_HELP_ANSWER, SEE_SENT, WRITE_ON_HELP
from portal.family.sent import operations
from portal.family.sent.forms import draft_key, draft_of
from portal.web.forms import WordsForm
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, after_sending, begun, keep_refused, shown, written_id

family_sent = Blueprint("family_sent", __name__)


@family_sent.get("/sent", access=SEE_SENT)
def sent(visit: Visit) -> Response:
    """What I have sent."""
    return render(operations.sent_page(visit))


@family_sent.get("/sent/<uuid:submission_id>", access=SEE_SENT)
def receipt(visit: Visit) -> Response:
    """What became of one thing I have sent."""
    return render(operations.receipt_page(visit))


@family_sent.get("/asked/<uuid:referral_id>", access=SEE_HELP_ANSWER)
def answers(visit: Visit) -> Response:
    """The answers to my asking for help."""
    return render(operations.answers_page(visit, begun(visit, draft_key(operations.referral_of(visit)))))


@family_sent.get("/asked/<uuid:referral_id>/new", access=WRITE_ON_HELP)
def write(visit: Visit) -> Response:
    """Write on without reading."""
    return render(operations.write_page(visit, begun(visit, draft_key(operations.referral_of(visit)))))


@family_sent.post("/asked/<uuid:referral_id>", access=WRITE_ON_HELP, body_limit=TEXT_BODY, draft=draft_of)
def write_on(visit: Visit) -> AnyResponse:
    """Take more words in; or show what is wrong, with the text still there."""
    form = WordsForm(visit.form, limit=operations.text_limit(visit))
    written = Written(written_id(visit), form.text, None)
    problems = form.problems()
    referral_id = operations.referral_of(visit)
    if problems:
        keep_refused(visit, draft_key(referral_id), written.text)
        return render(operations.page_to_mend(visit, written, shown(visit, problems)), 422)
    kept_id = operations.write_on(visit, written)
    if visit.grant.keep_only:
        return after_sending(visit, "family_sent.receipt", submission_id=kept_id)
    return after_sending(visit, "family_sent.answers", referral_id=referral_id, _anchor=f"m-{kept_id}")
