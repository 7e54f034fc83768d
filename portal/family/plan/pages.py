"""The plan page, and a box alone for when the plan cannot be shown beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from portal.domain.plan import Comment, Goal, Measure, PlanNews
from portal.domain.words import Stance, WordsOfOther
from portal.family.plan.forms import About
from portal.web.pages import Page
from portal.web.writing import OnItsWay, ShownError


@dataclass(frozen=True)
class Box:
    """A box to write in about one goal or measure. `begun` opens it; `draft_until` is the last day of a draft in it."""

    about: About
    submission_id: str
    text: str
    begun: bool
    draft_until: date | None
    stance: Stance | None = None


@dataclass(frozen=True)
class Said:
    """What the reader has said about one goal or measure: what the core shows, and what is on its way."""

    comments: tuple[Comment, ...]
    waiting: tuple[OnItsWay, ...]
    box: Box


@dataclass(frozen=True)
class ShownMeasure:
    """A measure with what the reader said about it, and a box to say that it has not happened."""

    measure: Measure
    said: Said
    missed: Box


@dataclass(frozen=True)
class ShownGoal:
    """A goal with what the reader said about it, and its measures."""

    goal: Goal
    said: Said
    measures: tuple[ShownMeasure, ...]


@dataclass(frozen=True)
class ShownPlan:
    """One plan in the version this reader sees, with how they see it as a whole."""

    version: str
    title: str
    updated_at_utc: datetime | None
    goals: tuple[ShownGoal, ...]
    said: Said


@dataclass(frozen=True)
class PlanPage(Page):
    """The plan. `plan` is None when there is none for this reader yet; without `may_comment` there is no box.

    `unlock_url`: where the person's own code is asked for, while what they said is not shown.
    """

    template: ClassVar[str] = "family/plan.html"
    is_child: bool
    child_name: str
    content_language: str
    readers: tuple[str, ...]
    plan: ShownPlan | None
    may_comment: bool
    limit: int
    back_url: str
    post_url: str
    messages_url: str
    words_url: str
    shared_words: tuple[WordsOfOther, ...]
    news: PlanNews | None
    see_more_url: str
    asked_url: str
    unlock_url: str | None
    errors: tuple[ShownError, ...]


@dataclass(frozen=True)
class CommentPage(Page):
    """One box that needs nothing from the core."""

    template: ClassVar[str] = "family/plan_comment.html"
    core_down: bool
    box: Box
    limit: int
    back_url: str
    post_url: str
    see_more_url: str
    asked_url: str
    errors: tuple[ShownError, ...]
