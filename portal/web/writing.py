"""What pages with a box to write in share: the limit shown beforehand, drafts, and the way into the letterbox.

Nothing somebody wrote is lost here: what cannot be taken in is kept as a draft, and shown again to its writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

from flask import url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.audit.events import Entry, Event
from portal.core.errors import CoreError
from portal.domain.capability import LEAST_CHARACTERS, Limits
from portal.domain.delivery import DeliveryState
from portal.domain.submission import SubmissionKind
from portal.identity.own_code import draft_place
from portal.logs import log
from portal.outbox.box import Along, NewSubmission
from portal.outbox.errors import DifferentContent, FormKeyTaken
from portal.store.crypto import CryptoError
from portal.web.forms import FieldError, NotAnIdError, form_id, new_id
from portal.web.pages import Page, render
from portal.web.rule import DRAFT_BYTES
from portal.web.visit import Visit

FALLBACK_LIMIT = LEAST_CHARACTERS
"""Characters, where the core cannot be asked for its own: so few that none refuses later what was taken in."""

_MESSAGES = frozenset({SubmissionKind.MESSAGE, SubmissionKind.REFERRAL, SubmissionKind.REFERRAL_MESSAGE})


class ShownError(NamedTuple):
    """What is wrong, in the reader's language, as the error summary takes it."""

    field_id: str
    text: str


@dataclass(frozen=True)
class OnItsWay:
    """Something of one's own that the core does not show yet: when and how far, never what."""

    id: str
    composed_at_utc: datetime
    state: DeliveryState


@dataclass(frozen=True)
class Written:
    """A box with its text: the id it will be sent under, and the last day it is kept if it was a draft."""

    id: str
    text: str = field(repr=False)
    draft_until: date | None


@dataclass(frozen=True)
class KeptDraft:
    """What somebody began to write, and the last day it is kept."""

    content: Mapping[str, str] = field(repr=False)
    until: date


@dataclass(frozen=True)
class KeptPage(Page):
    """What was sent is kept. Says nothing of what it was; `see_url` leads to all one has sent, behind one's code."""

    template: ClassVar[str] = "account/code_kept.html"
    lasting: ClassVar[bool] = False
    see_url: str


def limit(visit: Visit, of: Callable[[Limits], int]) -> int:
    """The core's limit in characters; a fallback while it cannot be asked."""
    if visit.grant.keep_only:
        return FALLBACK_LIMIT
    try:
        return of(visit.core.capabilities().limits)
    except CoreError:
        return FALLBACK_LIMIT


def shown(visit: Visit, problems: Iterable[FieldError]) -> tuple[ShownError, ...]:
    """The problems in the reader's language."""
    translate = visit.parts.texts.translate
    return tuple(ShownError(problem.field_id, translate(visit.language, problem.text)) for problem in problems)


def written_id(visit: Visit) -> str:
    """The id that came with the form. A form without one still gets its words in, under a new id."""
    try:
        return form_id(visit.form)
    except NotAnIdError:
        return new_id()


def draft(visit: Visit, key: str) -> KeptDraft | None:
    """What this person began to write, or None. One that cannot be opened any more hinders nobody from writing.

    What somebody began is shown to nobody who looks on (`web.preview`).
    """
    if visit.grant.previewed_by is not None:
        return None
    try:
        place = draft_place(visit.session, key)
        found = visit.parts.drafts.load(visit.service.id, visit.session.account_id, place)
    except CryptoError:
        log("draft.unreadable", service=visit.service.id)
        return None
    if found is None:
        return None
    until = found.expires_at_utc.astimezone(visit.service.timezone).date()
    return KeptDraft({name: str(value) for name, value in found.content.items()}, until)


def begun(visit: Visit, key: str) -> Written:
    """A box about to be shown, with what its writer had begun in it."""
    kept = draft(visit, key)
    if kept is None:
        return Written(new_id(), "", None)
    return Written(new_id(), kept.content.get("body", ""), kept.until)


def keep_draft(visit: Visit, key: str, content: Mapping[str, str]) -> None:
    """Keep it for its writer for some days."""
    with visit.parts.store.write() as connection:
        place = draft_place(visit.session, key)
        visit.parts.drafts.save(connection, visit.service.id, visit.session.account_id, place, content)


def keep_refused(visit: Visit, key: str, text: str) -> None:
    """Keep a text that could not be taken in, unless it is so long that it can only go back to the page."""
    if 0 < len(text.encode()) <= DRAFT_BYTES:
        keep_draft(visit, key, {"body": text})


def drop_draft(visit: Visit, key: str) -> None:
    """Forget a draft."""
    with visit.parts.store.write() as connection:
        place = draft_place(visit.session, key)
        visit.parts.drafts.delete(connection, visit.service.id, visit.session.account_id, place)


def still_on_its_way(visit: Visit, item: str) -> tuple[OnItsWay, ...]:
    """The messages this person sent in a case or referral and the core cannot show yet, oldest first.

    None in a preview.
    """
    if visit.grant.previewed_by is not None:
        return ()
    found = visit.parts.box.waiting(visit.service.id, visit.session.account_id, item)
    messages = (each for each in reversed(found) if each.kind in _MESSAGES)
    return tuple(OnItsWay(each.id, each.composed_at_utc, each.state) for each in messages)


def appeals_coming(visit: Visit, case_id: str) -> Mapping[str, tuple[OnItsWay, ...]]:
    """This person's appeals in a case that the core does not show yet, by what each is about; none in a preview."""
    if visit.grant.previewed_by is not None:
        return {}
    found: dict[str, tuple[OnItsWay, ...]] = {}
    for item in reversed(visit.parts.box.waiting(visit.service.id, visit.session.account_id, case_id)):
        if item.kind is SubmissionKind.APPEAL and item.target_id is not None:
            shown = OnItsWay(item.id, item.composed_at_utc, item.state)
            found[item.target_id] = (*found.get(item.target_id, ()), shown)
    return found


def put_in_box(visit: Visit, new: NewSubmission) -> str:
    """Take words in, and give the id they are kept under. Raises `OutboxError`; then nothing was kept.

    The same form sent with other words (back, changed, sent again) is another submission, so neither is lost.
    """
    if new.draft_key is not None:
        new = replace(new, draft_key=draft_place(visit.session, new.draft_key))
    try:
        return visit.parts.box.accept(visit.grant, new, visit.session.account_id).id
    except (DifferentContent, FormKeyTaken):
        return visit.parts.box.accept(visit.grant, replace(new, id=new_id()), visit.session.account_id).id


def noted(visit: Visit, event: Event, outcomes: Iterable[str]) -> Along:
    """Writes down, with a submission, what was said of it: one row of the journal for each of these words of ours."""
    session, action = visit.session, visit.grant.action.name

    def note(connection: Connection, submission_id: str) -> None:
        for outcome in outcomes:
            row = Entry(visit.service.id, event, session.realm, session.account_id, action, outcome, submission_id)
            visit.parts.journal.record(connection, row)

    return note


def is_locked(visit: Visit) -> bool:
    """Does the person's own code stand before what they have written (rules.md R20)?"""
    return visit.grant.actor.locked


def after_sending(visit: Visit, endpoint: str, **values: Any) -> Response:  # noqa: ANN401 whatever url_for takes
    """On to where it is seen with its state.

    Whoever has not typed their own code reads here that it is kept. That page has no address of its own, so nothing
    in the history tells that, or what, was written; asked for again, it sends the same words under the same id.
    """
    if not is_locked(visit):
        return visit.redirect(endpoint, **values)
    return render(KeptPage(see_url=url_for("family_sent.sent")))
