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
    """Why the core withholds items from this person; the reader is never told which or that (rules.md R11, R12)."""

    HARM = "harm"
    INVESTIGATION = "investigation"


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


@dataclass(frozen=True)
class ChildFacts:
    """What must be known about the child of a case before its pages are shown to this person."""

    child_id: str
    blocked: Fact[bool]
    address: Fact[AddressGrade]
    inside_protection: Fact[bool]
    age: Fact[int]
    party: Fact[bool]
    withheld: Fact[frozenset[WithheldReason]]


@dataclass(frozen=True)
class Target:
    """What a request is about: at most one of the four, all opaque ids."""

    case_id: str | None = None
    thread_id: str | None = None
    referral_id: str | None = None
    child_id: str | None = None

    @property
    def id(self) -> str | None:
        """The one id there is, or None."""
        return next((i for i in (self.case_id, self.thread_id, self.referral_id, self.child_id) if i), None)


@dataclass(frozen=True)
class Standing:
    """How a person stands to a target.

    `grants` holds every grant of the person when the target is empty, else those for the target only.
    `thread_open_to_worker`, `referral_mine` and `child_open_to_worker` speak of the thread, referral or child asked
    about, and are unknown when none was; `worker_roles` is empty for everybody who does not work here.
    """

    admitted: Fact[bool]
    grants: Fact[tuple[CoreGrant, ...]]
    children: tuple[ChildFacts, ...] = ()
    worker_roles: Fact[frozenset[Relation]] = field(default=Missing.UNKNOWN)
    thread_open_to_worker: Fact[bool] = field(default=Missing.UNKNOWN)
    referral_mine: Fact[bool] = field(default=Missing.UNKNOWN)
    child_open_to_worker: Fact[bool] = field(default=Missing.UNKNOWN)

    def child(self, child_id: str) -> ChildFacts:
        """The facts about one child; a child the core said nothing about has only unknown facts."""
        for facts in self.children:
            if facts.child_id == child_id:
                return facts
        unknown = Missing.UNKNOWN
        return ChildFacts(child_id, unknown, unknown, unknown, unknown, unknown, unknown)


UNAVAILABLE = Standing(
    admitted=Missing.UNAVAILABLE,
    grants=Missing.UNAVAILABLE,
    worker_roles=Missing.UNAVAILABLE,
    thread_open_to_worker=Missing.UNAVAILABLE,
    referral_mine=Missing.UNAVAILABLE,
    child_open_to_worker=Missing.UNAVAILABLE,
)
"""The standing of anybody while the core cannot be asked."""
