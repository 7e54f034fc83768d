"""The form: what it is about, whom it is about, words, and whether somebody asks for another worker."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.domain.complaint import ComplaintAbout
from portal.texts import NP_
from portal.web.forms import FieldError, WordsForm, clean
from portal.web.rule import DraftToKeep

CHOOSE = NP_("child", "Choose what it is about. Nothing has been sent.")


class ComplaintForm(WordsForm):
    """The words, with what was ticked. Whom it is about, and another worker, are for whoever wants to say so."""

    def __init__(self, form: MultiDict[str, str], *, limit: int) -> None:
        super().__init__(form, limit=limit)
        given = form.get("about", "")
        self.about = ComplaintAbout(given) if given in set(ComplaintAbout) else None
        self.not_these = tuple(dict.fromkeys(form.getlist("not_these")))
        self.other_worker = form.get("other_worker") == "yes"

    def problems(self, field_id: str = "body") -> tuple[FieldError, ...]:
        """As `WordsForm`; without what it is about nobody can say where it goes."""
        missing = () if self.about is not None else (FieldError("about", CHOOSE),)
        return (*missing, *super().problems(field_id))


def complaint_key(case_id: str) -> str:
    """Where words are kept that were begun."""
    return f"complaint:{case_id}"


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The words of somebody who was signed out meanwhile; what was ticked is asked again."""
    case_id = str(arguments["case_id"])
    return DraftToKeep(
        key=complaint_key(case_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("family_complaint.write", case_id=case_id),
    )
