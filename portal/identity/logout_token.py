"""A logout token, judged (OpenID Connect Back-Channel Logout 1.0 §2.4 and 2.6). Its `sub` may be a person number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portal.identity.errors import SignInError
from portal.identity.profile import Profile
from portal.identity.provider import Provider
from portal.identity.tokens import Signed, verify_signature
from portal.identity.verify import audience_fits, check_times, is_text, is_type, number

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = {"strict": {"logout+jwt"}, "lenient": {"logout+jwt", "jwt"}}


@dataclass(frozen=True)
class LogoutOrder:
    """What the provider has ended: one session of its own, or all that a subject has. One of the two is given."""

    provider_sid: str | None = field(repr=False)
    subject: str | None = field(repr=False)
    token_id: str = field(repr=False)
    issued_at_utc: datetime


def verify_logout_token(token: object, provider: Provider, now_utc: datetime) -> LogoutOrder:
    """The order in a logout token. Raises `SignInError` for everything else, an ID token above all."""
    rules = provider.profile.logout
    signed = verify_signature(token, provider)
    if not is_type(signed.type, TYPES[rules.back_channel_type]):
        raise SignInError("token_type")
    _check_parties(signed, provider.profile)
    check_times(signed.claims, provider.profile, now_utc, exp_required=rules.back_channel_require_exp)
    events, issued = signed.claims.get("events"), number(signed.claims.get("iat"))
    if not isinstance(events, Mapping) or not isinstance(events.get(EVENT), Mapping) or "nonce" in signed.claims:
        raise SignInError("logout_event")
    named, token_id = _text(signed, rules.back_channel_match), _text(signed, "jti")
    if named is None or token_id is None or issued is None:
        raise SignInError("logout_session")
    issued_at = datetime.fromtimestamp(issued, UTC)
    if rules.back_channel_match == "sub":
        return LogoutOrder(None, named, token_id, issued_at)
    return LogoutOrder(named, None, token_id, issued_at)


def _text(signed: Signed, claim: str) -> str | None:
    value = signed.claims.get(claim)
    return str(value) if is_text(value) else None


def _check_parties(signed: Signed, profile: Profile) -> None:
    if signed.claims.get("iss") != profile.issuer:
        raise SignInError("issuer")
    if not audience_fits(signed.claims, profile):
        raise SignInError("audience")
