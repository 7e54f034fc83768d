"""How each call to the provider proves that it is ours: an assertion (RFC 7523), or a secret where it must be one."""

from __future__ import annotations

import base64
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import quote_plus

from authlib.common.urls import add_params_to_qs
from authlib.oauth2.rfc7523 import PrivateKeyJWT

from portal.identity.assertion import sign_assertion
from portal.identity.profile import ClientKey, ClientSecret, Profile
from portal.identity.provider import Clock, Provider

Headers = MutableMapping[str, str]
_Request = tuple[str, Headers, str]
Method = Callable[[object, str, str, Headers, str], _Request]


class _Assertion(PrivateKeyJWT):  # type: ignore[misc]  # Authlib has no types
    """Authlib's own lives an hour, has no key id and is made for the token endpoint: ours replaces it."""

    def __init__(self, provider: Provider, proof: ClientKey, clock: Clock) -> None:
        super().__init__()
        self._provider = provider
        self._proof = proof
        self._clock = clock

    def sign(self, auth: object, token_endpoint: str) -> str:
        del auth, token_endpoint  # Authlib gives the address called; a pushed request has the same audience
        endpoint = self._provider.metadata().token_endpoint
        return sign_assertion(self._provider.profile, self._proof, endpoint, self._clock())


def method_name(profile: Profile) -> str:
    """The method's name in OpenID Connect Core 1.0 §9 (RFC 7591 §2)."""
    return profile.client.method if isinstance(profile.client, ClientSecret) else "private_key_jwt"


def method(provider: Provider, clock: Clock) -> Any:  # noqa: ANN401 Authlib has no types
    """What Authlib registers: an assertion anew for each call, or a name with a function that adds the secret."""
    profile = provider.profile
    if isinstance(profile.client, ClientKey):
        return _Assertion(provider, profile.client, clock)
    basic = profile.client.method == "client_secret_basic"
    add = _basic(profile.client_id, profile.client.secret) if basic else _post(profile.client.secret)
    return (profile.client.method, add)


def _basic(client_id: str, secret: str) -> Method:
    """Both parts form-encoded before they are joined (RFC 6749 §2.3.1), which Authlib's own leaves out."""

    def add(_auth: object, _method: str, uri: str, headers: Headers, body: str) -> _Request:
        pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode("ascii")
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
        return uri, headers, body

    return add


def _post(secret: str) -> Method:
    """In the body beside the client's id, never in the address."""

    def add(_auth: object, _method: str, uri: str, headers: Headers, body: str) -> _Request:
        return uri, headers, str(add_params_to_qs(body or "", [("client_secret", secret)]))

    return add
