"""The route of the inbox."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from portal.access.actions import SEE_INBOX
from portal.domain.conversation import BreachReport, InboxThread, ThreadKind
from portal.staff.inbox.pages import BreachRow, InboxPage, ThreadRow
from portal.web.pages import render
from portal.web.visit import Visit

staff_inbox = Blueprint("staff_inbox", __name__)


@staff_inbox.get("/staff", access=SEE_INBOX)
def inbox(visit: Visit) -> Response:
    """What waits for this worker."""
    found = visit.core.inbox(visit.grant, visit.language)
    return render(
        InboxPage(
            first_name=found.first_name,
            team=found.team,
            asked=tuple(_row(visit, thread) for thread in found.threads if thread.kind is ThreadKind.REFERRAL),
            families=tuple(_row(visit, thread) for thread in found.threads if thread.kind is ThreadKind.CASE),
            breaches=tuple(_breach(report) for report in found.breach_reports),
        )
    )


def _breach(report: BreachReport) -> BreachRow:
    message = f"m-{report.message_id}"
    return BreachRow(
        url=url_for("staff_conversation.thread", thread_id=report.thread_id, _anchor=message),
        with_name=report.with_name,
        stopped_at_utc=report.stopped_at_utc,
        stopped_by=report.stopped_by,
    )


def _row(visit: Visit, thread: InboxThread) -> ThreadRow:
    return ThreadRow(
        url=url_for("staff_conversation.thread", thread_id=thread.thread_id),
        about=thread.about,
        with_name=thread.with_name,
        relation=thread.with_relation,
        unopened=thread.unopened,
        said=thread.unanswered_remarks.comments > 0,
        asks_to_see_more=thread.unanswered_remarks.access_requests > 0,
        appeals=thread.unanswered_remarks.appeals > 0,
        waiting_since_utc=thread.waiting_since_utc,
        answer_due=thread.answer_due,
        late=thread.answer_due is not None and thread.waiting_since_utc is not None and thread.answer_due < visit.today,
        covering_for=thread.covering_for,
    )
