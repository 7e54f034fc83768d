"""Reading one's own wishes for their page: those the core has, and those that are still on their way."""

from __future__ import annotations

from flask import url_for

from portal.domain.delivery import DeliveryState
from portal.domain.request import AccessRequest
from portal.domain.submission import SubmissionKind
from portal.family.requests.pages import RequestsPage, ShownRequest
from portal.outbox.box import SentItem
from portal.web.errors import NoError
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, appeals_coming


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def requests_page(visit: Visit) -> RequestsPage:
    """What this reader has asked to see, and what became of it. Raises `CoreError`."""
    case_id = case_of(visit)
    found = visit.core.requests(visit.grant, visit.language)
    known = {request.id for request in found.requests}
    coming = appeals_coming(visit, case_id)
    unsent = (item for item in _sent(visit, case_id) if item.id not in known)
    return RequestsPage(
        is_child=found.reader.is_child,
        content_language=found.content_language,
        requests=(
            *(_unsent(item) for item in unsent),
            *(_shown(case_id, request, coming.get(request.id, ())) for request in found.requests),
        ),
        documents_url=url_for("family_documents.documents", case_id=case_id) if found.documents else None,
        messages_url=url_for("family_conversation.conversation", case_id=case_id),
        back_url=url_for("family_overview.overview", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
    )


def _sent(visit: Visit, case_id: str) -> tuple[SentItem, ...]:
    """The wishes that the core does not show yet; none in a preview."""
    if visit.grant.previewed_by is not None:
        return ()
    waiting = visit.parts.box.waiting(visit.service.id, visit.session.account_id, case_id)
    return tuple(item for item in waiting if item.kind is SubmissionKind.ACCESS_REQUEST)


def _unsent(item: SentItem) -> ShownRequest:
    return ShownRequest(
        id=item.id,
        at_utc=item.composed_at_utc,
        state=item.state,
        opened_by=item.seen_by,
        body=None,
        answer_by=None,
        answer=None,
        appeal_way=None,
        appeals=(),
        coming=(),
        appeal_url=None,
    )


def _shown(case_id: str, request: AccessRequest, coming: tuple[OnItsWay, ...]) -> ShownRequest:
    coming = tuple(item for item in coming if item.id not in {appeal.id for appeal in request.appeals})
    on_its_way = any(item.state is not DeliveryState.REJECTED for item in coming)
    open_to_appeal = request.appeal_way is not None and not request.appeals and not on_its_way
    return ShownRequest(
        id=request.id,
        at_utc=request.at_utc,
        state=request.state,
        opened_by=request.opened_by,
        body=request.body,
        answer_by=request.answer_by,
        answer=request.answer,
        appeal_way=request.appeal_way,
        appeals=request.appeals,
        coming=coming,
        appeal_url=url_for("family_appeal.of_request", case_id=case_id, about_id=request.id)
        if open_to_appeal
        else None,
    )
