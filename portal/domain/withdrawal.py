"""That somebody no longer agrees to help that is voluntary. It ends nothing by itself; a worker answers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from portal.domain.delivery import DeliveryState


@dataclass(frozen=True)
class Withdrawal:
    """One's own, as the core has it. `answer` is None until a worker has answered."""

    id: str
    at_utc: datetime
    state: DeliveryState
    opened_by: str | None
    body: str = field(repr=False)
    answer: str | None = field(repr=False)
    answered_by: str | None
