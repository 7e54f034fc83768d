"""The forms of one's own words: yes or no to a question, and whether a sentence is right. No answer comes chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.domain.words import ShareAnswer
from portal.texts import N_, NP_
from portal.web.errors import NoError
from portal.web.forms import FieldError, WordsForm, clean
from portal.web.rule import DraftToKeep

WRITE = "write"
"""The parameter of the page's URL that opens the box at one question or sentence, with what was begun in it."""

CHOOSE = NP_("child", "Press yes or no. Nothing has been sent.")
GONE = N_("This question is not open any more. Nothing has been sent.")

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def words_key(case_id: str, about_id: str) -> str:
    """Where the words to a question or sentence are kept that were begun."""
    return f"my-words:{case_id}:{about_id}"


def field_of(about_id: str) -> str:
    """The id of the box at a question or sentence."""
    return f"words-{about_id}"


def about_of(form: Mapping[str, str], name: str) -> str:
    """The question or sentence that is answered. Raises `NoError` when the form was not ours."""
    about_id = form.get(name, "")
    if not _IDENTIFIER.fullmatch(about_id):
        raise NoError
    return about_id


class AnswerForm(WordsForm):
    """Yes or no, and words for whoever wants to add some."""

    def __init__(self, form: MultiDict[str, str], *, limit: int) -> None:
        super().__init__(form, limit=limit, required=False)
        given = form.get("answer", "")
        self.answer = ShareAnswer(given) if given in set(ShareAnswer) else None

    def problems(self, field_id: str = "body") -> tuple[FieldError, ...]:
        """As `WordsForm`; without a yes or no nothing can be taken."""
        missing = () if self.answer is not None else (FieldError(field_id, CHOOSE),)
        return (*missing, *super().problems(field_id))


def answer_draft(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The words of somebody who was signed out meanwhile; no answer is kept. Raises `NoError` as `about_of`."""
    return _draft(arguments, form, "question_id")


def sentence_draft(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """As `answer_draft`, of a correction."""
    return _draft(arguments, form, "sentence_id")


def _draft(arguments: Mapping[str, str], form: MultiDict[str, str], name: str) -> DraftToKeep:
    case_id, about_id = str(arguments["case_id"]), about_of(form, name)
    return DraftToKeep(
        key=words_key(case_id, about_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("family_my_words.words", case_id=case_id, write=about_id, _anchor=f"a-{about_id}"),
    )
