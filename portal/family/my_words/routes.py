"""Routes of one's own words."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import ANSWER_ABOUT_WORDS, SEE_MY_WORDS
from portal.family.my_words import operations
from portal.family.my_words.forms import (
    GONE,
    AnswerForm,
    about_of,
    answer_draft,
    field_of,
    sentence_draft,
    words_key,
)
from portal.family.my_words.pages import Box
from portal.web.forms import FieldError, WordsForm
from portal.web.pages import render
from portal.web.rule import TEXT_BODY
from portal.web.visit import Visit
from portal.web.writing import Written, after_sending, keep_refused, shown, written_id

family_my_words = Blueprint("family_my_words", __name__)


@family_my_words.get("/cases/<uuid:case_id>/my-words", access=SEE_MY_WORDS)
def words(visit: Visit) -> Response:
    """What one has said, who may read it, and what is asked about it."""
    return render(operations.words_page(visit))


@family_my_words.post(
    "/cases/<uuid:case_id>/my-words/answers", access=ANSWER_ABOUT_WORDS, body_limit=TEXT_BODY, draft=answer_draft
)
def answer(visit: Visit) -> AnyResponse:
    """Take a yes or no in; or show what is wrong, with the words still there."""
    question_id = about_of(visit.form, "question_id")
    form = AnswerForm(visit.form, limit=operations.text_limit(visit))
    written = Written(written_id(visit), form.text, None)
    problems = form.problems(field_of(question_id))
    if problems or form.answer is None:
        return _mend(visit, question_id, written, problems)
    if not operations.question_is_open(visit, question_id):
        return _mend(visit, question_id, written, (FieldError("main", GONE),))
    return _sent(visit, question_id, operations.send_answer(visit, question_id, form.answer, written))


@family_my_words.post(
    "/cases/<uuid:case_id>/my-words/sentences", access=ANSWER_ABOUT_WORDS, body_limit=TEXT_BODY, draft=sentence_draft
)
def sentence(visit: Visit) -> AnyResponse:
    """Take in that a sentence is right, or what it is to say instead."""
    sentence_id = about_of(visit.form, "sentence_id")
    right = visit.form.get("right") == "yes"
    form = WordsForm(visit.form, limit=operations.text_limit(visit), required=not right)
    written = Written(written_id(visit), form.text, None)
    problems = form.problems(field_of(sentence_id))
    if problems:
        return _mend(visit, sentence_id, written, problems)
    if not operations.sentence_is_open(visit, sentence_id):
        return _mend(visit, sentence_id, written, (FieldError("main", GONE),))
    return _sent(visit, sentence_id, operations.send_sentence_answer(visit, sentence_id, written, right=right))


def _mend(visit: Visit, about_id: str, written: Written, problems: tuple[FieldError, ...]) -> Response:
    keep_refused(visit, words_key(operations.case_of(visit), about_id), written.text)
    box = Box(about_id, written.id, written.text, begun=True, draft_until=None)
    return render(operations.page_to_mend(visit, box, shown(visit, problems)), 422)


def _sent(visit: Visit, about_id: str, kept_id: str) -> AnyResponse:
    if visit.grant.keep_only:
        return after_sending(visit, "family_sent.receipt", submission_id=kept_id)
    case_id = operations.case_of(visit)
    return after_sending(visit, "family_my_words.words", case_id=case_id, _anchor=f"a-{about_id}")
