"""Short secrets of people: PINs and codes. Hashed slowly, compared with equal work, and wrong tries wait.

Never keeps a secret in plain text, and never closes for good: who has forgotten theirs waits, or sees the worker.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

FREE_TRIES = 3
"""Wrong tries before anybody has to wait: fingers slip."""

_WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900))


def wait_after(failures: int) -> timedelta:
    """How long nothing is compared after this many wrong tries in a row: at most a quarter of an hour.

    A PIN of four digits then stands for more than three months against somebody who tries day and night, and its
    owner is never shut out (rules.md R20: "wrong tries slow down and never close help").
    """
    if failures < FREE_TRIES:
        return timedelta()
    return _WAITS[min(failures - FREE_TRIES, len(_WAITS) - 1)]


class SlowHash:
    """Argon2id (RFC 9106 §4, the second recommended option: 64 MiB, three passes)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._of_nobody = self._hasher.hash("nobody has this")

    def of(self, secret: str) -> str:
        """The hash to keep, with its parameters and salt in it."""
        return self._hasher.hash(secret)

    def matches(self, kept: str | None, secret: str) -> bool:
        """Is it this secret? The same work is done when there is none to compare with."""
        try:
            self._hasher.verify(kept or self._of_nobody, secret)
        except VerificationError:
            return False
        return kept is not None


def keyed_hash(key: bytes, service_id: str, purpose: str, text: str) -> str:
    """Under which a short secret is found again: without the key, guessing from the database leads nowhere."""
    message = f"{service_id}\x1f{purpose}\x1f{text}".encode("utf-8", "replace")
    return hmac.new(key, message, hashlib.sha256).hexdigest()
