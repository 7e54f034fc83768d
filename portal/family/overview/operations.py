"""Reading the overview for its page, and handing on the wish to see more."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for

from portal.core.errors import CoreError
from portal.domain.capability import Capabilities
from portal.domain.case import ChangeKind
from portal.domain.people import Relation
from portal.domain.submission import SubmissionKind
from portal.family.overview.forms import see_more_key
from portal.family.overview.pages import MOST_CHANGES, ChildOverviewPage, OverviewPage, SeeMorePage, answerer, coming
from portal.outbox.box import NewSubmission
from portal.web.errors import NoError
from portal.web.stopped import counts_hold
from portal.web.visit import Visit
from portal.web.writing import ShownError, Written, is_locked, limit, put_in_box


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def overview_page(visit: Visit) -> OverviewPage:
    """The front of the case as this reader sees it. Raises `CoreError`."""
    case_id = case_of(visit)
    found = visit.core.overview(visit.grant, visit.language)
    page = ChildOverviewPage if found.reader.is_child else OverviewPage
    locked = is_locked(visit)
    counted = not locked and counts_hold(visit)
    changes = tuple(change for change in found.changes if counted or change.kind is not ChangeKind.MESSAGE)
    threads, plans = _offered(visit, lambda able: able.threads), _offered(visit, lambda able: able.plans)
    return page(
        first_name=found.reader.first_name,
        child_name=found.child.first_name,
        content_language=found.content_language,
        phase_text=found.phase_text,
        clock=found.clock,
        closing=found.closing,
        moving=found.moving,
        next_steps=found.next_steps,
        worker=found.worker,
        answerer=answerer(visit, found.worker),
        team=found.team,
        appointments=coming(visit, found.appointments),
        changes=changes[:MOST_CHANGES],
        news=None if locked else counted and found.unread_messages > 0,
        answer_due=None if locked else found.answer_due,
        asks=found.asks_about_words and not locked,
        words_url=url_for("family_my_words.words", case_id=case_id),
        messages_url=url_for("family_conversation.conversation", case_id=case_id) if threads else None,
        say_url=url_for("family_views.start", case_id=case_id),
        plan_url=url_for("family_plan.plan", case_id=case_id) if plans else None,
        visits_url=url_for("family_visits.visits", case_id=case_id),
        documents_url=url_for("family_documents.documents", case_id=case_id) if found.documents else None,
        trail_url=url_for("family_trail.who_has_looked", case_id=case_id),
        paper_url=url_for("family_on_paper.paper", case_id=case_id) if found.decisions and plans else None,
        rights_url=url_for("family_rights.rights", case_id=case_id),
        about_us_url=url_for("family_complaint.write", case_id=case_id),
        who_stays_url=url_for("family_who_stays.who_stays", case_id=case_id) if found.who_stays else None,
        decisions_url=url_for("family_decisions.decisions", case_id=case_id) if found.decisions else None,
        ask_for_help_url=url_for("family_help.start"),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
        home_url=url_for("family_home.home"),
    )


def see_more_limit(visit: Visit) -> int:
    """Most characters of the words beside the wish: as many as a message may have."""
    return limit(visit, lambda limits: limits.message_characters)


def see_more_page(visit: Visit, written: Written, errors: tuple[ShownError, ...] = ()) -> SeeMorePage:
    """A box that needs nothing from the core."""
    case_id, relation = case_of(visit), visit.grant.relation
    return SeeMorePage(
        is_child=None if relation is None else relation is Relation.SELF,
        text=written.text,
        draft_until=written.draft_until,
        limit=see_more_limit(visit),
        submission_id=written.id,
        back_url=url_for("family_overview.overview", case_id=case_id),
        post_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        errors=errors,
    )


def ask_to_see_more(visit: Visit, written: Written) -> str:
    """Put the wish into the letterbox, with words or without; it names no document (rules.md R11). Gives its id."""
    content = {"body": written.text, "language": visit.language}
    key = see_more_key(case_of(visit))
    return put_in_box(visit, NewSubmission(written.id, SubmissionKind.ACCESS_REQUEST, content, draft_key=key))


def _offered(visit: Visit, of: Callable[[Capabilities], bool]) -> bool:
    """Does this core have it? While it cannot say, the way there stays open, and the page there tells."""
    try:
        return of(visit.core.capabilities())
    except CoreError:
        return True
