"""Whose view of a case a worker can look at. Names and relations only: nothing of the case."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.people import Enrolment, Relation


@dataclass(frozen=True)
class CasePerson:
    """Somebody with a grant in a case, one that is over or blocked among them.

    `enrolment`: in person when the core knows no number under which this person could sign in.
    """

    id: str
    first_name: str
    relation: Relation
    enrolment: Enrolment


@dataclass(frozen=True)
class CasePeople:
    """All of them; the child first, the others by name."""

    case_id: str
    child_name: str
    people: tuple[CasePerson, ...]
