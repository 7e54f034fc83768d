"""Sealing to the delivery worker by HPKE (RFC 9180): the web process seals and cannot open again.

What is sealed opens only as the submission, or for the account, it was sealed for; its length tells next to nothing.
"""

from __future__ import annotations

import json
from typing import cast

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from portal.domain.people import PersonNumber
from portal.outbox.errors import ContentUnfit
from portal.store.crypto import KeyUnusable, SealBroken

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SUBMISSION = "lytt-submission-1"
NUMBER = "lytt-number-1"
FILE = "lytt-file-1"
STEP_BYTES = 512
_LENGTH_BYTES = 4


def canonical(content: object) -> bytes:
    """JSON with sorted keys and without white space, in UTF-8. Raises `ContentUnfit`."""
    try:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        return text.encode()
    except (TypeError, ValueError, RecursionError):  # no JSON, no Unicode, or no end
        raise ContentUnfit("not JSON in UTF-8") from None


class Sealer:
    """The web process's half: seals to the worker's public key."""

    def __init__(self, public_key: X25519PublicKey) -> None:
        self._key = public_key

    @classmethod
    def from_pem(cls, pem: bytes) -> Sealer:
        """From a PEM file with an X25519 public key (RFC 8410). Raises `KeyUnusable`."""
        try:
            key = load_pem_public_key(pem)
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, X25519PublicKey):
            raise KeyUnusable("the delivery key is no X25519 public key in PEM form")
        return cls(key)

    def seal(self, content: object, service_id: str, submission_id: str, kind: str) -> bytes:
        """A submission's content. Raises `ContentUnfit`."""
        return self._seal(canonical(content), [SUBMISSION, service_id, submission_id, kind])

    def seal_number(self, service_id: str, account_id: str, number: PersonNumber) -> bytes:
        """A person number, for the one account it belongs to."""
        return self._seal(canonical({"scheme": number.scheme, "value": number.value}), [NUMBER, service_id, account_id])

    def seal_file(self, content: bytes, service_id: str, submission_id: str, file_id: str) -> bytes:
        """A file that goes with a submission."""
        return self._seal(content, [FILE, service_id, submission_id, file_id])

    def _seal(self, plaintext: bytes, bound: list[str]) -> bytes:
        return SUITE.encrypt(_padded(plaintext), self._key, info=canonical(bound))


class Opener:
    """The worker's half: opens what was sealed to its key. Never exists in the web process."""

    def __init__(self, private_key: X25519PrivateKey) -> None:
        self._key = private_key

    @classmethod
    def from_pem(cls, pem: bytes) -> Opener:
        """From a PEM file with an X25519 private key (RFC 8410). Raises `KeyUnusable`."""
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, X25519PrivateKey):
            raise KeyUnusable("the delivery key is no X25519 private key in PEM form")
        return cls(key)

    def open(self, sealed: bytes, service_id: str, submission_id: str, kind: str) -> dict[str, object]:
        """A submission's content. Raises `SealBroken`."""
        plaintext = self._open(sealed, [SUBMISSION, service_id, submission_id, kind])
        return cast("dict[str, object]", json.loads(plaintext))

    def open_file(self, sealed: bytes, service_id: str, submission_id: str, file_id: str) -> bytes:
        """A file of exactly this submission. Raises `SealBroken`."""
        return self._open(sealed, [FILE, service_id, submission_id, file_id])

    def open_number(self, service_id: str, account_id: str, sealed: bytes) -> PersonNumber:
        """The number of exactly this account. Raises `SealBroken`."""
        number = json.loads(self._open(sealed, [NUMBER, service_id, account_id]))
        return PersonNumber(number["scheme"], number["value"])

    def _open(self, sealed: bytes, bound: list[str]) -> bytes:
        try:
            return _unpadded(SUITE.decrypt(sealed, self._key, info=canonical(bound)))
        except (InvalidTag, ValueError):
            raise SealBroken("changed, out of place, or sealed to another key") from None


def _padded(plaintext: bytes) -> bytes:
    whole = len(plaintext).to_bytes(_LENGTH_BYTES, "big") + plaintext
    return whole + bytes(-len(whole) % STEP_BYTES)


def _unpadded(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]
