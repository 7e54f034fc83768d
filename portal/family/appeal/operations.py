"""Handing an appeal to the letterbox. Whether it is in time, and what comes of it, is for whoever decides on it."""

from __future__ import annotations

from flask import url_for

from portal.domain.delivery import DeliveryState
from portal.domain.people import Relation
from portal.domain.submission import SubmissionKind
from portal.family.appeal.forms import draft_key
from portal.family.appeal.pages import AppealPage
from portal.outbox.box import NewSubmission
from portal.web.errors import NoError
from portal.web.visit import Visit
from portal.web.writing import ShownError, Written, appeals_coming, drop_draft, limit, put_in_box


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def about_of(visit: Visit) -> str:
    """The decision, or wish to see more, the appeal is about. Whether it is one of this person's is the core's word."""
    return str(visit.arguments["about_id"])


def text_limit(visit: Visit) -> int:
    """Most characters of an appeal: as many as a message may have."""
    return limit(visit, lambda limits: limits.message_characters)


def back_url(visit: Visit, *, of_decision: bool) -> str:
    """Where it is seen what became of it."""
    return url_for("family_decisions.decisions" if of_decision else "family_requests.requests", case_id=case_of(visit))


def appeal_page(
    visit: Visit, written: Written, *, of_decision: bool, errors: tuple[ShownError, ...] = ()
) -> AppealPage:
    """A box that needs nothing from the core."""
    case_id, relation = case_of(visit), visit.grant.relation
    endpoint = "family_appeal.of_decision" if of_decision else "family_appeal.of_request"
    return AppealPage(
        is_child=None if relation is None else relation is Relation.SELF,
        of_decision=of_decision,
        text=written.text,
        draft_until=written.draft_until,
        limit=text_limit(visit),
        submission_id=written.id,
        back_url=back_url(visit, of_decision=of_decision),
        post_url=url_for(endpoint, case_id=case_id, about_id=about_of(visit)),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
        errors=errors,
    )


def appeal(visit: Visit, written: Written) -> str:
    """Put an appeal into the letterbox, and give the id it is kept under. It counts from this moment (rules.md R8).

    Pressed once more without words, from another window, while the first is on its way, it is that first one.
    """
    about_id = about_of(visit)
    if not written.text:
        for item in appeals_coming(visit, case_of(visit)).get(about_id, ()):
            if item.state is not DeliveryState.REJECTED:
                drop_draft(visit, draft_key(about_id))
                return item.id
    content = {"about_id": about_id, "body": written.text, "language": visit.language}
    new = NewSubmission(written.id, SubmissionKind.APPEAL, content, target_id=about_id, draft_key=draft_key(about_id))
    return put_in_box(visit, new)
