"""What the portal signs for a core: who it is (RFC 7523), and for whom it acts (`Portal-Actor`). Verifies nothing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, import_key
from joserfc.jws import JWSRegistry, serialize_compact

from portal.domain.people import Actor
from portal.settings import CoreSettings, SettingsError

LOOK = "look"
POLL = "poll"
PREVIEW = "preview"
"""Why a page is read: a person asked for it; a page that lies open asked by itself; a worker sees what another would.
"""

LIFE_SECONDS = 60
_ALGORITHMS = {"Ed25519": "Ed25519", "P-256": "ES256"}
"""By curve: RFC 9864 and RFC 7518."""


_REGISTRY = JWSRegistry(algorithms=list(_ALGORITHMS.values()))


class Signer:
    """Makes the two kinds of proof, each for one use. Refuses to be made with keys that cannot do it."""

    def __init__(self, settings: CoreSettings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._client_key = _private_key(settings.client_key, "core.client_key", {"Ed25519", "P-256"})
        self._actor_key = _private_key(settings.actor_key, "core.actor_key", {"Ed25519"})

    def client_assertion(self) -> str:
        """A JWT for the token endpoint: the portal is who it says."""
        client = self._settings.client_id
        return self._sign(self._client_key, {"iss": client, "sub": client})

    def actor(self, actor: Actor, purpose: str | None = None, preview_of: str | None = None) -> str:
        """The value of `Portal-Actor` for one call; `purpose`, `LOOK`, `POLL` or `PREVIEW`, for reading a page.

        `preview_of`: the core's id of the person as whom `actor`, a worker, looks at the page.
        """
        claims = {
            "iss": self._settings.client_id,
            "sub": actor.subject,
            "realm": actor.realm.value,
            "loa": actor.assurance.name.lower(),
            "enrolment": actor.enrolment.value,
        }
        if purpose is not None:
            claims["purpose"] = purpose
        if preview_of is not None:
            claims["preview_of"] = preview_of
        return self._sign(self._actor_key, claims)

    def _sign(self, key: ECKey | OKPKey, claims: Mapping[str, str]) -> str:
        now = int(self._clock().timestamp())
        common = {
            "aud": self._settings.audience,
            "iat": now,
            "exp": now + LIFE_SECONDS,
            "jti": secrets.token_urlsafe(24),
        }
        header = {"alg": _ALGORITHMS[key.curve_name], "kid": key.kid, "typ": "JWT"}
        payload = json.dumps({**claims, **common}, separators=(",", ":"))
        return serialize_compact(header, payload, key, registry=_REGISTRY)


def _private_key(material: bytes, name: str, curves: set[str]) -> ECKey | OKPKey:
    """The private JWK (RFC 7517) in `material`. Raises `SettingsError`, which never repeats it."""
    refused = SettingsError(name, "must be a private JWK on the curve " + " or ".join(sorted(curves)))
    try:
        key = import_key(json.loads(material))
    except (JoseError, ValueError, TypeError, KeyError):
        raise refused from None
    if not isinstance(key, ECKey | OKPKey) or key.curve_name not in curves or not key.is_private:
        raise refused
    key.ensure_kid()
    return key
