"""A plan as goals and measures, with what this reader has said about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.delivery import DeliveryState
from portal.domain.people import Child, Reader
from portal.domain.words import Stance, WordsOfOther


class GoalState(StrEnum):
    """How far a goal has come."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ACHIEVED = "achieved"
    NOT_ACHIEVED = "not_achieved"
    CANCELLED = "cancelled"


class MeasureState(StrEnum):
    """How far a measure has come."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    DONE = "done"
    STOPPED = "stopped"


class CommentTarget(StrEnum):
    """What a comment is about."""

    GOAL = "goal"
    MEASURE = "measure"
    PLAN = "plan"


@dataclass(frozen=True)
class Comment:
    """This reader's own comment, bound to the version of the plan it was written about.

    `opened_by` and `answered_by` are first names. The body may be empty where there is a `stance`. `plan_had_changed`:
    when it came in, the plan was another one for its writer than the one that was read.
    """

    id: str
    plan_version: str
    body: str
    created_at_utc: datetime
    state: DeliveryState
    opened_by: str | None = None
    answer: str | None = None
    answered_by: str | None = None
    stance: Stance | None = None
    plan_had_changed: bool = False


@dataclass(frozen=True)
class Measure:
    """What somebody does so that a goal is reached. `since`: the day from which on the state holds, if it is known."""

    id: str
    text: str
    responsible: str
    state: MeasureState
    until: date | None
    comments: tuple[Comment, ...] = ()
    since: date | None = None


@dataclass(frozen=True)
class Goal:
    """Something to reach. `own_words` is what the child said about it, shown only where released."""

    id: str
    text: str
    state: GoalState
    own_words: str | None
    measures: tuple[Measure, ...]
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True)
class Plan:
    """One plan in the version this reader sees. `updated_at_utc` is None when that is not known for this reader.

    `comments`: how this reader sees the plan as a whole, oldest first; the last one is what counts.
    """

    case_id: str
    plan_id: str
    version: str
    title: str
    updated_at_utc: datetime | None
    goals: tuple[Goal, ...]
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True)
class Wording:
    """What a goal or measure says at one time; a goal has neither anybody responsible nor a last day."""

    text: str
    responsible: str | None
    state: GoalState | MeasureState
    until: date | None


@dataclass(frozen=True)
class PlanChange:
    """A goal or measure that is new, was changed, or was taken out; one of `now` and `before` may be None."""

    id: str
    target_type: CommentTarget
    now: Wording | None
    before: Wording | None


@dataclass(frozen=True)
class PlanNews:
    """What is another since the reader last looked, on the day `since`; among what this reader may see alone."""

    since: date
    items: tuple[PlanChange, ...]


@dataclass(frozen=True)
class PlanView:
    """The plan page of a case: `readers` names who can read what is written here.

    `plan` is None when the service has not made one for this reader yet. `shared_words`: what others have said and
    this reader was let read, apart from the child's words about a goal. `news` is None where nothing is another.
    """

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    readers: tuple[str, ...]
    plan: Plan | None
    shared_words: tuple[WordsOfOther, ...] = ()
    news: PlanNews | None = None
