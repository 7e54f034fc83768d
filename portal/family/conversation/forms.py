"""The one form of a conversation, and the draft it becomes when the session had run out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.web.forms import clean
from portal.web.rule import DraftToKeep


def draft_key(case_id: str) -> str:
    """Where the draft of a message to this case's team is kept."""
    return f"message:{case_id}"


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What is kept of a message whose writer was signed out meanwhile."""
    case_id = str(arguments["case_id"])
    return DraftToKeep(
        key=draft_key(case_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("family_conversation.write", case_id=case_id),
    )
