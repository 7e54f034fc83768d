"""Spares a core that does not answer, and the people who would wait for it. One breaker per core."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from portal.core.errors import Unavailable

FAILURES = 5
REST_SECONDS = 5.0


class Breaker:
    """After five failures in a row nothing is sent for five seconds; then one request tries, the others wait on."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._opened_at: datetime | None = None
        self._probing = False

    def enter(self) -> None:
        """Ask before sending; every way out of the sending tells `succeeded` or `failed`. Raises `Unavailable`."""
        with self._lock:
            if self._opened_at is None:
                return
            rested = (self._clock() - self._opened_at).total_seconds()
            # A clock that was set back must not keep the core shut out: a negative rest counts as over.
            if 0 <= rested < REST_SECONDS:
                raise Unavailable(REST_SECONDS - rested)
            if self._probing:
                raise Unavailable(REST_SECONDS)
            self._probing = True

    def succeeded(self) -> None:
        """The core answered."""
        with self._lock:
            self._failures, self._opened_at, self._probing = 0, None, False

    def failed(self) -> None:
        """The core could not be reached."""
        with self._lock:
            self._failures += 1
            self._probing = False
            if self._failures >= FAILURES:
                self._opened_at = self._clock()
