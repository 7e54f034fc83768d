"""The facts a decision rests on, each known, unknown or unavailable. Filled by a core adapter, never guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Generic, TypeVar

from portal.access.actions import Scope
from portal.domain.people import Relation

T = TypeVar("T")


@dataclass(frozen=True)
class Known(Generic[T]):
    """A fact the core has told."""

    value: T


class Missing(Enum):
    """A fact the core does not have, or could not be asked for. Both deny."""

    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"


Fact = Known[T] | Missing


class AddressGrade(StrEnum):
    """What is protected about where the child of a case lives (rules.md R1, R2)."""

    OPEN = "open"
    HIDDEN_FROM_PERSON = "hidden_from_person"
    PROTECTED = "protected"


class WithheldReason(StrEnum):
    """Why the core withholds an item from this person; the reader is never told which or that (rules.md R11, R12)."""

    HARM = "harm"
    INVESTIGATION = "investigation"


class ResponsibilitySource(StrEnum):
    """Where the core knows parental responsibility from. None of them grants anything by itself (rules.md R0)."""

    REGISTER = "register"
    COURT = "court"
    AGREEMENT = "agreement"


@dataclass(frozen=True)
class Responsibility:
    """Whether a parent has parental responsibility (rules.md R9, R10)."""

    held: bool
    source: ResponsibilitySource


@dataclass(frozen=True)
class WithheldItem:
    """One item the core withholds from this person. The id goes into no page, link or log (rules.md R11, R12).

    `assessor` is the role of who decided it; `review_on` the day by which it is looked at anew; `investigation_open`
    is None when it is not known. A withholding of which something is not known holds all the same.
    """

    item_id: str = field(repr=False)
    reason: WithheldReason
    assessor: str | None
    review_on: date | None
    investigation_open: bool | None

    @property
    def holds(self) -> bool:
        """One for an investigation lapses when it ends; one against harm only when the core takes it away."""
        return not (self.reason is WithheldReason.INVESTIGATION and self.investigation_open is False)


@dataclass(frozen=True)
class CoreGrant:
    """One active access the core has given: person, case, child, scope, from, to, basis (rules.md R0).

    `valid_to` is the last day it holds, None for open-ended.
    """

    case_id: str
    child_id: str
    relation: Relation
    scopes: frozenset[Scope]
    valid_from: date
    valid_to: date | None
    basis: str

    def holds_on(self, day: date) -> bool:
        """Does it hold on this day?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class ChildFacts:
    """What must be known about the child of a case before its pages are shown to this person.

    `age` is in whole years in the case's jurisdiction; `party` is decided by the core (rules.md R6, R10);
    `danger`: telling this person of decisions may put somebody in danger (rules.md R9).
    """

    child_id: str
    blocked: Fact[bool] = Missing.UNKNOWN
    address: Fact[AddressGrade] = Missing.UNKNOWN
    inside_protection: Fact[bool] = Missing.UNKNOWN
    age: Fact[int] = Missing.UNKNOWN
    party: Fact[bool] = Missing.UNKNOWN
    withheld: Fact[tuple[WithheldItem, ...]] = Missing.UNKNOWN
    responsibility: Fact[Responsibility] = Missing.UNKNOWN
    danger: Fact[bool] = Missing.UNKNOWN


@dataclass(frozen=True)
class Target:
    """What a request is about: at most one of the four, all opaque ids; `person_id` says for whom, in a preview."""

    case_id: str | None = None
    thread_id: str | None = None
    referral_id: str | None = None
    child_id: str | None = None
    person_id: str | None = None

    @property
    def id(self) -> str | None:
        """The one id there is, or None."""
        return next((i for i in (self.case_id, self.thread_id, self.referral_id, self.child_id) if i), None)

    @property
    def about(self) -> str | None:
        """What the journal says it was about: the id, and in a preview whose page of that case it was."""
        return f"{self.id}:{self.person_id}" if self.id and self.person_id else self.id


@dataclass(frozen=True)
class Standing:
    """How a person stands to a target.

    `grants` holds every grant of the person when the target is empty, else those for the target only.
    `thread_open_to_worker`, `referral_mine`, `child_open_to_worker` and `case_open_to_worker` speak of the thread,
    referral, child or case asked about, and are unknown when none was; `worker_roles` is empty for everybody who does
    not work here.
    """

    admitted: Fact[bool]
    grants: Fact[tuple[CoreGrant, ...]]
    children: tuple[ChildFacts, ...] = ()
    worker_roles: Fact[frozenset[Relation]] = field(default=Missing.UNKNOWN)
    thread_open_to_worker: Fact[bool] = field(default=Missing.UNKNOWN)
    referral_mine: Fact[bool] = field(default=Missing.UNKNOWN)
    child_open_to_worker: Fact[bool] = field(default=Missing.UNKNOWN)
    case_open_to_worker: Fact[bool] = field(default=Missing.UNKNOWN)

    def child(self, child_id: str) -> ChildFacts:
        """The facts about one child; a child the core said nothing about has only unknown facts."""
        for facts in self.children:
            if facts.child_id == child_id:
                return facts
        return ChildFacts(child_id)


UNAVAILABLE = Standing(
    admitted=Missing.UNAVAILABLE,
    grants=Missing.UNAVAILABLE,
    worker_roles=Missing.UNAVAILABLE,
    thread_open_to_worker=Missing.UNAVAILABLE,
    referral_mine=Missing.UNAVAILABLE,
    child_open_to_worker=Missing.UNAVAILABLE,
    case_open_to_worker=Missing.UNAVAILABLE,
)
"""The standing of anybody while the core cannot be asked."""
