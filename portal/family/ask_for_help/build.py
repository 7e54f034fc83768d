"""Builds the pages of asking for help from what is answered so far. Reads nothing from the core but its limit."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for

from portal.family.ask_for_help.answers import PLACE, Answer, Asking
from portal.family.ask_for_help.operations import receiver
from portal.family.ask_for_help.pages import CheckPage, QuestionPage
from portal.jurisdictions import Choice, Question
from portal.texts import N_, NP_, Text
from portal.web.visit import Visit
from portal.web.writing import ShownError, limit

SAFE_NOW = "safe_now"
NOT_SAFE = "no"


def questions(visit: Visit, asking: Asking) -> Mapping[str, Question]:
    """The questions in their order; the place comes last, where there is more than one."""
    found = list(asking.questions(visit.jurisdiction))
    if len(visit.parts.settings.services) > 1:
        found.append(_place(visit, asking))
    return {question.code: question for question in found}


def next_url(visit: Visit, asking: Asking, code: str | None = None) -> str:
    """Where to go after this question: the next one, or the last page. Without a question: where one had stopped."""
    codes = list(questions(visit, asking))
    if code is not None:
        left = codes[codes.index(code) + 1 :]
    else:
        done = [index for index, each in enumerate(codes) if each in asking.answers]
        left = codes[done[-1] + 1 :] if done else codes
    return url_for("family_help.question", code=left[0]) if left else url_for("family_help.check")


def question_page(
    visit: Visit, asking: Asking, code: str, answer: Answer, errors: tuple[ShownError, ...] = ()
) -> QuestionPage:
    """One question, with what was answered before."""
    asked = questions(visit, asking)
    codes, question = list(asked), asked[code]
    place = codes.index(code)
    before = codes[place - 1] if place else None
    changing = visit.query("then") == "check"
    check_url = url_for("family_help.check")
    own_url = url_for("family_help.question", code=before) if before else url_for("family_help.start")
    translate = visit.parts.texts.translate
    return QuestionPage(
        is_child=asking.is_child,
        who=asking.who,
        number=place + 1,
        count=len(codes),
        title=translate(visit.language, question.text),
        hint=translate(visit.language, question.hint),
        options=tuple((choice.code, translate(visit.language, choice.text)) for choice in question.choices),
        choice=answer.choice,
        words=question.words,
        text=answer.words,
        limit=answer_limit(visit),
        numbers_first=before == SAFE_NOW and not_safe(asking),
        back_url=check_url if changing else own_url,
        post_url=url_for("family_help.answer", code=code, then="check" if changing else None),
        check_url=check_url,
        errors=errors,
    )


def check_page(visit: Visit, asking: Asking) -> CheckPage:
    """All answers, each with a way to change it."""
    asked = questions(visit, asking)
    nothing = not any(asking.answer(code).given for code in asked if code != PLACE)
    rows = tuple(
        (
            visit.parts.texts.translate(visit.language, question.text),
            _in_words(visit, question, asking.answer(code)),
            url_for("family_help.question", code=code, then="check"),
        )
        for code, question in asked.items()
        if code == PLACE or not nothing
    )
    return CheckPage(
        is_child=asking.is_child,
        nothing_answered=nothing,
        rows=rows,
        place=visit.parts.settings.services[receiver(visit, asking)].place,
        first_url=url_for("family_help.question", code=next(iter(asked))),
        numbers_first=not_safe(asking),
        submission_id=asking.submission_id,
        back_url=url_for("family_help.question", code=list(asked)[-1]),
        post_url=url_for("family_help.send"),
    )


def answer_limit(visit: Visit) -> int:
    """Most characters of one answer."""
    return limit(visit, lambda limits: limits.referral_answer_characters)


def not_safe(asking: Asking) -> bool:
    """Did this person say that it is not safe now?"""
    return asking.answer(SAFE_NOW).choice == NOT_SAFE


def _in_words(visit: Visit, question: Question, answer: Answer) -> str:
    """An answer as it was read when it was chosen, then what was written."""
    chosen = [choice.text for choice in question.choices if choice.code == answer.choice]
    parts = [visit.parts.texts.translate(visit.language, text) for text in chosen]
    if question.words and answer.words:
        parts.append(answer.words)
    return "\n".join(parts) or visit.parts.texts.translate(visit.language, NP_("child", "Skipped"))


def _place(visit: Visit, asking: Asking) -> Question:
    names = visit.parts.settings.services.values()
    places = [Choice(service.id, Text(service.place)) for service in names]  # a name is the same in every language
    if asking.is_child:
        text, hint = NP_("child", "Where should we send it?"), NP_("child", "Pick the place where you live.")
        unknown = NP_("child", "I do not know")
    else:
        text, hint = N_("Where should we send it?"), N_("Choose where you live. If you are not sure, we find out.")
        unknown = N_("I do not know")
    return Question(PLACE, text, hint, (*places, Choice("unknown", unknown)))
