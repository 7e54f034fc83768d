"""A plan with its goals, measures and this reader's comments, as it comes over the wire."""

from __future__ import annotations

from portal.core.wire_shapes import closed, day, each, identifier, instant, level, one_of, or_none, text
from portal.domain.plan import Comment, Goal, GoalState, Measure, MeasureState, Plan


def plan(value: object) -> Plan:
    """One plan in the version this reader sees."""
    fields = closed(value, "case_id", "plan_id", "version", "title", "updated_at", "goals")
    return Plan(
        case_id=identifier(fields["case_id"]),
        plan_id=identifier(fields["plan_id"]),
        version=text(fields["version"]),
        title=text(fields["title"]),
        updated_at_utc=instant(fields["updated_at"]),
        goals=each(_goal, fields["goals"]),
    )


def _goal(value: object) -> Goal:
    fields = closed(value, "id", "text", "state", "own_words", "measures", "comments")
    return Goal(
        id=identifier(fields["id"]),
        text=text(fields["text"]),
        state=one_of(GoalState, fields["state"]),
        own_words=or_none(text, fields["own_words"]),
        measures=each(_measure, fields["measures"]),
        comments=each(_comment, fields["comments"]),
    )


def _measure(value: object) -> Measure:
    fields = closed(value, "id", "text", "responsible", "state", "until", "comments")
    return Measure(
        id=identifier(fields["id"]),
        text=text(fields["text"]),
        responsible=text(fields["responsible"]),
        state=one_of(MeasureState, fields["state"]),
        until=or_none(day, fields["until"]),
        comments=each(_comment, fields["comments"]),
    )


def _comment(value: object) -> Comment:
    fields = closed(value, "id", "plan_version", "body", "created_at", "state", "opened_by", "answer", "answered_by")
    return Comment(
        id=identifier(fields["id"]),
        plan_version=text(fields["plan_version"]),
        body=text(fields["body"]),
        created_at_utc=instant(fields["created_at"]),
        state=level(fields["state"]),
        opened_by=or_none(text, fields["opened_by"]),
        answer=or_none(text, fields["answer"]),
        answered_by=or_none(text, fields["answered_by"]),
    )
