"""What one simulated provider is told before it starts: who it is, who may ask, whom it knows.

Refuses whatever could reach beyond this machine or belong to a real person; faults never repeat a value.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from jsonschema import Draft202012Validator

from portal.demo.national_id.loopback import is_loopback_url

_SCHEMA = Path(__file__).with_name("config.schema.json")
_ELEVEN_DIGITS = re.compile(r"[0-9]{11}")
# Synthetic national numbers have 80 added to the month (Norwegian Tax Administration, Tenor test data).
_SYNTHETIC = re.compile(r"[0-9]{2}(8[1-9]|9[0-2])[0-9]{7}")
_PROTOCOL_CLAIMS = frozenset(
    {"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid"}
    | {"acr", "amr", "auth_time", "nonce", "azp", "at_hash", "c_hash", "locale", "events"}
)

ByLanguage = Mapping[str, str]


class ConfigurationRefused(ValueError):
    """The configuration is wrong or unsafe; the message says where, never what stood there."""


@dataclass(frozen=True)
class Client:
    """A registered relying party and its public keys."""

    client_id: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    keys: KeySet = field(repr=False)
    backchannel_logout_uri: str | None = None
    frontchannel_logout_uri: str | None = None

    def __post_init__(self) -> None:
        named = (self.backchannel_logout_uri, self.frontchannel_logout_uri)
        addresses = (*self.redirect_uris, *self.post_logout_redirect_uris, *(uri for uri in named if uri))
        if not all(is_loopback_url(address) for address in addresses):
            raise ConfigurationRefused(f"client {self.client_id}: every address must be on this machine")
        if self.backchannel_logout_uri and urlsplit(self.backchannel_logout_uri).scheme != "http":
            raise ConfigurationRefused(f"client {self.client_id}: the back channel is plain http on loopback")
        if any(key.is_private for key in self.keys.keys):
            raise ConfigurationRefused(f"client {self.client_id}: jwks must hold public keys only")


@dataclass(frozen=True)
class Person:
    """An invented person who can be picked; `claims` go into the ID token as they are.

    `acr` is the level they usually sign in at, `surer` one they can also reach when a client asks for more.
    """

    key: str
    name: str
    story: ByLanguage = field(repr=False)
    claims: Mapping[str, str] = field(repr=False)
    acr: str
    amr: tuple[str, ...] = ("TestID",)
    group: ByLanguage | None = None
    surer: str | None = None

    def __post_init__(self) -> None:
        if _PROTOCOL_CLAIMS & self.claims.keys():
            raise ConfigurationRefused(f"person {self.key}: claims may not replace those of the protocol")
        # Any claim with the shape of a national number is held to the rule, whatever its name.
        numbers = [value for name, value in self.claims.items() if name == "pid" or _ELEVEN_DIGITS.fullmatch(value)]
        if not all(_SYNTHETIC.fullmatch(number) for number in numbers):
            raise ConfigurationRefused(f"person {self.key}: only synthetic numbers (month + 80) are taken")

    @property
    def levels(self) -> tuple[str, ...]:
        """What they can sign in at, the usual one first."""
        return (self.acr,) if self.surer is None else (self.acr, self.surer)


@dataclass(frozen=True)
class ProviderConfig:
    """One provider. `issuer` is compared as a string, so it has no trailing slash."""

    title: ByLanguage
    issuer: str
    port: int
    acr_values: tuple[str, ...]
    clients: Mapping[str, Client]
    people: Mapping[str, Person]
    key_file: Path

    def __post_init__(self) -> None:
        if not is_loopback_url(self.issuer):
            raise ConfigurationRefused("issuer: must be localhost, *.localhost or 127.0.0.1")
        parts = urlsplit(self.issuer)
        if parts.scheme != "http" or parts.path or parts.query or parts.port != self.port:
            raise ConfigurationRefused("issuer: must be http://host:port with the port that is served")
        if unknown := [person.key for person in self.people.values() if not {*person.levels} <= {*self.acr_values}]:
            raise ConfigurationRefused(f"person {unknown[0]}: acr is not one of acr_values")

    @classmethod
    def from_file(cls, path: Path) -> "ProviderConfig":
        """Read a JSON file of the shape of `config.schema.json`; the signing key is kept beside it.

        Raises `ConfigurationRefused`.
        """
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigurationRefused(f"cannot be read: {type(error).__name__}") from None
        return cls.from_document(document, path.with_suffix(".key.pem"))

    @classmethod
    def from_document(cls, document: Any, key_file: Path) -> "ProviderConfig":  # noqa: ANN401 - untrusted JSON
        """Check a parsed JSON document and take it; raises `ConfigurationRefused`."""
        _check_shape(document)
        clients = [_client(record) for record in document["clients"]]
        people = [_person(record) for record in document["people"]]
        if len({client.client_id for client in clients}) < len(clients):
            raise ConfigurationRefused("clients: a client_id stands twice")
        if len({person.key for person in people}) < len(people):
            raise ConfigurationRefused("people: a key stands twice")
        return cls(
            title=document["title"],
            issuer=document["issuer"],
            port=document["port"],
            acr_values=tuple(document["acr_values"]),
            clients={client.client_id: client for client in clients},
            people={person.key: person for person in people},
            key_file=key_file,
        )


def _check_shape(document: Any) -> None:  # noqa: ANN401 - untrusted JSON
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    faults = sorted(Draft202012Validator(schema).iter_errors(document), key=lambda fault: fault.json_path)
    if faults:
        raise ConfigurationRefused(f"{faults[0].json_path}: breaks the rule '{faults[0].validator}'")


def _client(record: dict[str, Any]) -> Client:
    try:
        keys = KeySet.import_key_set(record["jwks"])
    except (JoseError, KeyError, ValueError):
        raise ConfigurationRefused(f"client {record['client_id']}: jwks cannot be read") from None
    return Client(
        client_id=record["client_id"],
        redirect_uris=tuple(record["redirect_uris"]),
        post_logout_redirect_uris=tuple(record["post_logout_redirect_uris"]),
        keys=keys,
        backchannel_logout_uri=record.get("backchannel_logout_uri"),
        frontchannel_logout_uri=record.get("frontchannel_logout_uri"),
    )


def _person(record: dict[str, Any]) -> Person:
    return Person(
        key=record["key"],
        name=record["name"],
        story=_by_language(record["story"]),
        claims=record["claims"],
        acr=record["acr"],
        amr=tuple(record.get("amr", ("TestID",))),
        group=_by_language(record["group"]) if "group" in record else None,
        surer=record.get("surer"),
    )


def _by_language(text: str | dict[str, str]) -> ByLanguage:
    return {"nb": text, "en": text} if isinstance(text, str) else text
