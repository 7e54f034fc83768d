"""Reads how the portal proves to a provider that it is itself: a key of ours, or a secret where there is no better."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, cast

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from portal.identity.errors import ProfileError
from portal.identity.profile import Audience, ClientKey, ClientSecret
from portal.identity.profile_fields import Fields

_Method = Literal["private_key_jwt", "client_secret_basic", "client_secret_post"]
_KeyName = Literal["kid", "x5c", "x5t#S256"]
_ALGORITHMS = {"RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "EC": ("ES256",)}
_SMALLEST_RSA_BITS = 2048
_SHORTEST_SECRET = 16


def read_client(fields: Fields) -> ClientKey | ClientSecret:
    """The client's proof. Raises `ProfileError`; nothing of a key or a secret stands in it.

    `only_secrets` stands in a shipped profile (the settings refuse it elsewhere) whose provider takes no key.
    """
    method: _Method = fields.choice("client_auth", _Method, "private_key_jwt")
    only_secrets = fields.truth("only_secrets", default=False)
    key, secret = fields.get("client_key"), fields.get("client_secret")
    if method == "private_key_jwt":
        if secret is not None:
            raise fields.fault("client_secret", "is of no use with private_key_jwt: leave it out")
        return _client_key(fields, key)
    if not only_secrets:
        raise fields.fault("client_auth", "must be private_key_jwt: this provider is not known to take nothing better")
    if key is not None:
        raise fields.fault("client_key", f"is of no use with {method}: leave it out")
    return ClientSecret(method, _secret(fields, secret))


def _secret(fields: Fields, content: object) -> str:
    try:
        text = content.decode("ascii") if isinstance(content, bytes) else content
    except UnicodeDecodeError:
        raise fields.fault("client_secret", "must be printable ASCII") from None
    secret = text.strip() if isinstance(text, str) else ""
    if len(secret) < _SHORTEST_SECRET or not secret.isascii() or not secret.isprintable():
        raise fields.fault("client_secret", f"must be given, at least {_SHORTEST_SECRET} printable ASCII characters")
    return secret


def _client_key(fields: Fields, content: object) -> ClientKey:
    values = _jwk(content)
    kind = values.get("kty")
    key: RSAKey | ECKey
    try:
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
    fitting = _ALGORITHMS[str(kind)]
    algorithm = fields.text("client_algorithm", fitting[0])
    if algorithm not in fitting:
        raise fields.fault("client_algorithm", f"must fit the key: one of {', '.join(fitting)}")
    audience: Audience = fields.choice("assertion_audience", Audience, "issuer")
    return ClientKey(key, algorithm, key_id, audience, _name_of_key(fields, values))


def _jwk(content: object) -> dict[str, Any]:
    try:
        plain = json.loads(content) if isinstance(content, (str, bytes)) else content
        return dict(cast("Mapping[str, Any]", plain))
    except (ValueError, TypeError):
        raise ProfileError("client_key", "cannot be read") from None


def _name_of_key(fields: Fields, values: Mapping[str, object]) -> Mapping[str, object]:
    """How the assertion names its key: by id, or by the certificate that the JWK carries (RFC 7517 §4.7 and 4.9)."""
    name: _KeyName = fields.choice("assertion_key_name", _KeyName, "kid")
    if not values.get(name):
        raise ProfileError("client_key", f"must carry {name}, since assertion_key_name says so")
    return {name: values[name]}
