"""The pages of staff as they come over the wire. Whole or not at all."""

from __future__ import annotations

import re
from functools import partial

from portal.core.errors import CoreFault
from portal.core.wire_family import message
from portal.core.wire_requests import outcome
from portal.core.wire_shapes import (
    closed,
    count,
    day,
    each,
    identifier,
    instant,
    language,
    one_of,
    or_none,
    text,
    truth,
)
from portal.domain.conversation import (
    BreachReport,
    Inbox,
    InboxThread,
    MessageStop,
    Remark,
    RemarkKind,
    StaffAnswer,
    StaffConversation,
    StaffReferral,
    ThreadKind,
    UnansweredRemarks,
)
from portal.domain.people import Relation
from portal.domain.shielding import Shielded, ShieldedFrom, ShieldedKind

_QUESTION = re.compile(r"[a-z][a-z0-9_]{0,63}")
_relation_or_none = partial(or_none, partial(one_of, Relation))


def inbox(value: object) -> Inbox:
    """The threads of a worker's families."""
    fields = closed(value, "content_language", "first_name", "team", "threads", "breach_reports")
    language(fields["content_language"])  # names only
    return Inbox(
        first_name=text(fields["first_name"]),
        team=text(fields["team"]),
        threads=each(_thread, fields["threads"]),
        breach_reports=each(_breach, fields["breach_reports"]),
    )


def staff_conversation(value: object) -> StaffConversation:
    """One thread. A referral's thread carries the referral of its own id, and only a case's thread carries remarks."""
    fields = closed(
        value,
        "thread_id",
        "kind",
        "about",
        "with_name",
        "with_relation",
        "content_language",
        "answer_due",
        "last_unopened_id",
        "messages",
        "remarks",
        "referral",
        "own_case_id",
        "stops",
    )
    found = StaffConversation(
        thread_id=identifier(fields["thread_id"]),
        kind=one_of(ThreadKind, fields["kind"]),
        about=text(fields["about"]),
        with_name=text(fields["with_name"]),
        with_relation=_relation_or_none(fields["with_relation"]),
        content_language=language(fields["content_language"]),
        answer_due=or_none(day, fields["answer_due"]),
        last_unopened_id=or_none(identifier, fields["last_unopened_id"]),
        messages=each(message, fields["messages"]),
        remarks=each(_remark, fields["remarks"]),
        referral=or_none(_referral, fields["referral"]),
        own_case_id=or_none(identifier, fields["own_case_id"]),
        stops=each(_stop, fields["stops"]),
    )
    of_referral = found.kind is ThreadKind.REFERRAL
    if (found.referral.referral_id if found.referral else None) != (found.thread_id if of_referral else None):
        raise CoreFault
    if of_referral and found.remarks:
        raise CoreFault
    return found


def shielded(value: object, thread_id: str | None) -> ShieldedFrom:
    """What the person of one thread may not learn. Raises `CoreFault` for the list of another."""
    fields = closed(value, "thread_id", "places_hidden", "items")
    if identifier(fields["thread_id"]) != thread_id:
        raise CoreFault
    return ShieldedFrom(places_hidden=truth(fields["places_hidden"]), items=each(_shielded, fields["items"]))


def _shielded(value: object) -> Shielded:
    fields = closed(value, "kind", "text")
    return Shielded(kind=one_of(ShieldedKind, fields["kind"]), text=text(fields["text"]))


def _breach(value: object) -> BreachReport:
    fields = closed(value, "thread_id", "message_id", "with_name", "stopped_at", "stopped_by")
    return BreachReport(
        thread_id=identifier(fields["thread_id"]),
        message_id=identifier(fields["message_id"]),
        with_name=text(fields["with_name"]),
        stopped_at_utc=instant(fields["stopped_at"]),
        stopped_by=text(fields["stopped_by"]),
    )


def _stop(value: object) -> MessageStop:
    fields = closed(value, "message_id", "by_role", "at", "opened_since")
    return MessageStop(
        message_id=identifier(fields["message_id"]),
        by_role=one_of(Relation, fields["by_role"]),
        at_utc=instant(fields["at"]),
        opened_since=or_none(truth, fields["opened_since"]),
    )


def _thread(value: object) -> InboxThread:
    fields = closed(
        value,
        "thread_id",
        "kind",
        "about",
        "with_name",
        "with_relation",
        "unopened",
        "unanswered_remarks",
        "waiting_since",
        "answer_due",
        "covering_for",
    )
    return InboxThread(
        thread_id=identifier(fields["thread_id"]),
        kind=one_of(ThreadKind, fields["kind"]),
        about=text(fields["about"]),
        with_name=text(fields["with_name"]),
        with_relation=_relation_or_none(fields["with_relation"]),
        unopened=count(fields["unopened"]),
        unanswered_remarks=_unanswered(fields["unanswered_remarks"]),
        waiting_since_utc=or_none(instant, fields["waiting_since"]),
        answer_due=or_none(day, fields["answer_due"]),
        covering_for=or_none(text, fields["covering_for"]),
    )


def _unanswered(value: object) -> UnansweredRemarks:
    fields = closed(value, "comments", "access_requests", "appeals")
    return UnansweredRemarks(
        comments=count(fields["comments"]),
        access_requests=count(fields["access_requests"]),
        appeals=count(fields["appeals"]),
    )


def _remark(value: object) -> Remark:
    fields = closed(value, "id", "kind", "about", "plan_version", "body", "at", "outcome", "answer", "answered_by")
    return Remark(
        id=identifier(fields["id"]),
        kind=one_of(RemarkKind, fields["kind"]),
        about=or_none(text, fields["about"]),
        plan_version=or_none(text, fields["plan_version"]),
        body=text(fields["body"]),
        at_utc=instant(fields["at"]),
        outcome=or_none(outcome, fields["outcome"]),
        answer=or_none(text, fields["answer"]),
        answered_by=or_none(text, fields["answered_by"]),
    )


def _referral(value: object) -> StaffReferral:
    fields = closed(value, "referral_id", "received_at", "decide_by", "identity_known", "answers")
    return StaffReferral(
        referral_id=identifier(fields["referral_id"]),
        received_at_utc=instant(fields["received_at"]),
        decide_by=day(fields["decide_by"]),
        identity_known=truth(fields["identity_known"]),
        answers=each(_answer, fields["answers"]),
    )


def _answer(value: object) -> StaffAnswer:
    fields = closed(value, "question", "answer")
    question = text(fields["question"])
    if not _QUESTION.fullmatch(question):
        raise CoreFault
    return StaffAnswer(question=question, answer=text(fields["answer"]))
