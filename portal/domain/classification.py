"""What a message is in law, as a worker decides it: a report of concern, an application for help, or neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class ItemClass(StrEnum):
    """What it is. The clock of a report of concern is the core's."""

    REPORT_OF_CONCERN = "report_of_concern"
    APPLICATION = "application"
    NEITHER = "neither"


@dataclass(frozen=True)
class Classification:
    """One decision about a message or an asking for help. The clock runs from `received_at_utc`, when it was sent.

    `look_at_by`: the last day of that clock as the core says it, None where the law has none.
    """

    item_id: str
    item_class: ItemClass
    reason: str = field(repr=False)
    decided_by: str
    at_utc: datetime
    received_at_utc: datetime
    look_at_by: date | None
