"""Reads a provider's profile from plain values (a services file). Refuses what is unsafe and names the faulty field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from portal.domain.people import Assurance, Realm
from portal.identity.errors import ProfileError
from portal.identity.profile import (
    SIGNING_ALGORITHMS,
    Audience,
    Limits,
    LogoutRules,
    Par,
    PersonRule,
    Profile,
    ResponseIssuer,
    usable_url,
)

_LEVELS = {level.name.lower(): level for level in Assurance}
_CLIENT_ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
_SMALLEST_RSA_BITS = 2048


def read_profile(values: Mapping[str, object], *, allow_loopback: bool) -> Profile:
    """A profile from one table of the services file; `client_key` is our private key for this provider as a JWK.

    Raises `ProfileError` naming the field. `allow_loopback` admits http on this machine: never in production.
    """
    reader = _Reader(values)
    issuer = reader.text("issuer")
    if not usable_url(issuer, allow_loopback=allow_loopback):
        raise ProfileError("issuer", "must be https without query (http only on this machine, in a demo or a test)")
    reader.choice("reauthentication", ("prompt_login",), "prompt_login")
    assurances = reader.assurances()
    key, algorithm, key_id = _client_key(reader.get("client_key"))
    profile = Profile(
        id=reader.matching("id", r"[a-z0-9-]{1,40}"),
        realm=Realm(reader.choice("realm", tuple(Realm), None)),
        names=reader.names(),
        issuer=issuer,
        client_id=reader.text("client_id"),
        client_key=key,
        client_algorithm=algorithm,
        client_key_id=key_id,
        audience=cast("Audience", reader.choice("assertion_audience", ("issuer", "token_endpoint"), "issuer")),
        scope=reader.scope(),
        id_token_algorithms=reader.algorithms(),
        assurances=assurances,
        acr_request=reader.acr_request(assurances),
        person=reader.person(),
        required_claims=reader.texts("required_claims", ("sid",)),
        trusted_audiences=reader.texts("trusted_audiences", ()),
        par=cast("Par", reader.choice("par", ("always", "if_advertised", "never"), "if_advertised")),
        response_iss=cast(
            "ResponseIssuer", reader.choice("response_iss", ("always", "if_advertised", "never"), "always")
        ),
        limits=reader.limits(),
        logout=reader.logout(),
        allow_loopback=allow_loopback,
    )
    reader.refuse_others()
    return profile


class _Reader:
    """Typed reading of one mapping; every fault is a `ProfileError` with the field's name."""

    def __init__(self, values: Mapping[str, object], prefix: str = "") -> None:
        self._values = values
        self._prefix = prefix
        self._known = {"client_key_file"}  # the services file's way to `client_key`

    def get(self, name: str, default: object = None) -> object:
        self._known.add(name)
        return self._values.get(name, default)

    def refuse_others(self) -> None:
        """A field nobody asked for is a misspelt one, or one that does not do what its writer thinks."""
        for name in self._values.keys() - self._known:
            raise ProfileError(self._prefix + name, "is not a field of a profile")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.get(name, default)
        if not isinstance(value, str) or not value:
            raise ProfileError(self._prefix + name, "must be a text")
        return value

    def matching(self, name: str, pattern: str) -> str:
        value = self.text(name)
        if not re.fullmatch(pattern, value):
            raise ProfileError(name, f"must look like {pattern}")
        return value

    def choice(self, name: str, allowed: Iterable[str], default: str | None) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise ProfileError(self._prefix + name, f"must be one of {', '.join(allowed)}")
        return value

    def truth(self, name: str, *, default: bool) -> bool:
        value = self.get(name, default)
        if not isinstance(value, bool):
            raise ProfileError(self._prefix + name, "must be true or false")
        return value

    def texts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self.get(name, default)
        if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) and item for item in value):
            raise ProfileError(name, "must be a list of texts")
        return tuple(value)

    def mapping(self, name: str) -> Mapping[str, object]:
        value = self.get(name, {})
        if not isinstance(value, Mapping):
            raise ProfileError(name, "must be a table")
        return value

    def number(self, name: str, default: float, most: float) -> float:
        value = self.get(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= most:
            raise ProfileError(name, f"must be a number of seconds, more than 0, at most {most:g}")
        return value

    def names(self) -> Mapping[str, str]:
        names = {language: str(text) for language, text in self.mapping("name").items() if text}
        if not names:
            raise ProfileError("name", "must hold the provider's name in at least one language")
        return names

    def scope(self) -> str:
        scope = self.text("scope", "openid")
        if "openid" not in scope.split():
            raise ProfileError("scope", "must hold openid")
        return scope

    def algorithms(self) -> tuple[str, ...]:
        algorithms = self.texts("id_token_algorithms", ("RS256",))
        if not algorithms or not SIGNING_ALGORITHMS.issuperset(algorithms):
            raise ProfileError("id_token_algorithms", "must be asymmetric signature algorithms (no HS*, no none)")
        return algorithms

    def assurances(self) -> Mapping[str, Assurance]:
        found = {acr: _level("acr", level) for acr, level in self.mapping("acr").items()}
        if not found:
            raise ProfileError("acr", "must map the provider's acr values to low, substantial or high")
        return found

    def acr_request(self, assurances: Mapping[str, Assurance]) -> Mapping[Assurance, tuple[str, ...]]:
        asked: dict[Assurance, tuple[str, ...]] = {}
        for level, values in self.mapping("acr_request").items():
            wanted = _level("acr_request", level)
            if not isinstance(values, (list, tuple)) or not values or any(acr not in assurances for acr in values):
                raise ProfileError("acr_request", "must list values that stand in acr")
            asked[wanted] = tuple(values)
        return asked

    def person(self) -> PersonRule:
        claim = self.get("person_claim")
        path = (claim,) if isinstance(claim, str) else self.texts("person_claim", ())
        if not path or not all(path):
            raise ProfileError("person_claim", "must name the claim with the person's number, or the path to it")
        required = self.truth("person_required", default=True)
        try:
            pattern = re.compile(self.text("person_pattern"))
        except re.error:
            raise ProfileError("person_pattern", "must be a regular expression") from None
        return PersonRule(path, pattern, self.text("person_scheme"), required)

    def limits(self) -> Limits:
        return Limits(
            leeway=int(self.number("leeway", 10, 60)),
            token_age=int(self.number("max_token_age", 300, 3600)),
            connect=self.number("connect_timeout", 3, 10),
            read=self.number("read_timeout", 5, 10),
            total=self.number("total_timeout", 8, 20),
        )

    def logout(self) -> LogoutRules:
        table = _Reader(self.mapping("logout"), "logout.")
        rules = LogoutRules(
            rp_initiated=cast("Any", table.choice("rp_initiated", ("GET", "none"), "GET")),
            front_channel=cast(
                "Any", table.choice("front_channel", ("required", "slash_tolerant", "absent", "none"), "none")
            ),
            back_channel_type=cast("Any", table.choice("back_channel_type", ("strict", "lenient"), "strict")),
            back_channel_match=cast("Any", table.choice("back_channel_match", ("sid", "sub"), "sid")),
            back_channel_require_exp=table.truth("back_channel_require_exp", default=False),
        )
        table.refuse_others()
        return rules


def _level(name: str, word: object) -> Assurance:
    if not isinstance(word, str) or word not in _LEVELS:
        raise ProfileError(name, f"must use {', '.join(_LEVELS)}")
    return _LEVELS[word]


def _client_key(content: object) -> tuple[RSAKey | ECKey, str, str]:
    """The private key, its algorithm and its id. Nothing of the key stands in an error."""
    key: RSAKey | ECKey
    try:
        plain = json.loads(content) if isinstance(content, (str, bytes)) else content
        values = dict(cast("Mapping[str, Any]", plain))
        kind = values.get("kty")
        if kind == "RSA":
            key = RSAKey.import_key(values)
        elif kind == "EC" and values.get("crv") == "P-256":
            key = ECKey.import_key(values)
        else:
            raise ProfileError("client_key", "must be a private RSA or P-256 key as a JWK")
    except (JoseError, ValueError, KeyError, TypeError):
        raise ProfileError("client_key", "cannot be read") from None
    if not key.is_private or (isinstance(key, RSAKey) and key.public_key.key_size < _SMALLEST_RSA_BITS):
        raise ProfileError("client_key", "must be private, and an RSA key at least 2048 bits long")
    key_id = values.get("kid")
    if not isinstance(key_id, str) or not key_id:
        raise ProfileError("client_key", "must carry the kid under which the provider knows it")
    return key, _CLIENT_ALGORITHMS[str(kind)], key_id
