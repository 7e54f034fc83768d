"""Signing in, from the button to a person: begins the code flow and finishes it, once, in the browser that began it.

Makes no session and decides no right. What a provider says is never shown.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from sqlalchemy import Row, delete, insert

from portal.domain.people import Assurance, PersonNumber, Realm
from portal.identity.errors import SignInError
from portal.identity.exchange import Ask, authorization_url, exchange_code
from portal.identity.identify import identify
from portal.identity.next_url import safe_next
from portal.identity.provider import Clock, Provider
from portal.identity.request import request_parameters
from portal.identity.response import Parameters, check_response, single
from portal.identity.session import SECRET_BYTES
from portal.identity.verify import Expected
from portal.store.crypto import CryptoError, DraftKeys, Place
from portal.store.tables import sign_in
from portal.store.unit import Store

STATE_LIFE = timedelta(minutes=10)

Providers = Mapping[tuple[str, str], Provider]
"""Providers by service id and profile id."""


@dataclass(frozen=True)
class Wish:
    """What a person wants who presses "sign in".

    `shared`: others use this computer, too. `step_up_for`: the account that must prove anew who it is.
    """

    service_id: str
    profile_id: str
    realm: Realm
    redirect_uri: str
    next_url: str
    language: str
    assurance: Assurance
    shared: bool = False
    step_up_for: str | None = None


@dataclass(frozen=True)
class Begun:
    """Where to send the browser, and the secret it must bring back (cookie `__Host-b`)."""

    url: str = field(repr=False)
    browser_secret: str = field(repr=False)


@dataclass(frozen=True)
class Identified:
    """Somebody the provider vouches for. The number goes to `Gateway.resolve_person` and the sealer, nowhere else.

    `step_up_for`: the account this must turn out to be, when somebody signed in was to prove anew who they are.
    """

    service_id: str
    realm: Realm
    profile_id: str
    issuer: str
    subject: str = field(repr=False)
    provider_sid: str | None = field(repr=False)
    assurance: Assurance
    auth_time_utc: datetime
    number: PersonNumber | None = field(repr=False)
    next_url: str
    language: str
    shared: bool = False
    step_up_for: str | None = None


class SignIn:
    """The code flow with PKCE (RFC 6749 §4.1, RFC 7636, RFC 9126, RFC 9207, RFC 9700)."""

    def __init__(self, store: Store, providers: Providers, keys: DraftKeys, clock: Clock) -> None:
        self._store = store
        self._providers = providers
        self._keys = keys
        self._clock = clock

    def begin(self, wish: Wish) -> Begun:
        """Ask the provider to identify somebody anew. Raises `SignInError`."""
        provider = self._provider(wish.service_id, wish.profile_id, wish.realm)
        now = self._clock()
        state, nonce, verifier, browser = (secrets.token_urlsafe(SECRET_BYTES) for _ in range(4))
        parameters = request_parameters(provider.profile, wish.assurance, wish.language, nonce)
        url = authorization_url(provider, Ask(wish.redirect_uri, state, verifier, parameters), self._clock)
        sealed = json.dumps({"verifier": verifier, "redirect_uri": wish.redirect_uri}).encode()
        with self._store.write() as connection:
            connection.execute(
                insert(sign_in).values(
                    service_id=wish.service_id,
                    state_hash=_hash(state),
                    browser_hash=_hash(browser),
                    realm=wish.realm,
                    profile_id=wish.profile_id,
                    nonce=nonce,
                    verifier_sealed=self._keys.seal(sealed, _place(wish.service_id, _hash(state))),
                    next_url=safe_next(wish.next_url),
                    language=wish.language,
                    assurance=wish.assurance,
                    created_at=now,
                    expires_at=now + STATE_LIFE,
                    shared=wish.shared,
                    step_up_for=wish.step_up_for,
                )
            )
        return Begun(url, browser)

    def finish(
        self, service_id: str, profile_id: str, parameters: Parameters, browser_secret: str | None
    ) -> Identified:
        """The person behind a callback. Raises `SignInError`.

        The order is part of the safety (RFC 9700): nothing is sent before the state, the browser and the
        issuer are known to be right.
        """
        given = single(parameters)
        row = self._take(service_id, profile_id, given.get("state"), browser_secret)
        provider = self._provider(service_id, profile_id, Realm(row.realm))
        check_response(given, provider)
        verifier, redirect_uri = self._open(row)
        tokens = exchange_code(provider, given["code"], verifier, redirect_uri, self._clock)
        expected = Expected(row.nonce, tokens.access_token, Assurance(row.assurance), row.created_at)
        verified = identify(provider, tokens, expected, service_id, self._clock)
        return Identified(
            service_id=service_id,
            realm=Realm(row.realm),
            profile_id=profile_id,
            issuer=provider.profile.issuer,
            subject=verified.subject,
            provider_sid=verified.provider_sid,
            assurance=verified.assurance,
            auth_time_utc=verified.auth_time_utc,
            number=verified.number,
            next_url=row.next_url,
            language=row.language,
            shared=row.shared,
            step_up_for=row.step_up_for,
        )

    def _provider(self, service_id: str, profile_id: str, realm: Realm) -> Provider:
        provider = self._providers.get((service_id, profile_id))
        if provider is None or provider.profile.realm is not realm:
            raise SignInError("profile_unknown", HTTPStatus.NOT_FOUND)
        return provider

    def _take(self, service_id: str, profile_id: str, state: str | None, browser_secret: str | None) -> Row[Any]:
        """The begun sign-in, once: whoever comes second, or with another browser, finds nothing."""
        if not state or not browser_secret:
            raise SignInError("state")
        with self._store.write() as connection:
            row = connection.execute(
                delete(sign_in)
                .where(
                    sign_in.c.service_id == service_id,
                    sign_in.c.state_hash == _hash(state),
                    sign_in.c.browser_hash == _hash(browser_secret),
                    sign_in.c.profile_id == profile_id,
                )
                .returning(sign_in)
            ).one_or_none()
        if row is None:
            raise SignInError("state")
        if row.expires_at <= self._clock():
            raise SignInError("state_expired")
        return row

    def _open(self, row: Row[Any]) -> tuple[str, str]:
        try:
            plain = json.loads(self._keys.open(row.verifier_sealed, _place(row.service_id, row.state_hash)))
        except CryptoError:
            raise SignInError("state") from None
        return plain["verifier"], plain["redirect_uri"]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _place(service_id: str, state_hash: str) -> Place:
    return Place("sign_in", "verifier_sealed", service_id, state_hash)
