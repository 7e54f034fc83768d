"""Lays out what the country's pack says for the reader's phase, and takes in that somebody no longer agrees."""

from __future__ import annotations

from flask import url_for

from portal.core.errors import CoreError
from portal.domain.case import Overview
from portal.domain.people import Relation
from portal.domain.submission import SubmissionKind
from portal.family.rights.forms import agree_key
from portal.family.rights.pages import AgreePage, RightsPage, ShownRight
from portal.jurisdictions import Jurisdiction
from portal.jurisdictions.law import Certainty
from portal.jurisdictions.rights import Right, RightCode
from portal.outbox.box import NewSubmission
from portal.web.errors import NoError
from portal.web.visit import Visit
from portal.web.writing import ShownError, Written, limit, put_in_box


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def rights_page(visit: Visit) -> RightsPage:
    """The page for this reader. Raises `CoreError`."""
    case_id = case_of(visit)
    found = visit.core.overview(visit.grant, visit.language)
    pack = visit.jurisdiction
    rights = [one for one in pack.rights if one.holds_in(found.phase)]
    voluntary = any(one.code is RightCode.VOLUNTARY and one.can_end for one in rights)
    return RightsPage(
        is_child=found.reader.is_child,
        content_language=found.content_language,
        phase_text=found.phase_text,
        worker=_answerer(visit, found),
        rights=tuple(_shown(one, pack, is_child=found.reader.is_child) for one in rights),
        outside=pack.outside,
        agree_url=_agree_url(visit, case_id) if voluntary else None,
        back_url=url_for("family_overview.overview", case_id=case_id),
        about_us_url=url_for("family_complaint.write", case_id=case_id),
        decisions_url=url_for("family_decisions.decisions", case_id=case_id) if found.decisions else None,
        paper_url=url_for("family_on_paper.paper", case_id=case_id) if found.decisions else None,
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
    )


def _shown(right: Right, pack: Jurisdiction, *, is_child: bool) -> ShownRight:
    law = pack.references[right.reference]
    return ShownRight(
        code=right.code.value,
        title=right.child_title if is_child else right.adult_title,
        text=right.child if is_child else right.adult,
        law=None if is_child else law.title,
        checked=law.certainty is Certainty.READ,
    )


def _answerer(visit: Visit, found: Overview) -> str:
    """Who answers now: somebody else while the worker is away."""
    worker = found.worker
    away = worker.away_until is not None and worker.away_until >= visit.today
    return worker.cover_first_name or worker.first_name if away else worker.first_name


def _agree_url(visit: Visit, case_id: str) -> str | None:
    """The button of its own; a message where the core has none. While it cannot say, what is sent is kept."""
    try:
        able = visit.core.capabilities()
    except CoreError:
        return url_for("family_rights.no_longer_agree", case_id=case_id)
    if able.withdrawals:
        return url_for("family_rights.no_longer_agree", case_id=case_id)
    return url_for("family_conversation.write", case_id=case_id) if able.threads else None


def text_limit(visit: Visit) -> int:
    """Most characters beside it: as many as a message may have."""
    return limit(visit, lambda limits: limits.message_characters)


def agree_page(visit: Visit, written: Written, errors: tuple[ShownError, ...] = ()) -> AgreePage:
    """What happens next, a box that may stay empty, and the button. It needs nothing from the core."""
    case_id, relation = case_of(visit), visit.grant.relation
    return AgreePage(
        is_child=None if relation is None else relation is Relation.SELF,
        text=written.text,
        draft_until=written.draft_until,
        limit=text_limit(visit),
        submission_id=written.id,
        back_url=url_for("family_rights.rights", case_id=case_id),
        post_url=url_for("family_rights.no_longer_agree", case_id=case_id),
        errors=errors,
    )


def withdraw(visit: Visit, written: Written) -> str:
    """Put it into the letterbox, with words or without. It is never refused here. Gives the id it is kept under."""
    content = {"body": written.text, "language": visit.language}
    key = agree_key(case_of(visit))
    return put_in_box(visit, NewSubmission(written.id, SubmissionKind.CONSENT_WITHDRAWN, content, draft_key=key))
