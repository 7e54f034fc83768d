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


class Documents(Enum):
    """Which documents a person can read here: none, those released by name, or those for everybody, too."""

    NONE = "none"
    NAMED = "named"
    ALL = "all"


@dataclass(frozen=True)
class View:
    """How much of a case a grant opens. The empty view shows nothing that needs permission of its own.

    `places`: where things happen (rules.md R1, R2). `unnamed`: what was released to everybody with such a grant, and
    not only what was released to this person by name (R6, R7, R9, R16). `withheld`: ids of items that are absent for
    this person (R11, R12); None when that is not known, and then nothing that was released is shown.
    `documents`: which of them may be spoken of on other pages than their own.
    """

    places: bool = False
    unnamed: bool = False
    withheld: frozenset[str] | None = field(default=frozenset(), repr=False)
    documents: Documents = Documents.NONE


NOTHING = View()


@dataclass(frozen=True)
class Grant:
    """Permission for one actor to do one action to one target, for this request only.

    `keep_only`: the core could not be asked; words may be kept, nothing may be read.
    `view`: how much of the case is opened.
    `cases`: the ids of the cases whose doors the home may show; empty for everything that is about one target.
    `previewed_by`: the worker who looks at what `actor` would see; nothing may be written under such a grant.
    `role`: what the actor is here, for the journal; None for everybody who does not work here.
    """

    action: Action
    actor: Actor
    target: Target
    relation: Relation | None
    child_id: str | None
    keep_only: bool
    view: View = field(default=NOTHING, kw_only=True)
    cases: frozenset[str] = field(default=frozenset(), kw_only=True)
    previewed_by: Actor | None = field(default=None, kw_only=True)
    role: Relation | None = field(default=None, kw_only=True)
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
    NOT_ENTITLED = "not_entitled"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    UNKNOWN_FACT = "unknown_fact"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Denied:
    """The answer no."""

    action: Action
    denial: Denial
