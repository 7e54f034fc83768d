"""What a browser answers when it makes or uses a passkey, checked with the `webauthn` package. No I/O, no state.

Whatever a hostile device makes the package stumble over is a refusal like any other.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    encode_cbor,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSECRV, COSEKTY, COSEAlgorithmIdentifier, COSEKey
from webauthn.helpers.structs import AttestationFormat, AuthenticationCredential

LONGEST_ANSWER = 16_384
"""Characters. A real answer without attestation has about a thousand."""
LONGEST_ID = 1023
"""Bytes of a passkey's id (WebAuthn Level 3, §4, "credential ID")."""
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
FORMATS = frozenset({AttestationFormat.NONE, AttestationFormat.PACKED})
"""None is asked for, and a device may still vouch for itself. Vendors' chains are of no use to us."""


class PasskeyError(Exception):
    """A passkey was not made or not accepted. `code` is safe in logs; pages never tell one from another."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class RelyingParty:
    """A service as devices know it: its host, its exact origin, and a name that says nothing (rules.md, safety 4)."""

    service_id: str
    host: str
    origin: str
    name: str


@dataclass(frozen=True)
class NewPasskey:
    """A passkey that a device has just made. `lookup` is its id as base64url, `public_key` a COSE key (RFC 9052)."""

    lookup: str = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int


@dataclass(frozen=True)
class KnownKey:
    """What is kept of a passkey, and the user handle it was made with."""

    public_key: bytes = field(repr=False)
    sign_count: int
    user_handle: bytes = field(repr=False)


def new_passkey(party: RelyingParty, challenge: bytes, answer: str) -> NewPasskey:
    """The passkey in an answer to `navigator.credentials.create()` (§7.1). Raises `PasskeyError`."""
    try:
        return _new_passkey(party, challenge, _readable(answer))
    except PasskeyError:
        raise
    except Exception as error:
        raise PasskeyError("unreadable") from error


def read_assertion(answer: str) -> AuthenticationCredential:
    """An answer to `navigator.credentials.get()`, not yet believed. Raises `PasskeyError`."""
    try:
        return parse_authentication_credential_json(_readable(answer))
    except PasskeyError:
        raise
    except Exception as error:
        raise PasskeyError("unreadable") from error


def verified_count(party: RelyingParty, challenge: bytes, given: AuthenticationCredential, known: KnownKey) -> int:
    """The signature counter of a good assertion (§7.2). Raises `PasskeyError`."""
    try:
        _refuse_foreign_frame(given.response.client_data_json)
        proved = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except PasskeyError:
        raise
    except Exception as error:
        raise PasskeyError("not_proved") from error
    # §7.2 step 6: nobody was named, so the device must say for whom it signed
    if not hmac.compare_digest(given.response.user_handle or b"", known.user_handle):
        raise PasskeyError("another_handle")
    return proved.new_sign_count


def key_of_nobody() -> bytes:
    """A public key whose private half is thrown away: for equal work when there is no passkey to compare with."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    return encode_cbor(
        {
            COSEKey.KTY: COSEKTY.EC2,
            COSEKey.ALG: COSEAlgorithmIdentifier.ECDSA_SHA_256,
            COSEKey.CRV: COSECRV.P256,
            COSEKey.X: numbers.x.to_bytes(32, "big"),
            COSEKey.Y: numbers.y.to_bytes(32, "big"),
        }
    )


def _new_passkey(party: RelyingParty, challenge: bytes, answer: str) -> NewPasskey:
    given = parse_registration_credential_json(answer)
    _refuse_foreign_frame(given.response.client_data_json)
    if parse_attestation_object(given.response.attestation_object).fmt not in FORMATS:
        raise PasskeyError("attestation")
    made = verify_registration_response(
        credential=given,
        expected_challenge=challenge,
        expected_rp_id=party.host,
        expected_origin=party.origin,
        require_user_verification=True,
        supported_pub_key_algs=ALGORITHMS,
    )
    # The answer names the id beside what the device said; only the device's own word is kept
    if made.credential_id != given.raw_id or len(made.credential_id) > LONGEST_ID:
        raise PasskeyError("id")
    # A key that can verify nothing would lock its owner out on the next day
    decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))
    return NewPasskey(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)


def _readable(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyError("too_long")
    return answer


def _refuse_foreign_frame(client_data: bytes) -> None:
    """The package leaves this one to us (§7.1 step 10, §7.2 step 13): another site had our page in a frame."""
    if parse_client_data_json(client_data).cross_origin:
        raise PasskeyError("frame")
