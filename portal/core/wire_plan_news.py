"""What is another in a plan since its reader last looked, as it comes over the wire. Whole or not at all."""

from __future__ import annotations

from functools import partial

from portal.core.errors import CoreFault
from portal.core.projection import Sieve, left
from portal.core.wire_marks import MARKS, marks
from portal.core.wire_shapes import closed, day, each, identifier, one_of, or_none, text
from portal.domain.plan import CommentTarget, GoalState, MeasureState, PlanChange, PlanNews, Wording


def plan_news(value: object, sieve: Sieve) -> PlanNews | None:
    """The differences with what the sieve leaves; None when there are none."""
    fields = closed(value, "since", "items")
    since, items = day(fields["since"]), left(each(partial(_change, sieve=sieve), fields["items"]))
    return PlanNews(since, items) if items else None


def _change(value: object, sieve: Sieve) -> PlanChange | None:
    fields = closed(value, "id", "target_type", "now", "before", *MARKS)
    kind = one_of(CommentTarget, fields["target_type"])
    change = PlanChange(
        id=identifier(fields["id"]),
        target_type=kind,
        now=or_none(partial(_wording, kind=kind), fields["now"]),
        before=or_none(partial(_wording, kind=kind), fields["before"]),
    )
    if kind is CommentTarget.PLAN or (change.now is None and change.before is None):
        raise CoreFault
    return sieve.item("goal" if kind is CommentTarget.GOAL else "measure", change, marks(change.id, fields))


def _wording(value: object, kind: CommentTarget) -> Wording:
    fields = closed(value, "text", "responsible", "state", "until")
    goal, state = kind is CommentTarget.GOAL, fields["state"]
    return Wording(
        text=text(fields["text"]),
        responsible=or_none(text, fields["responsible"]),
        state=one_of(GoalState, state) if goal else one_of(MeasureState, state),
        until=or_none(day, fields["until"]),
    )
