"""The three calls of the code flow, through Authlib: the request's address, its push, code for tokens.

Authlib carries; what comes back is believed only after `verify`. No answer's text leaves this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from portal.identity import client_auth
from portal.identity.errors import SignInError, provider_unavailable
from portal.identity.provider import Clock, Metadata, Provider
from portal.identity.transport import PlainSession, configure

_LONGEST_REQUEST_URI = 1000
_FAULTS = (requests.RequestException, ValueError, RecursionError)


@dataclass(frozen=True)
class Ask:
    """One authorization request. `parameters` go along as they are (`identity.request`); a "scope" there counts."""

    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    """What the code was good for. The access token is used for its hash, at most once for userinfo, and thrown away."""

    access_token: str = field(repr=False)
    id_token: str = field(repr=False)


class _Client(OAuth2Session, PlainSession):  # type: ignore[misc]  # Authlib has no types
    """Authlib's session that follows no redirect."""


def authorization_url(provider: Provider, ask: Ask, clock: Clock) -> str:
    """Where the browser goes: with the pushed request's reference, or with all parameters. Raises `SignInError`."""
    profile, metadata = provider.profile, provider.metadata()
    with _client(provider, clock) as client:
        url, _ = client.create_authorization_url(
            metadata.authorization_endpoint,
            state=ask.state,
            code_verifier=ask.verifier,
            redirect_uri=ask.redirect_uri,
            **ask.parameters,
        )
        if profile.par == "never" or (profile.par == "if_advertised" and metadata.par_endpoint is None):
            return str(url)
        if metadata.par_endpoint is None:
            raise SignInError("par_missing", HTTPStatus.SERVICE_UNAVAILABLE)
        return _push(client, metadata, metadata.par_endpoint, str(url))


def exchange_code(provider: Provider, code: str, verifier: str, redirect_uri: str, clock: Clock) -> Tokens:
    """Tokens for a code, or `SignInError`: "provider_unavailable" (503), "token_refused", "token_response" (502)."""
    metadata = provider.metadata()
    named = {} if _in_header(provider) else {"client_id": provider.profile.client_id}
    with _client(provider, clock) as client:
        try:
            answer = client.fetch_token(
                metadata.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=redirect_uri,
                **named,
            )
        except requests.RequestException:
            raise provider_unavailable() from None
        except (OAuthError, ValueError, RecursionError):
            raise SignInError("token_refused", HTTPStatus.BAD_GATEWAY) from None
    return _read_tokens(answer)


def _client(provider: Provider, clock: Clock) -> Any:  # noqa: ANN401 Authlib has no types
    profile = provider.profile
    client: Any = _Client(  # type: ignore[call-arg]  # Authlib has no types
        profile.client_id,
        scope=profile.scope,
        token_endpoint_auth_method=client_auth.method_name(profile),
        code_challenge_method="S256",
    )
    client.register_client_auth_method(client_auth.method(provider, clock))
    configure(client, profile.limits, allow_loopback=profile.allow_loopback, user_agent=profile.user_agent)
    return client


def _in_header(provider: Provider) -> bool:
    """A client that names itself in the header does not do so again in the body."""
    return client_auth.method_name(provider.profile) == "client_secret_basic"


def _push(client: Any, metadata: Metadata, endpoint: str, url: str) -> str:  # noqa: ANN401 Authlib has no types
    """RFC 9126: afterwards the browser's address holds only who we are and a reference."""
    try:
        response = client.post(
            endpoint,
            data=dict(parse_qsl(urlsplit(url).query)),
            auth=client.client_auth(client.token_endpoint_auth_method),
            withhold_token=True,
        )
        answer = response.json() if response.status_code == HTTPStatus.CREATED else None
    except _FAULTS:
        raise provider_unavailable() from None
    reference = answer.get("request_uri") if isinstance(answer, dict) else None
    if not isinstance(reference, str) or not 0 < len(reference) <= _LONGEST_REQUEST_URI:
        raise SignInError("par_refused", HTTPStatus.SERVICE_UNAVAILABLE)
    query = urlencode({"client_id": client.client_id, "request_uri": reference})
    return f"{metadata.authorization_endpoint}?{query}"


def _read_tokens(answer: Mapping[str, object]) -> Tokens:
    access_token, id_token, kind = (answer.get(name) for name in ("access_token", "id_token", "token_type"))
    if not isinstance(access_token, str) or not isinstance(id_token, str) or not access_token or not id_token:
        raise SignInError("token_response", HTTPStatus.BAD_GATEWAY)
    if not access_token.isascii() or not access_token.isprintable():  # RFC 6749, appendix A.12; else no header takes it
        raise SignInError("token_response", HTTPStatus.BAD_GATEWAY)
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise SignInError("token_response", HTTPStatus.BAD_GATEWAY)
    return Tokens(access_token, id_token)
