"""Writing on in one's own asking for help, and the draft it becomes when the session had run out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.web.forms import clean
from portal.web.rule import DraftToKeep


def draft_key(referral_id: str) -> str:
    """Where the draft of more words to this asking for help is kept."""
    return f"asked:{referral_id}"


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What is kept of words whose writer was signed out meanwhile."""
    referral_id = str(arguments["referral_id"])
    return DraftToKeep(
        key=draft_key(referral_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("family_sent.answers", referral_id=referral_id),
    )
