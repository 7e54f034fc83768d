"""The arithmetic of the chain: each row's HMAC-SHA-256 (RFC 2104) covers its fields and the row before it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

KEY_BYTES = 32
START = "0" * 64
"""What the first row of a service follows."""

FIELDS = ("service_id", "sequence", "at", "event", "realm", "actor", "action", "outcome", "item", "previous_hash")

LATER_FIELDS = ("role", "about")
"""Came later: covered where they are set, so that rows from before them still verify."""


class KeyUnusable(ValueError):
    """The journal's key is too short."""


@dataclass(frozen=True)
class Head:
    """Where a chain ends: number and hash of its newest row; 0 and `START` when it has none."""

    sequence: int
    hash: str


class Chain:
    """Hashes under one secret key, a separate one for each purpose. Never gives the key out."""

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise KeyUnusable("the audit key must have at least 32 bytes")
        self._keys = {use: hmac.digest(key, use.encode(), "sha256") for use in ("row", "head", "actor", "fingerprint")}

    def row(self, fields: Mapping[str, object]) -> str:
        """The hash of a row, from exactly `FIELDS` and what is set of `LATER_FIELDS`."""
        later = [[name, fields[name]] for name in LATER_FIELDS if fields.get(name) is not None]
        return self._hash("row", [*(_plain(fields[name]) for name in FIELDS), *later])

    def head(self, service_id: str, head: Head) -> str:
        """Proof that we set the head here, so that cutting the tail and the head back is found."""
        return self._hash("head", [service_id, head.sequence, head.hash])

    def actor(self, service_id: str, account_id: str) -> str:
        """The same account of a service is always the same word, which leads back to nobody without the key."""
        return self._hash("actor", [service_id, account_id])

    def fingerprint(self, service_id: str, content: bytes) -> str:
        """Tells whether two contents are the same; without the key nobody can try guesses against it."""
        return self._hash("fingerprint", [service_id, content.hex()])

    def _hash(self, use: str, parts: list[object]) -> str:
        message = json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()
        return hmac.digest(self._keys[use], message, "sha256").hex()


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
