"""Something is wrong with somebody who works with a family, or where a child lives; it goes round whom it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from portal.domain.delivery import DeliveryState
from portal.domain.people import Child, Reader, Relation


class ComplaintAbout(StrEnum):
    """What it is about, in three words; whom it names stands beside it."""

    WORKER = "worker"
    HOME = "home"
    OTHER = "other"


@dataclass(frozen=True)
class TeamMember:
    """Somebody who works with this family, by first name."""

    id: str
    first_name: str


@dataclass(frozen=True)
class Receiver:
    """Who gets it, and reads and answers it alone."""

    first_name: str
    role: Relation


@dataclass(frozen=True)
class ComplaintAnswer:
    """What was answered, by whom and when."""

    text: str = field(repr=False)
    by: Receiver
    answered_on: date


@dataclass(frozen=True)
class Complaint:
    """One's own. `not_these`: the first names of whom it is about. `goes_to` is who has it."""

    id: str
    about: ComplaintAbout
    not_these: tuple[str, ...]
    other_worker: bool
    body: str = field(repr=False)
    at_utc: datetime
    state: DeliveryState
    goes_to: Receiver
    answer: ComplaintAnswer | None


@dataclass(frozen=True)
class Complaints:
    """One's own complaints in a case, and who would get a new one.

    `team`: everybody who works with this family as far as this reader is told. `goes_to` is None where the service has
    nobody for it; `otherwise`: who gets it when it is about that one.
    """

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    team: tuple[TeamMember, ...]
    goes_to: Receiver | None
    otherwise: Receiver | None
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True)
class StaffComplaint:
    """One as its receiver reads it. `with_relation`: what its author is to the child, None when that is over."""

    id: str
    child_name: str
    with_name: str
    with_relation: Relation | None
    about: ComplaintAbout
    not_these: tuple[str, ...]
    other_worker: bool
    body: str = field(repr=False)
    at_utc: datetime
    answer: ComplaintAnswer | None


@dataclass(frozen=True)
class StaffComplaints:
    """Those that the acting worker has got, longest waiting first; none that is about the acting worker."""

    content_language: str
    complaints: tuple[StaffComplaint, ...]

    def find(self, complaint_id: str) -> StaffComplaint | None:
        """The one with this id, or None."""
        return next((one for one in self.complaints if one.id == complaint_id), None)

    @property
    def waiting(self) -> int:
        """How many have no answer yet."""
        return sum(one.answer is None for one in self.complaints)
