"""Who acts, how surely we know it, and who answers them. Never holds a person number beyond resolving it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum


class Realm(StrEnum):
    """Two worlds with their own issuer, cookie and tables' rows; they never mix."""

    FAMILY = "family"
    STAFF = "staff"


class Assurance(IntEnum):
    """How surely the person was identified (eIDAS levels of assurance, Regulation (EU) 910/2014 art. 8)."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


class Enrolment(StrEnum):
    """How a person got a way in: by a national or staff ID, or from a caseworker who met the child (rules.md R4)."""

    EID = "eid"
    IN_PERSON = "in_person"


class Relation(StrEnum):
    """What the acting person is to the child of a case."""

    SELF = "self"
    MOTHER = "mother"
    FATHER = "father"
    GUARDIAN = "guardian"
    FOSTER_CARER = "foster_carer"
    LAWYER = "lawyer"
    SPOKESPERSON = "spokesperson"
    CASEWORKER = "caseworker"
    LEADER = "leader"


PARENTS = frozenset({Relation.MOTHER, Relation.FATHER})
GUARDIANSHIP = PARENTS | {Relation.GUARDIAN, Relation.FOSTER_CARER}
"""Who stands in for a child until it is 18 (rules.md R15)."""
REPRESENTATIVES = frozenset({Relation.LAWYER, Relation.SPOKESPERSON})
"""Who speaks for somebody for a time (rules.md R16)."""
FAMILY_RELATIONS = GUARDIANSHIP | REPRESENTATIVES | {Relation.SELF}
STAFF_RELATIONS = frozenset({Relation.CASEWORKER, Relation.LEADER})

UNRESOLVED_PREFIX = "unresolved:"


@dataclass(frozen=True)
class PersonNumber:
    """A national number, or a staff account, on its way to `Gateway.resolve_person` and nowhere else."""

    scheme: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class Actor:
    """The person on whose behalf a call to the core is made.

    `subject` is the core's opaque person id, or "unresolved:" and the portal's pseudonym for somebody
    whom the core does not know. `proved_ago`: how long ago this person last proved who they are; None when that is
    not known. `locked`: a code of their own choice stands before what they have written (rules.md R20).
    """

    service_id: str
    realm: Realm
    subject: str
    assurance: Assurance
    enrolment: Enrolment = Enrolment.EID
    proved_ago: timedelta | None = field(default=None, compare=False)
    locked: bool = False

    @property
    def resolved(self) -> bool:
        """Does the core know this person?"""
        return not self.subject.startswith(UNRESOLVED_PREFIX)


@dataclass(frozen=True)
class Child:
    """The child a case is about, by the name this reader may see."""

    id: str
    first_name: str


@dataclass(frozen=True)
class Reader:
    """The person a page is written to: decides between the child's words and the adult's."""

    first_name: str
    relation: Relation

    @property
    def is_child(self) -> bool:
        """A child reads about itself."""
        return self.relation is Relation.SELF


@dataclass(frozen=True)
class Worker:
    """A caseworker as a family sees one: first name and team, no direct number (rules.md, safety 12).

    `team`, `phone` and `hours` are None together where the office would tell this reader where a child is (R2).
    """

    id: str
    first_name: str
    team: str | None
    phone: str | None
    hours: str | None
    away_until: date | None = None
    cover_first_name: str | None = None
