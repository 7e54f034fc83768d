"""The tokens the provider signs: who signed in (OpenID Connect Core section 2) and that they left again."""

import secrets
from typing import Any

from portal.demo.national_id.memory import epoch
from portal.demo.national_id.requests import SignInRequest
from portal.demo.national_id.sessions import Session
from portal.demo.national_id.state import Provider

LIFE_SECONDS = 120
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def id_token(provider: Provider, request: SignInRequest, session: Session) -> str:
    """A signed ID token for one client, good for 120 seconds."""
    person = session.person
    return provider.key.sign(
        {
            **person.claims,
            **_common(provider, request.client_id, session),
            "acr": session.acr,
            "amr": list(person.amr),
            "auth_time": session.authenticated_at,
            "nonce": request.nonce,
            "locale": request.language,
        }
    )


def logout_token(provider: Provider, client_id: str, session: Session) -> str:
    """A signed logout token (Back-Channel Logout 1.0 section 2.4): no nonce, so it can never pass for a sign-in."""
    claims = {**_common(provider, client_id, session), "events": {_LOGOUT_EVENT: {}}}
    return provider.key.sign(claims, "logout+jwt")


def _common(provider: Provider, client_id: str, session: Session) -> dict[str, Any]:
    now = epoch(provider.clock)
    return {
        "iss": provider.config.issuer,
        "aud": client_id,
        "sub": provider.key.subject(client_id, session.person.key),
        "sid": session.sid,
        "iat": now,
        "exp": now + LIFE_SECONDS,
        "jti": secrets.token_urlsafe(16),
    }
