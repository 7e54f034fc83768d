"""Builds the pages of saying what one thinks from what is answered so far. Of the core it asks only limits."""

from __future__ import annotations

from flask import url_for

from portal.family.views.answers import Answer, Statement
from portal.family.views.operations import case_of, is_adult, offered
from portal.family.views.pages import CheckPage, QuestionPage, StartPage
from portal.family.views.questions import OCCASIONS, QUESTIONS, WRONG, Occasion, Question, Way, choices
from portal.texts import NP_, Text
from portal.web.visit import Visit
from portal.web.writing import ShownError, limit


def start_page(visit: Visit) -> StartPage:
    """All occasions."""
    case_id, adult = case_of(visit), is_adult(visit)
    return StartPage(
        adult=adult,
        offered=offered(visit),
        occasions=tuple(
            (
                _read(visit, occasion.name.to(adult=adult)),
                url_for("family_views.go_on", case_id=case_id, place=occasion.place),
            )
            for occasion in OCCASIONS
        ),
        words_url=url_for("family_my_words.words", case_id=case_id),
        back_url=url_for("family_overview.overview", case_id=case_id),
    )


def next_url(visit: Visit, occasion: Occasion, statement: Statement, code: str | None = None) -> str:
    """Where to go after this question: the next one, or the last page. Without a question: where one had stopped."""
    codes = list(occasion.asks)
    if code is not None:
        left = codes[codes.index(code) + 1 :]
    else:
        done = [index for index, each in enumerate(codes) if each in statement.answers]
        left = codes[done[-1] + 1 :] if done and not occasion.at_once else codes
    return _question_url(visit, occasion, left[0]) if left else _check_url(visit, occasion)


def question_page(
    visit: Visit, occasion: Occasion, code: str, statement: Statement, errors: tuple[ShownError, ...] = ()
) -> QuestionPage:
    """One question, with what was answered before."""
    adult, question, answer = is_adult(visit), QUESTIONS[code], statement.answer(code)
    place = occasion.asks.index(code)
    changing = visit.query("then") == "check"
    return QuestionPage(
        adult=adult,
        call_first=occasion.code == WRONG,
        at_once=occasion.at_once,
        number=place + 1,
        count=len(occasion.asks),
        way=question.way.value,
        title=_read(visit, question.text.to(adult=adult)),
        hint=_read(visit, question.hint.to(adult=adult)),
        options=tuple((one.code, _read(visit, one.text), one.symbol) for one in choices(occasion, question)),
        chosen=answer.chosen,
        words=question.way is not Way.SCALE,
        text=answer.words,
        limit=answer_limit(visit),
        submission_id=statement.submission_id,
        back_url=_check_url(visit, occasion) if changing else _before(visit, occasion, place),
        post_url=_question_url(visit, occasion, code, changing=changing),
        check_url=_check_url(visit, occasion),
        help_url=url_for("family_help.start"),
        about_us_url=url_for("family_complaint.write", case_id=case_of(visit)),
        errors=errors,
    )


def check_page(visit: Visit, occasion: Occasion, statement: Statement) -> CheckPage:
    """All answers, each with a way to change it."""
    adult = is_adult(visit)
    return CheckPage(
        adult=adult,
        call_first=occasion.code == WRONG,
        occasion=_read(visit, occasion.name.to(adult=adult)),
        nothing_answered=not any(statement.answer(code).given for code in occasion.asks),
        rows=tuple(
            (
                _read(visit, QUESTIONS[code].text.to(adult=adult)),
                _in_words(visit, occasion, QUESTIONS[code], statement.answer(code)),
                _question_url(visit, occasion, code, changing=True),
            )
            for code in occasion.asks
        ),
        first_url=_question_url(visit, occasion, occasion.asks[0]),
        submission_id=statement.submission_id,
        back_url=_question_url(visit, occasion, occasion.asks[-1]),
        post_url=url_for("family_views.send", case_id=case_of(visit), place=occasion.place),
        help_url=url_for("family_help.start"),
        about_us_url=url_for("family_complaint.write", case_id=case_of(visit)),
    )


def answer_limit(visit: Visit) -> int:
    """Most characters of one answer."""
    return limit(visit, lambda limits: limits.comment_characters)


def _before(visit: Visit, occasion: Occasion, place: int) -> str:
    if place:
        return _question_url(visit, occasion, occasion.asks[place - 1])
    return url_for("family_views.start", case_id=case_of(visit))


def _question_url(visit: Visit, occasion: Occasion, code: str, *, changing: bool = False) -> str:
    then = "check" if changing else None
    return url_for("family_views.question", case_id=case_of(visit), place=occasion.place, code=code, then=then)


def _check_url(visit: Visit, occasion: Occasion) -> str:
    return url_for("family_views.check", case_id=case_of(visit), place=occasion.place)


def _in_words(visit: Visit, occasion: Occasion, question: Question, answer: Answer) -> str:
    """An answer as it was read when it was chosen, then what was written."""
    chosen = [one.text for one in choices(occasion, question) if one.code in answer.chosen]
    parts = [_read(visit, text) for text in chosen]
    if answer.words:
        parts.append(answer.words)
    return "\n".join(parts) or _read(visit, NP_("child", "Skipped"))


def _read(visit: Visit, text: Text) -> str:
    return visit.parts.texts.translate(visit.language, text)
