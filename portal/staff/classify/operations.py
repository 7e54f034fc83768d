"""Finding what is decided about, and handing the decision to the core, which sets the clock."""

from __future__ import annotations

import re
from datetime import datetime

from flask import url_for

from portal.domain.classification import ItemClass
from portal.domain.conversation import AuthorKind, StaffConversation
from portal.domain.submission import SubmissionKind
from portal.outbox.box import NewSubmission
from portal.staff.classify.pages import ClassifyPage
from portal.web.errors import NoError
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, ShownError, Written, keep_refused, limit, put_in_box

ITEM = "item_id"
"""The parameter, and the field, that names the message or the asking for help."""
CLASS = "item_class"

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def thread_of(visit: Visit) -> str:
    """The thread of the grant. Raises `NoError` without one."""
    if visit.grant.target.thread_id is None:
        raise NoError
    return visit.grant.target.thread_id


def item_of(value: str) -> str:
    """The id of an item. Raises `NoError` when the form or link was not ours."""
    if not _IDENTIFIER.fullmatch(value):
        raise NoError
    return value


def class_of(value: str) -> ItemClass | None:
    """What was chosen; None for nothing. Raises `NoError` for a word no form of ours has."""
    if not value:
        return None
    try:
        return ItemClass(value)
    except ValueError:
        raise NoError from None


def draft_key(visit: Visit, item_id: str) -> str:
    """Where a reason that could not be taken in is kept."""
    return f"classify:{thread_of(visit)}:{item_id}"


def reason_limit(visit: Visit) -> int:
    """Most characters of the reason."""
    return limit(visit, lambda limits: limits.comment_characters)


def classify_page(
    visit: Visit, item_id: str, written: Written, chosen: str = "", errors: tuple[ShownError, ...] = ()
) -> ClassifyPage:
    """The question. Raises `NoError` for what is nothing of the family in this thread; `CoreError`."""
    thread_id = thread_of(visit)
    found = None if visit.grant.keep_only else visit.core.staff_conversation(visit.grant, visit.language)
    body, received = (None, None) if found is None else _item(found, item_id)
    decided = () if found is None else found.classifications or ()
    return ClassifyPage(
        item_id=item_id,
        with_name=None if found is None else found.with_name,
        content_language=visit.language if found is None else found.content_language,
        body=body,
        received_at_utc=received,
        decided=tuple(one for one in decided if one.item_id == item_id),
        waiting=_waiting(visit, thread_id, item_id),
        possible=found is None or found.classifications is not None,
        core_down=found is None,
        chosen=chosen,
        reason=written.text,
        limit=reason_limit(visit),
        submission_id=written.id,
        post_url=url_for("staff_classify.decide", thread_id=thread_id),
        back_url=url_for("staff_conversation.thread", thread_id=thread_id),
        errors=errors,
    )


def keep_reason(visit: Visit, item_id: str, written: Written) -> None:
    """Keep a reason that could not be taken in."""
    keep_refused(visit, draft_key(visit, item_id), written.text)


def decide(visit: Visit, item_id: str, item_class: ItemClass, written: Written) -> None:
    """Hand it to the core, which opens what has to be opened; works while the core is down."""
    content = {"item_id": item_id, "item_class": item_class.value, "reason": written.text}
    key = draft_key(visit, item_id)
    kind = SubmissionKind.CLASSIFICATION
    put_in_box(visit, NewSubmission(written.id, kind, content, target_id=item_id, draft_key=key))


def _item(found: StaffConversation, item_id: str) -> tuple[str | None, datetime]:
    """What it says and when it was sent. Raises `NoError` for anything that is not the family's."""
    if found.referral is not None and found.referral.referral_id == item_id:
        return None, found.referral.received_at_utc
    for message in found.messages:
        if message.id == item_id and message.author_kind is AuthorKind.FAMILY:
            return message.body, message.sent_at_utc
    raise NoError


def _waiting(visit: Visit, thread_id: str, item_id: str) -> tuple[OnItsWay, ...]:
    found = visit.parts.box.waiting(visit.service.id, visit.session.account_id, thread_id)[::-1]
    return tuple(
        OnItsWay(item.id, item.composed_at_utc, item.state)
        for item in found
        if item.kind is SubmissionKind.CLASSIFICATION and item.target_id == item_id
    )
