"""Reading the visits for their page, and handing what somebody wants to the letterbox."""

from __future__ import annotations

from dataclasses import replace

from flask import url_for

from portal.core.errors import CoreError
from portal.domain.people import Relation
from portal.domain.submission import SubmissionKind
from portal.domain.visits import Visits, VisitWish
from portal.family.visits.build import Desk
from portal.family.visits.forms import visits_key
from portal.family.visits.pages import Box, NoVisitsHerePage, VisitsPage
from portal.outbox.box import NewSubmission
from portal.web.errors import DownError, NoError
from portal.web.visit import Visit
from portal.web.writing import ShownError, Written, is_locked, limit, put_in_box


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def text_limit(visit: Visit) -> int:
    """Most characters of what is said about visits."""
    return limit(visit, lambda limits: limits.comment_characters)


def visits_page(visit: Visit) -> VisitsPage | NoVisitsHerePage:
    """The visits as this reader may see them. Raises `CoreError`."""
    if not _offered(visit):
        case_id = case_of(visit)
        return NoVisitsHerePage(
            is_child=visit.grant.relation is Relation.SELF,
            back_url=url_for("family_overview.overview", case_id=case_id),
            messages_url=url_for("family_conversation.conversation", case_id=case_id),
            see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
            asked_url=url_for("family_requests.requests", case_id=case_id),
        )
    return _page(visit, visit.core.visits(visit.grant, visit.language), None, ())


def page_to_mend(visit: Visit, box: Box, errors: tuple[ShownError, ...]) -> VisitsPage:
    """The page with what was written and what is wrong. Raises `CoreError`, and `DownError` without a core.

    What was written is in a draft by then.
    """
    if visit.grant.keep_only:
        raise DownError
    page = _page(visit, visit.core.visits(visit.grant, visit.language), box, errors)
    visit.note_seen("visits")
    return page


def is_there(visit: Visit, about_id: str | None) -> bool:
    """Is it on this reader's page? While that cannot be asked, the words are kept, and the core decides."""
    if visit.grant.keep_only:
        return True
    try:
        return visit.core.visits(visit.grant, visit.language).has(about_id)
    except CoreError:
        return True


def send_wish(visit: Visit, about_id: str | None, wish: VisitWish, written: Written) -> str:
    """Put what somebody wants into the letterbox; its draft goes in the same transaction. Gives its id there."""
    content: dict[str, object] = {
        "about_id": about_id,
        "wish": wish.value,
        "body": written.text,
        "language": visit.language,
    }
    key = visits_key(case_of(visit), about_id)
    return put_in_box(
        visit, NewSubmission(written.id, SubmissionKind.VISIT_WISH, content, target_id=about_id, draft_key=key)
    )


def _page(visit: Visit, found: Visits, mending: Box | None, errors: tuple[ShownError, ...]) -> VisitsPage:
    case_id = case_of(visit)
    if mending is not None and not found.has(mending.about_id):
        mending = replace(mending, about_id=None)  # its place is gone; the words are not
    desk = Desk(visit, found, mending)
    here = url_for("family_visits.visits", case_id=case_id)
    return VisitsPage(
        is_child=found.reader.is_child,
        child_name=found.child.first_name,
        content_language=found.content_language,
        readers=found.readers,
        worker=found.worker_first_name,
        living=found.living,
        arrangements=desk.arrangements(),
        alone=desk.alone(),
        rest=desk.rest(),
        limit=text_limit(visit),
        back_url=url_for("family_overview.overview", case_id=case_id),
        post_url=url_for("family_visits.say", case_id=case_id),
        messages_url=url_for("family_conversation.conversation", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
        unlock_url=url_for("account_code.ask", next=here) if is_locked(visit) else None,
        errors=errors,
    )


def _offered(visit: Visit) -> bool:
    """Does this core tell of visits? While it cannot say, reading is tried, and fails in its own way."""
    try:
        return visit.core.capabilities().visits
    except CoreError:
        return True
