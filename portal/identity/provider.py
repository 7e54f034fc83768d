"""What a provider says of itself: its metadata and its keys, kept for a time. Believes only what it must."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from portal.identity.errors import SignInError, provider_unavailable
from portal.identity.profile import Profile, usable_url
from portal.identity.transport import fetch_json

Clock = Callable[[], datetime]
Fetch = Callable[[str], Mapping[str, object]]
PublicKey = RSAKey | ECKey

METADATA_LIFE = timedelta(hours=24)
KEYS_LIFE = timedelta(hours=1)
STALE_LIFE = timedelta(hours=24)  # beyond the life, only while the provider is down
REFETCH_PAUSE = timedelta(seconds=30)  # a flood of unknown key ids costs one fetch in this time
DOWN_PAUSE = timedelta(seconds=2)  # a provider that is down is not asked by every waiting request in turn
_SMALLEST_RSA_BITS = 2048
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Metadata:
    """What is taken over from a discovery document (OpenID Connect Discovery 1.0 §3); all else is ignored."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    par_endpoint: str | None
    end_session_endpoint: str | None
    userinfo_endpoint: str | None
    response_iss: bool

    def origins(self) -> tuple[str, ...]:
        """Where a browser's forms may lead through redirects, for the Content-Security-Policy."""
        urls = (self.authorization_endpoint, self.end_session_endpoint)
        return tuple(dict.fromkeys("://".join(urlsplit(url)[:2]) for url in urls if url))


class Provider:
    """One provider as one profile sees it. Threads share it: one of them fetches, the others wait."""

    def __init__(self, profile: Profile, clock: Clock, fetch: Fetch | None = None) -> None:
        self.profile = profile
        self._clock = clock
        self._fetch = fetch or self._fetch_http
        self._lock = threading.Lock()
        self._metadata: tuple[Metadata, datetime] | None = None
        self._keys: tuple[tuple[PublicKey, ...], datetime] | None = None
        self._forced_at = _NEVER
        self._metadata_down_until = _NEVER
        self._keys_down_until = _NEVER

    def metadata(self) -> Metadata:
        """At most 24 hours old; older only while the provider is down, and then for a day at most.

        Raises `SignInError`: "provider_unavailable" (503); "discovery_issuer" or "discovery_endpoint" (502)
        when the document is another provider's or sends us to an unsafe place.
        """
        with self._lock:
            return self._current_metadata()

    def signing_keys(self) -> tuple[PublicKey, ...]:
        """The provider's signing keys, at most an hour old, with the same allowance while it is down."""
        with self._lock:
            return self._current_keys(self._clock())

    def refetched_keys(self) -> tuple[PublicKey, ...]:
        """The keys anew, because a signature fits none of those known; at most once in 30 seconds, else as known."""
        with self._lock:
            now = self._clock()
            if now - self._forced_at < REFETCH_PAUSE:
                return self._current_keys(now)
            self._forced_at = now
            return self._fetch_keys(now)

    def _current_metadata(self) -> Metadata:
        now = self._clock()
        held = self._metadata
        if held is not None and now - held[1] < METADATA_LIFE:
            return held[0]
        stale = held if held is not None and now - held[1] < METADATA_LIFE + STALE_LIFE else None
        if now >= self._metadata_down_until:
            try:
                document = self._fetch(self.profile.discovery_url)
            except requests.RequestException:
                self._metadata_down_until = self._clock() + DOWN_PAUSE  # from the end: waiting took its time
            else:
                self._metadata = (read_metadata(document, self.profile), now)
                return self._metadata[0]
        if stale is None:
            raise provider_unavailable() from None
        return stale[0]

    def _current_keys(self, now: datetime) -> tuple[PublicKey, ...]:
        if self._keys is not None and now - self._keys[1] < KEYS_LIFE:
            return self._keys[0]
        return self._fetch_keys(now)

    def _fetch_keys(self, now: datetime) -> tuple[PublicKey, ...]:
        url = self._current_metadata().jwks_uri
        if now >= self._keys_down_until:
            try:
                found = read_keys(self._fetch(url))
            except requests.RequestException:
                found = ()
            if found:
                self._keys = (found, now)
                return found
            self._keys_down_until = self._clock() + DOWN_PAUSE
        if self._keys is None or now - self._keys[1] >= KEYS_LIFE + STALE_LIFE:
            raise provider_unavailable() from None
        return self._keys[0]

    def _fetch_http(self, url: str) -> Mapping[str, object]:
        profile = self.profile
        return fetch_json(url, profile.limits, allow_loopback=profile.allow_loopback, user_agent=profile.user_agent)


def read_metadata(document: Mapping[str, object], profile: Profile) -> Metadata:
    """What counts of a discovery document. Raises `SignInError`: "discovery_issuer" or "discovery_endpoint"."""
    if document.get("issuer") != profile.issuer:
        raise SignInError("discovery_issuer", HTTPStatus.BAD_GATEWAY)
    return Metadata(
        authorization_endpoint=_endpoint(document, "authorization_endpoint", profile),
        token_endpoint=_endpoint(document, "token_endpoint", profile),
        jwks_uri=_endpoint(document, "jwks_uri", profile),
        par_endpoint=_optional_endpoint(document, "pushed_authorization_request_endpoint", profile),
        end_session_endpoint=_optional_endpoint(document, "end_session_endpoint", profile),
        userinfo_endpoint=_optional_endpoint(document, "userinfo_endpoint", profile),
        response_iss=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _endpoint(document: Mapping[str, object], name: str, profile: Profile) -> str:
    url = document.get(name)
    if not isinstance(url, str) or not usable_url(url, allow_loopback=profile.allow_loopback):
        raise SignInError("discovery_endpoint", HTTPStatus.BAD_GATEWAY)
    return url


def _optional_endpoint(document: Mapping[str, object], name: str, profile: Profile) -> str | None:
    return _endpoint(document, name, profile) if document.get(name) is not None else None


def read_keys(document: Mapping[str, object]) -> tuple[PublicKey, ...]:
    """The keys that can check a signature. One odd key must not stop every sign-in, so it is passed over."""
    listed = document.get("keys")
    found = (_read_key(values) for values in listed) if isinstance(listed, list) else ()
    return tuple(key for key in found if key is not None)


def _read_key(values: object) -> PublicKey | None:
    if not isinstance(values, dict) or values.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(values)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if isinstance(key, RSAKey):
        return key if key.public_key.key_size >= _SMALLEST_RSA_BITS else None
    return key if isinstance(key, ECKey) else None
