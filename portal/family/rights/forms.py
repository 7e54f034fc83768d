"""What is kept of no longer agreeing when the session had run out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.web.forms import clean
from portal.web.rule import DraftToKeep


def agree_key(case_id: str) -> str:
    """Where the words beside it are kept."""
    return f"agree:{case_id}"


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The words of somebody who was signed out meanwhile."""
    case_id = str(arguments["case_id"])
    return DraftToKeep(
        key=agree_key(case_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("family_rights.no_longer_agree", case_id=case_id),
    )
