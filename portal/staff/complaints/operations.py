"""Reading what the leader has got, and handing an answer to the letterbox. What the core has not given is not there."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.domain.complaint import StaffComplaint
from portal.domain.submission import SubmissionKind
from portal.outbox.box import NewSubmission
from portal.staff.complaints.pages import ComplaintPage, ComplaintRow, ComplaintsPage
from portal.web.errors import DownError, NoError
from portal.web.forms import clean
from portal.web.rule import DraftToKeep
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, ShownError, Written, limit, put_in_box


def answer_key(complaint_id: str) -> str:
    """Where an answer is kept that was begun."""
    return f"complaint-answer:{complaint_id}"


def draft_of(arguments: Mapping[str, str], form: MultiDict[str, str]) -> DraftToKeep:
    """The answer of a leader who was signed out meanwhile."""
    complaint_id = str(arguments["complaint_id"])
    return DraftToKeep(
        key=answer_key(complaint_id),
        content={"body": clean(form.get("body", ""))},
        back=url_for("staff_complaints.one", complaint_id=complaint_id),
    )


def complaint_of(visit: Visit) -> str:
    """The id in the address."""
    return str(visit.arguments["complaint_id"])


def text_limit(visit: Visit) -> int:
    """Most characters of an answer."""
    return limit(visit, lambda limits: limits.comment_characters)


def list_page(visit: Visit) -> ComplaintsPage:
    """What waits, and what is answered. Raises `CoreError`."""
    found = visit.core.staff_complaints(visit.grant, visit.language).complaints
    return ComplaintsPage(
        waiting=tuple(_row(one) for one in found if one.answer is None),
        answered=tuple(_row(one) for one in found if one.answer is not None),
        inbox_url=url_for("staff_inbox.inbox"),
    )


def one_page(visit: Visit, written: Written, errors: tuple[ShownError, ...] = ()) -> ComplaintPage:
    """One of the leader's own. Raises `NoError` for every other, `CoreError`, and `DownError` without a core."""
    if visit.grant.keep_only:
        raise DownError
    found = visit.core.staff_complaints(visit.grant, visit.language)
    complaint = found.find(complaint_of(visit))
    if complaint is None:
        raise NoError
    return ComplaintPage(
        complaint=complaint,
        content_language=found.content_language,
        coming=() if complaint.answer else _coming(visit, complaint.id),
        text=written.text,
        draft_until=written.draft_until,
        limit=text_limit(visit),
        submission_id=written.id,
        back_url=url_for("staff_complaints.said_about_us"),
        answer_url=url_for("staff_complaints.answer", complaint_id=complaint.id),
        errors=errors,
    )


def send(visit: Visit, written: Written) -> None:
    """Put the answer into the letterbox; its draft goes in the same transaction."""
    complaint_id = complaint_of(visit)
    content = {"complaint_id": complaint_id, "body": written.text, "language": visit.language}
    new = NewSubmission(
        written.id,
        SubmissionKind.COMPLAINT_ANSWER,
        content,
        target_id=complaint_id,
        draft_key=answer_key(complaint_id),
    )
    put_in_box(visit, new)


def _row(complaint: StaffComplaint) -> ComplaintRow:
    return ComplaintRow(
        url=url_for("staff_complaints.one", complaint_id=complaint.id),
        with_name=complaint.with_name,
        relation=complaint.with_relation,
        child_name=complaint.child_name,
        at_utc=complaint.at_utc,
        answered=complaint.answer is not None,
    )


def _coming(visit: Visit, complaint_id: str) -> tuple[OnItsWay, ...]:
    sent = visit.parts.box.sent(visit.service.id, visit.session.account_id)
    mine = (o for o in sent if o.kind is SubmissionKind.COMPLAINT_ANSWER and o.target_id == complaint_id)
    return tuple(OnItsWay(one.id, one.composed_at_utc, one.state) for one in mine)
