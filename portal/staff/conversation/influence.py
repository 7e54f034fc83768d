"""Reading one view for its page, and handing the influence answer to the letterbox, or the promise of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import url_for

from portal.core.errors import CoreError
from portal.domain.conversation import StaffConversation
from portal.domain.delivery import DeliveryState
from portal.domain.submission import SubmissionKind
from portal.domain.view import StaffView
from portal.outbox.box import NewSubmission
from portal.staff.checked import Acknowledged, LeakWarning, noting
from portal.staff.conversation.influence_forms import BOXES, days_from, influence_key, later_key
from portal.staff.conversation.influence_pages import InfluencePage, UncheckedInfluencePage
from portal.staff.conversation.operations import answer_limit, thread_of
from portal.web.errors import DownError, NoError
from portal.web.forms import new_id
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, ShownError, draft, keep_draft, put_in_box

ANSWERS = frozenset({SubmissionKind.INFLUENCE_ANSWER, SubmissionKind.INFLUENCE_LATER})


@dataclass(frozen=True)
class Mending:
    """What was written in a form that could not be taken. `boxes` is empty for a promise, `reason` for an answer."""

    submission_id: str
    boxes: Mapping[str, str] = field(default_factory=dict, repr=False)
    reason: str = field(default="", repr=False)
    until: str = ""
    warning: LeakWarning | None = None


def view_of(visit: Visit) -> str:
    """The view of the address."""
    return str(visit.arguments["view_id"])


def view_page(visit: Visit, mending: Mending | None = None, errors: tuple[ShownError, ...] = ()) -> InfluencePage:
    """One view as this worker sees it. Raises `CoreError`, and `NoError` for one that is not of this thread."""
    thread_id, view_id = thread_of(visit), view_of(visit)
    thread = visit.core.staff_conversation(visit.grant, visit.language)
    view = _find(thread, view_id)
    coming = () if view.influence is not None else _coming(visit, thread_id, view_id)
    kept = draft(visit, influence_key(thread_id, view_id))
    begun = kept.content if kept is not None else {"heard": view.said}
    boxes = mending.boxes if mending is not None and mending.boxes else begun
    reason = draft(visit, later_key(thread_id, view_id))
    return InfluencePage(
        with_name=thread.with_name,
        content_language=thread.content_language,
        view=view,
        late=view.influence is None and view.later is not None and view.later.until < visit.today,
        coming=coming,
        open=_is_open(view) and not any(item.state is not DeliveryState.REJECTED for item in coming),
        boxes={name: boxes.get(name, "") for name in BOXES},
        draft_until=kept.until if kept is not None else None,
        limit=answer_limit(visit),
        submission_id=mending.submission_id if mending else new_id(),
        answer_url=url_for("staff_influence.answer", thread_id=thread_id, view_id=view_id),
        days=days_from(visit.today) if view.later is None else (),
        until=mending.until if mending else "",
        reason=mending.reason if mending and mending.reason else reason.content.get("body", "") if reason else "",
        later_id=mending.submission_id if mending else new_id(),
        later_url=url_for("staff_influence.later", thread_id=thread_id, view_id=view_id),
        back_url=url_for("staff_conversation.thread", thread_id=thread_id, _anchor=f"v-{view_id}"),
        errors=errors,
        warning=mending.warning if mending else None,
    )


def page_to_mend(visit: Visit, mending: Mending, errors: tuple[ShownError, ...]) -> InfluencePage:
    """The page with what was written and what is wrong. Raises as `view_page`, and `DownError` without a core."""
    if visit.grant.keep_only:
        raise DownError
    page = view_page(visit, mending, errors)
    visit.note_seen("thread")
    return page


def can_be_answered(visit: Visit) -> bool:
    """Has it no answer yet? While that cannot be asked, what is sent is kept, and the core decides.

    Raises `NoError` for a view that is not of this thread.
    """
    return _known(visit, _is_open)


def can_be_put_off(visit: Visit) -> bool:
    """Is it neither answered nor promised? As `can_be_answered`."""
    return _known(visit, lambda view: _is_open(view) and view.later is None)


def keep_boxes(visit: Visit, boxes: Mapping[str, str]) -> None:
    """Keep a begun answer for its writer."""
    keep_draft(visit, influence_key(thread_of(visit), view_of(visit)), boxes)


def not_checked(visit: Visit, boxes: Mapping[str, str]) -> UncheckedInfluencePage:
    """Kept as a draft: nobody knows what it would give away."""
    keep_boxes(visit, boxes)
    return UncheckedInfluencePage(url_for("staff_influence.view", thread_id=thread_of(visit), view_id=view_of(visit)))


def send_answer(visit: Visit, submission_id: str, boxes: Mapping[str, str], told: Acknowledged | None) -> None:
    """Put an influence answer into the letterbox; its draft goes in the same transaction."""
    view_id, acknowledged = view_of(visit), {} if told is None else {"acknowledged": told.content}
    content: dict[str, object] = {"view_id": view_id, **boxes, "language": visit.language, **acknowledged}
    key = influence_key(thread_of(visit), view_id)
    along = noting(visit, told)
    kind = SubmissionKind.INFLUENCE_ANSWER
    put_in_box(visit, NewSubmission(submission_id, kind, content, target_id=view_id, draft_key=key, along=along))


def send_later(visit: Visit, submission_id: str, reason: str, until: date) -> None:
    """Put into the letterbox why the answer comes later, and by when."""
    view_id = view_of(visit)
    content: dict[str, object] = {
        "view_id": view_id,
        "reason": reason,
        "until": until.isoformat(),
        "language": visit.language,
    }
    key = later_key(thread_of(visit), view_id)
    kind = SubmissionKind.INFLUENCE_LATER
    put_in_box(visit, NewSubmission(submission_id, kind, content, target_id=view_id, draft_key=key))


def _known(visit: Visit, of: Callable[[StaffView], bool]) -> bool:
    if visit.grant.keep_only:
        return True
    try:
        thread = visit.core.staff_conversation(visit.grant, visit.language)
    except CoreError:
        return True
    return of(_find(thread, view_of(visit)))


def _find(thread: StaffConversation, view_id: str) -> StaffView:
    found = next((view for view in thread.views if view.id == view_id), None)
    if found is None:
        raise NoError
    return found


def _is_open(view: StaffView) -> bool:
    return view.influence is None


def _coming(visit: Visit, thread_id: str, view_id: str) -> tuple[OnItsWay, ...]:
    found = visit.parts.box.waiting(visit.service.id, visit.session.account_id, thread_id)[::-1]
    mine = (item for item in found if item.kind in ANSWERS and item.target_id == view_id)
    return tuple(OnItsWay(item.id, item.composed_at_utc, item.state) for item in mine)
