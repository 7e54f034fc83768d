"""What must be known about one provider of identities, checked at the start. Holds a private key; never shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from joserfc.jwk import ECKey, RSAKey

from portal.domain.people import Assurance, Realm

Par = Literal["always", "if_advertised", "never"]
ResponseIssuer = Literal["always", "if_advertised", "never"]
Audience = Literal["issuer", "token_endpoint"]
SecretMethod = Literal["client_secret_basic", "client_secret_post"]
Reauthentication = Literal["prompt_login", "max_age", "both", "isolated", "none"]
"""How a fresh sign-in is forced. "isolated": the provider has no single sign-on at all, so that every one is fresh."""
AccessTokenHash = Literal["verify", "tara", "ignore"]
PersonSource = Literal["id_token", "userinfo", "userinfo_jwt"]
Outcome = Literal["cancelled", "relogin", "down"]

SIGNING_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
"""Asymmetric signatures only: a symmetric key or "none" would let anybody who knows the client forge a person."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True)
class PersonRule:
    """Where the person's number stands, and under which scheme a core resolves it.

    The pattern says only what it looks like (after `strip_prefix` is taken off): no birth date, sex or checksum is
    read from it (D-numbers and synthetic numbers are as good as others).
    """

    path: tuple[str, ...]
    pattern: re.Pattern[str]
    scheme: str
    required: bool
    strip_prefix: str = ""
    source: PersonSource = "id_token"


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
class ClientKey:
    """`private_key_jwt` (RFC 7523): `header` is how the assertion names the key (`kid`, `x5c` or `x5t#S256`)."""

    key: RSAKey | ECKey = field(repr=False)
    algorithm: str
    key_id: str
    audience: Audience
    header: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True)
class ClientSecret:
    """A shared secret (RFC 6749 §2.3.1), for providers that have nothing better."""

    method: SecretMethod
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Asking:
    """What an authorization request of this provider holds besides what protects it.

    `assurance_by`: acr_values | claims_essential | vtr | scope | param:<name> | none. `extra` goes along as it is.
    """

    assurance_by: str
    levels: Mapping[Assurance, tuple[str, ...]]
    locale_parameter: str
    locales: Mapping[str, str]
    reauthentication: Reauthentication
    extra: Mapping[str, str]


@dataclass(frozen=True)
class TokenRules:
    """What an ID token of this provider looks like. `expected_claims` must stand there with exactly these values."""

    algorithms: tuple[str, ...]
    types: tuple[str, ...]
    at_hash: AccessTokenHash
    required_claims: tuple[str, ...]
    expected_claims: Mapping[str, str]
    assurance_claim: str
    assurance_list: bool
    session_claim: str


@dataclass(frozen=True)
class Profile:
    """One provider, in one realm, for one client registration. The issuer is compared as an exact string."""

    id: str
    realm: Realm
    names: Mapping[str, str]
    issuer: str
    discovery_url: str
    client_id: str
    client: ClientKey | ClientSecret
    client_expires: date | None
    scope: str
    asking: Asking
    token: TokenRules
    assurances: Mapping[str, Assurance]
    person: PersonRule
    trusted_audiences: tuple[str, ...]
    par: Par
    response_iss: ResponseIssuer
    errors: Mapping[str, Outcome]
    limits: Limits
    user_agent: str
    logout: LogoutRules
    allow_loopback: bool

    def name(self, language: str) -> str:
        """The provider's name to show, in this language or in the first one given."""
        return self.names.get(language, next(iter(self.names.values())))

    def acr_values(self, asked: Assurance) -> tuple[str, ...]:
        """What to ask of the provider for at least this assurance; nothing when it has no such level."""
        if asked in self.asking.levels:
            return self.asking.levels[asked]
        fitting = sorted({level for level in self.assurances.values() if level >= asked})
        return tuple(acr for acr, level in self.assurances.items() if fitting and level == fitting[0])

    def assurance(self, answer: object) -> Assurance | None:
        """The assurance an answer (`acr` or what stands for it) means; None for one this profile does not list.

        A list is read only where the profile says so: it holds all that was reached, and the best known one counts.
        """
        if self.token.assurance_list:
            answers = answer if isinstance(answer, list) else []
            known = [self.assurances[one] for one in answers if isinstance(one, str) and one in self.assurances]
            return max(known, default=None)
        return self.assurances.get(answer) if isinstance(answer, str) else None


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
    if is_loopback(host):
        return allow_loopback and parts.scheme in {"http", "https"}
    return parts.scheme == "https"
