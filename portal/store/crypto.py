"""Sealing of what the web process keeps and reads again itself: drafts, sign-in secrets. Never a submission.

AES-256-GCM (NIST SP 800-38D) under a key with an id; a sealed value fits only the row and writer it was made for.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = "lytt-draft-1"
VERSION = 1
AES_256_GCM = 1
KEY_BYTES = 32
NONCE_BYTES = 12
_KEY_ID_BYTES = 32


class CryptoError(Exception):
    """Base of all faults of sealing; no message holds a key, a text or an id."""


class KeyUnusable(CryptoError):
    """A key is missing, has the wrong length or no fit id."""


class UnknownKey(CryptoError):
    """Sealed under a key that is not among ours any more."""


class SealBroken(CryptoError):
    """Not ours, changed, or taken from another row, column or writer."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value lives: it opens nowhere else. `writer` is the account id, or "" where there is none yet."""

    table: str
    column: str
    service_id: str
    row_id: str
    writer: str = ""


class DraftKeys:
    """Keys by id; `newest` seals, every key opens."""

    def __init__(self, keys: Mapping[str, bytes], newest: str) -> None:
        if newest not in keys:
            raise KeyUnusable("the newest key is missing")
        for key_id, key in keys.items():
            if len(key) != KEY_BYTES:
                raise KeyUnusable("a draft key must have 32 bytes")
            if not 0 < len(key_id.encode()) <= _KEY_ID_BYTES:
                raise KeyUnusable("a draft key's id must have 1 to 32 bytes")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.newest = newest

    @classmethod
    def parse(cls, content: bytes) -> DraftKeys:
        """Read a key file: a line "id base64-of-32-bytes" each, the last line is the newest. Raises `KeyUnusable`."""
        try:
            lines = [line.split() for line in content.decode("ascii").splitlines() if line.strip()]
            keys = {key_id: base64.b64decode(key, validate=True) for key_id, key in lines}
        except (ValueError, binascii.Error):
            raise KeyUnusable("a line of the draft keys is not: id, space, base64") from None
        if len(keys) != len(lines) or not lines:
            raise KeyUnusable("draft keys must have different ids, and there must be one")
        return cls(keys, lines[-1][0])

    def seal(self, plaintext: bytes, place: Place) -> bytes:
        """Version, algorithm, length of key id, key id, nonce, ciphertext with tag."""
        key_id = self.newest.encode()
        head = bytes((VERSION, AES_256_GCM, len(key_id))) + key_id
        nonce = os.urandom(NONCE_BYTES)
        return head + nonce + self._ciphers[self.newest].encrypt(nonce, plaintext, _bound(place))

    def open(self, sealed: bytes, place: Place) -> bytes:
        """The plaintext. Raises `SealBroken` or `UnknownKey`."""
        if len(sealed) < 3 or sealed[:2] != bytes((VERSION, AES_256_GCM)):  # noqa: PLR2004 the three bytes of the head
            raise SealBroken("not sealed by us")
        start = 3 + sealed[2]
        head, nonce, rest = sealed[:start], sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        cipher = self._ciphers.get(head[3:].decode("utf-8", "replace"))
        if cipher is None:
            raise UnknownKey("no such key")
        try:
            return cipher.decrypt(nonce, rest, _bound(place))
        except (InvalidTag, ValueError):
            raise SealBroken("changed or out of place") from None


def _bound(place: Place) -> bytes:
    parts = [FORMAT, place.table, place.column, place.service_id, place.row_id, place.writer]
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()
