"""Whom a young adult wants to be able to see something still, asked from the day they are an adult (rules.md R15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.people import Child, Reader, Relation


@dataclass(frozen=True)
class StoodIn:
    """An adult who stood in for the child. `stays_open` is what the young adult has chosen, None before that."""

    person_id: str
    first_name: str
    relation: Relation
    stays_open: bool | None


@dataclass(frozen=True)
class WhoStays:
    """What is asked of a young adult, told beforehand to the child it still is.

    `adult_on`: the day at whose first moment, local time, these adults see nothing more by themselves.
    """

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    worker_first_name: str
    adult_on: date
    people: tuple[StoodIn, ...]
