"""Puts together what the core tells of its own staff and what the portal's journal tells of staff in the portal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from itertools import groupby

from flask import url_for

from portal.access import actions
from portal.access.standing import Target
from portal.audit.journal import Looked
from portal.core.errors import CoreError
from portal.domain.people import Relation
from portal.domain.trail import Trail, TrailDoing, TrailRole, TrailRow, TrailThing
from portal.family.trail.pages import NoTrailHerePage, TrailDay, TrailPage
from portal.web.errors import NoError
from portal.web.visit import Visit

IN_THE_PORTAL = {
    **dict.fromkeys(
        (action.name for action in actions.ACTIONS.values() if action.needs is actions.Needs.THREAD),
        TrailThing.MESSAGES,
    ),
    actions.PREVIEW.name: TrailThing.PAGES,
}
"""What staff sees under an action, in the words of a family."""


def trail_page(visit: Visit) -> TrailPage | NoTrailHerePage:
    """The trail of the acting person. Raises `CoreError` and `StoreError`: half a trail would look like a whole one."""
    case_id = visit.grant.target.case_id
    if case_id is None:
        raise NoError
    back_url = url_for("family_overview.overview", case_id=case_id)
    messages_url = url_for("family_conversation.conversation", case_id=case_id)
    if not _offered(visit):
        return NoTrailHerePage(visit.grant.relation is Relation.SELF, back_url, messages_url)
    found = visit.core.trail(visit.grant, visit.language)
    return TrailPage(
        is_child=found.reader.is_child,
        child_name=found.child.first_name,
        since=found.since,
        days=_by_day(found.rows | _in_the_portal(visit, found)),
        back_url=back_url,
        messages_url=messages_url,
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
    )


def _in_the_portal(visit: Visit, found: Trail) -> frozenset[TrailRow]:
    """Staff in this reader's own thread, and staff who saw this reader's pages as the reader sees them."""
    preview = Target(case_id=found.case_id, person_id=visit.grant.actor.subject).about
    about = [one for one in (found.thread_id, preview) if one is not None]
    zone = visit.service.timezone
    since = datetime.combine(found.since, time(), zone)
    looked = visit.parts.journal.looked_at(visit.parts.store, visit.service.id, about, since, zone)
    return frozenset(_row(one) for one in looked if one.action in IN_THE_PORTAL)


def _row(looked: Looked) -> TrailRow:
    return TrailRow(looked.day, TrailRole(looked.role), IN_THE_PORTAL[looked.action], TrailDoing.READ)


def _by_day(rows: Iterable[TrailRow]) -> tuple[TrailDay, ...]:
    ordered = sorted(rows, key=lambda row: (-row.day.toordinal(), replace(row, day=row.day.min)))
    return tuple(TrailDay(day, tuple(found)) for day, found in groupby(ordered, key=lambda row: row.day))


def _offered(visit: Visit) -> bool:
    """Can this core tell it? While it cannot say, reading is tried, and fails in its own way."""
    try:
        return visit.core.capabilities().trail
    except CoreError:
        return True
