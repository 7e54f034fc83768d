"""Routes of saying what one thinks. Each page keeps its answer; the last one sends. No answer stands in an address."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import GIVE_VIEW
from portal.family.views import build, operations
from portal.family.views.forms import QuestionForm, draft_of, occasion_at, sending_draft
from portal.family.views.questions import Occasion
from portal.texts import NP_
from portal.web.errors import NoError
from portal.web.forms import FieldError
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import after_sending, shown, written_id

family_views = Blueprint("family_views", __name__)

NOTHING_CHOSEN = NP_("child", "Pick something or write a word. Nothing has been sent.")


@family_views.get("/cases/<uuid:case_id>/say", access=GIVE_VIEW)
def start(visit: Visit) -> Response:
    """Choose the occasion."""
    return render(build.start_page(visit))


@family_views.get("/cases/<uuid:case_id>/say/<place>", access=GIVE_VIEW)
def go_on(visit: Visit) -> AnyResponse:
    """Begin, or go on where one had stopped."""
    occasion = occasion_at(visit.arguments["place"])
    return redirect(build.next_url(visit, occasion, operations.begun_or_new(visit, occasion)), 303)


@family_views.get("/cases/<uuid:case_id>/say/<place>/<code>", access=GIVE_VIEW)
def question(visit: Visit) -> AnyResponse:
    """One question."""
    occasion, code = _asked(visit)
    if not operations.offered(visit):
        return _to_start(visit)
    statement = operations.begun_or_new(visit, occasion)
    waiting = operations.pending(visit, occasion, code)
    if waiting is not None:
        statement = statement.with_answer(code, waiting)
    return render(build.question_page(visit, occasion, code, statement))


@family_views.post("/cases/<uuid:case_id>/say/<place>/<code>", access=GIVE_VIEW, body_limit=TEXT_BODY, draft=draft_of)
def answer(visit: Visit) -> AnyResponse:
    """Keep one answer and go on; or send, where that is the only page."""
    occasion, code = _asked(visit)
    form = QuestionForm(visit.form, limit=build.answer_limit(visit))
    statement = operations.begun_or_new(visit, occasion).with_answer(code, form.answer)
    problems = () if form.skip.data else form.problems()
    if occasion.at_once and not problems and not form.answer.given:
        problems = (FieldError("choice", NOTHING_CHOSEN),)
    if problems:
        return render(build.question_page(visit, occasion, code, statement, shown(visit, problems)), 422)
    if occasion.at_once:  # pressed twice, it is one and the same
        statement = replace(statement, submission_id=written_id(visit))
    operations.keep_answer(visit, occasion, statement)
    operations.drop_pending(visit, occasion, code)
    if occasion.at_once:
        return _sent(visit, occasion)
    if visit.query("then") == "check":
        return visit.redirect("family_views.check", case_id=operations.case_of(visit), place=occasion.place)
    return redirect(build.next_url(visit, occasion, statement, code), 303)


@family_views.get("/cases/<uuid:case_id>/say/<place>/check", access=GIVE_VIEW)
def check(visit: Visit) -> AnyResponse:
    """All answers before they are sent."""
    occasion = occasion_at(visit.arguments["place"])
    statement = operations.begun(visit, occasion)
    if statement is None or not operations.offered(visit):
        return _to_start(visit)
    return render(build.check_page(visit, occasion, statement))


@family_views.post("/cases/<uuid:case_id>/say/<place>/send", access=GIVE_VIEW, draft=sending_draft)
def send(visit: Visit) -> AnyResponse:
    """Send it. Pressed twice, the second finds the draft gone and shows the same receipt."""
    return _sent(visit, occasion_at(visit.arguments["place"]))


def _sent(visit: Visit, occasion: Occasion) -> AnyResponse:
    statement = operations.begun(visit, occasion)
    if statement is None:
        submission_id = written_id(visit)
        if operations.was_sent(visit, submission_id):
            return after_sending(visit, "family_sent.receipt", submission_id=submission_id)
        return _to_start(visit)
    if not operations.offered(visit):
        return _to_start(visit)
    if not operations.content_of(visit, occasion, statement)["answers"]:
        return visit.redirect("family_views.check", case_id=operations.case_of(visit), place=occasion.place)
    return after_sending(visit, "family_sent.receipt", submission_id=operations.send(visit, occasion, statement))


def _asked(visit: Visit) -> tuple[Occasion, str]:
    """The question of the address. Raises `NoError` for one that is not asked at this occasion."""
    occasion, code = occasion_at(visit.arguments["place"]), visit.arguments["code"]
    if code not in occasion.asks:
        raise NoError
    return occasion, code


def _to_start(visit: Visit) -> AnyResponse:
    return visit.redirect("family_views.start", case_id=operations.case_of(visit))
