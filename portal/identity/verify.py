"""The claims of an ID token, judged in one fixed order (OpenID Connect Core 1.0 §3.1.3.7 and stricter). Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from portal.domain.people import Assurance, PersonNumber
from portal.identity.errors import ClockSkew, SignInError
from portal.identity.profile import PersonRule, Profile
from portal.identity.tokens import Signed

_LONGEST_ID = 255
_UNKEPT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_LARGEST_SKEW = 14 * 3600  # seconds; no time zone is further from UTC
Claims = Mapping[str, object]


@dataclass(frozen=True)
class Expected:
    """What this sign-in asked for. `started_at_utc`: the person must have identified themselves since then."""

    nonce: str = field(repr=False)
    access_token: str = field(repr=False)
    assurance: Assurance
    started_at_utc: datetime


@dataclass(frozen=True)
class Verified:
    """Whom the provider has identified, how surely and when."""

    subject: str = field(repr=False)
    provider_sid: str | None = field(repr=False)
    assurance: Assurance
    auth_time_utc: datetime
    number: PersonNumber | None = field(repr=False)


def verify_claims(signed: Signed, profile: Profile, expected: Expected, now_utc: datetime) -> Verified:
    """The person in an ID token whose signature is already verified. Raises `SignInError` at the first fault."""
    claims = signed.claims
    if not is_type(signed.type, profile.token.types):
        raise SignInError("token_type")
    subject = _parties(claims, profile)
    check_times(claims, profile, now_utc)
    if not _same(claims.get("nonce"), expected.nonce):
        raise SignInError("nonce")
    if "at_hash" in claims and not _hash_fits(claims["at_hash"], expected.access_token, signed.algorithm, profile):
        raise SignInError("at_hash")
    assurance = profile.assurance(claims.get(profile.token.assurance_claim))
    if assurance is None or assurance < expected.assurance:
        raise SignInError("assurance_too_low", HTTPStatus.FORBIDDEN)
    auth_time = _auth_time(claims, profile, expected, now_utc)
    for name in profile.token.required_claims:
        if not is_text(claims.get(name)):
            raise SignInError("claim_missing")
    if any(claims.get(name) != value for name, value in profile.token.expected_claims.items()):
        raise SignInError("claim_unexpected", HTTPStatus.FORBIDDEN)
    sid = claims.get(profile.token.session_claim)
    in_token = profile.person.source == "id_token"
    return Verified(
        subject=subject,
        provider_sid=str(sid) if is_text(sid) else None,
        assurance=assurance,
        auth_time_utc=auth_time,
        number=read_person(claims, profile.person) if in_token else None,
    )


def check_times(claims: Claims, profile: Profile, now_utc: datetime, *, exp_required: bool = True) -> None:
    """`exp`, `iat` and `nbf` against our clock. Raises `SignInError`.

    A token comes straight from the provider, so one that is in itself in order and yet too old or too new by no more
    than any time zone tells of clocks that differ: `ClockSkew`.
    """
    now, leeway = now_utc.timestamp(), profile.limits.leeway
    expires, issued, begins = (number(claims.get(name)) for name in ("exp", "iat", "nbf"))
    difference = (issued - now) if issued is not None else 0
    skewed = leeway < abs(difference) <= _LARGEST_SKEW
    if ("exp" in claims or exp_required) and (expires is None or now >= expires + leeway):
        if skewed and expires is not None and issued is not None and expires > issued:
            raise ClockSkew(difference)
        raise SignInError("token_expired")
    if issued is None or issued < now - profile.limits.token_age:
        raise ClockSkew(difference) if skewed else SignInError("token_too_old")
    if issued > now + leeway:
        raise ClockSkew(difference) if skewed else SignInError("token_from_future")
    if "nbf" in claims and (begins is None or begins > now + leeway):
        late = begins is not None and begins - now <= _LARGEST_SKEW
        raise ClockSkew(begins - now) if late and begins is not None else SignInError("token_from_future")


def audience_fits(claims: Claims, profile: Profile) -> bool:
    """Is the token for us, and for nobody whom the profile does not trust?"""
    audience = claims.get("aud")
    names = audience if isinstance(audience, list) else [audience]
    return profile.client_id in names and all(
        name == profile.client_id or name in profile.trusted_audiences for name in names
    )


def is_text(value: object) -> bool:
    """A text that may stand as an id: not empty, at most 255 characters (OpenID Connect Core 1.0 §2).

    Control signs and halves of signs are refused: no database keeps them all.
    """
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and not _UNKEPT.search(value)


def number(value: object) -> float | None:
    """A finite number, or None for anything else (JSON of this library admits NaN; true is no number)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _parties(claims: Claims, profile: Profile) -> str:
    if claims.get("iss") != profile.issuer:
        raise SignInError("issuer")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not is_text(subject):
        raise SignInError("subject")
    if not audience_fits(claims, profile):
        raise SignInError("audience")
    if "azp" in claims and claims["azp"] != profile.client_id:
        raise SignInError("authorized_party")
    return subject


def _auth_time(claims: Claims, profile: Profile, expected: Expected, now_utc: datetime) -> datetime:
    """Every sign-in asks for a fresh one: national single sign-on must not let the next person in.

    A provider without any single sign-on ("isolated") may leave `auth_time` out. Then `iat` counts, and that is safe:
    the nonce ties the token to this request, such a provider gives a code only after somebody has just shown who they
    are, and so nobody's earlier sign-in can stand behind a token issued since the button was pressed.
    """
    how = profile.asking.reauthentication
    claim = "iat" if how == "isolated" and "auth_time" not in claims else "auth_time"
    seconds, leeway = number(claims.get(claim)), profile.limits.leeway
    earliest = 0 if how == "none" else expected.started_at_utc.timestamp() - leeway
    if seconds is None or not earliest <= seconds <= now_utc.timestamp() + leeway:
        raise SignInError("not_fresh")
    return datetime.fromtimestamp(seconds, UTC)


def read_person(claims: Claims, rule: PersonRule) -> PersonNumber | None:
    """The person's number; None only where the profile lets it be absent. Raises `SignInError` "person_missing"."""
    value: object = claims
    for step in rule.path:
        value = value.get(step) if isinstance(value, Mapping) else None
    if value is None and not rule.required:
        return None
    if not isinstance(value, str) or not value.startswith(rule.strip_prefix):
        raise SignInError("person_missing", HTTPStatus.FORBIDDEN)
    found = value.removeprefix(rule.strip_prefix)
    if not rule.pattern.fullmatch(found):
        raise SignInError("person_missing", HTTPStatus.FORBIDDEN)
    return PersonNumber(rule.scheme, found)


def is_type(kind: str, allowed: Iterable[str]) -> bool:
    """Is this header `typ` one of these, with or without its prefix (RFC 7515 §4.1.9)?"""
    return kind.lower().removeprefix("application/") in {one.removeprefix("application/") for one in allowed}


def _hash_fits(value: object, access_token: str, algorithm: str, profile: Profile) -> bool:
    """The left half of the token's hash, with the hash of the signature (OpenID Connect Core 1.0 §3.1.3.6).

    TARA writes it in the other Base64 alphabet, and padded.
    """
    if profile.token.at_hash == "ignore":
        return True
    digest = hashlib.new(f"sha{algorithm[-3:]}", access_token.encode("utf-8")).digest()
    half = digest[: len(digest) // 2]
    if profile.token.at_hash == "tara":
        return _same(value, base64.b64encode(half).decode("ascii"))
    return _same(value, base64.urlsafe_b64encode(half).rstrip(b"=").decode("ascii"))


def _same(value: object, expected: str) -> bool:
    return isinstance(value, str) and hmac.compare_digest(value.encode("utf-8", "replace"), expected.encode("utf-8"))
