"""The sealed permission to do one thing. Only `access.decide` makes one (an architecture test holds it)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from portal.access.actions import Action
from portal.access.standing import Target
from portal.domain.people import Actor, Relation


class Seal:
    """Proof that a grant came from `access.decide`; compared by identity."""

    __slots__ = ()


SEAL = Seal()


@dataclass(frozen=True)
class Grant:
    """Permission for one actor to do one action to one target, for this request only.

    `keep_only`: the core could not be asked; words may be kept, nothing may be read.
    `places`: this person may see where things happen (rules.md R1, R2).
    `cases`: the ids of the cases whose doors the home may show; empty for everything that is about one target.
    """

    action: Action
    actor: Actor
    target: Target
    relation: Relation | None
    child_id: str | None
    places: bool
    keep_only: bool
    cases: frozenset[str] = field(default=frozenset(), kw_only=True)
    seal: Seal = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a grant that somebody made up."""
        if self.seal is not SEAL:
            raise TypeError("a grant is made by access.decide and nowhere else")


class Denial(Enum):
    """Why not. Told apart in the journal only; a person sees one page for all (rules.md R19)."""

    REALM = "realm"
    ASSURANCE = "assurance"
    FRESHNESS = "freshness"
    SCOPE = "scope"
    LOCKED = "locked"
    NOT_ADMITTED = "not_admitted"
    NO_GRANT = "no_grant"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    UNKNOWN_FACT = "unknown_fact"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Denied:
    """The answer no."""

    action: Action
    denial: Denial
