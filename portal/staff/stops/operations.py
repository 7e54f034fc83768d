"""Finding the message that is to be stopped, and stopping it: hidden here at once, then the core is told."""

from __future__ import annotations

import re

from flask import url_for

from portal.domain.conversation import AuthorKind, Message, StaffConversation
from portal.domain.submission import SubmissionKind
from portal.outbox.box import NewSubmission
from portal.staff.stops.pages import StopPage
from portal.web.errors import NoError
from portal.web.stopped import shown_stops
from portal.web.visit import Visit
from portal.web.writing import Written, limit, put_in_box

MESSAGE = "message_id"
"""The parameter, and the field, that names the message."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def thread_of(visit: Visit) -> str:
    """The thread of the grant. Raises `NoError` without one."""
    if visit.grant.target.thread_id is None:
        raise NoError
    return visit.grant.target.thread_id


def message_of(value: str) -> str:
    """The id of a message. Raises `NoError` when the form or link was not ours."""
    if not _IDENTIFIER.fullmatch(value):
        raise NoError
    return value


def reason_limit(visit: Visit) -> int:
    """Most characters of the reason."""
    return limit(visit, lambda limits: limits.comment_characters)


def stop_page(visit: Visit, message_id: str, written: Written) -> StopPage:
    """The question, or that it is stopped. Raises `NoError` for what is no message of the team; `CoreError`."""
    thread_id = thread_of(visit)
    found = None if visit.grant.keep_only else visit.core.staff_conversation(visit.grant, visit.language)
    stopped = shown_stops(visit, thread_id, found).get(message_id)
    message = _message(found, message_id)
    if found is not None and message is None and stopped is None and not _waits(visit, thread_id, message_id):
        raise NoError
    return StopPage(
        message_id=message_id,
        with_name=None if found is None else found.with_name,
        content_language=visit.language if found is None else found.content_language,
        body=None if message is None else message.body,
        sent_at_utc=None if message is None else message.sent_at_utc,
        stopped=stopped,
        core_down=found is None,
        reason=written.text,
        limit=reason_limit(visit),
        post_url=url_for("staff_stops.stop", thread_id=thread_id),
        back_url=url_for("staff_conversation.thread", thread_id=thread_id),
        submission_id=written.id,
    )


def stop(visit: Visit, message_id: str, written: Written) -> None:
    """Hide it in the same transaction that keeps the stop for the core; works while the core is down."""
    thread_id, account_id = thread_of(visit), visit.session.account_id
    hiding = visit.parts.stops.hiding(visit.service.id, thread_id, message_id, account_id)
    content = {"message_id": message_id, "reason": written.text}
    kind = SubmissionKind.STOP_MESSAGE
    put_in_box(visit, NewSubmission(written.id, kind, content, target_id=message_id, along=hiding))


def _message(found: StaffConversation | None, message_id: str) -> Message | None:
    """A message of the team; what a family has written cannot be stopped."""
    messages = found.messages if found is not None else ()
    own = (message for message in messages if message.author_kind is AuthorKind.WORKER)
    return next((message for message in own if message.id == message_id), None)


def _waits(visit: Visit, thread_id: str, message_id: str) -> bool:
    """Is it a reply of this worker that the core does not show yet?"""
    waiting = visit.parts.box.waiting(visit.service.id, visit.session.account_id, thread_id)
    return any(item.id == message_id and item.kind is SubmissionKind.REPLY for item in waiting)
