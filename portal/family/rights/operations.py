"""Lays out what the country's pack says for the phase in which the core shows the case to this reader."""

from __future__ import annotations

from flask import url_for

from portal.core.errors import CoreError
from portal.domain.case import Overview
from portal.family.rights.pages import RightsPage, ShownRight
from portal.jurisdictions import Jurisdiction
from portal.jurisdictions.law import Certainty
from portal.jurisdictions.rights import Right, RightCode
from portal.web.errors import NoError
from portal.web.visit import Visit


def rights_page(visit: Visit) -> RightsPage:
    """The page for this reader. Raises `CoreError`."""
    case_id = visit.grant.target.case_id
    if case_id is None:
        raise NoError
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
        agree_url=url_for("family_conversation.write", case_id=case_id) if voluntary and _writes(visit) else None,
        back_url=url_for("family_overview.overview", case_id=case_id),
        about_us_url=url_for("family_complaint.write", case_id=case_id),
        decisions_url=url_for("family_decisions.decisions", case_id=case_id) if found.decisions else None,
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


def _writes(visit: Visit) -> bool:
    try:
        return visit.core.capabilities().threads
    except CoreError:
        return True
