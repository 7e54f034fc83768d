"""Reading the conversation for a page, and handing a message to the letterbox."""

from __future__ import annotations

from dataclasses import replace

from flask import url_for

from portal.core.errors import UNREACHABLE
from portal.domain.conversation import Conversation
from portal.domain.submission import SubmissionKind
from portal.family.conversation.forms import draft_key
from portal.family.conversation.pages import ConversationPage, TalkPage, WritePage, mark
from portal.outbox.box import NewSubmission
from portal.outbox.files import NewFile
from portal.web.errors import NoError
from portal.web.pages import Page
from portal.web.stopped import without_stopped
from portal.web.uploads import ShownFile, offered, shown_files
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, ShownError, Written, begun, is_locked, limit, put_in_box, still_on_its_way

SEEN = "conversation"
"""Under what the journal keeps that the messages were shown."""


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def text_limit(visit: Visit) -> int:
    """Most characters of a message."""
    return limit(visit, lambda limits: limits.message_characters)


def conversation_page(visit: Visit, written: Written, errors: tuple[ShownError, ...] = ()) -> ConversationPage:
    """The whole conversation as this reader sees it. Raises `CoreError`."""
    conversation = _conversation(visit)
    waiting = _waiting(visit, conversation)
    case_id = case_of(visit)
    return ConversationPage(
        is_child=conversation.reader.is_child,
        content_language=conversation.content_language,
        items=conversation.messages,
        waiting=waiting,
        files=_files(conversation),
        news_url=_news_url(case_id, conversation, waiting),
        worker=conversation.worker,
        closing=conversation.closing,
        readers=conversation.readers or (conversation.worker.first_name,),
        answer_due=conversation.answer_due,
        text=written.text,
        draft_until=written.draft_until,
        limit=text_limit(visit),
        offered=offered(visit),
        submission_id=written.id,
        back_url=url_for("family_overview.overview", case_id=case_id),
        post_url=url_for("family_conversation.send", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
        errors=errors,
    )


def fresh_page(visit: Visit) -> ConversationPage:
    """The conversation as it is opened, with what was begun in its box. Raises `CoreError`."""
    return conversation_page(visit, begun(visit, draft_key(case_of(visit))))


def write_page(visit: Visit, written: Written, errors: tuple[ShownError, ...] = ()) -> WritePage:
    """A box that needs nothing from the core."""
    case_id = case_of(visit)
    return WritePage(
        core_down=visit.grant.keep_only,
        text=written.text,
        draft_until=written.draft_until,
        limit=text_limit(visit),
        offered=offered(visit),
        submission_id=written.id,
        back_url=url_for("family_conversation.conversation", case_id=case_id),
        post_url=url_for("family_conversation.send", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
        errors=errors,
    )


def page_to_mend(visit: Visit, written: Written, errors: tuple[ShownError, ...]) -> Page:
    """The page with what was written and what is wrong with it; without the messages while they may not be shown."""
    if visit.grant.keep_only or is_locked(visit):
        return write_page(visit, written, errors)
    try:
        page = conversation_page(visit, written, errors)
    except UNREACHABLE:
        return write_page(visit, written, errors)
    visit.note_seen(SEEN)
    return page


def news(visit: Visit, after: str) -> TalkPage | None:
    """The messages when they are other than those marked `after`, else None.

    Marks nothing as read, here or in the core; that they were shown is journalled.
    """
    conversation = _conversation(visit)
    waiting = _waiting(visit, conversation)
    if mark(conversation, waiting) == after:
        return None
    visit.note_seen(SEEN)
    return TalkPage(
        is_child=conversation.reader.is_child,
        content_language=conversation.content_language,
        items=conversation.messages,
        waiting=waiting,
        files=_files(conversation),
        news_url=_news_url(case_of(visit), conversation, waiting),
    )


def send_message(visit: Visit, written: Written, files: tuple[NewFile, ...] = ()) -> str:
    """Put a message with its files into the letterbox; its draft goes in the same transaction. Its id there."""
    content = {"body": written.text, "language": visit.language}
    key = draft_key(case_of(visit))
    return put_in_box(visit, NewSubmission(written.id, SubmissionKind.MESSAGE, content, draft_key=key, files=files))


def _conversation(visit: Visit) -> Conversation:
    found = visit.core.conversation(visit.grant, visit.language)
    return replace(found, messages=without_stopped(visit, found.thread_id, found.messages))


def _waiting(visit: Visit, conversation: Conversation) -> tuple[OnItsWay, ...]:
    shown = {message.id for message in conversation.messages}
    return tuple(item for item in still_on_its_way(visit, conversation.case_id) if item.id not in shown)


def _files(conversation: Conversation) -> dict[str, tuple[ShownFile, ...]]:
    def url_of(attachment_id: str) -> str:
        return url_for("family_conversation.file", case_id=conversation.case_id, attachment_id=attachment_id)

    return {item.id: shown_files(item.attachments, url_of) for item in conversation.messages if item.attachments}


def _news_url(case_id: str, conversation: Conversation, waiting: tuple[OnItsWay, ...]) -> str:
    return url_for("family_conversation.news", case_id=case_id, after=mark(conversation, waiting))
