"""The forms of sharing: a question with its why, and a decision. An override needs a reason and a day to tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.domain.words import PossibleReader, ShareDecision
from portal.jurisdictions import Jurisdiction
from portal.texts import N_, Text
from portal.web.errors import NoError
from portal.web.forms import FieldError, clean
from portal.web.rule import DraftToKeep

ASK = "ask"
"""The parameter of the page's URL that opens the box of one question, with what was begun in it."""

NO_YES = N_("There is no yes to this. Nobody was let read anything.")
CHANGED = N_("This was changed meanwhile. Nothing was done. Look at it again.")
NO_REASON = N_("Choose why. Nobody was let read anything.")
NO_DAY = N_("Say from which day the author is told: today, or a later day. Nobody was let read anything.")

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True)
class Pair:
    """One thing that was said, and one possible reader."""

    words_id: str
    person_id: str

    @property
    def id(self) -> str:
        """The id of its place on the page."""
        return f"{self.words_id}-{self.person_id}"

    def field(self, decision: ShareDecision) -> str:
        """The name of the place where this decision is made."""
        return f"{decision.value}-{self.id}"


@dataclass(frozen=True)
class Decision:
    """What was decided. Reason and day belong to an override."""

    kind: ShareDecision
    reason_code: str | None
    tell_from: date | None


def pair_of(form: Mapping[str, str]) -> Pair:
    """What a posted form is about. Raises `NoError` when the form was not ours."""
    words_id, person_id = form.get("words_id", ""), form.get("person_id", "")
    if not _IDENTIFIER.fullmatch(words_id) or not _IDENTIFIER.fullmatch(person_id):
        raise NoError
    return Pair(words_id, person_id)


def question_key(thread_id: str, pair: Pair) -> str:
    """Where the why of a question is kept that was begun."""
    return f"sharing:{thread_id}:{pair.id}"


def question_draft(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The why of a worker who was signed out meanwhile. Raises `NoError` when the form was not ours."""
    thread_id, pair = str(arguments["thread_id"]), pair_of(form)
    return DraftToKeep(
        key=question_key(thread_id, pair),
        content={"body": clean(form.get("body", ""))},
        back=url_for("staff_sharing.sharing", thread_id=thread_id, ask=pair.id, _anchor=f"p-{pair.id}"),
    )


def decision_of(form: Mapping[str, str], pack: Jurisdiction, today: date) -> Decision | FieldError:
    """What was decided, or what is wrong with an override. Raises `NoError` when the form was not ours."""
    given, pair = form.get("decision", ""), pair_of(form)
    if given not in set(ShareDecision):
        raise NoError
    kind = ShareDecision(given)
    if kind is not ShareDecision.OVERRIDE:
        return Decision(kind, None, None)
    reason = pack.override(form.get("reason", ""))
    if reason is None:
        return FieldError(f"reason-{pair.id}", NO_REASON)
    try:
        day = date.fromisoformat(form.get("tell_from", "").strip())
    except ValueError:
        return FieldError(f"tell-{pair.id}", NO_DAY)
    if day < today:
        return FieldError(f"tell-{pair.id}", NO_DAY)
    return Decision(kind, reason.code, day)


def against(decision: Decision, reader: PossibleReader | None) -> Text | None:
    """What hinders this decision as things stand, or None. The core asks the same once more."""
    if reader is None or (reader.open_since_utc is not None and decision.kind is not ShareDecision.KEEP):
        return CHANGED
    if decision.kind is ShareDecision.RELEASE and reader.answer != "yes":
        return NO_YES
    return None
