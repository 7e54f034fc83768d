"""The form of a comment: a choice, words, and what they are about. No choice comes made.

It trusts nothing but their shape; the core knows the plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.domain.plan import CommentTarget
from portal.domain.words import Stance
from portal.texts import N_
from portal.web.errors import NoError
from portal.web.forms import FieldError, WordsForm, clean
from portal.web.rule import DraftToKeep

WRITE = "write"
"""The parameter of the plan's URL that opens a box by its id, with what was begun in it."""

CHOOSE_OR_WRITE = N_("Choose something, or write something. Nothing has been sent.")

MISSED = "missed"
"""The field with which a measure's other box says which box it is."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_LONGEST_VERSION = 200


@dataclass(frozen=True)
class About:
    """What a comment is about: a goal or measure, in the version of the plan that the writer had read.

    `missed`: that a measure has not happened, which has a box of its own.
    """

    target_type: CommentTarget
    target_id: str
    plan_id: str
    plan_version: str
    missed: bool = False

    @property
    def box_id(self) -> str:
        """The id of the box on the page; unlike for a goal and a measure of the same id."""
        return f"{MISSED if self.missed else self.target_type.value}-{self.target_id}"

    @property
    def takes_stance(self) -> bool:
        """One can choose what one thinks of a goal, and need not write."""
        return self.target_type is CommentTarget.GOAL

    @property
    def field_id(self) -> str:
        """The id of what is filled in first, for what is wrong to lead to."""
        return f"{'stance' if self.takes_stance else 'words'}-{self.box_id}"


def comment_key(case_id: str, box_id: str) -> str:
    """Where a comment is kept that was begun in this box."""
    return f"comment:{case_id}:{box_id}"


class CommentForm(WordsForm):
    """A choice, words, or both; that a measure has not happened says something without either."""

    def __init__(self, form: MultiDict[str, str], subject: About, *, limit: int) -> None:
        super().__init__(form, limit=limit, required=not (subject.takes_stance or subject.missed))
        given = form.get("stance", "")
        chosen = Stance(given) if subject.takes_stance and given in set(Stance) else None
        self.stance = Stance.NOT_HAPPENING if subject.missed else chosen
        self._subject = subject

    def problems(self, field_id: str = "body") -> tuple[FieldError, ...]:
        """As `WordsForm`; a goal's box may be sent with a choice alone, and not with nothing."""
        if self._subject.takes_stance and self.stance is None and not self.text:
            return (FieldError(self._subject.field_id, CHOOSE_OR_WRITE),)
        return super().problems(field_id)


def about(form: Mapping[str, str]) -> About:
    """What the posted comment is about. Raises `NoError` when the form was not ours."""
    target_type, target_id = form.get("target_type", ""), form.get("target_id", "")
    plan_id, plan_version = form.get("plan_id", ""), form.get("plan_version", "")
    if target_type not in set(CommentTarget) or not 0 < len(plan_version) <= _LONGEST_VERSION:
        raise NoError
    if not _IDENTIFIER.fullmatch(target_id) or not _IDENTIFIER.fullmatch(plan_id):
        raise NoError
    missed = target_type == CommentTarget.MEASURE and MISSED in form
    return About(CommentTarget(target_type), target_id, plan_id, plan_version, missed)


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The words of somebody who was signed out meanwhile; no choice is kept. Raises `NoError` as `about`."""
    case_id, subject = str(arguments["case_id"]), about(form)
    return DraftToKeep(
        key=comment_key(case_id, subject.box_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("family_plan.plan", case_id=case_id, write=subject.box_id, _anchor=subject.box_id),
    )
