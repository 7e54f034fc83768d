"""Before an answer goes out: would it tell its reader something shielded, or say again what was told in confidence?

Nothing of what is found is kept or logged; only that a worker sent it all the same, of which kinds, and why.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from portal.access.leaks import Finding, repeated
from portal.audit.events import Event
from portal.core.errors import CoreError
from portal.domain.conversation import AuthorKind, StaffConversation
from portal.domain.shielding import ShieldedFrom
from portal.outbox.box import Along
from portal.texts import N_, Text
from portal.web.forms import FieldError, WordsForm, clean
from portal.web.leaks import leaks_in
from portal.web.visit import Visit
from portal.web.writing import noted

SEEN, ANYWAY, REASON = "warned", "send_anyway", "anyway_reason"
"""Fields of the form: which warning was shown, that it goes out all the same, and why."""
_MARK_LENGTH = 32


class NotCheckedError(Exception):
    """The core cannot say what is shielded: nobody knows what this text would give away, so it waits."""


@dataclass(frozen=True)
class LeakWarning:
    """What was found in a text, shown beside its box. `field_id`: the box; `runs`: what its reader has written."""

    field_id: str
    findings: tuple[Finding, ...]
    runs: tuple[str, ...] = field(repr=False)
    anyway: bool
    reason: str = field(repr=False)

    @property
    def mark(self) -> str:
        """Other when anything else is found, so that nobody agrees to what was not shown."""
        seen = [f"{finding.kind.value} {finding.words}" for finding in self.findings]
        return hashlib.sha256("\n".join([*seen, "", *self.runs]).encode()).hexdigest()[:_MARK_LENGTH]


@dataclass(frozen=True)
class Acknowledged:
    """Sent although it gives something away: of which kinds, in order, and why."""

    kinds: tuple[str, ...]
    reason: str = field(repr=False)

    @property
    def content(self) -> dict[str, object]:
        """As it travels to the core."""
        return {"kinds": list(self.kinds), "reason": self.reason}


@dataclass(frozen=True)
class Checked:
    """May it go? `errors` say why not, with `warning` beside the box; else perhaps what was acknowledged."""

    errors: tuple[FieldError, ...] = ()
    warning: LeakWarning | None = None
    acknowledged: Acknowledged | None = None


def check(visit: Visit, form: WordsForm, field_id: str, longest_reason: int, *, answers: str | None = None) -> Checked:
    """Compare what was written with what the core shields from its reader. Raises `NotCheckedError`.

    A form with something else wrong in it is not compared: nothing of it goes out. `answers`: the view that is
    answered, whose own words begin the answer (rules.md, "Influence") and are read beside it.
    """
    problems, text = form.problems(field_id), form.text
    if problems:
        return Checked(problems)
    if visit.grant.keep_only:
        raise NotCheckedError
    try:
        shielded = visit.core.shielded(visit.grant, visit.language)
        thread = visit.core.staff_conversation(visit.grant, visit.language)
    except CoreError as error:
        raise NotCheckedError from error
    runs = repeated(text, _own_words(thread, answers))
    return _weighed(visit, _warning(visit, field_id, leaks_in(visit, text, shielded), runs), longest_reason)


def check_words(visit: Visit, words: str, shielded: ShieldedFrom, field_id: str, longest_reason: int) -> Checked:
    """The same for what somebody else has said, before it is opened to a reader who may not learn `shielded`.

    Among that stand these words themselves, as long as they are not opened.
    """
    others = tuple(item for item in shielded.items if item.text != words)
    findings = leaks_in(visit, words, replace(shielded, items=others))
    return _weighed(visit, _warning(visit, field_id, findings, ()), longest_reason)


def _warning(visit: Visit, field_id: str, findings: tuple[Finding, ...], runs: tuple[str, ...]) -> LeakWarning:
    anyway, reason = visit.form.get(ANYWAY) == "yes", clean(visit.form.get(REASON, ""))
    return LeakWarning(field_id, findings, runs, anyway=anyway, reason=reason)


def _weighed(visit: Visit, warning: LeakWarning, longest_reason: int) -> Checked:
    if not warning.findings and not warning.runs:
        return Checked()
    errors = _errors(visit, warning, longest_reason)
    if errors:
        return Checked(errors, warning)
    if not warning.findings:
        return Checked()
    kinds = tuple(sorted({finding.kind.value for finding in warning.findings}))
    return Checked(acknowledged=Acknowledged(kinds, warning.reason))


def _errors(visit: Visit, warning: LeakWarning, longest_reason: int) -> tuple[FieldError, ...]:
    """What stands against sending it: it was not shown yet, or nobody has said that and why it goes out."""
    if visit.form.get(SEEN) != warning.mark:
        return (FieldError(warning.field_id, _told(warning)),)
    if not warning.findings:
        return ()
    errors = []
    if not warning.anyway:
        errors.append(FieldError(ANYWAY, N_("Change the text, or say that you send it all the same.")))
    elif not warning.reason:
        errors.append(FieldError(REASON, N_("Say why it is right to send this.")))
    elif len(warning.reason) > longest_reason:
        too_long = N_("The reason is too long: %(length)s characters of at most %(limit)s.")
        errors.append(FieldError(REASON, too_long.with_(length=len(warning.reason), limit=longest_reason)))
    return tuple(errors)


def _told(warning: LeakWarning) -> Text:
    if warning.findings:
        return N_("Not sent: this would tell something that is shielded from whoever reads it.")
    return N_("Not sent yet: this says again what was told in confidence.")


def _own_words(thread: StaffConversation, but: str | None) -> tuple[str, ...]:
    """Everything the reader of the answer has written in this thread, but one view."""
    said = [message.body for message in thread.messages if message.author_kind is AuthorKind.FAMILY]
    said += [remark.body for remark in thread.remarks]
    said += [answer.words for view in thread.views if view.id != but for answer in view.answers]
    said += [answer.answer for answer in thread.referral.answers] if thread.referral is not None else []
    return tuple(said)


def noting(visit: Visit, told: Acknowledged | None) -> Along | None:
    """One row in the journal for each kind of thing it gives away, never a word of it."""
    return None if told is None else noted(visit, Event.ACKNOWLEDGED, told.kinds)


def telling(told: Acknowledged | None) -> dict[str, object]:
    """What of it travels with the content."""
    return {} if told is None else {"acknowledged": told.content}
