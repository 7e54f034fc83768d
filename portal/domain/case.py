"""What the front of a case shows one reader. Every time stamp and phase is that reader's own (rules.md R17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.people import Child, Reader, Relation, Worker


class Phase(StrEnum):
    """Where in its course a case stands; a core's own word that we do not know becomes UNKNOWN."""

    RECEIVED = "referral_received"
    SCREENING = "screening"
    INVESTIGATION = "investigation"
    PLANNING = "plan"
    SUPPORT = "support"
    PLACEMENT = "placement"
    REVIEW = "review"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class AppointmentKind(StrEnum):
    """A visit is time with somebody the child loves; a meeting is with the service."""

    VISIT = "visit"
    MEETING = "meeting"


class ChangeKind(StrEnum):
    """What happened last, for this reader."""

    MESSAGE = "message_added"
    PLAN = "plan_updated"
    APPOINTMENT = "appointment_updated"
    PHASE = "phase_changed"
    WORKER = "worker_changed"


@dataclass(frozen=True)
class NextStep:
    """What happens next, who does it and by when; `by` comes from the core, never computed here."""

    text: str
    who: str
    by: date | None
    late_reason: str | None = None


@dataclass(frozen=True)
class Appointment:
    """A visit or meeting. `place` is None when it may not be shown to this reader, or is not known."""

    id: str
    kind: AppointmentKind
    title: str
    starts_at_utc: datetime
    place: str | None
    cancelled_reason: str | None = None


@dataclass(frozen=True)
class Change:
    """Something that changed for this reader."""

    kind: ChangeKind
    at_utc: datetime


@dataclass(frozen=True)
class Clock:
    """Until when the law gives the service time; the day comes from the core, never computed here."""

    label: str
    by: date
    late_reason: str | None


@dataclass(frozen=True)
class Closing:
    """The work ends, or has ended, on `closed_on`; its pages can be read until `readable_until` (rules.md R18).

    `file_how`: how to get the file later. `goes_to`: who receives what is written now that it has ended, else None.
    """

    closed_on: date
    readable_until: date
    file_how: str
    goes_to: str | None


@dataclass(frozen=True)
class Moving:
    """Another service takes over; both are to be reached until the new one has greeted (rules.md R18)."""

    to_service: str
    phone: str
    hours: str
    greeted: bool


@dataclass(frozen=True)
class CaseCard:
    """One case on the home of a person who may have several (each child's space apart, rules.md S4)."""

    case_id: str
    child: Child
    relation: Relation
    unread_messages: int


@dataclass(frozen=True)
class Home:
    """The cases of one person; `cases` may be empty, which is no error."""

    first_name: str | None
    cases: tuple[CaseCard, ...]


@dataclass(frozen=True)
class Overview:
    """What happens next, who is responsible, by when, what is new for me. Texts are in `content_language`.

    `documents`, `decisions`: this reader has such a page, whether or not anything stands on it. `moving` is None, too,
    where it may not be shown: it tells a place. `asks_about_words`: a question about this reader's own words
    waits (rules.md R13). `who_stays`: this reader is 18 or soon, and has a page about who may still see (R15).
    """

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    phase: Phase
    phase_text: str | None
    clock: Clock | None
    closing: Closing | None
    moving: Moving | None
    next_steps: tuple[NextStep, ...]
    worker: Worker
    team: tuple[str, ...]
    appointments: tuple[Appointment, ...]
    changes: tuple[Change, ...]
    unread_messages: int
    answer_due: date | None
    documents: bool
    decisions: bool
    asks_about_words: bool = False
    who_stays: bool = False
