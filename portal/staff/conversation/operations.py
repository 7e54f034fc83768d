"""Reading a thread for a page, marking it as opened, and handing a reply or an answer to the letterbox."""

from __future__ import annotations

from flask import url_for

from portal.domain.attachment import Attachment
from portal.domain.conversation import RemarkKind, StaffConversation, StaffReferral
from portal.domain.submission import SubmissionKind
from portal.domain.view import StaffView
from portal.jurisdictions import Choice, Question
from portal.outbox.box import NewSubmission
from portal.staff.checked import Acknowledged, LeakWarning, noting, telling
from portal.staff.conversation.build import Desk, waiting_in
from portal.staff.conversation.forms import Chosen, answer_key, draft_key
from portal.staff.conversation.holding import days_to_promise
from portal.staff.conversation.pages import Answer, AnswerBox, Classified, Holding, Referral, ThreadPage, UncheckedPage
from portal.staff.conversation.readable import readable
from portal.texts import N_, Text
from portal.web.errors import DownError, NoError
from portal.web.forms import new_id
from portal.web.stopped import shown_stops
from portal.web.uploads import ShownFile, shown_files
from portal.web.visit import Visit
from portal.web.writing import ShownError, Written, begun, keep_refused, limit, put_in_box

ADULT = "adult"
WHO = Question(
    "asks_as",
    N_("Who asks?"),
    Text(""),
    (Choice("child", N_("A child or young person")), Choice(ADULT, N_("An adult"))),
)
"""What asking for help says first: whether a child's or an adult's questions were read."""


WISH = Question(
    "wish",
    N_("About a visit"),
    Text(""),
    (
        Choice("more", N_("Wants more of it")),
        Choice("less", N_("Wants less of it")),
        Choice("not_now", N_("Does not want it now")),
        Choice("say", N_("Wants to say something")),
    ),
)
"""What a child chose about a visit, when its words came here because the case was over (`outbox.intake`)."""


def thread_of(visit: Visit) -> str:
    """The thread of the grant. Raises `NoError` without one."""
    if visit.grant.target.thread_id is None:
        raise NoError
    return visit.grant.target.thread_id


def text_limit(visit: Visit) -> int:
    """Most characters of a reply."""
    return limit(visit, lambda limits: limits.message_characters)


def answer_limit(visit: Visit) -> int:
    """Most characters of an answer to a remark."""
    return limit(visit, lambda limits: limits.comment_characters)


def thread_page(
    visit: Visit,
    written: Written,
    mending: AnswerBox | None = None,
    errors: tuple[ShownError, ...] = (),
    warning: LeakWarning | None = None,
    *,
    asked: bool = False,
) -> ThreadPage:
    """The thread as this worker sees it; `asked` also how hard its text is to read. Raises `CoreError`."""
    thread_id, found, desk = _asked_for(visit, mending)
    return ThreadPage(
        about=found.about,
        with_name=found.with_name,
        relation=found.with_relation,
        content_language=found.content_language,
        answer_due=found.answer_due,
        late=found.answer_due is not None and found.answer_due < visit.today,
        items=found.messages,
        waiting=desk.waiting.not_in(found.messages),
        files={item.id: _files(visit, item.attachments) for item in found.messages if item.attachments},
        stops=shown_stops(visit, thread_id, found),
        stop_url=url_for("staff_stops.ask", thread_id=thread_id),
        classified=_classified(found, thread_id),
        withdrawals=desk.shown(found.remarks, RemarkKind.CONSENT_WITHDRAWN),
        comments=desk.shown(found.remarks, RemarkKind.COMMENT),
        wishes=desk.shown(found.remarks, RemarkKind.ACCESS_REQUEST),
        appeals=desk.shown(found.remarks, RemarkKind.APPEAL),
        views=_views(found, thread_id),
        visit_wishes=desk.shown(found.remarks, RemarkKind.VISIT_WISH),
        reasons=tuple((refusal.code, refusal.text) for refusal in visit.jurisdiction.refusals),
        answer_url=url_for("staff_conversation.answer", thread_id=thread_id),
        answer_limit=answer_limit(visit),
        referral=None if found.referral is None else _referral(visit, found.referral),
        open_id=found.last_unopened_id,
        open_url=url_for("staff_conversation.opened", thread_id=thread_id),
        open_submission_id=new_id(),
        reply_url=url_for("staff_conversation.reply", thread_id=thread_id),
        preview_url=_preview_url(found.own_case_id),
        back_url=url_for("staff_inbox.inbox"),
        sharing_url=None if found.referral else url_for("staff_sharing.sharing", thread_id=thread_id),
        text=written.text,
        draft_until=written.draft_until,
        limit=text_limit(visit),
        submission_id=written.id,
        errors=errors,
        warning=warning,
        readable=readable(written.text, found.with_relation) if asked else None,
        holding=None if found.answer_due is None else _holding(visit, thread_id),
    )


def _asked_for(visit: Visit, mending: AnswerBox | None) -> tuple[str, StaffConversation, Desk]:
    thread_id = thread_of(visit)
    found = visit.core.staff_conversation(visit.grant, visit.language)
    return thread_id, found, Desk(visit, thread_id, waiting_in(visit, thread_id), mending)


def _views(found: StaffConversation, thread_id: str) -> tuple[tuple[StaffView, str], ...]:
    return tuple((view, url_for("staff_influence.view", thread_id=thread_id, view_id=view.id)) for view in found.views)


def _classified(found: StaffConversation, thread_id: str) -> Classified | None:
    if found.classifications is None:
        return None
    url = url_for("staff_classify.ask", thread_id=thread_id)
    return Classified(url, {one.item_id: one for one in found.classifications})


def _holding(visit: Visit, thread_id: str) -> Holding:
    post_url = url_for("staff_conversation.holding", thread_id=thread_id)
    return Holding(post_url, new_id(), days_to_promise(visit.today))


def looked_at(visit: Visit, written: Written) -> ThreadPage:
    """The thread with how hard the text in its box is to read; nothing is sent. Raises as `reply_to_mend`."""
    if visit.grant.keep_only:
        raise DownError
    page = thread_page(visit, written, asked=True)
    visit.note_seen("thread")
    return page


def _preview_url(case_id: str | None) -> str | None:
    return None if case_id is None else url_for("staff_preview.people", case_id=case_id)


def reply_to_mend(
    visit: Visit, written: Written, errors: tuple[ShownError, ...], warning: LeakWarning | None = None
) -> ThreadPage:
    """The thread with a reply that could not be taken in. Raises `CoreError`, and `DownError` without a core."""
    return _to_mend(visit, written, None, errors, warning)


def answer_to_mend(
    visit: Visit, box: AnswerBox, errors: tuple[ShownError, ...], warning: LeakWarning | None = None
) -> ThreadPage:
    """The thread with an answer that could not be taken in. Raises as `reply_to_mend`."""
    return _to_mend(visit, begun(visit, draft_key(thread_of(visit))), box, errors, warning)


def _to_mend(
    visit: Visit,
    written: Written,
    mending: AnswerBox | None,
    errors: tuple[ShownError, ...],
    warning: LeakWarning | None,
) -> ThreadPage:
    if visit.grant.keep_only:
        raise DownError
    page = thread_page(visit, written, mending, errors, warning, asked=True)
    visit.note_seen("thread")
    return page


def mark_opened(visit: Visit, submission_id: str, message_id: str) -> None:
    """Say to the family that a person has opened everything up to this message."""
    put_in_box(visit, NewSubmission(submission_id, SubmissionKind.OPENED, {"message_id": message_id}))


def not_checked(
    visit: Visit, written: Written, remark_id: str | None = None, chosen: Chosen | None = None
) -> UncheckedPage:
    """The text in a box that needs nothing from the core, kept as a draft: nobody knows what it would give away."""
    thread_id = thread_of(visit)
    keep_refused(visit, draft_key(thread_id) if remark_id is None else answer_key(thread_id, remark_id), written.text)
    endpoint = "staff_conversation.reply" if remark_id is None else "staff_conversation.answer"
    return UncheckedPage(
        post_url=url_for(endpoint, thread_id=thread_id),
        back_url=url_for("staff_conversation.thread", thread_id=thread_id),
        remark_id=remark_id,
        outcome=chosen.outcome if chosen else "",
        reason=chosen.reason if chosen else "",
        text=written.text,
        limit=text_limit(visit) if remark_id is None else answer_limit(visit),
        submission_id=written.id,
    )


def send_reply(visit: Visit, written: Written, told: Acknowledged | None = None) -> None:
    """Put a reply into the letterbox; its draft goes in the same transaction."""
    content = {"body": written.text, "language": visit.language, **telling(told)}
    key, along = draft_key(thread_of(visit)), noting(visit, told)
    put_in_box(visit, NewSubmission(written.id, SubmissionKind.REPLY, content, draft_key=key, along=along))


def send_answer(
    visit: Visit, remark_id: str, written: Written, chosen: Chosen, told: Acknowledged | None = None
) -> None:
    """Put an answer to a remark into the letterbox; its draft goes in the same transaction."""
    said = {"remark_id": remark_id, "body": written.text, "language": visit.language}
    content = {**said, **chosen.content(), **telling(told)}
    key, along = answer_key(thread_of(visit), remark_id), noting(visit, told)
    kind = SubmissionKind.REMARK_ANSWER
    put_in_box(visit, NewSubmission(written.id, kind, content, target_id=remark_id, draft_key=key, along=along))


def _referral(visit: Visit, found: StaffReferral) -> Referral:
    asked = _asked(visit, found)
    return Referral(
        referral_id=found.referral_id,
        received_at_utc=found.received_at_utc,
        decide_by=found.decide_by,
        identity_known=found.identity_known,
        answers=tuple(
            Answer(_question(asked.get(item.question), item.question), _choice(asked.get(item.question), item.answer))
            for item in found.answers
        ),
        files=_files(visit, found.attachments),
    )


def _files(visit: Visit, attachments: tuple[Attachment, ...]) -> tuple[ShownFile, ...]:
    thread_id = thread_of(visit)

    def url_of(attachment_id: str) -> str:
        return url_for("staff_conversation.file", thread_id=thread_id, attachment_id=attachment_id)

    return shown_files(attachments, url_of)


def _asked(visit: Visit, found: StaffReferral) -> dict[str, Question]:
    """The questions as they were read by whoever asked, and first who that is."""
    pack = visit.jurisdiction
    by_adult = any((item.question, item.answer) == (WHO.code, ADULT) for item in found.answers)
    questions = pack.adult_questions if by_adult else pack.child_questions
    return {question.code: question for question in (WHO, WISH, *questions)}


def _question(question: Question | None, code: str) -> Text | str:
    return code if question is None else question.text


def _choice(question: Question | None, answer: str) -> Text | str:
    """The words of a choice, else what was written."""
    if question is None:
        return answer
    return next((choice.text for choice in question.choices if choice.code == answer), answer)
