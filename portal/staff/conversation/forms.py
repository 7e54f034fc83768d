"""The forms of a thread: a reply, and an answer to a remark; and their drafts when the session had run out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.domain.request import AppealResult, Outcome
from portal.jurisdictions import Refusal
from portal.web.errors import NoError
from portal.web.forms import clean
from portal.web.rule import DraftToKeep

ANSWER = "answer"
"""The parameter of the thread's URL that opens the box under one remark, with what was begun in it."""

WITH_REASON = frozenset({Outcome.PARTLY, Outcome.NO})

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}")


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


def answer_key(thread_id: str, remark_id: str) -> str:
    """Where the draft of an answer to this remark is kept."""
    return f"answer:{thread_id}:{remark_id}"


def remark_of(form: Mapping[str, str]) -> str:
    """The remark a posted answer is about. Raises `NoError` when the form was not ours."""
    remark_id = form.get("remark_id", "")
    if not _IDENTIFIER.fullmatch(remark_id):
        raise NoError
    return remark_id


@dataclass(frozen=True)
class Chosen:
    """What was chosen beside an answer: how a wish to see more or an appeal was answered, and for which reason.

    Both are empty where the answer is only noted here, and for everything else that is answered.
    """

    outcome: str
    reason: str

    @property
    def lacks_reason(self) -> bool:
        """Whoever is shown less than they asked for is told why (rules.md R11)."""
        return self.outcome in WITH_REASON and not self.reason

    def content(self) -> dict[str, str]:
        """The part of the submission."""
        said = {"outcome": self.outcome, "reason_code": self.reason if self.outcome in WITH_REASON else ""}
        return {name: value for name, value in said.items() if value}


def chosen_of(form: Mapping[str, str], refusals: Iterable[Refusal]) -> Chosen:
    """What was chosen. Raises `NoError` for words that no form of ours has."""
    chosen = Chosen(form.get("outcome", ""), form.get("reason_code", ""))
    codes = {refusal.code for refusal in refusals}
    if chosen.outcome not in {"", *Outcome, *AppealResult} or chosen.reason not in {"", *codes}:
        raise NoError
    return chosen


def answer_draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What is kept of an answer whose writer was signed out meanwhile. Raises `NoError` when the form was not ours."""
    thread_id, remark_id = str(arguments["thread_id"]), remark_of(form)
    return DraftToKeep(
        key=answer_key(thread_id, remark_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("staff_conversation.thread", thread_id=thread_id, answer=remark_id, _anchor=f"r-{remark_id}"),
    )
