"""Lays out what the core says waits for a worker, with what the portal itself could not deliver for them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from flask import url_for

from portal.domain.conversation import BreachReport, InboxThread, ThreadKind, UnopenedThread
from portal.domain.people import Relation
from portal.outbox.undelivered import undelivered_items
from portal.staff.inbox.pages import BreachRow, Group, InboxPage, ThreadRow, UnopenedRow
from portal.web.visit import Visit


def undelivered(visit: Visit) -> tuple[str, ...]:
    """The threads into which something of this worker could not be brought."""
    return undelivered_items(visit.parts.store, visit.service.id, visit.session.account_id, visit.now)


def inbox_page(visit: Visit, number: int) -> InboxPage:
    """One page of what waits. Raises `CoreError`."""
    ours = undelivered(visit)
    found = visit.core.inbox(visit.grant, visit.language, number, ours)
    return InboxPage(
        first_name=found.first_name,
        team=found.team,
        away_until=found.away_until,
        cover_first_name=found.cover_first_name,
        groups=tuple(
            Group(reason, tuple(_row(visit, thread, ours) for thread in threads))
            for reason, threads in groupby(found.threads, key=lambda thread: thread.reason)
        ),
        number=found.page,
        pages=found.pages,
        next_url=_page(found.page + 1) if found.page < found.pages else None,
        previous_url=_page(found.page - 1) if found.page > 1 else None,
        address_unknown=found.address_unknown,
        unopened=tuple(_unopened(thread) for thread in found.unopened),
        breaches=tuple(_breach(report) for report in found.breach_reports),
        said=_said(visit),
        said_url=url_for("staff_complaints.said_about_us"),
        news_url=url_for("staff_inbox.news", after=found.mark),
    )


def _said(visit: Visit) -> int | None:
    if visit.grant.role is not Relation.LEADER or not visit.core.capabilities().complaints:
        return None
    return visit.core.staff_complaints(visit.grant, visit.language).waiting


def _page(number: int) -> str:
    return url_for("staff_inbox.inbox", page=number) if number > 1 else url_for("staff_inbox.inbox")


def _unopened(thread: UnopenedThread) -> UnopenedRow:
    return UnopenedRow(
        url=url_for("staff_conversation.thread", thread_id=thread.thread_id),
        about=thread.about,
        with_name=thread.with_name,
        relation=thread.with_relation,
        since_utc=thread.since_utc,
    )


def _breach(report: BreachReport) -> BreachRow:
    message = f"m-{report.message_id}"
    return BreachRow(
        url=url_for("staff_conversation.thread", thread_id=report.thread_id, _anchor=message),
        with_name=report.with_name,
        stopped_at_utc=report.stopped_at_utc,
        stopped_by=report.stopped_by,
    )


def _row(visit: Visit, thread: InboxThread, ours: Collection[str]) -> ThreadRow:
    return ThreadRow(
        url=url_for("staff_conversation.thread", thread_id=thread.thread_id),
        asked_for_help=thread.kind is ThreadKind.REFERRAL,
        about=thread.about,
        with_name=thread.with_name,
        relation=thread.with_relation,
        unopened=thread.unopened,
        said=thread.unanswered_remarks.comments > 0,
        asks_to_see_more=thread.unanswered_remarks.access_requests > 0,
        appeals=thread.unanswered_remarks.appeals > 0,
        views=thread.unanswered_remarks.views > 0,
        about_visits=thread.unanswered_remarks.visit_wishes > 0,
        withdrawn=thread.unanswered_remarks.withdrawals > 0,
        undelivered=thread.thread_id in ours,
        waiting_since_utc=thread.waiting_since_utc,
        answer_due=thread.answer_due,
        late=thread.answer_due is not None and thread.waiting_since_utc is not None and thread.answer_due < visit.today,
        covering_for=thread.covering_for,
    )
