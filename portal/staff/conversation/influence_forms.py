"""The forms of an influence answer: its three boxes, or why and by when it comes later; and their drafts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.texts import N_
from portal.web.forms import FieldError, WordsForm, clean
from portal.web.rule import DraftToKeep

BOXES = ("heard", "changed", "not_changed")
LATEST_DAYS = 7
"""So long may an answer be put off (rules.md, "Influence")."""


def influence_key(thread_id: str, view_id: str) -> str:
    """Where the draft of an influence answer is kept."""
    return f"influence:{thread_id}:{view_id}"


def later_key(thread_id: str, view_id: str) -> str:
    """Where the draft of a reason is kept."""
    return f"later:{thread_id}:{view_id}"


def days_from(today: date) -> tuple[date, ...]:
    """The days by which an answer can be promised."""
    return tuple(today + timedelta(days=number) for number in range(1, LATEST_DAYS + 1))


class InfluenceForm(WordsForm):
    """What was heard, what it changed, what it did not and why. `text` is all of it, to be looked at before it goes."""

    def __init__(self, form: MultiDict[str, str], *, limit: int) -> None:
        super().__init__(form, limit=limit, required=False)
        self.boxes = {name: clean(form.get(name, "")) for name in BOXES}

    @property
    def text(self) -> str:
        """Everything that was written."""
        return "\n\n".join(text for text in self.boxes.values() if text)

    def problems(self, field_id: str = "heard") -> tuple[FieldError, ...]:
        """As `WordsForm`: an answer says what was heard, and what came of it."""
        found = []
        if not self.boxes["heard"]:
            found.append(FieldError(field_id, N_("Write what you heard. Nothing has been sent.")))
        if not self.boxes["changed"] and not self.boxes["not_changed"]:
            found.append(FieldError("changed", N_("Write what it changed, or why it did not. Nothing has been sent.")))
        too_long = N_("This is too long: %(length)s characters of at most %(limit)s. Nothing is lost.")
        found += [
            FieldError(name, too_long.with_(length=len(text), limit=self.limit))
            for name, text in self.boxes.items()
            if len(text) > self.limit
        ]
        return tuple(found)


class LaterForm(WordsForm):
    """Why the answer comes later, and by which day."""

    def __init__(self, form: MultiDict[str, str], *, limit: int, today: date) -> None:
        super().__init__(form, limit=limit)
        given = form.get("until", "")
        self.until = next((day for day in days_from(today) if day.isoformat() == given), None)

    def problems(self, field_id: str = "body") -> tuple[FieldError, ...]:
        """As `WordsForm`; a day is one of those that are offered."""
        no_day = FieldError("until", N_("Choose a day within seven days. Nothing has been sent."))
        return (*(() if self.until else (no_day,)), *super().problems(field_id))


def influence_draft(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What is kept of an answer whose writer was signed out meanwhile."""
    thread_id, view_id = str(arguments["thread_id"]), str(arguments["view_id"])
    content = {name: clean(form.get(name, "")) for name in BOXES}
    return DraftToKeep(influence_key(thread_id, view_id), content, _back(thread_id, view_id))


def later_draft(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """What is kept of a reason whose writer was signed out meanwhile."""
    thread_id, view_id = str(arguments["thread_id"]), str(arguments["view_id"])
    content = {"body": clean(form.get("body", ""))}
    return DraftToKeep(later_key(thread_id, view_id), content, _back(thread_id, view_id))


def _back(thread_id: str, view_id: str) -> str:
    return url_for("staff_influence.view", thread_id=thread_id, view_id=view_id)
