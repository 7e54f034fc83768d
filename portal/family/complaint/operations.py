"""Reading what was said and who hears it, and handing it to the letterbox. Whom it is about decides nothing here."""

from __future__ import annotations

from flask import url_for

from portal.core.errors import CoreError
from portal.domain.complaint import ComplaintAbout, Complaints
from portal.domain.people import Relation
from portal.domain.submission import SubmissionKind
from portal.family.complaint.forms import complaint_key
from portal.family.complaint.pages import Filled, NotHerePage, SaidPage, WritePage
from portal.outbox.box import NewSubmission
from portal.web.errors import NoError
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, ShownError, limit, put_in_box


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def text_limit(visit: Visit) -> int:
    """Most characters."""
    return limit(visit, lambda limits: limits.comment_characters)


def said_page(visit: Visit) -> SaidPage | NotHerePage:
    """What this person has said before, and what is on its way. Raises `CoreError`."""
    if not _offered(visit):
        return _not_here(visit)
    case_id = case_of(visit)
    found = visit.core.complaints(visit.grant, visit.language)
    there = {one.id for one in found.complaints}
    return SaidPage(
        is_child=found.reader.is_child,
        content_language=found.content_language,
        complaints=found.complaints,
        waiting=tuple(one for one in _on_its_way(visit, case_id) if one.id not in there),
        outside=visit.jurisdiction.outside,
        back_url=url_for("family_overview.overview", case_id=case_id),
        write_url=url_for("family_complaint.write", case_id=case_id),
    )


def write_page(visit: Visit, filled: Filled, errors: tuple[ShownError, ...] = ()) -> WritePage | NotHerePage:
    """The form. While the core cannot be asked it has no names and is there all the same."""
    case_id, relation = case_of(visit), visit.grant.relation
    found = _found(visit)
    if not _offered(visit) or (found is not None and found.goes_to is None):
        return _not_here(visit)
    return WritePage(
        is_child=None if relation is None else relation is Relation.SELF,
        team=found.team if found else (),
        goes_to=found.goes_to if found else None,
        otherwise=found.otherwise if found else None,
        outside=visit.jurisdiction.outside,
        filled=filled,
        limit=text_limit(visit),
        back_url=url_for("family_overview.overview", case_id=case_id),
        post_url=url_for("family_complaint.write", case_id=case_id),
        said_url=url_for("family_complaint.said", case_id=case_id),
        errors=errors,
    )


def send(visit: Visit, filled: Filled, about: ComplaintAbout) -> str:
    """Put it into the letterbox; its draft goes in the same transaction. Gives the id it is kept under."""
    content: dict[str, object] = {
        "about": about.value,
        "not_these": list(_known(visit, filled.not_these)),
        "other_worker": filled.other_worker,
        "body": filled.text,
        "language": visit.language,
    }
    key = complaint_key(case_of(visit))
    return put_in_box(visit, NewSubmission(filled.submission_id, SubmissionKind.COMPLAINT, content, draft_key=key))


def _known(visit: Visit, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the team alone: an id that a form made up would keep the words from ever arriving."""
    found = _found(visit)
    team = {member.id for member in found.team} if found else set()
    return tuple(one for one in chosen if one in team)


def _found(visit: Visit) -> Complaints | None:
    if visit.grant.keep_only:
        return None
    try:
        return visit.core.complaints(visit.grant, visit.language)
    except CoreError:
        return None


def _not_here(visit: Visit) -> NotHerePage:
    back_url = url_for("family_overview.overview", case_id=case_of(visit))
    return NotHerePage(visit.grant.relation is Relation.SELF, visit.jurisdiction.outside, back_url)


def _on_its_way(visit: Visit, case_id: str) -> tuple[OnItsWay, ...]:
    found = visit.parts.box.waiting(visit.service.id, visit.session.account_id, case_id)
    return tuple(OnItsWay(o.id, o.composed_at_utc, o.state) for o in found if o.kind is SubmissionKind.COMPLAINT)


def _offered(visit: Visit) -> bool:
    """Does this core take it? While it cannot say, the words are kept, and the core decides."""
    if visit.grant.keep_only:
        return True
    try:
        return visit.core.capabilities().complaints
    except CoreError:
        return True
