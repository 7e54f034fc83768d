"""What is kept of the wish to see more when the session had run out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.web.forms import clean
from portal.web.rule import DraftToKeep


def see_more_key(case_id: str) -> str:
    """Where the words beside the wish are kept."""
    return f"see_more:{case_id}"


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The words of somebody who was signed out meanwhile."""
    case_id = str(arguments["case_id"])
    return DraftToKeep(
        key=see_more_key(case_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("family_overview.ask_to_see_more", case_id=case_id),
    )
