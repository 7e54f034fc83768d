"""Who has looked at or changed what of one's own: by role and calendar day. No name, no time of day, no item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.people import Child, Reader


class TrailRole(StrEnum):
    """Who it was. Intake and duty have no word here, and family members neither (rules.md R17)."""

    CASEWORKER = "caseworker"
    LEADER = "leader"


class TrailDoing(StrEnum):
    """What they did."""

    READ = "read"
    CHANGED = "changed"


class TrailThing(StrEnum):
    """What it was, no closer than that. `PAGES`: one's own pages, seen as one sees them oneself."""

    NEXT_STEPS = "next_steps"
    APPOINTMENTS = "appointments"
    PLAN = "plan"
    DOCUMENTS = "documents"
    MESSAGES = "messages"
    PAGES = "pages"


@dataclass(frozen=True, order=True)
class TrailRow:
    """One line: the same on one day by one role is one line, however often it was."""

    day: date
    role: TrailRole
    thing: TrailThing
    doing: TrailDoing


@dataclass(frozen=True)
class Trail:
    """What a core tells of its own staff. `since`: the first day it tells of; `thread_id`: the reader's own thread."""

    case_id: str
    child: Child
    reader: Reader
    since: date
    thread_id: str | None
    rows: frozenset[TrailRow]
