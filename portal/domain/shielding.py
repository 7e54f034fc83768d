"""What must not reach one recipient, as the core tells it so that a text can be checked. Never shown to a family."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ShieldedKind(StrEnum):
    """What a shielded text is. `WORDS`: what somebody else has said, which this recipient has not been let read."""

    POSTCODE = "postcode"
    STREET = "street"
    PLACE = "place"
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    PHONE = "phone"
    FOSTER_NAME = "foster_name"
    PERSON = "person"
    WORDS = "words"


@dataclass(frozen=True)
class Shielded:
    """One thing the recipient may not learn. A name stands as it is written; what somebody said stands whole."""

    kind: ShieldedKind
    text: str = field(repr=False)


@dataclass(frozen=True)
class ShieldedFrom:
    """All of it for one recipient. `places_hidden`: places are hidden from them, or protected (rules.md R1, R2)."""

    places_hidden: bool
    items: tuple[Shielded, ...] = field(repr=False)
