"""Gathers what this reader may see for the page to print: the only page that asks a core for four pages at once."""

from __future__ import annotations

from dataclasses import replace

from flask import url_for

from portal.domain.plan import Plan
from portal.family.on_paper.pages import OnPaperPage
from portal.web.errors import NoError
from portal.web.visit import Visit
from portal.web.writing import is_locked


def paper_page(visit: Visit) -> OnPaperPage:
    """What is there for this reader now. Raises `CoreError`."""
    case_id = visit.grant.target.case_id
    if case_id is None:
        raise NoError
    found = visit.core.overview(visit.grant, visit.language)
    locked = is_locked(visit)
    mine = None if locked else visit.core.my_words(visit.grant, visit.language)
    here = url_for("family_on_paper.paper", case_id=case_id)
    return OnPaperPage(
        is_child=found.reader.is_child,
        child_name=found.child.first_name,
        content_language=found.content_language,
        phase_text=found.phase_text,
        worker=found.worker,
        closing=found.closing,
        moving=found.moving,
        plan=_without_words(visit.core.plan(visit.grant, visit.language).plan),
        decisions=visit.core.decisions(visit.grant, visit.language).decisions if found.decisions else (),
        words=mine.words if mine else (),
        withdrawals=mine.withdrawals if mine else (),
        unlock_url=url_for("account_code.ask", next=here) if locked else None,
        back_url=url_for("family_overview.overview", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
    )


def _without_words(plan: Plan | None) -> Plan | None:
    """The plan as the service wrote it: what the child has said stands among its own words, for the child alone."""
    if plan is None:
        return None
    return replace(plan, comments=(), goals=tuple(replace(goal, own_words=None, comments=()) for goal in plan.goals))
