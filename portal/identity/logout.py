"""Signing out: here first, then at the provider; and being signed out by the provider, by either of its channels.

No address ever carries an ID token: it holds the person's number.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Connection

from portal.identity.errors import SignInError
from portal.identity.logout_token import EVENT, LogoutOrder, verify_logout_token
from portal.identity.profile import Profile
from portal.identity.provider import Clock, Provider
from portal.identity.session import SECRET_BYTES, Session
from portal.identity.sessions import Sessions
from portal.identity.sign_in import Providers
from portal.identity.verify import is_text
from portal.store.tables import logged_jti
from portal.store.unit import Store, insert

__all__ = ["EVENT", "Ended", "LogoutOrder", "SignOut", "verify_logout_token"]

REPLAY_MEMORY = timedelta(minutes=15)
"""At least; always longer than a token of this provider is believed at all."""

Record = Callable[[Connection], None]
"""Writes the journal's row in the transaction that ends the session."""

RecordOf = Callable[[str], Record]
"""The same for one account of which the provider ends a session."""


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

    def end(
        self,
        current: Session,
        signed_out_url: str,
        record: Record,
        reason: str = "signed_out",
        *,
        everywhere: bool = False,
    ) -> Ended:
        """End the session here whatever happens afterwards, then say where the provider ends its own.

        `everywhere`: and all others of this person. `signed_out_url` is our absolute, registered address; a provider
        that is down or has no such endpoint leads there at once (OpenID Connect RP-Initiated Logout 1.0).
        """
        with self._store.write() as connection:
            self._sessions.revoke(connection, current, reason)
            if everywhere:
                self._sessions.revoke_others(connection, current, reason)
            record(connection)
        provider = self._providers.get((current.service_id, current.profile_id))
        endpoint = _end_session_endpoint(provider)
        if provider is None or endpoint is None:
            return Ended(signed_out_url, None)
        state = secrets.token_urlsafe(SECRET_BYTES)
        query = {"client_id": provider.profile.client_id, "post_logout_redirect_uri": signed_out_url, "state": state}
        return Ended(f"{endpoint}?{urlencode(query)}", state)

    def end_by_provider(self, service_id: str, profile_id: str, logout_token: object, record_of: RecordOf) -> int:
        """End what a logout token names; how many sessions that were. Raises `SignInError`: answer 400, no-store.

        (OpenID Connect Back-Channel Logout 1.0 §2.5 to 2.8.) By `sid`, or by `sub` where the profile says so.
        "logout_replayed" tells of an order that was carried out before.
        """
        provider = self._provider(service_id, profile_id)
        issuer = provider.profile.issuer
        order = verify_logout_token(logout_token, provider, self._clock())
        with self._store.write() as connection:
            self._refuse_replay(connection, service_id, provider.profile, order.token_id)
            if order.provider_sid is not None:
                ended = self._sessions.revoke_by_provider(connection, service_id, issuer, order.provider_sid)
            else:
                subject, at_utc = str(order.subject), order.issued_at_utc
                ended = self._sessions.revoke_by_subject(connection, service_id, issuer, subject, at_utc)
            for account_id in ended:
                record_of(account_id)(connection)
        return len(ended)

    def end_by_front_channel(
        self, service_id: str, profile_id: str, issuer: str | None, provider_sid: str, record_of: RecordOf
    ) -> int:
        """End what grew from this session at the provider; how many sessions that were.

        (OpenID Connect Front-Channel Logout 1.0 §2.) Nobody proves who calls: only who knows the session's id ends
        anything, and a wrong one writes nothing. So a sign-in that has not ended yet is the back channel's to stop.
        Raises `SignInError` when the profile is unknown.
        """
        provider = self._provider(service_id, profile_id)
        expected = provider.profile.issuer
        if not _names_issuer(issuer, provider.profile) or not is_text(provider_sid):
            return 0
        if not self._sessions.knows(service_id, expected, provider_sid):
            return 0
        with self._store.write() as connection:
            ended = self._sessions.revoke_by_provider(connection, service_id, expected, provider_sid)
            for account_id in ended:
                record_of(account_id)(connection)
        return len(ended)

    def frame_origins(self, service_id: str, profile_id: str) -> tuple[str, ...]:
        """Where the provider's pages are, in which our front-channel address may stand as a frame."""
        provider = self._provider(service_id, profile_id)
        issuer = "://".join(urlsplit(provider.profile.issuer)[:2])
        try:
            others = provider.metadata().origins()
        except SignInError:
            others = ()
        return tuple(dict.fromkeys((issuer, *others)))

    def _provider(self, service_id: str, profile_id: str) -> Provider:
        provider = self._providers.get((service_id, profile_id))
        if provider is None:
            raise SignInError("profile_unknown", HTTPStatus.NOT_FOUND)
        return provider

    def _refuse_replay(self, connection: Connection, service_id: str, profile: Profile, token_id: str) -> None:
        mark = hashlib.sha256(f"{profile.issuer}\n{token_id}".encode("utf-8", "replace")).hexdigest()
        believed = timedelta(seconds=profile.limits.token_age + 2 * profile.limits.leeway)
        first = connection.execute(
            insert(connection, logged_jti)
            .values(service_id=service_id, jti_hash=mark, expires_at=self._clock() + max(REPLAY_MEMORY, believed))
            .on_conflict_do_nothing()
            .returning(logged_jti.c.expires_at)
        )
        if first.first() is None:
            raise SignInError("logout_replayed")


def _names_issuer(given: str | None, profile: Profile) -> bool:
    """Is the call about this provider, as its profile says that it names itself?"""
    match profile.logout.front_channel:
        case "required":
            return given == profile.issuer
        case "slash_tolerant":
            return given is not None and given.rstrip("/") == profile.issuer.rstrip("/")
        case "absent":
            return given in {None, profile.issuer}
        case _:
            return False


def _end_session_endpoint(provider: Provider | None) -> str | None:
    if provider is None or provider.profile.logout.rp_initiated == "none":
        return None
    try:
        return provider.metadata().end_session_endpoint
    except SignInError:
        return None
