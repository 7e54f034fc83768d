"""What gives a place or a person away, as a country writes it: to warn whoever releases a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class LeakKind(StrEnum):
    """What a pattern finds."""

    POSTCODE = "postcode"
    PHONE = "phone"
    STREET = "street"
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    PERSON_NUMBER = "person_number"


@dataclass(frozen=True)
class LeakPattern:
    """One way of writing it. Each is without nested repetition, so that no text can make the search slow."""

    kind: LeakKind
    regex: re.Pattern[str]
