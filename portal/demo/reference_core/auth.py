"""Who is calling: the portal by its signed assertion and a bearer token, the acting person by `Portal-Actor`.

Tokens and used ids live in memory only; a restart makes the portal ask again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from portal.demo.reference_core.config import CoreConfig
from portal.demo.reference_core.problems import Unauthenticated

Clock = Callable[[], datetime]

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BEARER_SECONDS = 600
_CLIENT_ALGORITHMS = ["Ed25519", "EdDSA", "ES256", "RS256"]
_ACTOR_ALGORITHMS = ["Ed25519", "EdDSA"]
_ASSERTION_SECONDS = 300
_ACTOR_SECONDS = 60
_LEEWAY_SECONDS = 5
_ENROLMENTS = frozenset({"eid", "in_person"})
_REALMS = frozenset({"family", "staff"})
_LEVELS = frozenset({"low", "substantial", "high"})
LOOK, POLL, PREVIEW = "look", "poll", "preview"
_SHORTEST_ID = 16
_LONGEST_ID = 128


class Registry(JWSRegistry):
    """An allow-list alone: `EdDSA` is still understood, about which the library would warn (RFC 9864)."""

    def get_alg(self, name: str) -> JWSAlgModel:
        """The model of an allowed algorithm."""
        if not self.allowed or name not in self.allowed or name not in self.algorithms:
            raise UnsupportedAlgorithmError("not on the allow-list")
        return self.algorithms[name]


class TokenRefused(Exception):
    """No token; `error` is a word of RFC 6749 section 5.2."""

    def __init__(self, error: str, status: int) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


@dataclass(frozen=True)
class Caller:
    """The acting person: subject, realm ("family" or "staff") and level of assurance.

    `in_person`: a child whom a worker has let in without a national ID.
    `purpose`: `LOOK` when the person asked for the page, `POLL` when a page that lies open asked by itself, `PREVIEW`
    when a worker looks at what the person `preview_of` would get.
    """

    subject: str
    realm: str
    assurance: str
    purpose: str
    in_person: bool = False
    preview_of: str | None = None


class Doorkeeper:
    """Gives bearer tokens to the portal and takes its word about who acts, once per token."""

    def __init__(self, config: CoreConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._bearers: dict[str, float] = {}
        self._used: dict[str, float] = {}
        self._lock = Lock()

    def token(self, form: Mapping[str, str]) -> str:
        """A new bearer token for a good assertion (RFC 7523). Raises `TokenRefused`."""
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused("unsupported_grant_type", 400)
        if form.get("client_assertion_type") != ASSERTION_TYPE or not form.get("client_assertion"):
            raise TokenRefused("invalid_request", 400)
        if form.get("client_id", self._config.client_id) != self._config.client_id:
            raise TokenRefused("invalid_client", 401)
        try:
            claims = self._claims(
                form["client_assertion"], self._config.client_keys, _CLIENT_ALGORITHMS, _ASSERTION_SECONDS
            )
        except Unauthenticated:
            raise TokenRefused("invalid_client", 401) from None
        if claims.get("sub") != self._config.client_id:
            raise TokenRefused("invalid_client", 401)
        bearer = secrets.token_urlsafe(32)
        with self._lock:
            self._bearers[_hashed(bearer)] = self._now() + BEARER_SECONDS
        return bearer

    def check_bearer(self, authorization: str) -> None:
        """Raise `Unauthenticated` unless this is a living token given here."""
        scheme, _, bearer = authorization.partition(" ")
        with self._lock:
            ends = self._bearers.get(_hashed(bearer), 0.0)
        if scheme.lower() != "bearer" or ends <= self._now():
            raise Unauthenticated

    def caller(self, token: str) -> Caller:
        """Who acts, from `Portal-Actor`. Raises `Unauthenticated`; the same token is good once."""
        claims = self._claims(token, self._config.actor_keys, _ACTOR_ALGORITHMS, _ACTOR_SECONDS)
        subject, realm, assurance = claims.get("sub"), claims.get("realm"), claims.get("loa")
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_ID:
            raise Unauthenticated
        purpose = claims.get("purpose", POLL)  # who does not say that a person looks is not believed to mean it
        if realm not in _REALMS or assurance not in _LEVELS or purpose not in {LOOK, POLL, PREVIEW}:
            raise Unauthenticated
        enrolment = claims.get("enrolment", "eid")
        if enrolment not in _ENROLMENTS:
            raise Unauthenticated
        caller = Caller(subject, str(realm), str(assurance), str(purpose), enrolment == "in_person")
        return replace(caller, preview_of=_preview_of(caller, claims))

    def _claims(self, token: str, keys: KeySet, algorithms: list[str], longest: int) -> dict[str, Any]:
        try:
            claims = dict(jwt.decode(token, keys, registry=Registry(algorithms=algorithms)).claims)
        except (JoseError, ValueError):  # ValueError: no such key, not base64, not JSON
            raise Unauthenticated from None
        if claims.get("iss") != self._config.client_id or claims.get("aud") != self._config.audience:
            raise Unauthenticated
        self._check_times(claims, longest)
        self._use(claims.get("jti"))
        return claims

    def _check_times(self, claims: Mapping[str, Any], longest: int) -> None:
        issued, ends = claims.get("iat"), claims.get("exp")
        if type(issued) is not int or type(ends) is not int:  # true is an int to isinstance
            raise Unauthenticated
        now = self._now()
        if not (issued <= now + _LEEWAY_SECONDS and now < ends <= issued + longest):
            raise Unauthenticated

    def _use(self, identifier: object) -> None:
        if not isinstance(identifier, str) or not _SHORTEST_ID <= len(identifier) <= _LONGEST_ID:
            raise Unauthenticated
        now = self._now()
        with self._lock:
            self._used = {used: until for used, until in self._used.items() if until > now}
            if identifier in self._used:
                raise Unauthenticated
            self._used[identifier] = now + _ASSERTION_SECONDS + _LEEWAY_SECONDS

    def _now(self) -> float:
        return self._clock().timestamp()


def _preview_of(caller: Caller, claims: Mapping[str, Any]) -> str | None:
    """Whose eyes a worker borrows; said exactly when the purpose says so."""
    person = claims.get("preview_of")
    if person is None and caller.purpose != PREVIEW:
        return None
    if caller.purpose != PREVIEW or caller.realm != "staff" or not isinstance(person, str):
        raise Unauthenticated
    if not 0 < len(person) <= _LONGEST_ID:
        raise Unauthenticated
    return person


def _hashed(bearer: str) -> str:
    return hashlib.sha256(bearer.encode()).hexdigest()
