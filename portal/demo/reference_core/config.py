"""What a reference core is told before it starts. Refuses to listen beyond this machine."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from jsonschema import Draft202012Validator

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["service", "story", "database", "port", "audience", "client_id", "client_jwks", "actor_jwks"],
    "properties": {
        "service": {"type": "string", "minLength": 1},
        "story": {"type": "string", "minLength": 1},
        "database": {"type": "string", "minLength": 1},
        "host": {"type": "string"},
        "port": {"type": "integer", "minimum": 0, "maximum": 65535},
        "audience": {"type": "string", "minLength": 1},
        "client_id": {"type": "string", "minLength": 1},
        "client_jwks": {"type": "object", "required": ["keys"]},
        "actor_jwks": {"type": "object", "required": ["keys"]},
        "faults": {"type": "boolean"},
    },
}


class ConfigurationRefused(ValueError):
    """The configuration is wrong or unsafe; the message says where, never what stood there."""


@dataclass(frozen=True)
class CoreConfig:
    """One core for one service.

    `audience` is the core's identifier in assertions and in `Portal-Actor`; both key sets are public ones of the
    portal. `faults` opens `POST /_faults` for tests.
    """

    service: str
    story: Path
    database: Path
    port: int
    audience: str
    client_id: str
    client_keys: KeySet = field(repr=False)
    actor_keys: KeySet = field(repr=False)
    host: str = "127.0.0.1"
    faults: bool = False

    def __post_init__(self) -> None:
        if not _is_loopback(self.host):
            raise ConfigurationRefused("host: only an address of this machine itself (127.0.0.1)")
        for name, keys in (("client_jwks", self.client_keys), ("actor_jwks", self.actor_keys)):
            if any(key.key_type == "oct" or key.is_private for key in keys.keys):
                raise ConfigurationRefused(f"{name}: public keys only")

    @classmethod
    def from_file(cls, path: Path) -> CoreConfig:
        """Read a JSON file; relative paths in it start beside it. Raises `ConfigurationRefused`."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigurationRefused(f"cannot be read: {type(error).__name__}") from None
        return cls.from_document(document, path.parent)

    @classmethod
    def from_document(cls, document: Any, beside: Path) -> CoreConfig:  # noqa: ANN401 untrusted JSON
        """Check a parsed JSON document and take it; raises `ConfigurationRefused`."""
        for fault in Draft202012Validator(_SCHEMA).iter_errors(document):
            raise ConfigurationRefused(f"{fault.json_path}: breaks the rule '{fault.validator}'")
        return cls(
            service=document["service"],
            story=beside / document["story"],
            database=beside / document["database"],
            port=document["port"],
            audience=document["audience"],
            client_id=document["client_id"],
            client_keys=_keys(document, "client_jwks"),
            actor_keys=_keys(document, "actor_jwks"),
            host=document.get("host", "127.0.0.1"),
            faults=document.get("faults", False),
        )


def _keys(document: dict[str, Any], name: str) -> KeySet:
    try:
        return KeySet.import_key_set(document[name])
    except (JoseError, KeyError, ValueError):
        raise ConfigurationRefused(f"{name}: cannot be read") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
