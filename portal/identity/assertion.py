"""How the portal proves to a provider that it is itself: a short signed assertion (RFC 7523 §2.2), new each time."""

from __future__ import annotations

import secrets
from datetime import datetime

from joserfc import jwt

from portal.identity.profile import Profile

LIFE_SECONDS = 60


def sign_assertion(profile: Profile, token_endpoint: str, now_utc: datetime) -> str:
    """One assertion for one call, good for a minute, addressed to the issuer unless the profile says otherwise."""
    issued = int(now_utc.timestamp())
    claims: dict[str, object] = {
        "iss": profile.client_id,
        "sub": profile.client_id,
        "aud": profile.issuer if profile.audience == "issuer" else token_endpoint,
        "iat": issued,
        "exp": issued + LIFE_SECONDS,
        "jti": secrets.token_urlsafe(32),
    }
    header = {"alg": profile.client_algorithm, "kid": profile.client_key_id}
    return jwt.encode(header, claims, profile.client_key, algorithms=[profile.client_algorithm])
