"""The form of one question, and what of it is kept when the session had run out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from portal.family.views.answers import Answer
from portal.family.views.questions import AT, Occasion
from portal.web.errors import NoError
from portal.web.forms import WordsForm, clean
from portal.web.rule import DraftToKeep

_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
MOST_CHOSEN = 20


def occasion_at(place: str) -> Occasion:
    """The occasion at a place of an address. Raises `NoError` for any other."""
    if place not in AT:
        raise NoError
    return AT[place]


def statement_key(case_id: str, place: str) -> str:
    """Where it is kept, page after page."""
    return f"view:{case_id}:{place}"


def pending_key(case_id: str, place: str, code: str) -> str:
    """Where one answer is kept that came after the session had run out; merged when its page is shown again."""
    return f"{statement_key(case_id, place)}:{code}"


def chosen_of(form: MultiDict[str, str]) -> tuple[str, ...]:
    """The codes that were chosen; what is no code is none of ours."""
    return tuple(code for code in form.getlist("choice")[:MOST_CHOSEN] if _CODE.fullmatch(code))


class QuestionForm(WordsForm):
    """One question: choices, words, or neither. Skipping leaves it without an answer."""

    skip = StringField()

    def __init__(self, form: MultiDict[str, str], *, limit: int) -> None:
        super().__init__(form, limit=limit, required=False)
        self.chosen = chosen_of(form)

    @property
    def answer(self) -> Answer:
        """What was answered."""
        return Answer() if self.skip.data else Answer(self.chosen, self.text)


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What is kept of an answer whose writer was signed out meanwhile. Raises `NoError` for no occasion of ours."""
    case_id, place, code = (str(arguments[name]) for name in ("case_id", "place", "code"))
    if code not in occasion_at(place).asks:
        raise NoError
    return DraftToKeep(
        key=pending_key(case_id, place, code),
        content={"chosen": " ".join(chosen_of(form)), "words": clean(form.get("body", ""))},
        back=url_for("family_views.question", case_id=case_id, place=place, code=code),
    )


def sending_draft(arguments: Mapping[str, str], _form: MultiDict[str, str]) -> DraftToKeep:
    """All answers are kept already: after signing in again the last page is there."""
    case_id, place = str(arguments["case_id"]), str(arguments["place"])
    occasion_at(place)
    back = url_for("family_views.check", case_id=case_id, place=place)
    return DraftToKeep(key=pending_key(case_id, place, "send"), content={}, back=back)
