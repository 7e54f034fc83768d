"""Reading the decisions of a case for their page. Whom they are told, and the last day to appeal, are the core's."""

from __future__ import annotations

from flask import url_for

from portal.domain.decision import Decision
from portal.domain.delivery import DeliveryState
from portal.domain.people import Enrolment
from portal.family.decisions.pages import DecisionsPage, ShownDecision
from portal.web.errors import NoError
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, appeals_coming, is_locked


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def decisions_page(visit: Visit) -> DecisionsPage:
    """What this reader is told of decisions. Raises `CoreError`."""
    case_id = case_of(visit)
    found = visit.core.decisions(visit.grant, visit.language)
    locked = is_locked(visit)
    coming = {} if locked else appeals_coming(visit, case_id)
    shown = (
        _shown(visit, decision, coming.get(decision.id, ()), is_child=found.reader.is_child)
        for decision in found.decisions
    )
    return DecisionsPage(
        is_child=found.reader.is_child,
        child_name=found.child.first_name,
        worker_first_name=found.worker_first_name,
        content_language=found.content_language,
        decisions=tuple(shown),
        messages_url=url_for("family_conversation.conversation", case_id=case_id),
        back_url=url_for("family_overview.overview", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
        unlock_url=url_for("account_code.ask", next=url_for("family_decisions.decisions", case_id=case_id))
        if locked
        else None,
    )


def _shown(visit: Visit, decision: Decision, coming: tuple[OnItsWay, ...], *, is_child: bool) -> ShownDecision:
    """A child of any age has the button where it is about moving, whatever else the core has said (rules.md R8)."""
    case_id = case_of(visit)
    appeals = () if is_locked(visit) else decision.appeals
    coming = tuple(item for item in coming if item.id not in {appeal.id for appeal in appeals})
    on_its_way = any(item.state is not DeliveryState.REJECTED for item in coming)
    allowed = decision.appeal_way is not None or (is_child and decision.about_moving)
    open_to_appeal = allowed and not appeals and not on_its_way
    alone = visit.grant.actor.enrolment is not Enrolment.IN_PERSON
    return ShownDecision(
        id=decision.id,
        dated=decision.dated,
        title=decision.title,
        explanation=decision.explanation,
        appeal_way=decision.appeal_way,
        appeals=appeals,
        coming=coming,
        appeal_url=url_for("family_appeal.of_decision", case_id=case_id, about_id=decision.id)
        if open_to_appeal
        else None,
        document_url=url_for("family_documents.document", case_id=case_id, document_id=decision.document_id)
        if decision.document_id is not None and alone
        else None,
    )
