"""Asks a provider for what its ID token leaves out (OpenID Connect Core 1.0 §5.3). Believes it of one subject."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

import requests

from portal.identity.errors import SignInError, provider_unavailable
from portal.identity.provider import Provider
from portal.identity.tokens import verify_signature
from portal.identity.transport import PlainSession, configure
from portal.identity.verify import audience_fits


def fetch_userinfo(provider: Provider, access_token: str, subject: str) -> Mapping[str, object]:
    """The claims about the person whom the ID token names. Raises `SignInError`.

    "userinfo" (502): refused, or not what the profile says; "userinfo_subject": about somebody else.
    A signed answer is verified with the same algorithms and keys as the ID token, and must name us and its issuer.
    """
    endpoint = provider.metadata().userinfo_endpoint
    if endpoint is None:
        raise SignInError("userinfo_missing", HTTPStatus.SERVICE_UNAVAILABLE)
    claims = _read(_call(provider, endpoint, access_token), provider)
    if not isinstance(claims.get("sub"), str) or claims["sub"] != subject:
        raise SignInError("userinfo_subject")
    return claims


def _call(provider: Provider, endpoint: str, access_token: str) -> requests.Response:
    profile = provider.profile
    try:
        with PlainSession() as session:
            configure(session, profile.limits, allow_loopback=profile.allow_loopback, user_agent=profile.user_agent)
            answer = session.get(endpoint, headers={"Authorization": f"Bearer {access_token}"})
    except requests.RequestException:
        raise provider_unavailable() from None
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise provider_unavailable()
    if answer.status_code != HTTPStatus.OK:
        raise SignInError("userinfo", HTTPStatus.BAD_GATEWAY)
    return answer


def _read(answer: requests.Response, provider: Provider) -> Mapping[str, object]:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if provider.profile.person.source == "userinfo_jwt":
        if kind != "application/jwt":
            raise SignInError("userinfo", HTTPStatus.BAD_GATEWAY)
        signed = verify_signature(answer.content.decode("ascii", "replace"), provider)
        if signed.claims.get("iss") != provider.profile.issuer or not audience_fits(signed.claims, provider.profile):
            raise SignInError("userinfo", HTTPStatus.BAD_GATEWAY)
        return signed.claims
    try:
        claims = json.loads(answer.content)
    except (ValueError, RecursionError):
        claims = None
    if kind != "application/json" or not isinstance(claims, dict):
        raise SignInError("userinfo", HTTPStatus.BAD_GATEWAY)
    return claims
