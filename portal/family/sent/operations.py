"""What somebody has sent, from the portal's own rows alone; and the answers to asking for help, from the core."""

from __future__ import annotations

from flask import url_for

from portal.core.errors import UNREACHABLE
from portal.domain.conversation import AuthorKind, Message
from portal.domain.delivery import CORE_LEVELS, DeliveryState
from portal.domain.submission import SubmissionKind
from portal.family.sent.forms import draft_key
from portal.family.sent.pages import AnswersPage, ReceiptPage, Sent, SentPage, WriteOnPage
from portal.outbox.box import NewSubmission, SentItem
from portal.web.errors import NoError
from portal.web.pages import Page
from portal.web.stopped import without_stopped
from portal.web.visit import Visit
from portal.web.writing import ShownError, Written, is_locked, limit, put_in_box, still_on_its_way

AT_THE_CORE = frozenset(CORE_LEVELS) - {DeliveryState.ACCEPTED}
"""States in which the core can show a thread of its own for it."""

FOLLOW = {
    SubmissionKind.MESSAGE: "family_conversation.conversation",
    SubmissionKind.COMMENT: "family_plan.plan",
    SubmissionKind.SHARING_ANSWER: "family_my_words.words",
    SubmissionKind.SENTENCE_ANSWER: "family_my_words.words",
    SubmissionKind.VIEW: "family_my_words.words",
    SubmissionKind.CONSENT_WITHDRAWN: "family_my_words.words",
    SubmissionKind.STAYS_OPEN: "family_who_stays.who_stays",
    SubmissionKind.ACCESS_REQUEST: "family_requests.requests",
    SubmissionKind.COMPLAINT: "family_complaint.said",
    SubmissionKind.APPEAL: "family_overview.overview",
    SubmissionKind.VISIT_WISH: "family_visits.visits",
}


def sent_page(visit: Visit) -> SentPage:
    """Everything this person has sent here."""
    items = visit.parts.box.sent(visit.service.id, visit.session.account_id)
    return SentPage(
        items=tuple(_sent(visit, item) for item in items),
        ask_for_help_url=url_for("family_help.start"),
        code_url=url_for("account_code.code"),
    )


def receipt_page(visit: Visit) -> ReceiptPage:
    """One thing this person has sent. Raises `NoError` for anything else."""
    wanted = str(visit.arguments["submission_id"])
    for item in visit.parts.box.sent(visit.service.id, visit.session.account_id):
        if item.id == wanted:
            days = visit.jurisdiction.referral_days
            return ReceiptPage(item=_sent(visit, item), days=days, sent_url=url_for("family_sent.sent"))
    raise NoError


def referral_of(visit: Visit) -> str:
    """The asking for help of the grant. Raises `NoError` without one."""
    if visit.grant.target.referral_id is None:
        raise NoError
    return visit.grant.target.referral_id


def text_limit(visit: Visit) -> int:
    """Most characters of what is written on."""
    return limit(visit, lambda limits: limits.message_characters)


def answers_page(visit: Visit, written: Written, errors: tuple[ShownError, ...] = ()) -> AnswersPage:
    """The answers so far, what is on its way, and the box. Raises `CoreError`."""
    thread = visit.core.help_conversation(visit.grant, visit.language)
    items = without_stopped(visit, thread.referral_id, thread.messages)
    only_stopped = thread.state is DeliveryState.ANSWERED and len(items) < len(thread.messages) and not _replied(items)
    shown = {message.id for message in items} | {thread.referral_id}
    waiting = still_on_its_way(visit, thread.referral_id)
    return AnswersPage(
        received_at_utc=thread.received_at_utc,
        days=visit.jurisdiction.referral_days,
        state=DeliveryState.SEEN if only_stopped else thread.state,
        worker_first_name=thread.worker_first_name,
        readers=thread.readers,
        content_language=thread.content_language,
        items=items,
        waiting=tuple(item for item in waiting if item.id not in shown),
        text=written.text,
        draft_until=written.draft_until,
        limit=text_limit(visit),
        submission_id=written.id,
        back_url=url_for("family_sent.sent"),
        post_url=url_for("family_sent.write_on", referral_id=thread.referral_id),
        errors=errors,
    )


def page_to_mend(visit: Visit, written: Written, errors: tuple[ShownError, ...]) -> Page:
    """The page with what was written and what is wrong with it; without the answers while they may not be shown."""
    if not visit.grant.keep_only and not is_locked(visit):
        try:
            page = answers_page(visit, written, errors)
        except UNREACHABLE:
            return write_page(visit, written, errors, core_down=True)
        visit.note_seen("help_answer")
        return page
    return write_page(visit, written, errors)


def write_page(
    visit: Visit, written: Written, errors: tuple[ShownError, ...] = (), *, core_down: bool = False
) -> WriteOnPage:
    """A box that needs nothing from the core."""
    return WriteOnPage(
        core_down=core_down or visit.grant.keep_only,
        text=written.text,
        draft_until=written.draft_until,
        limit=text_limit(visit),
        submission_id=written.id,
        back_url=url_for("family_sent.sent"),
        post_url=url_for("family_sent.write_on", referral_id=referral_of(visit)),
        errors=errors,
    )


def write_on(visit: Visit, written: Written) -> str:
    """Put more words into the letterbox; their draft goes in the same transaction. The id they are kept under."""
    content = {"body": written.text, "language": visit.language}
    key = draft_key(referral_of(visit))
    return put_in_box(visit, NewSubmission(written.id, SubmissionKind.REFERRAL_MESSAGE, content, draft_key=key))


def _replied(items: tuple[Message, ...]) -> bool:
    return any(item.author_kind is AuthorKind.WORKER for item in items)


def _sent(visit: Visit, item: SentItem) -> Sent:
    elsewhere = item.receiving_service_id != visit.service.id
    receiver = visit.parts.settings.services.get(item.receiving_service_id)
    return Sent(
        kind=item.kind,
        composed_at_utc=item.composed_at_utc,
        state=item.state,
        seen_by=item.seen_by,
        place=receiver.place if elsewhere and receiver is not None else None,
        url=url_for("family_sent.receipt", submission_id=item.id),
        follow_url=None if elsewhere else _follow_url(item),
        to_intake=item.to_intake,
    )


def _follow_url(item: SentItem) -> str | None:
    """Where the answer comes; a thread about asking for help opens when the core has it."""
    if item.to_intake:
        return url_for("family_sent.answers", referral_id=item.id) if item.state in AT_THE_CORE else None
    if item.kind in {SubmissionKind.REFERRAL, SubmissionKind.REFERRAL_MESSAGE}:
        there = item.kind is SubmissionKind.REFERRAL_MESSAGE or item.state in AT_THE_CORE
        return url_for("family_sent.answers", referral_id=item.item) if there else None
    endpoint = FOLLOW.get(item.kind)
    return None if endpoint is None else url_for(endpoint, case_id=item.item)
