"""From the core's plan to what the page shows: each goal and measure with the reader's own comments and a box."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from portal.domain.people import Reader
from portal.domain.plan import Comment, CommentTarget, Goal, Measure, Plan
from portal.domain.submission import SubmissionKind
from portal.family.plan.forms import WRITE, About, comment_key
from portal.family.plan.pages import Box, Said, ShownGoal, ShownMeasure, ShownPlan
from portal.web.forms import new_id
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, begun, is_locked

Waiting = Mapping[str, tuple[OnItsWay, ...]]
"""What is on its way, by the id of the goal or measure it is about."""


@dataclass(frozen=True)
class Desk:
    """One plan being laid out for its reader. `mending` is a box whose text could not be taken in."""

    visit: Visit
    plan: Plan
    mending: Box | None

    def shown(self) -> ShownPlan:
        """The whole plan."""
        waiting = on_its_way(self.visit, self.plan.case_id)
        goals = tuple(self._goal(goal, waiting) for goal in self.plan.goals)
        plan = self.plan
        said = self._said(CommentTarget.PLAN, plan.plan_id, plan.comments, waiting)
        return ShownPlan(plan.version, plan.title, plan.updated_at_utc, goals, said)

    def _goal(self, goal: Goal, waiting: Waiting) -> ShownGoal:
        measures = tuple(self._measure(measure, waiting) for measure in goal.measures)
        return ShownGoal(goal, self._said(CommentTarget.GOAL, goal.id, goal.comments, waiting), measures)

    def _measure(self, measure: Measure, waiting: Waiting) -> ShownMeasure:
        said = self._said(CommentTarget.MEASURE, measure.id, measure.comments, waiting)
        return ShownMeasure(measure, said, self._box(replace(said.box.about, missed=True)))

    def _said(
        self, target_type: CommentTarget, target_id: str, comments: tuple[Comment, ...], waiting: Waiting
    ) -> Said:
        known = {comment.id for comment in comments}
        coming = tuple(item for item in waiting.get(target_id, ()) if item.id not in known)
        about = About(target_type, target_id, self.plan.plan_id, self.plan.version)
        return Said(comments, coming, self._box(about))

    def _box(self, about: About) -> Box:
        mending = self.mending
        if mending is not None and mending.about.box_id == about.box_id:
            return replace(mending, about=about)
        if self.visit.query(WRITE) != about.box_id:
            return Box(about, new_id(), "", begun=False, draft_until=None)
        written = begun(self.visit, comment_key(self.plan.case_id, about.box_id))
        return Box(about, written.id, written.text, begun=True, draft_until=written.draft_until)


def on_its_way(visit: Visit, case_id: str) -> Waiting:
    """This person's comments in a case that the core cannot show yet, oldest first; none before their own code."""
    if is_locked(visit) or visit.grant.previewed_by is not None:
        return {}
    found: dict[str, tuple[OnItsWay, ...]] = {}
    for item in reversed(visit.parts.box.waiting(visit.service.id, visit.session.account_id, case_id)):
        if item.kind is SubmissionKind.COMMENT and item.target_id is not None:
            coming = OnItsWay(item.id, item.composed_at_utc, item.state)
            found[item.target_id] = (*found.get(item.target_id, ()), coming)
    return found


def without_own_words(plan: Plan, reader: Reader) -> Plan:
    """The plan without what its reader has said (rules.md R20). A parent still reads what the child shared."""
    goals = tuple(
        replace(
            goal,
            own_words=None if reader.is_child else goal.own_words,
            comments=(),
            measures=tuple(replace(measure, comments=()) for measure in goal.measures),
        )
        for goal in plan.goals
    )
    return replace(plan, goals=goals, comments=())


def has(plan: Plan | None, about: About) -> bool:
    """Does this plan still have what a comment is about?"""
    return plan is not None and (about.target_type, about.target_id) in _targets(plan)


def _targets(plan: Plan) -> Iterator[tuple[CommentTarget, str]]:
    yield CommentTarget.PLAN, plan.plan_id
    for goal in plan.goals:
        yield CommentTarget.GOAL, goal.id
        yield from ((CommentTarget.MEASURE, measure.id) for measure in goal.measures)
