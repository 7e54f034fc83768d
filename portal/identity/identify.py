"""From a provider's tokens to a person: signature, claims and, where the provider keeps the number there, userinfo."""

from __future__ import annotations

import logging
from dataclasses import replace

from portal.identity.errors import ClockSkew
from portal.identity.exchange import Tokens
from portal.identity.provider import Clock, Provider
from portal.identity.tokens import verify_signature
from portal.identity.userinfo import fetch_userinfo
from portal.identity.verify import Expected, Verified, read_person, verify_claims
from portal.logs import log


def identify(provider: Provider, tokens: Tokens, expected: Expected, service_id: str, clock: Clock) -> Verified:
    """Whom these tokens are about. Raises `SignInError`; a clock that is wrong is also written down for operators."""
    profile = provider.profile
    signed = verify_signature(tokens.id_token, provider)
    try:
        verified = verify_claims(signed, profile, expected, clock())
    except ClockSkew as skew:
        state = "provider_ahead" if skew.seconds > 0 else "provider_behind"
        log(
            "sign_in.clock_skew",
            level=logging.ERROR,
            service=service_id,
            code=skew.code,
            state=state,
            duration_ms=abs(skew.seconds) * 1000,
        )
        raise
    if profile.person.source == "id_token":
        return verified
    claims = fetch_userinfo(provider, tokens.access_token, verified.subject)
    return replace(verified, number=read_person(claims, profile.person))
