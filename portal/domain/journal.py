"""The end of our journal, as a core keeps it for us: that there were so many rows, and nothing of what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class KeptHead:
    """Number and hash (64 lower-case hex characters) of the newest row there was, and when the core got it."""

    sequence: int
    hash: str
    at_utc: datetime
