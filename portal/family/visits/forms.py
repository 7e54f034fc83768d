"""The form about an arrangement, a visit, or all of it: a choice and words. No choice comes chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.domain.visits import VisitWish
from portal.texts import N_, NP_
from portal.web.errors import NoError
from portal.web.forms import FieldError, WordsForm, clean
from portal.web.rule import DraftToKeep

WRITE = "write"
"""The parameter of the page's URL that opens one box, with what was begun in it."""
ALL = "all"
"""What stands in a form and in an address for all of it."""

CHOOSE = NP_("child", "Choose one of these first. Nothing has been sent.")
GONE = N_("This is not here any more. Your words are below: you can still send them to us.")

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def visits_key(case_id: str, about_id: str | None) -> str:
    """Where the words about this are kept that were begun."""
    return f"visits:{case_id}:{about_id or ALL}"


def about_of(form: Mapping[str, str]) -> str | None:
    """The arrangement or visit a posted form is about, None for all. Raises `NoError` when the form was not ours."""
    about_id = form.get("about_id", "")
    if not _IDENTIFIER.fullmatch(about_id):
        raise NoError
    return None if about_id == ALL else about_id


class WishForm(WordsForm):
    """A choice, and words; with `say` there have to be some. Words about all of it need no choice."""

    def __init__(self, form: MultiDict[str, str], about_id: str | None, *, limit: int) -> None:
        given = VisitWish.SAY.value if about_id is None else form.get("wish", "")
        self.wish = VisitWish(given) if given in set(VisitWish) else None
        super().__init__(form, limit=limit, required=self.wish is VisitWish.SAY)

    def wrong(self, field_id: str, choice_id: str) -> tuple[FieldError, ...]:
        """As `problems`; without a choice nothing can be taken."""
        missing = () if self.wish is not None else (FieldError(choice_id, CHOOSE),)
        return (*missing, *self.problems(field_id))


def content_of(form: Mapping[str, str]) -> dict[str, str]:
    """What of a form is kept as a draft: the words, and the choice beside them."""
    wish = form.get("wish", "")
    return {"body": clean(form.get("body", "")), "wish": wish if wish in set(VisitWish) else ""}


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What was begun by somebody who was signed out meanwhile. Raises `NoError` when the form was not ours."""
    case_id, about_id = str(arguments["case_id"]), about_of(form)
    word = about_id or ALL
    return DraftToKeep(
        key=visits_key(case_id, about_id),
        content=content_of(form),
        back=url_for("family_visits.visits", case_id=case_id, write=word, _anchor=f"a-{word}"),
    )
