"""Settings: frozen, typed, read once at start. Refuses to start when something is missing or unsafe.

The environment names files and small values only; no secret stands in the environment itself.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

T = TypeVar("T")

SHORTEST_KEY = 32
"""Bytes of a key for keyed hashes (NIST SP 800-107: no shorter than the hash)."""

MOST_PROXIES = 5

SHARED_STORAGES = frozenset({"redis", "rediss", "valkey", "valkeys"})

_PROFILES = Path(__file__).parent / "identity" / "profiles"
_PROOFS = frozenset({"client_key", "client_secret"})
_PROVIDERS_OWN = frozenset({"environment", "only_secrets", "placeholders", "realms", "shipped_fields"})

ENVIRONMENTS = ("production", "demo", "test")


class SettingsError(Exception):
    """A setting is missing or unsafe. `name` is the setting, never its value."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


@dataclass(frozen=True)
class CoreSettings:
    """How one service's core is reached. The client key proves the portal, the actor key signs who acts."""

    url: str
    audience: str
    client_id: str
    client_key: bytes = field(repr=False)
    actor_key: bytes = field(repr=False)


@dataclass(frozen=True)
class SessionSettings:
    """How long sessions at one service last (`identity.session.Lifetime`); a service may only shorten them."""

    family_idle: timedelta = timedelta(minutes=30)
    family_absolute: timedelta = timedelta(minutes=120)
    family_shared_idle: timedelta = timedelta(minutes=3)
    staff_idle: timedelta = timedelta(minutes=15)
    staff_absolute: timedelta = timedelta(minutes=480)


@dataclass(frozen=True)
class Service:
    """One municipal child protection service: own origin with a neutral name, own core, numbers, languages."""

    id: str
    origin: str
    place: str
    product_name: Mapping[str, str]
    office_name: Mapping[str, str]
    office_phone: str
    office_hours: Mapping[str, str]
    languages: tuple[str, ...]
    timezone: ZoneInfo
    jurisdiction: str
    leave_to: str
    core: CoreSettings
    sign_in: Mapping[str, Mapping[str, object]] = field(repr=False)
    form_targets: tuple[str, ...]
    sessions: SessionSettings = field(default_factory=SessionSettings)
    banner: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The Host header under which this service answers."""
        return urlsplit(self.origin).netloc


@dataclass(frozen=True)
class Settings:
    """Everything the web process and the worker share."""

    environment: str
    services: Mapping[str, Service]
    database_url: str = field(repr=False)
    audit_key: bytes = field(repr=False)

    @property
    def production(self) -> bool:
        """Is this the real thing?"""
        return self.environment == "production"

    def service_for_host(self, host: str) -> Service | None:
        """The service that answers under this Host header, or None for an unknown host."""
        for service in self.services.values():
            if service.host == host:
                return service
        return None


@dataclass(frozen=True)
class WebSettings:
    """What the web process alone has: it can read drafts, and cannot open submissions.

    `credential_key` hashes what children without a national ID sign in with; `limits_storage` is where rate limits
    are counted: "memory://" (each process for itself), "database", or an address of Redis or Valkey.
    `trusted_proxies`: how many servers of our own stand before this one and write X-Forwarded-For.
    """

    shared: Settings
    draft_keys: bytes = field(repr=False)
    credential_key: bytes = field(repr=False)
    delivery_public_key: bytes = field(repr=False)
    limits_storage: str = field(default="memory://", repr=False)
    trusted_proxies: int = 0


@dataclass(frozen=True)
class WorkerSettings:
    """What the delivery worker alone has: it can open submissions, and cannot read drafts."""

    shared: Settings
    delivery_private_key: bytes = field(repr=False)


def web_settings(environ: Mapping[str, str]) -> WebSettings:
    """Settings of the web process. Raises `SettingsError`, also when it could open submissions."""
    shared = _shared(environ)
    worker_key = environ.get("LYTT_DELIVERY_PRIVATE_KEY_FILE")
    if worker_key and os.access(worker_key, os.R_OK):
        raise SettingsError(
            "LYTT_DELIVERY_PRIVATE_KEY_FILE", "the web process can read it, and must never be able to open submissions"
        )
    return WebSettings(
        shared=shared,
        draft_keys=_secret(environ, "LYTT_DRAFT_KEYS_FILE"),
        credential_key=_credential_key(environ),
        delivery_public_key=_file(environ, "LYTT_DELIVERY_PUBLIC_KEY_FILE"),
        limits_storage=_limits_storage(environ),
        trusted_proxies=_trusted_proxies(environ),
    )


def _credential_key(environ: Mapping[str, str]) -> bytes:
    key = _secret(environ, "LYTT_CREDENTIAL_KEY_FILE").strip()
    if len(key) < SHORTEST_KEY:
        raise SettingsError("LYTT_CREDENTIAL_KEY_FILE", f"must hold at least {SHORTEST_KEY} bytes")
    return key


def _limits_storage(environ: Mapping[str, str]) -> str:
    """A file, because the address of a Redis may hold its password."""
    if "LYTT_LIMITS_STORAGE_FILE" not in environ:
        return "memory://"
    where = _secret(environ, "LYTT_LIMITS_STORAGE_FILE").decode().strip()
    if where not in {"memory://", "database"} and urlsplit(where).scheme not in SHARED_STORAGES:
        raise SettingsError("LYTT_LIMITS_STORAGE_FILE", "must hold memory://, database, or a Redis or Valkey address")
    return where


def _trusted_proxies(environ: Mapping[str, str]) -> int:
    count = environ.get("LYTT_TRUSTED_PROXIES", "0")
    if count not in {str(number) for number in range(MOST_PROXIES + 1)}:
        raise SettingsError("LYTT_TRUSTED_PROXIES", f"must be a number from 0 to {MOST_PROXIES}")
    return int(count)


def worker_settings(environ: Mapping[str, str]) -> WorkerSettings:
    """Settings of the delivery worker. Raises `SettingsError`."""
    return WorkerSettings(
        shared=_shared(environ), delivery_private_key=_secret(environ, "LYTT_DELIVERY_PRIVATE_KEY_FILE")
    )


def _shared(environ: Mapping[str, str]) -> Settings:
    environment = _required(environ, "LYTT_ENVIRONMENT")
    if environment not in ENVIRONMENTS:
        raise SettingsError("LYTT_ENVIRONMENT", "must be one of " + ", ".join(ENVIRONMENTS))
    production = environment == "production"
    if production and environ.get("FLASK_DEBUG", "0") not in {"", "0"}:
        raise SettingsError("FLASK_DEBUG", "must be off in production")
    return Settings(
        environment=environment,
        services=load_services(Path(_required(environ, "LYTT_SERVICES_FILE")), production=production),
        database_url=_secret(environ, "LYTT_DATABASE_URL_FILE").decode().strip(),
        audit_key=_secret(environ, "LYTT_AUDIT_KEY_FILE"),
    )


def load_services(path: Path, *, production: bool) -> dict[str, Service]:
    """The services file (TOML). Raises `SettingsError` naming the service and field at fault."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))["service"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise SettingsError("LYTT_SERVICES_FILE", "cannot be read as TOML with [[service]] tables") from error
    services = [_service(table, path.parent, production=production) for table in tables]
    if not services:
        raise SettingsError("LYTT_SERVICES_FILE", "names no service")
    for what in ("id", "origin"):
        if len({getattr(service, what) for service in services}) != len(services):
            raise SettingsError(f"service.{what}", "two services share one")
    return {service.id: service for service in services}


def _service(table: Mapping[str, object], folder: Path, *, production: bool) -> Service:
    read = _Table(table, f"service[{table.get('id', '?')}]")
    if production and read.take("banner", dict, {}):
        raise SettingsError(f"{read.name}.banner", "marks a demonstration and is refused in production")
    core = _Table(read.take("core", dict), f"{read.name}.core")
    return Service(
        id=read.take("id", str),
        origin=_address(read, "origin", production=production),
        place=read.take("place", str),
        product_name=read.take("product_name", dict),
        office_name=read.take("office_name", dict),
        office_phone=read.take("office_phone", str),
        office_hours=read.take("office_hours", dict),
        languages=tuple(read.take("languages", list)),
        timezone=_timezone(read),
        jurisdiction=read.take("jurisdiction", str),
        leave_to=read.take("leave_to", str),
        core=CoreSettings(
            url=_address(core, "url", production=production),
            audience=core.take("audience", str),
            client_id=core.take("client_id", str),
            client_key=core.file("client_key_file", folder),
            actor_key=core.file("actor_key_file", folder),
        ),
        sign_in=(profiles := _sign_in(read, folder, production=production)),
        form_targets=_form_targets(profiles),
        sessions=_sessions(read),
        banner=read.take("banner", dict, {}),
    )


def _sessions(read: _Table) -> SessionSettings:
    """`[service.sessions]`: minutes, each at most what the house sets; no service makes them longer."""
    longest = SessionSettings()
    table = read.take("sessions", dict, {})
    chosen: dict[str, timedelta] = {}
    for key, minutes in table.items():
        limit = getattr(longest, key.removesuffix("_minutes"), None) if key.endswith("_minutes") else None
        name = f"{read.name}.sessions.{key}"
        if limit is None:
            raise SettingsError(name, "is not a setting")
        if isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 < minutes <= limit / timedelta(minutes=1):
            raise SettingsError(name, f"must be minutes, at least 1 and at most {limit // timedelta(minutes=1)}")
        chosen[key.removesuffix("_minutes")] = timedelta(minutes=minutes)
    return replace(longest, **chosen)


def _sign_in(read: _Table, folder: Path, *, production: bool) -> dict[str, Mapping[str, object]]:
    """The fields of one provider's profile for each realm, with our proof for it (`identity.providers`)."""
    tables = read.take("sign_in", dict)
    if set(tables) != {"family", "staff"}:
        raise SettingsError(f"{read.name}.sign_in", "must have a provider for family and one for staff")
    profiles: dict[str, Mapping[str, object]] = {}
    for realm, own in tables.items():
        name = f"{read.name}.sign_in.{realm}"
        profile = _Table(_with_shipped(_Table(own, name)), name)
        issuer = urlsplit(_address(profile, "issuer", production=production))
        files = {key: profile.file(f"{key}_file", folder) for key in sorted(_PROOFS) if f"{key}_file" in profile.table}
        targets = profile.take("form_targets", list, [f"{issuer.scheme}://{issuer.netloc}"])
        if not all(isinstance(one, str) and re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?", one) for one in targets):
            raise SettingsError(f"{name}.form_targets", "must be origins: scheme and host, without a path")
        profiles[realm] = {**profile.table, **files, "realm": realm, "form_targets": targets}
    return profiles


def _with_shipped(own: _Table) -> dict[str, object]:
    """A service's table over the shipped profile it names; a field or table of its own replaces the shipped one."""
    for key in sorted(_PROVIDERS_OWN & own.table.keys()):
        raise SettingsError(f"{own.name}.{key}", "says what a provider is, and may stand in a shipped profile only")
    for key in sorted(own.table.keys() & _PROOFS):
        raise SettingsError(f"{own.name}.{key}", f"must not stand in the services file: name a file in {key}_file")
    if own.table.get("reauthentication") == "isolated":
        raise SettingsError(f"{own.name}.reauthentication", "isolated (no single sign-on) is for shipped profiles")
    if "profile" not in own.table:
        return dict(own.table)
    if "issuer" in own.table:
        raise SettingsError(f"{own.name}.issuer", "is what the shipped profile is about: leave one of the two out")
    shipped = shipped_profile(own.take("profile", str), f"{own.name}.profile")
    blanks = {}
    for key, pattern in shipped.pop("placeholders", {}).items():
        blanks[key] = own.take(key, str)
        if not re.fullmatch(pattern, blanks[key]):
            raise SettingsError(f"{own.name}.{key}", f"must look like {pattern}")
    given = {key: value for key, value in own.table.items() if key not in blanks}
    filled = {key: _fill(value, blanks) for key, value in shipped.items()}
    return {**filled, **given, "shipped_fields": tuple(filled.keys() - given.keys())}


def shipped_profile(name: str, place: str = "profile") -> dict[str, Any]:
    """What the portal knows of a provider (`portal/identity/profiles`). Raises `SettingsError` for an unknown name."""
    known = {path.stem: path for path in _PROFILES.glob("*.toml")}
    if name not in known:
        raise SettingsError(place, f"must be one of {', '.join(sorted(known))}, or left out")
    return tomllib.loads(known[name].read_text("utf-8"))


def _fill(value: object, blanks: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return {key: _fill(inner, blanks) for key, inner in value.items()}
    for key, text in blanks.items():
        value = value.replace(f"{{{key}}}", text) if isinstance(value, str) else value
    return value


def _form_targets(profiles: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    """Origins of the providers' sign-in and sign-out pages, for the content security policy."""
    return tuple(
        dict.fromkeys(str(one) for profile in profiles.values() for one in cast("list[str]", profile["form_targets"]))
    )


class _Table:
    """One TOML table whose faults are reported by name."""

    def __init__(self, table: Mapping[str, object], name: str) -> None:
        self.table = table
        self.name = name

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        value = self.table.get(key, default)
        if not isinstance(value, kind) or (value == "" and default is None):
            raise SettingsError(f"{self.name}.{key}", f"must be given, as {kind.__name__}")
        return value

    def file(self, key: str, folder: Path) -> bytes:
        return _read(folder / self.take(key, str), f"{self.name}.{key}", secret=True)


def _address(table: _Table, key: str, *, production: bool) -> str:
    value = table.take(key, str)
    parts = urlsplit(value)
    loopback = parts.hostname in {"localhost", "127.0.0.1", "::1"} or (parts.hostname or "").endswith(".localhost")
    if parts.scheme != "https" and (production or parts.scheme != "http" or not loopback):
        raise SettingsError(f"{table.name}.{key}", "must be https (http only on loopback, outside production)")
    if key == "origin" and (parts.path or parts.query):
        raise SettingsError(f"{table.name}.{key}", "must be scheme and host only, without a trailing slash")
    return value


def _timezone(table: _Table) -> ZoneInfo:
    try:
        return ZoneInfo(table.take("timezone", str))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(f"{table.name}.timezone", "is no time zone of the IANA database") from error


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise SettingsError(name, "is missing")
    return value


def _file(environ: Mapping[str, str], name: str) -> bytes:
    return _read(Path(_required(environ, name)), name, secret=False)


def _secret(environ: Mapping[str, str], name: str) -> bytes:
    return _read(Path(_required(environ, name)), name, secret=True)


def _read(path: Path, name: str, *, secret: bool) -> bytes:
    try:
        content = path.read_bytes()
        mode = path.stat().st_mode
    except OSError as error:
        raise SettingsError(name, "names a file that cannot be read") from error
    if not content.strip():
        raise SettingsError(name, "names an empty file")
    if secret and mode & 0o077:
        raise SettingsError(name, "names a file that others on this machine can read (chmod 600)")
    return content


def data_folder(name: str) -> Path:
    """The folder `templates`, `translations` or `static`: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name
