"""The reply form's draft, kept when its writer's session had run out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.web.forms import clean
from portal.web.rule import DraftToKeep


def draft_key(thread_id: str) -> str:
    """Where the draft of a reply in this thread is kept."""
    return f"reply:{thread_id}"


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What is kept of a reply whose writer was signed out meanwhile."""
    thread_id = str(arguments["thread_id"])
    return DraftToKeep(
        key=draft_key(thread_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("staff_conversation.thread", thread_id=thread_id),
    )
