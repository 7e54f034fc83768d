"""What a story is made of, in the shape of `story.schema.json`. Texts come for a child and for an adult."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.demo.offsets import Birth, Day, Moment
from portal.demo.story_answers import Decision, Wish
from portal.demo.story_complaints import Complaint
from portal.demo.story_history import NOTHING_BEFORE, History, Looked
from portal.demo.story_kept import Address, Shielded, Withheld
from portal.demo.story_said import CommentAnswer, Overridden, OwnWords, Said, Sentence, SharingAsked, Words
from portal.demo.story_views import Viewed
from portal.demo.story_visits import Arrangement, Living, SaidAboutVisit

ALL_SCOPES = ("overview", "plan", "comment", "conversation")


@dataclass(frozen=True)
class ByLanguage:
    """A line for a newcomer, in both languages of the demonstration."""

    nb: str
    en: str


@dataclass(frozen=True)
class Person:
    """An invented person of a family; `pid` is a synthetic national number, None without an electronic ID.

    `assurance` is how they usually sign in; `surer` the level they can also reach when they are asked to.
    """

    key: str
    first_name: str
    surname: str
    birth: Birth
    pid: str | None = field(repr=False)
    assurance: str
    role: ByLanguage
    story: ByLanguage
    surer: str | None = None


@dataclass(frozen=True)
class Team:
    """A team as it is reached."""

    key: str
    name: str
    phone: str
    hours: str
    receives_referrals: bool


@dataclass(frozen=True)
class Worker:
    """A caseworker or leader; `cover` looks after the families while away."""

    key: str
    first_name: str
    employee_id: str
    team: str
    role: str
    story: ByLanguage
    away_until: Day | None = None
    cover: str | None = None


@dataclass(frozen=True)
class CaseGrant:
    """An access the core has given; JSON writes `from` and `to`.

    A parent's `responsibility` follows from the basis unless it is said; `source` is where the core knows it from.
    `represents`: for whom a lawyer speaks; that person's limits are the lawyer's, too.
    """

    person: str
    relation: str
    from_: Day
    basis: str
    to: Day | None = None
    scopes: tuple[str, ...] = ALL_SCOPES
    responsibility: bool | None = None
    source: str = "register"
    represents: str | None = None


@dataclass(frozen=True)
class Clock:
    """Until when the law gives the service time in a phase; the day is the service's to know."""

    label: Words
    by: Day
    late_reason: Words | None = None


@dataclass(frozen=True)
class Phase:
    """A part of the course of a case. A reader stands in the latest that is there for them."""

    phase: str
    since: Day
    text: Words
    clock: Clock | None = None
    only_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkerChange:
    """Somebody else works with those it is for from that day on."""

    worker: str
    at: Day
    only_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closing:
    """The last day of the work, how long one can read on, and how to get the file afterwards."""

    on: Day
    readable_until: Day
    file: Words


@dataclass(frozen=True)
class Moving:
    """The service that takes over. `greeted`: it has said hello, and is the one to call."""

    to_service: str
    phone: str
    hours: str
    greeted: bool = False


@dataclass(frozen=True)
class NextStep:
    """What happens next."""

    key: str
    by: Day | None
    updated: Day
    text: Words
    who: Words
    late_reason: Words | None = None
    only_for: tuple[str, ...] = ()
    bears_place: bool = False


@dataclass(frozen=True)
class Appointment:
    """A visit or a meeting. `place_updated`: when only its place became another, which is told with the place."""

    key: str
    kind: str
    at: Moment
    place: str | None
    updated: Day
    title: Words
    cancelled_reason: Words | None = None
    only_for: tuple[str, ...] = ()
    place_updated: Day | None = None


@dataclass(frozen=True)
class Measure:
    """What somebody does. `since`: the day from which on the state holds."""

    key: str
    state: str
    until: Day | None
    updated: Day
    text: Words
    responsible: Words
    only_for: tuple[str, ...] = ()
    bears_place: bool = False
    since: Day | None = None
    history: History = NOTHING_BEFORE


@dataclass(frozen=True)
class Goal:
    """Something to reach."""

    key: str
    state: str
    updated: Day
    text: Words
    measures: tuple[Measure, ...]
    own_words: OwnWords | None = None
    only_for: tuple[str, ...] = ()
    bears_place: bool = False
    history: History = NOTHING_BEFORE


@dataclass(frozen=True)
class Plan:
    """Goals and measures."""

    key: str
    updated: Day
    title: Words
    goals: tuple[Goal, ...]


@dataclass(frozen=True)
class Comment:
    """A comment on a goal or measure, perhaps with a `stance`."""

    person: str
    target: str
    at: Moment
    text: str
    answer: CommentAnswer | None = None
    stance: str | None = None


@dataclass(frozen=True)
class Opened:
    """Who opened a message, and when."""

    worker: str
    at: Moment


@dataclass(frozen=True)
class ThreadMessage:
    """An earlier message, perhaps with a drawing; JSON writes `from`."""

    from_: str
    at: Moment
    text: str
    opened: Opened | None = None
    drawing: bool = False


@dataclass(frozen=True)
class Thread:
    """One person's thread with the team."""

    person: str
    messages: tuple[ThreadMessage, ...]


@dataclass(frozen=True)
class Paragraph:
    """A piece of a document; a heading stands over what follows it."""

    text: Words
    heading: bool = False


@dataclass(frozen=True)
class Document:
    """Something a worker wrote. `only_for` names it for people; whoever is no party reads no other."""

    key: str
    kind: str
    dated: Day
    worker: str
    title: Words
    paragraphs: tuple[Paragraph, ...]
    only_for: tuple[str, ...] = ()
    bears_place: bool = False


@dataclass(frozen=True)
class Look:
    """What a worker did in the core; `item` as in a withholding, or "messages PERSON"; `why`: work, intake or duty."""

    day: Day
    worker: str
    did: str
    item: str
    why: str = "work"


@dataclass(frozen=True)
class Case:
    """What a service holds about one child.

    `phase` with its `phase_since`, `phase_text` and `clock` is the first and for everybody; `phases` came after it.
    """

    key: str
    child: str
    team: str
    worker: str
    members: tuple[str, ...]
    phase: str
    phase_since: Day
    phase_text: Words
    address: Address
    grants: tuple[CaseGrant, ...]
    next_steps: tuple[NextStep, ...]
    appointments: tuple[Appointment, ...]
    plan: Plan | None
    comments: tuple[Comment, ...]
    threads: tuple[Thread, ...]
    blocks: tuple[str, ...] = ()
    danger: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    documents: tuple[Document, ...] = ()
    kind: str = "ordinary"
    clock: Clock | None = None
    phases: tuple[Phase, ...] = ()
    worker_changes: tuple[WorkerChange, ...] = ()
    closing: Closing | None = None
    moving: Moving | None = None
    said: tuple[Said, ...] = ()
    asked: tuple[SharingAsked, ...] = ()
    overridden: tuple[Overridden, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    trail: tuple[Look, ...] = ()
    shielded: tuple[Shielded, ...] = ()
    wishes: tuple[Wish, ...] = ()
    decisions: tuple[Decision, ...] = ()
    looked: tuple[Looked, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    views: tuple[Viewed, ...] = ()
    living: tuple[Living, ...] = ()
    arrangements: tuple[Arrangement, ...] = ()
    said_about_visits: tuple[SaidAboutVisit, ...] = ()

    def all_phases(self) -> tuple[Phase, ...]:
        """The first one, which is there for everybody but foster carers, and what came after."""
        return (Phase(self.phase, self.phase_since, self.phase_text, self.clock), *self.phases)

    def words_names(self) -> Iterator[str]:
        """How everything that could be passed on is named."""
        goals = self.plan.goals if self.plan else ()
        yield from (f"goal {goal.key}" for goal in goals if goal.own_words)
        yield from (f"said {one.key}" for one in self.said)
        yield from (f"comment {comment.person} {comment.target}" for comment in self.comments)

    def plan_keys(self) -> Iterator[str]:
        """The keys of the goals and measures, which comments may be about."""
        for goal in self.plan.goals if self.plan else ():
            yield goal.key
            yield from (measure.key for measure in goal.measures)


@dataclass(frozen=True)
class Service:
    """One municipal service: its teams, workers and cases. `head`: who hears what is said about a leader."""

    id: str
    name: str
    phone: str
    hours: str
    teams: tuple[Team, ...]
    workers: tuple[Worker, ...]
    cases: tuple[Case, ...]
    jurisdiction: str = "no"
    head: str | None = None


@dataclass(frozen=True)
class SignIn:
    """Somebody who can be picked at a sign-in simulator.

    `scheme` and `value` are what `resolve_person` takes; `service` is a worker's, None for a family's person;
    `age` is None for a worker. `surer` is the level that can also be reached when it is asked for.
    """

    key: str
    name: str
    age: int | None
    role: ByLanguage
    story: ByLanguage
    scheme: str
    value: str = field(repr=False)
    assurance: str
    service: str | None
    surer: str | None = None
