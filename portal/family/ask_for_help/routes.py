"""Routes of asking for help. Each page keeps its answer; the last one sends. No answer ever stands in an address."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import ASK_FOR_HELP
from portal.family.ask_for_help import build, operations
from portal.family.ask_for_help.answers import Asking, asking_from, who
from portal.family.ask_for_help.forms import DRAFT_KEY, QuestionForm, draft_of, sending_draft
from portal.family.ask_for_help.pages import StartPage
from portal.web.errors import NoError
from portal.web.forms import new_id
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import after_sending, draft, shown, written_id

family_help = Blueprint("family_help", __name__)


@family_help.get("/ask-for-help", access=ASK_FOR_HELP)
def start(visit: Visit) -> Response:
    """What happens next, before anything is asked."""
    kept = draft(visit, DRAFT_KEY)
    asking = None if kept is None else asking_from(kept.content)
    return render(
        StartPage(
            adult_age=visit.jurisdiction.ages.adult.on(visit.today),
            days=visit.jurisdiction.referral_days,
            place=visit.service.place,
            post_url=url_for("family_help.begin"),
            sent_url=url_for("family_sent.sent"),
            go_on_url=None if asking is None else build.next_url(visit, asking),
            draft_until=None if kept is None else kept.until,
        )
    )


@family_help.post("/ask-for-help", access=ASK_FOR_HELP)
def begin(visit: Visit) -> AnyResponse:
    """Begin, or go on with other words for the questions; what was written already stays."""
    begun = operations.begun(visit) or Asking(new_id(), who(visit.form))
    asking = replace(begun, who=who(visit.form))
    operations.keep(visit, asking)
    return _on(build.next_url(visit, asking))


@family_help.get("/ask-for-help/<code>", access=ASK_FOR_HELP)
def question(visit: Visit) -> AnyResponse:
    """One question."""
    code = visit.arguments["code"]
    waiting = operations.pending(visit, code)
    asking = operations.begun(visit) or waiting
    if asking is None:
        return visit.redirect("family_help.start")
    if code not in build.questions(visit, asking):
        raise NoError
    return render(build.question_page(visit, asking, code, (waiting or asking).answer(code)))


@family_help.post("/ask-for-help/<code>", access=ASK_FOR_HELP, body_limit=TEXT_BODY, draft=draft_of)
def answer(visit: Visit) -> AnyResponse:
    """Keep one answer and go on."""
    code = visit.arguments["code"]
    asking = operations.begun(visit) or Asking(new_id(), who(visit.form))
    if code not in build.questions(visit, asking):
        raise NoError
    form = QuestionForm(visit.form, limit=build.answer_limit(visit))
    problems = form.problems()
    if problems and not form.skip.data:
        return render(build.question_page(visit, asking, code, form.answer, shown(visit, problems)), 422)
    operations.keep_answer(visit, asking, code, form.answer)
    if visit.query("then") == "check":
        return visit.redirect("family_help.check")
    return _on(build.next_url(visit, asking, code))


@family_help.get("/ask-for-help/check", access=ASK_FOR_HELP)
def check(visit: Visit) -> AnyResponse:
    """All answers before they are sent."""
    asking = operations.begun(visit)
    return visit.redirect("family_help.start") if asking is None else render(build.check_page(visit, asking))


@family_help.post("/ask-for-help/send", access=ASK_FOR_HELP, draft=sending_draft)
def send(visit: Visit) -> AnyResponse:
    """Send it. Pressed twice, the second finds the draft gone and shows the same receipt."""
    asking = operations.begun(visit)
    if asking is not None:
        return after_sending(visit, "family_sent.receipt", submission_id=operations.send(visit, asking))
    submission_id = written_id(visit)
    if operations.was_sent(visit, submission_id):
        return after_sending(visit, "family_sent.receipt", submission_id=submission_id)
    return visit.redirect("family_help.start")


def _on(url: str) -> AnyResponse:
    return redirect(url, 303)
