"""The signature of a provider's token (ID token or logout token): algorithm, key, signature. Says nothing of claims."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from portal.identity.errors import SignInError
from portal.identity.profile import SIGNING_ALGORITHMS, Profile
from portal.identity.provider import Provider, PublicKey

LONGEST = 80_000


class _Registry(JWSRegistry):
    """The library's default of 512 bytes refuses every header with a certificate chain (`x5c`, RFC 7515 §4.1.6)."""

    max_header_length = 16_384
    max_payload_length = 64_000


@dataclass(frozen=True)
class Signed:
    """A token whose signature is the provider's. Its claims are still to be judged."""

    algorithm: str
    type: str
    claims: Mapping[str, object] = field(repr=False)


def verify_signature(token: object, provider: Provider) -> Signed:
    """The header's and the claims' truth, by the provider's keys; fetches them anew once when none fits.

    Only the profile's algorithms count, whatever the header or discovery say; keys inside the header
    (`jwk`, `jku`, `x5c`) are never used. Raises `SignInError`.
    """
    if not isinstance(token, str) or len(token) > LONGEST:
        raise SignInError("token_format")
    header = _header(token)
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not _allowed(algorithm, provider.profile):
        raise SignInError("token_algorithm")
    if {"crit", "jku", "jwk"} & header.keys():
        raise SignInError("token_header")
    signed = _try(token, str(algorithm), key_id, provider.signing_keys())
    signed = signed or _try(token, str(algorithm), key_id, provider.refetched_keys())
    if signed is None:
        raise SignInError("token_signature")
    return signed


def _allowed(algorithm: object, profile: Profile) -> bool:
    return algorithm in profile.token.algorithms and algorithm in SIGNING_ALGORITHMS


def _header(token: str) -> Mapping[str, object]:
    try:
        encoded, _, _ = token.encode("ascii").split(b".")
        header = json.loads(base64.b64decode(encoded + b"=" * (-len(encoded) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise SignInError("token_format") from None
    if not isinstance(header, dict):
        raise SignInError("token_format")
    return header


def _try(token: str, algorithm: str, key_id: object, keys: Iterable[PublicKey]) -> Signed | None:
    registry = _Registry(algorithms=[algorithm], strict_check_header=False)
    for key in keys:
        if key_id is not None and key.get("kid") != key_id:
            continue
        try:
            decoded = jwt.decode(token, key, registry=registry)
        except (JoseError, ValueError, TypeError, RecursionError):
            continue
        return Signed(algorithm, str(decoded.header.get("typ", "JWT")), decoded.claims)
    return None
