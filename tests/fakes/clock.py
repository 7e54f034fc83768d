"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class ManualClock:
    """Callable like the real one; gives UTC."""

    def __init__(self, now: datetime = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Move on by the parts of a timedelta."""
        self.now += timedelta(**by)
