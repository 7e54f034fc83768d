"""Wishes to see more and what became of them, and appeals. What is in them is the core's word alone (rules.md R11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from portal.domain.delivery import DeliveryState
from portal.domain.people import Child, Reader


class Outcome(StrEnum):
    """What was answered to a wish to see more. It never says which or how many items there are."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class AppealResult(StrEnum):
    """What became of an appeal: something else was decided, or it stays as it was."""

    CHANGED = "changed"
    UPHELD = "upheld"


@dataclass(frozen=True)
class AppealWay:
    """Until when and how one may appeal. `by` is the core's last day, never computed here; None when not known."""

    by: date | None
    how: str


@dataclass(frozen=True)
class Appeal:
    """One's own appeal. It counts as received at `at_utc`, the moment of pressing send (rules.md R8)."""

    id: str
    at_utc: datetime
    state: DeliveryState
    opened_by: str | None
    body: str = field(repr=False)
    answer_by: date | None
    result: AppealResult | None
    text: str | None = field(repr=False)


@dataclass(frozen=True)
class RequestAnswer:
    """The answer to a wish. `outcome` is None where it was given outside the portal, and then nothing else is known.

    `text` is the worker's, `reason` and `legal_basis` the core's; `answered_by` is a first name.
    """

    outcome: Outcome | None
    text: str | None = field(repr=False)
    reason: str | None
    legal_basis: str | None
    answered_on: date | None
    answered_by: str | None


@dataclass(frozen=True)
class AccessRequest:
    """One wish to see more of this reader. `appeal_way` is None as long as there is nothing to appeal against."""

    id: str
    at_utc: datetime
    state: DeliveryState
    opened_by: str | None
    body: str = field(repr=False)
    answer_by: date | None
    answer: RequestAnswer | None
    appeal_way: AppealWay | None
    appeals: tuple[Appeal, ...]


@dataclass(frozen=True)
class Requests:
    """This reader's own wishes in one case, newest first. `documents`: the reader has a page of documents."""

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    documents: bool
    requests: tuple[AccessRequest, ...]
