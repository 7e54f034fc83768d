"""Reading the plan for its page, and handing on a comment."""

from __future__ import annotations

from flask import url_for

from portal.core.errors import CoreError
from portal.domain.plan import PlanView
from portal.domain.submission import SubmissionKind
from portal.family.plan.build import Desk, has, without_own_words
from portal.family.plan.forms import About, CommentForm, comment_key
from portal.family.plan.pages import Box, CommentPage, PlanPage
from portal.outbox.box import NewSubmission
from portal.web.errors import NoError
from portal.web.pages import Page
from portal.web.visit import Visit
from portal.web.writing import ShownError, is_locked, limit, put_in_box


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def text_limit(visit: Visit) -> int:
    """Most characters of a comment."""
    return limit(visit, lambda limits: limits.comment_characters)


def plan_page(visit: Visit) -> PlanPage:
    """The plan as this reader sees it. Raises `CoreError`."""
    return _page(visit, visit.core.plan(visit.grant, visit.language), None, ())


def page_to_mend(visit: Visit, box: Box, errors: tuple[ShownError, ...]) -> Page:
    """The page with what was written and what is wrong with it; the box alone where its place cannot be shown."""
    if not visit.grant.keep_only:
        try:
            view = visit.core.plan(visit.grant, visit.language)
        except CoreError:
            return _box_page(visit, box, errors, core_down=True)
        if has(view.plan, box.about):
            visit.note_seen("plan")
            return _page(visit, view, box, errors)
    return _box_page(visit, box, errors, core_down=visit.grant.keep_only)


def send_comment(visit: Visit, about: About, submission_id: str, form: CommentForm) -> str:
    """Put a comment into the letterbox; its draft goes in the same transaction. Gives the id it is kept under."""
    content: dict[str, object] = {
        "plan_id": about.plan_id,
        "plan_version": about.plan_version,
        "target_type": about.target_type.value,
        "target_id": about.target_id,
        "body": form.text,
        "language": visit.language,
    }
    if form.stance is not None:
        content["stance"] = form.stance.value
    key = comment_key(case_of(visit), about.box_id)
    new = NewSubmission(submission_id, SubmissionKind.COMMENT, content, target_id=about.target_id, draft_key=key)
    return put_in_box(visit, new)


def _page(visit: Visit, view: PlanView, mending: Box | None, errors: tuple[ShownError, ...]) -> PlanPage:
    case_id = case_of(visit)
    locked = is_locked(visit)
    plan = without_own_words(view.plan, view.reader) if view.plan is not None and locked else view.plan
    return PlanPage(
        is_child=view.reader.is_child,
        child_name=view.child.first_name,
        content_language=view.content_language,
        readers=view.readers,
        plan=None if plan is None else Desk(visit, plan, mending).shown(),
        may_comment=_may_comment(visit),
        limit=text_limit(visit),
        back_url=url_for("family_overview.overview", case_id=case_id),
        post_url=url_for("family_plan.comment", case_id=case_id),
        messages_url=url_for("family_conversation.conversation", case_id=case_id),
        words_url=url_for("family_my_words.words", case_id=case_id),
        shared_words=view.shared_words,
        news=view.news,
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
        unlock_url=url_for("account_code.ask", next=url_for("family_plan.plan", case_id=case_id)) if locked else None,
        errors=errors,
    )


def _box_page(visit: Visit, box: Box, errors: tuple[ShownError, ...], *, core_down: bool) -> CommentPage:
    case_id = case_of(visit)
    return CommentPage(
        core_down=core_down,
        box=box,
        limit=text_limit(visit),
        back_url=url_for("family_plan.plan", case_id=case_id),
        post_url=url_for("family_plan.comment", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
        errors=errors,
    )


def _may_comment(visit: Visit) -> bool:
    """Does this core take comments? While it cannot say, the box stays: what is written is kept."""
    try:
        return visit.core.capabilities().comments
    except CoreError:
        return True
