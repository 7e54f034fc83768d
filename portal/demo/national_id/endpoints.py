"""What programs call: metadata, keys, pushed requests, tokens. No browser, no cookie, no page."""

import hashlib
import re
import secrets
from typing import Any

from flask import Blueprint, Response, jsonify, request

from portal.demo.national_id.assertions import ALGORITHMS, read_form
from portal.demo.national_id.config import ProviderConfig
from portal.demo.national_id.faults import ProtocolFault
from portal.demo.national_id.keys import base64url
from portal.demo.national_id.memory import Gone
from portal.demo.national_id.requests import SignInRequest, read_request
from portal.demo.national_id.state import CodeGrant, provider
from portal.demo.national_id.tokens import LIFE_SECONDS, id_token
from portal.demo.national_id.words import WORDS

PUSHED_SECONDS = 120
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636 section 4.1

endpoints = Blueprint("endpoints", __name__)


def metadata(config: ProviderConfig) -> dict[str, Any]:
    """What the provider says of itself (OpenID Connect Discovery 1.0 section 3)."""
    issuer = config.issuer
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "pushed_authorization_request_endpoint": f"{issuer}/par",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/logout",
        "require_pushed_authorization_requests": True,
        "scopes_supported": ["openid"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "acr_values_supported": list(config.acr_values),
        "ui_locales_supported": sorted(WORDS),
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["login", "none"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }


@endpoints.get("/health")
def health() -> Response:
    """Whether the process answers."""
    return Response("ok", content_type="text/plain; charset=utf-8")


@endpoints.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """The metadata document."""
    return jsonify(metadata(provider().config))


@endpoints.get("/jwks")
def keys() -> Response:
    """The public signing key."""
    return jsonify(provider().key.public_keys())


@endpoints.post("/par")
def push() -> tuple[Response, int]:
    """Take a sign-in request beforehand (RFC 9126): the browser then carries only a reference to it."""
    form = read_form(request.form)
    client = provider().gate.admit(form)
    wanted = read_request(form, client, provider().config.acr_values)
    reference = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(32)}"
    provider().pushed.keep(reference, wanted, PUSHED_SECONDS)
    return jsonify(request_uri=reference, expires_in=PUSHED_SECONDS), 201


@endpoints.post("/token")
def token() -> Response:
    """Give the ID token for a code, once."""
    form = read_form(request.form)
    client = provider().gate.admit(form)
    if form.get("grant_type") != "authorization_code":
        raise ProtocolFault("unsupported_grant_type", "only authorization_code")
    grant = _redeem(form, client.client_id)
    try:
        session = provider().sessions.find(grant.sid)
    except Gone:
        raise ProtocolFault("invalid_grant", "the person has signed out") from None
    access_token = secrets.token_urlsafe(32)
    subject = provider().key.subject(client.client_id, session.person.key)
    about = {**session.person.claims, "sub": subject, "locale": grant.request.language}
    provider().access.keep(access_token, about, LIFE_SECONDS)
    return jsonify(
        access_token=access_token,
        token_type="Bearer",  # noqa: S106 - a kind, no secret
        expires_in=LIFE_SECONDS,
        scope="openid",
        id_token=id_token(provider(), grant.request, session),
    )


@endpoints.get("/userinfo")
def userinfo() -> Response:
    """The claims once more, for the bearer of an access token (OpenID Connect Core section 5.3)."""
    scheme, _, access_token = request.headers.get("Authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise Gone
        return jsonify(provider().access.look(access_token))
    except Gone:
        raise ProtocolFault("invalid_token", "unknown or expired", 401) from None


def _redeem(form: dict[str, str], client_id: str) -> CodeGrant:
    try:
        grant = provider().codes.take(form.get("code", ""))
    except Gone:
        raise ProtocolFault("invalid_grant", "the code is unknown, used or too old") from None
    # The code is spent by now, whatever the answer: nobody gets a second guess.
    if grant.request.client_id != client_id or grant.request.redirect_uri != form.get("redirect_uri"):
        raise ProtocolFault("invalid_grant", "the code belongs to another client or address")
    if not _proves(form.get("code_verifier", ""), grant.request):
        raise ProtocolFault("invalid_grant", "the code verifier does not fit")
    return grant


def _proves(verifier: str, wanted: SignInRequest) -> bool:
    if not _VERIFIER.fullmatch(verifier):
        return False
    return secrets.compare_digest(base64url(hashlib.sha256(verifier.encode()).digest()), wanted.challenge)
