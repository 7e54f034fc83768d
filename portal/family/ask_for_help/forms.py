"""The form of one question, and what of it is kept when the session had run out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from portal.family.ask_for_help.answers import Answer, who
from portal.web.errors import NoError
from portal.web.forms import WordsForm, clean
from portal.web.rule import DraftToKeep

QUESTION_CODE = re.compile(r"[a-z_]{1,64}")

DRAFT_KEY = "help"
"""Where the asking is kept, page after page."""


def pending_key(code: str) -> str:
    """Where one answer is kept that came after the session had run out; merged when its page is shown again."""
    return f"{DRAFT_KEY}:{code}"


class QuestionForm(WordsForm):
    """One question: a choice, words, or neither. Skipping leaves it without an answer."""

    choice = StringField()
    skip = StringField()

    def __init__(self, form: MultiDict[str, str], *, limit: int) -> None:
        super().__init__(form, limit=limit, required=False)

    @property
    def answer(self) -> Answer:
        """What was answered."""
        if self.skip.data:
            return Answer()
        return Answer(clean(self.choice.data or ""), self.text)


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What is kept of an answer whose writer was signed out meanwhile."""
    code = str(arguments["code"])
    if not QUESTION_CODE.fullmatch(code):
        raise NoError
    return DraftToKeep(
        key=pending_key(code),
        content={"who": who(form), "choice": clean(form.get("choice", "")), "words": clean(form.get("body", ""))},
        back=url_for("family_help.question", code=code),
    )


def sending_draft(_arguments: Mapping[str, str], _form: MultiDict[str, str]) -> DraftToKeep:
    """All answers are kept already: after signing in again the last page is there."""
    return DraftToKeep(key=pending_key("send"), content={}, back=url_for("family_help.check"))
