"""What becomes of something a person sent. The only place that names the states (house.md, "The data's way")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """From the letterbox to an answer."""

    KEPT = "kept"
    ACCEPTED = "accepted"
    REGISTERED = "registered"
    SEEN = "seen"
    ANSWERED = "answered"
    REJECTED = "rejected"
    NEEDS_ATTENTION = "needs_attention"


CORE_LEVELS = (
    DeliveryState.ACCEPTED,
    DeliveryState.REGISTERED,
    DeliveryState.SEEN,
    DeliveryState.ANSWERED,
)
"""The levels a core may report, in order; none goes back, but answered to seen when the answer was stopped."""


@dataclass(frozen=True)
class Receipt:
    """The core's word about one submission; `sha256` is the hex digest of the body as the core stored it."""

    operation_id: str
    state: DeliveryState
    at_utc: datetime
    sha256: str | None = None
    seen_by: str | None = None
