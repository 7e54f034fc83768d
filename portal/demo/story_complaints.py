"""What people of a story have said about whoever works with them. Part of `story_types`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.offsets import Moment


@dataclass(frozen=True)
class ComplaintAnswer:
    """What whoever got it has answered."""

    at: Moment
    text: str


@dataclass(frozen=True)
class Complaint:
    """`concerns`: worker, home or other; `not_these`: workers it is about; `goes_to`: who has got it."""

    key: str
    person: str
    concerns: str
    goes_to: str
    at: Moment
    text: str
    not_these: tuple[str, ...] = ()
    other_worker: bool = False
    answer: ComplaintAnswer | None = None
