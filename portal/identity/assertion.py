"""How the portal proves to a provider that it is itself: a short signed assertion (RFC 7523 §2.2), new each time."""

from __future__ import annotations

import secrets
from datetime import datetime

from joserfc import jwt
from joserfc.jws import JWSRegistry

from portal.identity.profile import ClientKey, Profile

LIFE_SECONDS = 60


class _LongHeader(JWSRegistry):
    """Room for a certificate chain (`x5c`, RFC 7515 §4.1.6), which the library's default refuses."""

    max_header_length = 16_384


def sign_assertion(profile: Profile, proof: ClientKey, token_endpoint: str, now_utc: datetime) -> str:
    """One assertion for one call, good for a minute, addressed to the issuer unless the profile says otherwise."""
    issued = int(now_utc.timestamp())
    claims: dict[str, object] = {
        "iss": profile.client_id,
        "sub": profile.client_id,
        "aud": profile.issuer if proof.audience == "issuer" else token_endpoint,
        "iat": issued,
        "exp": issued + LIFE_SECONDS,
        "jti": secrets.token_urlsafe(32),
    }
    header = {"alg": proof.algorithm, **proof.header}
    return jwt.encode(header, claims, proof.key, registry=_LongHeader(algorithms=[proof.algorithm]))
