"""What must be known about one provider of identities, checked at the start. Holds a private key; never shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from joserfc.jwk import ECKey, RSAKey

from portal.domain.people import Assurance, Realm

Par = Literal["always", "if_advertised", "never"]
ResponseIssuer = Literal["always", "if_advertised", "never"]
Audience = Literal["issuer", "token_endpoint"]

SIGNING_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
"""Asymmetric signatures only: a symmetric key or "none" would let anybody who knows the client forge a person."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True)
class PersonRule:
    """Where the person's number stands in the ID token, and under which scheme a core resolves it.

    The pattern says only what it looks like: no birth date, sex or checksum is read from it (D-numbers and
    synthetic numbers are as good as others).
    """

    path: tuple[str, ...]
    pattern: re.Pattern[str]
    scheme: str
    required: bool


@dataclass(frozen=True)
class Limits:
    """Seconds. `total` bounds one exchange with the provider however slowly it drips."""

    leeway: int = 10
    token_age: int = 300
    connect: float = 3
    read: float = 5
    total: float = 8


@dataclass(frozen=True)
class LogoutRules:
    """How this provider and the portal tell each other that somebody has signed out.

    `front_channel`: is `iss` part of the call, exactly, up to a final slash, or never; "none": no such calls.
    `back_channel_match` "sub" is for a provider whose logout token has no `sid`: it ends all sessions of the subject.
    """

    rp_initiated: Literal["GET", "none"] = "GET"
    front_channel: Literal["required", "slash_tolerant", "absent", "none"] = "none"
    back_channel_type: Literal["strict", "lenient"] = "strict"
    back_channel_match: Literal["sid", "sub"] = "sid"
    back_channel_require_exp: bool = False


@dataclass(frozen=True)
class Profile:
    """One provider, in one realm, for one client registration. The issuer is compared as an exact string."""

    id: str
    realm: Realm
    names: Mapping[str, str]
    issuer: str
    client_id: str
    client_key: RSAKey | ECKey = field(repr=False)
    client_algorithm: str
    client_key_id: str
    audience: Audience
    scope: str
    id_token_algorithms: tuple[str, ...]
    assurances: Mapping[str, Assurance]
    acr_request: Mapping[Assurance, tuple[str, ...]]
    person: PersonRule
    required_claims: tuple[str, ...]
    trusted_audiences: tuple[str, ...]
    par: Par
    response_iss: ResponseIssuer
    limits: Limits
    logout: LogoutRules
    allow_loopback: bool

    def name(self, language: str) -> str:
        """The provider's name to show, in this language or in the first one given."""
        return self.names.get(language, next(iter(self.names.values())))

    def acr_values(self, asked: Assurance) -> tuple[str, ...]:
        """What to ask of the provider for at least this assurance; nothing when it has no such level."""
        if asked in self.acr_request:
            return self.acr_request[asked]
        fitting = sorted({level for level in self.assurances.values() if level >= asked})
        return tuple(acr for acr, level in self.assurances.items() if fitting and level == fitting[0])

    def assurance(self, acr: object) -> Assurance | None:
        """The assurance an `acr` stands for; None for one this profile does not list."""
        return self.assurances.get(acr) if isinstance(acr, str) else None


def is_loopback(host: str | None) -> bool:
    """Is this name this machine? (RFC 6761 §6.3)"""
    return host is not None and (host in _LOOPBACK or host.endswith(".localhost"))


def usable_url(url: object, *, allow_loopback: bool) -> bool:
    """May the portal or a browser be sent there: https, or plain http to this machine where that is allowed.

    A query is refused too: it could repeat and so change a parameter of ours.
    """
    if not isinstance(url, str) or re.search(r"[\x00-\x20\x7f\\]", url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.query or parts.fragment or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and allow_loopback and is_loopback(host))
