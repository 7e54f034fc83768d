"""A storage of rate limits with bad days."""

from __future__ import annotations

from limits.storage import MemoryStorage

MANY = 10**6


class MoodyStorage(MemoryStorage):
    """In the mood `well` it counts, `dead` it does not answer, `full` everything was done far too often already."""

    def __init__(self, mood: str = "well") -> None:
        super().__init__(wrap_exceptions=True)
        self.mood = mood
        self.asked = 0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, as the mood allows."""
        return super().incr(key, expiry, amount) + self._already()

    def get(self, key: str) -> int:
        """Look, as the mood allows."""
        return super().get(key) + self._already()

    def _already(self) -> int:
        self.asked += 1
        if self.mood == "dead":
            raise ConnectionError("nobody there")
        return MANY if self.mood == "full" else 0

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """What a dead store raises."""
        return (ConnectionError,)
