"""All providers of an installation, from the services file's tables. A fault there is named by its place."""

from __future__ import annotations

from collections.abc import Mapping

from portal.identity.errors import ProfileError
from portal.identity.profile_reader import read_profile
from portal.identity.provider import Clock, Provider
from portal.identity.sign_in import Providers

Tables = Mapping[str, Mapping[str, Mapping[str, object]]]
"""Service id, then realm, then the profile's fields (`portal.settings.Service.sign_in`)."""


def load_providers(tables: Tables, clock: Clock, *, allow_loopback: bool) -> Providers:
    """Providers by service and profile id. Nothing is fetched yet. Raises `ProfileError` with service and field."""
    providers: dict[tuple[str, str], Provider] = {}
    for service_id, realms in tables.items():
        for realm, values in realms.items():
            place = f"service[{service_id}].sign_in.{realm}"
            try:
                profile = read_profile(values, allow_loopback=allow_loopback)
            except ProfileError as error:
                raise ProfileError(f"{place}.{error.field}", error.reason) from None
            if (service_id, profile.id) in providers:
                raise ProfileError(f"{place}.id", "is used twice in this service")
            providers[service_id, profile.id] = Provider(profile, clock)
    return providers
