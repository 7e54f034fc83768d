"""The pages of staff as they come over the wire. Whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from portal.core.errors import CoreFault
from portal.core.wire_attachments import ATTACHMENTS, attachments
from portal.core.wire_classification import classifications
from portal.core.wire_family import message
from portal.core.wire_requests import outcome
from portal.core.wire_shapes import (
    closed,
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
from portal.core.wire_views import staff_view
from portal.domain.conversation import (
    MessageStop,
    Remark,
    RemarkKind,
    StaffAnswer,
    StaffConversation,
    StaffReferral,
    ThreadKind,
)
from portal.domain.people import Relation
from portal.domain.shielding import Shielded, ShieldedFrom, ShieldedKind
from portal.domain.visits import VisitWish
from portal.domain.words import Stance

_QUESTION = re.compile(r"[a-z][a-z0-9_]{0,63}")
relation_or_none = partial(or_none, partial(one_of, Relation))


def staff_conversation(value: object) -> StaffConversation:
    """One thread. A referral's thread carries the referral of its own id, and only a case's has remarks and views."""
    fields = closed(
        value,
        "thread_id",
        "kind",
        "about",
        "with_name",
        "with_relation",
        "content_language",
        "answer_due",
        "classifications",
        "last_unopened_id",
        "messages",
        "remarks",
        "views",
        "referral",
        "own_case_id",
        "stops",
    )
    found = StaffConversation(
        thread_id=identifier(fields["thread_id"]),
        kind=one_of(ThreadKind, fields["kind"]),
        about=text(fields["about"]),
        with_name=text(fields["with_name"]),
        with_relation=relation_or_none(fields["with_relation"]),
        content_language=language(fields["content_language"]),
        answer_due=or_none(day, fields["answer_due"]),
        classifications=or_none(classifications, fields["classifications"]),
        last_unopened_id=or_none(identifier, fields["last_unopened_id"]),
        messages=each(message, fields["messages"]),
        remarks=each(_remark, fields["remarks"]),
        views=each(staff_view, fields["views"]),
        referral=or_none(_referral, fields["referral"]),
        own_case_id=or_none(identifier, fields["own_case_id"]),
        stops=each(_stop, fields["stops"]),
    )
    of_referral = found.kind is ThreadKind.REFERRAL
    if (found.referral.referral_id if found.referral else None) != (found.thread_id if of_referral else None):
        raise CoreFault
    if of_referral and (found.remarks or found.views):
        raise CoreFault
    return found


def shielded(value: object, thread_id: str | None) -> ShieldedFrom:
    """What the person of one thread may not learn. Raises `CoreFault` for the list of another."""
    fields = closed(value, "thread_id", "places_hidden", "items")
    if identifier(fields["thread_id"]) != thread_id:
        raise CoreFault
    return shielded_from(fields)


def shielded_from(fields: Mapping[str, object]) -> ShieldedFrom:
    """Whether places are hidden, and the list."""
    return ShieldedFrom(places_hidden=truth(fields["places_hidden"]), items=each(_shielded, fields["items"]))


def _shielded(value: object) -> Shielded:
    fields = closed(value, "kind", "text")
    return Shielded(kind=one_of(ShieldedKind, fields["kind"]), text=text(fields["text"]))


def _stop(value: object) -> MessageStop:
    fields = closed(value, "message_id", "by_role", "at", "opened_since")
    return MessageStop(
        message_id=identifier(fields["message_id"]),
        by_role=one_of(Relation, fields["by_role"]),
        at_utc=instant(fields["at"]),
        opened_since=or_none(truth, fields["opened_since"]),
    )


def _remark(value: object) -> Remark:
    said = ("id", "kind", "about", "plan_version", "plan_had_changed", "stance", "wish", "body", "at")
    fields = closed(value, *said, "outcome", "answer", "answered_by")
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
        stance=or_none(partial(one_of, Stance), fields["stance"]),
        plan_had_changed=truth(fields["plan_had_changed"]),
        wish=or_none(partial(one_of, VisitWish), fields["wish"]),
    )


def _referral(value: object) -> StaffReferral:
    fields = closed(value, "referral_id", "received_at", "decide_by", "identity_known", "answers", ATTACHMENTS)
    return StaffReferral(
        referral_id=identifier(fields["referral_id"]),
        received_at_utc=instant(fields["received_at"]),
        decide_by=day(fields["decide_by"]),
        identity_known=truth(fields["identity_known"]),
        answers=each(_answer, fields["answers"]),
        attachments=attachments(fields[ATTACHMENTS]),
    )


def _answer(value: object) -> StaffAnswer:
    fields = closed(value, "question", "answer")
    question = text(fields["question"])
    if not _QUESTION.fullmatch(question):
        raise CoreFault
    return StaffAnswer(question=question, answer=text(fields["answer"]))
