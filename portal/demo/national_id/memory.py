"""Short-lived state of the simulator: bounded, expiring, safe between threads, gone with the process."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

Clock = Callable[[], datetime]
"""Gives the present moment, aware of its zone."""

Kept = TypeVar("Kept")


class Gone(LookupError):
    """There is no such entry, or not any more."""


class AlreadyKept(ValueError):
    """The entry exists and still counts."""


class MemoryFull(RuntimeError):
    """No room: refusing is safer than forgetting which assertions were used."""


def epoch(clock: Clock) -> int:
    """The present in whole seconds since 1970, as tokens count (RFC 7519 NumericDate)."""
    return int(clock().timestamp())


class Memory(Generic[Kept]):
    """Entries by key, each with its own lifetime in seconds."""

    def __init__(self, clock: Clock, capacity: int = 10_000) -> None:
        self._clock = clock
        self._capacity = capacity
        self._entries: dict[str, tuple[Kept, float]] = {}
        self._lock = Lock()

    def keep(self, key: str, value: Kept, seconds: float) -> None:
        """Remember `value`; raises `AlreadyKept` for a live key and `MemoryFull` without room."""
        now = self._clock().timestamp()
        with self._lock:
            self._entries = {name: entry for name, entry in self._entries.items() if entry[1] > now}
            if key in self._entries:
                raise AlreadyKept
            if len(self._entries) >= self._capacity:
                raise MemoryFull
            self._entries[key] = (value, now + seconds)

    def look(self, key: str) -> Kept:
        """The live entry; raises `Gone`."""
        with self._lock:
            return self._live(key)

    def take(self, key: str) -> Kept:
        """The live entry, for the last time; raises `Gone`."""
        with self._lock:
            value = self._live(key)
            del self._entries[key]
            return value

    def change(self, key: str, change: Callable[[Kept], tuple[Kept, float]]) -> Kept:
        """Replace a live entry by what `change` makes of it (value, seconds); raises `Gone`."""
        with self._lock:
            value, seconds = change(self._live(key))
            self._entries[key] = (value, self._clock().timestamp() + seconds)
            return value

    def _live(self, key: str) -> Kept:
        entry = self._entries.get(key)
        if entry is None or entry[1] <= self._clock().timestamp():
            raise Gone
        return entry[0]
