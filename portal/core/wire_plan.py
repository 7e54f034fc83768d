"""A plan as it comes over the wire, without what is not for its reader. Upstream words and marks stop here."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from portal.core.projection import Marks, Sieve, left, version_of
from portal.core.wire_marks import MARKS, marks
from portal.core.wire_shapes import closed, day, each, identifier, instant, level, one_of, or_none, text, truth
from portal.domain.plan import Comment, Goal, GoalState, Measure, MeasureState, Plan
from portal.domain.words import Stance


def plan(value: object, sieve: Sieve) -> Plan | None:
    """One plan in the version this reader sees; None when nothing of it is left.

    When something was taken out, version and time are not the core's: the version is made from what is left, and when
    that was changed is not known (rules.md R17).
    """
    fields = closed(value, "case_id", "plan_id", "version", "title", "updated_at", "goals", "comments")
    found = Plan(
        case_id=identifier(fields["case_id"]),
        plan_id=identifier(fields["plan_id"]),
        version=text(fields["version"]),
        title=text(fields["title"]),
        updated_at_utc=instant(fields["updated_at"]),
        goals=left(each(partial(_goal, sieve=sieve), fields["goals"])),
        comments=left(each(partial(_comment, sieve=sieve), fields["comments"])),
    )
    shown = sieve.item("plan", found, Marks(found.plan_id, bears_place=False, for_all=True, named=True))
    return shown if shown is None or not sieve.taken else _of_what_is_left(shown)


def _of_what_is_left(found: Plan) -> Plan | None:
    if not found.goals:
        return None
    lines = [(goal.id, goal.text, goal.state, goal.own_words) for goal in found.goals]
    measures = [one for goal in found.goals for one in goal.measures]
    steps = [(one.id, one.text, one.responsible, one.state, one.since, one.until) for one in measures]
    return replace(found, version=version_of(found.title, lines, steps), updated_at_utc=None)


def _goal(value: object, sieve: Sieve) -> Goal | None:
    # Whole, whether or not it stays: what is wrong with an item never tells that it was there.
    fields = closed(value, "id", "text", "state", "own_words", "measures", "comments", *MARKS)
    goal = Goal(
        id=identifier(fields["id"]),
        text=text(fields["text"]),
        state=one_of(GoalState, fields["state"]),
        own_words=or_none(partial(_own_words, sieve=sieve), fields["own_words"]),
        measures=left(each(partial(_measure, sieve=sieve), fields["measures"])),
        comments=left(each(partial(_comment, sieve=sieve), fields["comments"])),
    )
    return sieve.item("goal", goal, marks(goal.id, fields))


def _own_words(value: object, sieve: Sieve) -> str | None:
    fields = closed(value, "text", "mine", "released")
    words, mine, released = text(fields["text"]), truth(fields["mine"]), truth(fields["released"])
    return sieve.own_words(words, mine=mine, released=released)


def _measure(value: object, sieve: Sieve) -> Measure | None:
    fields = closed(value, "id", "text", "responsible", "state", "since", "until", "comments", *MARKS)
    measure = Measure(
        id=identifier(fields["id"]),
        text=text(fields["text"]),
        responsible=text(fields["responsible"]),
        state=one_of(MeasureState, fields["state"]),
        until=or_none(day, fields["until"]),
        comments=left(each(partial(_comment, sieve=sieve), fields["comments"])),
        since=or_none(day, fields["since"]),
    )
    return sieve.item("measure", measure, marks(measure.id, fields))


def _comment(value: object, sieve: Sieve) -> Comment | None:
    said = ("id", "mine", "plan_version", "plan_had_changed", "stance", "body", "created_at")
    fields = closed(value, *said, "state", "opened_by", "answer", "answered_by")
    comment = Comment(
        id=identifier(fields["id"]),
        plan_version=text(fields["plan_version"]),
        body=text(fields["body"]),
        created_at_utc=instant(fields["created_at"]),
        state=level(fields["state"]),
        opened_by=or_none(text, fields["opened_by"]),
        answer=or_none(text, fields["answer"]),
        answered_by=or_none(text, fields["answered_by"]),
        stance=or_none(partial(one_of, Stance), fields["stance"]),
        plan_had_changed=truth(fields["plan_had_changed"]),
    )
    return sieve.said("comment", comment, comment.id, mine=truth(fields["mine"]))
