"""From the core's page to what is shown: each arrangement with its visits, and what the reader has said about it."""

from __future__ import annotations

from dataclasses import dataclass

from babel.dates import format_date

from portal.domain.submission import SubmissionKind
from portal.domain.visits import Arrangement, PlannedVisit, Visits, VisitWish
from portal.family.visits.forms import ALL, WRITE, visits_key
from portal.family.visits.pages import Box, Said, ShownAlone, ShownArrangement, ShownVisit
from portal.texts.locales import locale_of
from portal.web.forms import new_id
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, draft, is_locked


@dataclass(frozen=True)
class Desk:
    """One page being laid out. `mending` is a box whose text could not be taken in."""

    visit: Visit
    found: Visits
    mending: Box | None

    def arrangements(self) -> tuple[ShownArrangement, ...]:
        """Each with its coming visits, the next one first."""
        return tuple(self._arrangement(one) for one in self.found.arrangements)

    def alone(self) -> tuple[ShownAlone, ...]:
        """The visits of no arrangement, the next one first."""
        visits = self._visits(None)
        return tuple(ShownAlone(shown, self._said(shown.visit.id)) for shown in visits)

    def rest(self) -> Said:
        """What was said about all of it, and about what is not on the page any more."""
        return self._said(None)

    def _arrangement(self, one: Arrangement) -> ShownArrangement:
        return ShownArrangement(one, self._visits(one.id), self._said(one.id))

    def _visits(self, arrangement_id: str | None) -> tuple[ShownVisit, ...]:
        those = (one for one in self.found.visits if one.arrangement_id == arrangement_id)
        return tuple(self._visit(one) for one in sorted(those, key=lambda one: one.starts_at_utc))

    def _visit(self, one: PlannedVisit) -> ShownVisit:
        day = one.starts_at_utc.astimezone(self.visit.service.timezone).date()
        month = format_date(day, "MMM", locale=locale_of(self.visit.language).calendar)
        return ShownVisit(one, str(day.day), month)

    def _said(self, about_id: str | None) -> Said:
        if is_locked(self.visit):
            return Said((), (), self._box(about_id))
        said = tuple(one for one in self.found.said if self._place_of(one.about_id) == about_id)
        known = {one.id for one in self.found.said}
        waiting = tuple(item for about, item in self._on_its_way() if about == about_id and item.id not in known)
        return Said(said, waiting, self._box(about_id))

    def _place_of(self, about_id: str | None) -> str | None:
        """Where on the page it stands. A visit of an arrangement has no box of its own."""
        visit = next((one for one in self.found.visits if one.id == about_id), None)
        if visit is not None and visit.arrangement_id is not None:
            return visit.arrangement_id
        return about_id if self.found.has(about_id) else None

    def _box(self, about_id: str | None) -> Box:
        if self.mending is not None and self._place_of(self.mending.about_id) == about_id:
            return self.mending
        if self.visit.query(WRITE) != (about_id or ALL):
            return Box(about_id, new_id(), "", None, begun=False, draft_until=None)
        kept = draft(self.visit, visits_key(self.found.case_id, about_id))
        if kept is None:
            return Box(about_id, new_id(), "", None, begun=True, draft_until=None)
        wish = kept.content.get("wish", "")
        chosen = VisitWish(wish) if wish in set(VisitWish) else None
        return Box(about_id, new_id(), kept.content.get("body", ""), chosen, begun=True, draft_until=kept.until)

    def _on_its_way(self) -> tuple[tuple[str | None, OnItsWay], ...]:
        """What this person has said and the core cannot show yet, oldest first, with its place; none in a preview."""
        visit = self.visit
        if visit.grant.previewed_by is not None:
            return ()
        sent = visit.parts.box.waiting(visit.service.id, visit.session.account_id, self.found.case_id)
        return tuple(
            (self._place_of(item.target_id), OnItsWay(item.id, item.composed_at_utc, item.state))
            for item in reversed(sent)
            if item.kind is SubmissionKind.VISIT_WISH
        )
