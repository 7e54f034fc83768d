"""All providers of an installation, from the services file's tables. A fault there is named by its place."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from portal.identity.errors import ProfileError
from portal.identity.profile import Profile
from portal.identity.profile_reader import read_profile
from portal.identity.provider import Clock, Provider
from portal.identity.sign_in import Providers
from portal.logs import log

Tables = Mapping[str, Mapping[str, Mapping[str, object]]]
"""Service id, then realm, then the profile's fields (`portal.settings.Service.sign_in`)."""

WARN_DAYS = 45


def load_providers(tables: Tables, clock: Clock, *, allow_loopback: bool) -> Providers:
    """Providers by service and profile id. Nothing is fetched yet. Raises `ProfileError` with service and field.

    `allow_loopback` is never given in production; then a key must say when it expires, and must not have.
    """
    providers: dict[tuple[str, str], Provider] = {}
    for service_id, realms in tables.items():
        for realm, values in realms.items():
            place = f"service[{service_id}].sign_in.{realm}"
            try:
                profile = read_profile(values, allow_loopback=allow_loopback)
                _check_expiry(profile, service_id, clock, strict=not allow_loopback)
            except ProfileError as error:
                raise ProfileError(f"{place}.{error.field}", error.reason + _shipped(values, error.field)) from None
            if (service_id, profile.id) in providers:
                raise ProfileError(f"{place}.id", "is used twice in this service")
            providers[service_id, profile.id] = Provider(profile, clock)
    return providers


def days_left(profile: Profile, clock: Clock) -> int | None:
    """Days until our key or secret expires, 0 on its last day, negative after it; None when nobody said."""
    if profile.client_expires is None:
        return None
    return (profile.client_expires - clock().date()) // timedelta(days=1)


def _check_expiry(profile: Profile, service_id: str, clock: Clock, *, strict: bool) -> None:
    left = days_left(profile, clock)
    if left is None:
        if strict:
            raise ProfileError("client_expires", "must be given in production: the last day of our key or secret")
        return
    if left < 0 and strict:
        raise ProfileError("client_expires", "is over: register a new key or secret with the provider")
    if left <= WARN_DAYS:
        log("provider.key_expires", level=logging.WARNING, service=service_id, kind=profile.id, count=left)


def _shipped(values: Mapping[str, object], field: str) -> str:
    """Where the fault stands, when it is not in the services file."""
    fields = values.get("shipped_fields", ())
    inherited = isinstance(fields, tuple) and field.partition(".")[0] in fields
    return f" (in the shipped profile {values.get('profile')})" if inherited else ""
