"""Signing out: here first, then at the provider; and being signed out by the provider (back-channel logout).

No address ever carries an ID token: it holds the person's number.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from sqlalchemy import Connection

from portal.identity.errors import SignInError
from portal.identity.profile import Profile
from portal.identity.provider import Clock, Provider
from portal.identity.session import SECRET_BYTES, Session
from portal.identity.sessions import Sessions
from portal.identity.sign_in import Providers
from portal.identity.tokens import Signed, verify_signature
from portal.identity.verify import audience_fits, check_times, is_text
from portal.store.tables import logged_jti
from portal.store.unit import Store, insert

EVENT = "http://schemas.openid.net/event/backchannel-logout"
REPLAY_MEMORY = timedelta(minutes=15)

Record = Callable[[Connection], None]
"""Writes the journal's row in the transaction that ends the session."""


@dataclass(frozen=True)
class Ended:
    """Where to send the browser next. `state` comes back from the provider; None when it is our own page."""

    url: str = field(repr=False)
    state: str | None = field(repr=False)


class SignOut:
    """Ends sessions on the person's wish and on the provider's word."""

    def __init__(self, store: Store, sessions: Sessions, providers: Providers, clock: Clock) -> None:
        self._store = store
        self._sessions = sessions
        self._providers = providers
        self._clock = clock

    def end(self, current: Session, signed_out_url: str, record: Record, reason: str = "signed_out") -> Ended:
        """End the session here whatever happens afterwards, then say where the provider ends its own.

        `signed_out_url` is our absolute, registered address; a provider that is down or has no such endpoint
        leads there at once (OpenID Connect RP-Initiated Logout 1.0).
        """
        with self._store.write() as connection:
            self._sessions.revoke(connection, current, reason)
            record(connection)
        provider = self._providers.get((current.service_id, current.profile_id))
        endpoint = _end_session_endpoint(provider)
        if provider is None or endpoint is None:
            return Ended(signed_out_url, None)
        state = secrets.token_urlsafe(SECRET_BYTES)
        query = {"client_id": provider.profile.client_id, "post_logout_redirect_uri": signed_out_url, "state": state}
        return Ended(f"{endpoint}?{urlencode(query)}", state)

    def end_by_provider(self, service_id: str, profile_id: str, logout_token: object, record: Record) -> int:
        """End what a logout token names; how many sessions that were. Raises `SignInError`: answer 400, no-store.

        (OpenID Connect Back-Channel Logout 1.0 §2.5 to 2.8.) By `sid` only: a `sub` may be a person number.
        """
        provider = self._providers.get((service_id, profile_id))
        if provider is None:
            raise SignInError("profile_unknown", HTTPStatus.NOT_FOUND)
        order = verify_logout_token(logout_token, provider, self._clock())
        with self._store.write() as connection:
            self._refuse_replay(connection, service_id, provider.profile.issuer, order.token_id)
            ended = self._sessions.revoke_by_provider(
                connection, service_id, provider.profile.issuer, order.provider_sid
            )
            record(connection)
        return ended

    def _refuse_replay(self, connection: Connection, service_id: str, issuer: str, token_id: str) -> None:
        mark = hashlib.sha256(f"{issuer}\n{token_id}".encode("utf-8", "replace")).hexdigest()
        first = connection.execute(
            insert(connection, logged_jti)
            .values(service_id=service_id, jti_hash=mark, expires_at=self._clock() + REPLAY_MEMORY)
            .on_conflict_do_nothing()
            .returning(logged_jti.c.expires_at)
        )
        if first.first() is None:
            raise SignInError("logout_replayed")


@dataclass(frozen=True)
class LogoutOrder:
    """Which of its sessions the provider has ended."""

    provider_sid: str = field(repr=False)
    token_id: str = field(repr=False)


def verify_logout_token(token: object, provider: Provider, now_utc: datetime) -> LogoutOrder:
    """The order in a logout token. Raises `SignInError` for everything else, an ID token above all."""
    signed = verify_signature(token, provider)
    if signed.type.lower().removeprefix("application/") != "logout+jwt":
        raise SignInError("token_type")
    _check_parties(signed, provider.profile)
    check_times(signed.claims, provider.profile, now_utc, exp_required=False)
    events, sid, token_id = (signed.claims.get(name) for name in ("events", "sid", "jti"))
    if not isinstance(events, Mapping) or not isinstance(events.get(EVENT), Mapping) or "nonce" in signed.claims:
        raise SignInError("logout_event")
    if not isinstance(sid, str) or not isinstance(token_id, str) or not is_text(sid) or not is_text(token_id):
        raise SignInError("logout_session")
    return LogoutOrder(sid, token_id)


def _check_parties(signed: Signed, profile: Profile) -> None:
    if signed.claims.get("iss") != profile.issuer:
        raise SignInError("issuer")
    if not audience_fits(signed.claims, profile):
        raise SignInError("audience")


def _end_session_endpoint(provider: Provider | None) -> str | None:
    if provider is None:
        return None
    try:
        return provider.metadata().end_session_endpoint
    except SignInError:
        return None
