"""What is kept of an appeal when the session had run out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.web.forms import clean
from portal.web.rule import DraftToKeep


def draft_key(about_id: str) -> str:
    """Where the words of an appeal are kept."""
    return f"appeal:{about_id}"


def draft_of_decision(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The words against a decision, of somebody who was signed out meanwhile."""
    return _draft("family_appeal.of_decision", arguments, form)


def draft_of_request(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The words against an answer, of somebody who was signed out meanwhile."""
    return _draft("family_appeal.of_request", arguments, form)


def _draft(endpoint: str, arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    case_id, about_id = str(arguments["case_id"]), str(arguments["about_id"])
    return DraftToKeep(
        key=draft_key(about_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for(endpoint, case_id=case_id, about_id=about_id),
    )
