"""The profiles that come with the portal, through the services file: each can be used, and says what it cannot do."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.domain.people import Assurance, Realm
from portal.identity.errors import ProfileError
from portal.identity.profile import ClientSecret, Profile
from portal.identity.providers import load_providers
from portal.settings import Service, SettingsError, load_services, shipped_profile
from tests.fakes.clock import ManualClock
from tests.fakes.provider import provider_key

FOLDER = Path(__file__).parents[3] / "portal/identity/profiles"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
HELD_BACK = {"gov-uk-one-login", "gov-uk-one-login-integration"}
TENANT = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
KEY = {**provider_key("ours").as_dict(private=True), "x5t#S256": "thumb"}
CLOCK = ManualClock()

SERVICE = """[[service]]
id = "fjordvik"
origin = "https://lytt.example"
place = "Fjordvik"
product_name = {nb = "Lytt"}
office_name = {nb = "Kontoret"}
office_phone = "00 00 00 00"
office_hours = {nb = "8-15"}
languages = ["nb"]
timezone = "Europe/Oslo"
jurisdiction = "no"
leave_to = "https://www.yr.no/"
[service.core]
url = "https://core.example"
audience = "core"
client_id = "lytt"
client_key_file = "key.json"
actor_key_file = "key.json"
"""


def table(realm: str, name: str, **own: object) -> str:
    """A service's table for one realm: the shipped profile's name and what belongs to the registration."""
    secrets = shipped_profile(name).get("only_secrets", False) if name in NAMES else False
    registration: dict[str, object] = {
        "profile": name,
        "client_id": "portal",
        "client_secret_file" if secrets else "client_key_file": "secret" if secrets else "key.json",
        "client_expires": CLOCK().date() + timedelta(days=300),
    }
    if name == "entra-id":
        registration["tenant"] = TENANT
    lines = (f"{key} = {json.dumps(value) if isinstance(value, (str, list)) else value}" for key, value in
             (registration | own).items() if value is not None)  # fmt: skip
    return f"[service.sign_in.{realm}]\n" + "\n".join(lines).replace("True", "true") + "\n"


def load(folder: Path, family: str, staff: str, *, production: bool = True) -> Service:
    """The one service of a services file with these two tables."""
    for name, content in (("key.json", json.dumps(KEY)), ("secret", "a long enough secret\n")):
        (folder / name).write_text(content)
        (folder / name).chmod(0o600)
    (folder / "services.toml").write_text(SERVICE + family + staff)
    return load_services(folder / "services.toml", production=production)["fjordvik"]


def read(folder: Path, name: str, *, production: bool, **own: object) -> Profile:
    """A shipped profile as a service uses it, in the realm it is for."""
    realm = shipped_profile(name).get("realms", ["family"])[0]
    tables = {"family": table("family", "idporten"), "staff": table("staff", "entra-id")}
    service = load(folder, **(tables | {realm: table(realm, name, **own)}), production=production)
    loaded = load_providers({"fjordvik": {realm: service.sign_in[realm]}}, CLOCK, allow_loopback=not production)
    return loaded["fjordvik", name].profile


@pytest.mark.parametrize("name", sorted(set(NAMES) - HELD_BACK))
def test_every_shipped_profile_can_be_used(tmp_path: Path, name: str) -> None:
    """Feature S1: any national ID by a file. Items 12, 20 and 22: what must differ does, what must not does not."""
    shipped = shipped_profile(name)
    profile = read(tmp_path, name, production=shipped.get("environment") != "test")
    assert profile.id == name
    assert profile.issuer.startswith("https://")
    assert profile.acr_values(Assurance.HIGH)
    assert profile.asking.reauthentication != "none"
    assert profile.names["en"]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_says_where_its_facts_come_from_and_what_is_unproven(name: str) -> None:
    head = (FOLDER / f"{name}.toml").read_text("utf-8").split("\nid =")[0]
    assert re.search(r"^# .*Facts: ", head, re.MULTILINE)
    assert "Unproven" in head


@pytest.mark.parametrize("name", sorted(one for one in NAMES if shipped_profile(one).get("environment") == "test"))
def test_a_provider_for_tests_is_refused_in_production(tmp_path: Path, name: str) -> None:
    """Item 42: anybody can be anybody there."""
    with pytest.raises(ProfileError) as refused:
        read(tmp_path, name, production=True)
    assert refused.value.field.endswith((".environment", ".reauthentication"))
    assert refused.value.reason.endswith(f"(in the shipped profile {name})")


@pytest.mark.parametrize("name", sorted(HELD_BACK))
def test_one_login_is_held_back_for_families_and_otherwise_ready(tmp_path: Path, name: str) -> None:
    """Item 21: the day it can force a fresh sign-in, one line in the services file is enough."""
    with pytest.raises(ProfileError, match="reauthentication") as refused:
        read(tmp_path, name, production=False)
    assert "the next person" in refused.value.reason
    profile = read(tmp_path, name, production=False, reauthentication="both")
    assert (profile.issuer[-1], profile.logout.back_channel_match) == ("/", "sub")
    assert profile.acr_values(Assurance.SUBSTANTIAL) == ("Cl.Cm",)


def test_a_tenant_is_filled_in_and_never_everybodys(tmp_path: Path) -> None:
    profile = read(tmp_path, "entra-id", production=True)
    assert profile.issuer == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert profile.token.expected_claims == {"tid": TENANT}
    for tenant in ("common", "organizations", f"{TENANT}/..", None):
        with pytest.raises(SettingsError, match=r"sign_in\.staff\.tenant"):
            read(tmp_path, "entra-id", production=True, tenant=tenant)


def test_a_secret_only_where_the_provider_has_nothing_better(tmp_path: Path) -> None:
    """Item 42: no service can say so itself."""
    assert isinstance(read(tmp_path, "tara", production=True).client, ClientSecret)
    with pytest.raises(SettingsError, match="only_secrets"):
        read(tmp_path, "idporten", production=True, only_secrets=True)
    with pytest.raises(ProfileError, match="client_auth"):
        read(tmp_path, "idporten", production=True, client_auth="client_secret_basic")
    with pytest.raises(SettingsError, match="client_secret_file"):
        read(tmp_path, "tara", production=True, client_secret="not in the services file")


@pytest.mark.parametrize(
    ("own", "field"),
    [
        ({"environment": "production"}, "environment"),
        ({"realms": ["family", "staff"]}, "realms"),
        ({"shipped_fields": []}, "shipped_fields"),
        ({"issuer": "https://other.example"}, "issuer"),
        ({"reauthentication": "isolated"}, "reauthentication"),
        ({"profile": "nobody"}, "profile"),
        ({"profile": "../idporten"}, "profile"),
        ({"form_targets": ["https://id.example; script-src *"]}, "form_targets"),
        ({"form_targets": ["https://id.example/path"]}, "form_targets"),
        ({"client_key": "{}"}, "client_key"),
    ],
)
def test_what_belongs_to_the_provider_is_not_a_services_to_say(tmp_path: Path, own: dict[str, Any], field: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, "idporten", production=True, **own)
    assert refused.value.name == f"service[fjordvik].sign_in.family.{field}"


def test_a_service_may_change_what_is_its_own(tmp_path: Path) -> None:
    """And the fault is then its own, too, not the shipped file's."""
    assert read(tmp_path, "idporten", production=True, par="always").par == "always"
    with pytest.raises(ProfileError) as refused:
        read(tmp_path, "idporten", production=True, par="sometimes")
    assert refused.value.field == "service[fjordvik].sign_in.family.par"
    assert "shipped" not in refused.value.reason


def test_a_citizens_provider_is_not_for_staff(tmp_path: Path) -> None:
    """Item 32."""
    service = load(tmp_path, table("family", "idporten"), table("staff", "idporten"))
    with pytest.raises(ProfileError, match=r"sign_in\.staff\.realm"):
        load_providers({"fjordvik": service.sign_in}, CLOCK, allow_loopback=False)


def test_pages_may_lead_where_the_providers_are(tmp_path: Path) -> None:
    """Item 41."""
    service = load(tmp_path, table("family", "idporten"), table("staff", "entra-id"))
    assert service.form_targets == ("https://login.idporten.no", "https://login.microsoftonline.com")
    loaded = load_providers({"fjordvik": service.sign_in}, CLOCK, allow_loopback=False)
    assert {provider.profile.realm for provider in loaded.values()} == set(Realm)


@pytest.mark.parametrize(("days", "warned"), [(300, None), (46, None), (45, 45), (0, 0)])
def test_a_key_that_expires_soon_is_written_down(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, days: int, warned: int | None
) -> None:
    """Item 42: 45 days before."""
    with caplog.at_level("DEBUG"):
        read(tmp_path, "idporten", production=True, client_expires=CLOCK().date() + timedelta(days=days))
    lines = [record for record in caplog.records if record.message == "provider.key_expires"]
    assert [(line.count, line.kind) for line in lines] == ([] if warned is None else [(warned, "idporten")])  # type: ignore[attr-defined]


@pytest.mark.parametrize("days", [-1, -400, None])
def test_production_refuses_a_key_that_has_expired_or_does_not_say_when(tmp_path: Path, days: int | None) -> None:
    """Item 42."""
    expires = None if days is None else CLOCK().date() + timedelta(days=days)
    with pytest.raises(ProfileError) as refused:
        read(tmp_path, "idporten", production=True, client_expires=expires)
    assert refused.value.field == "service[fjordvik].sign_in.family.client_expires"
    assert read(tmp_path, "idporten", production=False, client_expires=expires).client_expires == expires
