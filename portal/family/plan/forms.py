"""The form of a comment: words, and what they are about. It trusts nothing but their shape; the core knows the plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.domain.plan import CommentTarget
from portal.web.errors import NoError
from portal.web.forms import clean
from portal.web.rule import DraftToKeep

WRITE = "write"
"""The parameter of the plan's URL that opens the box of one goal or measure, with what was begun in it."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_LONGEST_VERSION = 200


@dataclass(frozen=True)
class About:
    """What a comment is about: a goal or measure, in the version of the plan that the writer had read."""

    target_type: CommentTarget
    target_id: str
    plan_id: str
    plan_version: str

    @property
    def box_id(self) -> str:
        """The id of the box on the page."""
        return box_id(self.target_type, self.target_id)


def box_id(target_type: CommentTarget, target_id: str) -> str:
    """The id of a goal's or measure's box on the page; unlike for a goal and a measure of the same id."""
    return f"{target_type.value}-{target_id}"


def comment_key(case_id: str, target_id: str) -> str:
    """Where a comment on this goal or measure is kept that was begun."""
    return f"comment:{case_id}:{target_id}"


def about(form: Mapping[str, str]) -> About:
    """What the posted comment is about. Raises `NoError` when the form was not ours."""
    target_type, target_id = form.get("target_type", ""), form.get("target_id", "")
    plan_id, plan_version = form.get("plan_id", ""), form.get("plan_version", "")
    if target_type not in set(CommentTarget) or not 0 < len(plan_version) <= _LONGEST_VERSION:
        raise NoError
    if not _IDENTIFIER.fullmatch(target_id) or not _IDENTIFIER.fullmatch(plan_id):
        raise NoError
    return About(CommentTarget(target_type), target_id, plan_id, plan_version)


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The comment of somebody who was signed out meanwhile. Raises `NoError` when the form was not ours."""
    case_id, subject = str(arguments["case_id"]), about(form)
    return DraftToKeep(
        key=comment_key(case_id, subject.target_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("family_plan.plan", case_id=case_id, write=subject.target_id, _anchor=subject.box_id),
    )
