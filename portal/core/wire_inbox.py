"""A worker's inbox as it comes over the wire. Whole or not at all."""

from __future__ import annotations

import re

from portal.core.errors import CoreFault
from portal.core.wire_shapes import closed, count, day, each, identifier, instant, language, one_of, or_none, text
from portal.core.wire_staff import relation_or_none
from portal.domain.conversation import (
    BreachReport,
    Inbox,
    InboxReason,
    InboxThread,
    ThreadKind,
    UnansweredRemarks,
    UnopenedThread,
)

_MARK = re.compile(r"[0-9a-f]{32}")


def inbox(value: object) -> Inbox:
    """One page of the threads of a worker's families."""
    fields = closed(
        value,
        "content_language",
        "first_name",
        "team",
        "away_until",
        "cover_first_name",
        "page",
        "pages",
        "mark",
        "threads",
        "unopened",
        "breach_reports",
        "address_unknown",
    )
    language(fields["content_language"])  # names only
    found = Inbox(
        first_name=text(fields["first_name"]),
        team=text(fields["team"]),
        away_until=or_none(day, fields["away_until"]),
        cover_first_name=or_none(text, fields["cover_first_name"]),
        page=count(fields["page"], least=1),
        pages=count(fields["pages"], least=1),
        mark=_mark(fields["mark"]),
        threads=each(_thread, fields["threads"]),
        unopened=each(_unopened, fields["unopened"]),
        breach_reports=each(_breach, fields["breach_reports"]),
        address_unknown=each(text, fields["address_unknown"]),
    )
    if found.page > found.pages:
        raise CoreFault
    return found


def _mark(value: object) -> str:
    mark = text(value)
    if not _MARK.fullmatch(mark):
        raise CoreFault
    return mark


def _unopened(value: object) -> UnopenedThread:
    fields = closed(value, "thread_id", "about", "with_name", "with_relation", "since")
    return UnopenedThread(
        thread_id=identifier(fields["thread_id"]),
        about=text(fields["about"]),
        with_name=text(fields["with_name"]),
        with_relation=relation_or_none(fields["with_relation"]),
        since_utc=instant(fields["since"]),
    )


def _breach(value: object) -> BreachReport:
    fields = closed(value, "thread_id", "message_id", "with_name", "stopped_at", "stopped_by")
    return BreachReport(
        thread_id=identifier(fields["thread_id"]),
        message_id=identifier(fields["message_id"]),
        with_name=text(fields["with_name"]),
        stopped_at_utc=instant(fields["stopped_at"]),
        stopped_by=text(fields["stopped_by"]),
    )


def _thread(value: object) -> InboxThread:
    fields = closed(
        value,
        "thread_id",
        "reason",
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
        reason=one_of(InboxReason, fields["reason"]),
        kind=one_of(ThreadKind, fields["kind"]),
        about=text(fields["about"]),
        with_name=text(fields["with_name"]),
        with_relation=relation_or_none(fields["with_relation"]),
        unopened=count(fields["unopened"]),
        unanswered_remarks=_unanswered(fields["unanswered_remarks"]),
        waiting_since_utc=or_none(instant, fields["waiting_since"]),
        answer_due=or_none(day, fields["answer_due"]),
        covering_for=or_none(text, fields["covering_for"]),
    )


def _unanswered(value: object) -> UnansweredRemarks:
    fields = closed(value, "comments", "access_requests", "appeals", "views", "visit_wishes", "withdrawals")
    return UnansweredRemarks(
        comments=count(fields["comments"]),
        access_requests=count(fields["access_requests"]),
        appeals=count(fields["appeals"]),
        views=count(fields["views"]),
        visit_wishes=count(fields["visit_wishes"]),
        withdrawals=count(fields["withdrawals"]),
    )
