"""Reading who stood in for somebody, and handing on what they choose. The core acts on it; here nothing is decided."""

from __future__ import annotations

from flask import url_for

from portal.domain.stays import WhoStays
from portal.domain.submission import SubmissionKind
from portal.family.who_stays.forms import FIELD
from portal.family.who_stays.pages import WhoStaysPage
from portal.outbox.box import NewSubmission
from portal.texts import N_
from portal.web.errors import NoError
from portal.web.forms import FieldError, new_id
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, put_in_box, shown, written_id


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def who_stays_page(visit: Visit) -> WhoStaysPage:
    """What is told before the day, and asked from it on. Raises `CoreError`."""
    return _page(visit, visit.core.who_stays(visit.grant, visit.language), ())


def nothing_chosen_page(visit: Visit) -> WhoStaysPage:
    """The page again for whoever pressed send and had chosen nothing. Raises `CoreError`."""
    found = visit.core.who_stays(visit.grant, visit.language)
    visit.note_seen("who_stays")
    if not found.people:
        return _page(visit, found, ())
    nothing = N_("Choose for at least one of them, or skip this. Nothing has been sent.")
    return _page(visit, found, (FieldError(FIELD + found.people[0].person_id, nothing),))


def choose(visit: Visit, choices: list[dict[str, object]]) -> str:
    """Put what was chosen into the letterbox. Gives the id it is kept under."""
    content = {"choices": choices, "language": visit.language}
    return put_in_box(visit, NewSubmission(written_id(visit), SubmissionKind.STAYS_OPEN, content))


def _page(visit: Visit, found: WhoStays, problems: tuple[FieldError, ...]) -> WhoStaysPage:
    case_id = case_of(visit)
    return WhoStaysPage(
        asks=found.adult_on <= visit.today,
        adult_on=found.adult_on,
        worker_first_name=found.worker_first_name,
        people=found.people,
        waiting=_on_its_way(visit, case_id),
        submission_id=new_id() if not problems else written_id(visit),
        back_url=url_for("family_overview.overview", case_id=case_id),
        post_url=url_for("family_who_stays.choose", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        errors=shown(visit, problems),
    )


def _on_its_way(visit: Visit, case_id: str) -> tuple[OnItsWay, ...]:
    if visit.grant.previewed_by is not None:
        return ()
    found = visit.parts.box.waiting(visit.service.id, visit.session.account_id, case_id)
    chosen = (item for item in reversed(found) if item.kind is SubmissionKind.STAYS_OPEN)
    return tuple(OnItsWay(item.id, item.composed_at_utc, item.state) for item in chosen)
