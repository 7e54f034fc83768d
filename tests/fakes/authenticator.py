"""A device with passkeys in software: does what a real one does, or whatever a test wants done wrong instead."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40


@dataclass(frozen=True)
class Wrong:
    """What this device does otherwise than it should; nothing by default."""

    client: dict[str, Any] = field(default_factory=dict)
    """Members of the client data to replace."""
    host: str | None = None
    """Another relying party's id."""
    flags: int | None = None
    count: int | None = None
    handle: bytes | None = None
    identifier: bytes | None = None
    """The passkey's id beside the signed data."""
    key: bytes | None = None
    """Instead of the COSE key."""
    attestation: dict[str, Any] = field(default_factory=dict)
    """Members of the attestation object to replace."""
    spoil: bool = False
    """Change the signed data after signing."""


HONEST = Wrong()


@dataclass
class Authenticator:
    """One device, in a browser at `origin`."""

    origin: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    identifier: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    count: int = 0

    def make(self, options: str, wrong: Wrong = HONEST) -> str:
        """The answer to `navigator.credentials.create()`."""
        asked = json.loads(options)
        self.handle = decoded(asked["user"]["id"])
        client = self._client("webauthn.create", asked["challenge"], wrong)
        length = len(self.identifier).to_bytes(2, "big")
        made = bytes(16) + length + self.identifier + (wrong.key or self._cose())
        data = self._data(asked["rp"]["id"], PRESENT | VERIFIED | MADE, wrong) + made
        attestation = {"fmt": "none", "attStmt": {}, "authData": data} | wrong.attestation
        return self._answer(wrong, {"clientDataJSON": client, "attestationObject": cbor2.dumps(attestation)})

    def self_attested(self, options: str, *, tampered: bool) -> str:
        """As `make`, vouching for itself with its own signature (packed, §8.2); or for something else."""
        honest = json.loads(self.make(options))["response"]
        data = cbor2.loads(decoded(honest["attestationObject"]))["authData"]
        signed = data + hashlib.sha256(decoded(honest["clientDataJSON"])).digest()
        signature = self.key.sign(signed + (b"x" if tampered else b""), ec.ECDSA(SHA256()))
        statement = {"alg": -7, "sig": signature}
        return self.make(options, Wrong(attestation={"fmt": "packed", "attStmt": statement, "authData": data}))

    def use(self, options: str, wrong: Wrong = HONEST) -> str:
        """The answer to `navigator.credentials.get()`."""
        asked = json.loads(options)
        self.count += 1
        client = self._client("webauthn.get", asked["challenge"], wrong)
        data = self._data(asked["rpId"], PRESENT | VERIFIED, wrong)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        if wrong.spoil:
            data = data[:-1] + bytes([data[-1] ^ 1])
        response = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        handle = self.handle if wrong.handle is None else wrong.handle
        return self._answer(wrong, response | {"userHandle": handle})

    def _client(self, kind: str, challenge: str, wrong: Wrong) -> bytes:
        honest = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(honest | wrong.client).encode()

    def _data(self, host: str, flags: int, wrong: Wrong) -> bytes:
        party = hashlib.sha256((wrong.host or host).encode()).digest()
        count = self.count if wrong.count is None else wrong.count
        return party + bytes([flags if wrong.flags is None else wrong.flags]) + count.to_bytes(4, "big")

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _answer(self, wrong: Wrong, response: dict[str, bytes]) -> str:
        identifier = encoded(wrong.identifier or self.identifier)
        members = {name: encoded(value) for name, value in response.items()}
        return json.dumps({"id": identifier, "rawId": identifier, "type": "public-key", "response": members})


def encoded(value: bytes) -> str:
    """As base64url without padding."""
    return urlsafe_b64encode(value).decode().rstrip("=")


def decoded(value: str) -> bytes:
    """From base64url without padding."""
    return urlsafe_b64decode(value + "===")
