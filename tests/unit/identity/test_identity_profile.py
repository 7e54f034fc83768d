"""Profiles: what is unsafe or missing is refused at the start, by the name of the field."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import requests
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from portal.domain.people import Assurance, Realm
from portal.identity.errors import ProfileError
from portal.identity.next_url import safe_next
from portal.identity.profile import ClientKey, Limits, LogoutRules, is_loopback
from portal.identity.profile_reader import read_profile
from portal.identity.providers import load_providers
from portal.identity.transport import PlainSession, configure
from tests.fakes.clock import ManualClock
from tests.fakes.provider import REMOVED, FakeProvider, client_key, provider_key

FAKE = FakeProvider(9)


def values(**changes: Any) -> dict[str, Any]:
    """A good profile, with changes."""
    return FAKE.profile_values(**changes)


def weak_key() -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is weak is the point
        return dict(RSAKey.generate_key(1024, {"kid": "weak"}, private=True).as_dict(private=True))


def test_a_good_profile() -> None:
    profile = read_profile(values(person_claim="pid", client_key_file="key.json"), allow_loopback=True)
    assert (profile.id, profile.realm, profile.client_id) == ("national", Realm.FAMILY, "portal")
    client = profile.client
    assert isinstance(client, ClientKey)
    assert (client.algorithm, client.key_id, client.audience) == ("ES256", "portal-1", "issuer")
    assert (profile.par, profile.response_iss, profile.scope) == ("if_advertised", "always", "openid")
    assert profile.limits == Limits(leeway=10, token_age=300, connect=3, read=5, total=8)
    assert (profile.name("nb"), profile.name("se")) == ("TestID", "TestID")
    assert profile.token.required_claims == ("sid",)
    assert profile.logout == LogoutRules("GET", "none", "strict", "sid", back_channel_require_exp=False)


def test_an_rsa_key_signs_with_rs256() -> None:
    key = dict(provider_key("key-1").as_dict(private=True))
    client = read_profile(values(client_key=key), allow_loopback=True).client
    assert isinstance(client, ClientKey)
    assert client.algorithm == "RS256"


def test_what_is_asked_of_the_provider_for_an_assurance() -> None:
    profile = read_profile(values(), allow_loopback=True)
    assert profile.acr_values(Assurance.SUBSTANTIAL) == ("loa-substantial",)
    staff = read_profile(values(acr={"staff-high": "high"}), allow_loopback=True)
    assert staff.acr_values(Assurance.SUBSTANTIAL) == ("staff-high",)
    low = read_profile(values(acr={"loa-low": "low"}), allow_loopback=True)
    assert low.acr_values(Assurance.HIGH) == ()
    told = read_profile(values(acr_request={"substantial": ["loa-substantial", "loa-high"]}), allow_loopback=True)
    assert told.acr_values(Assurance.SUBSTANTIAL) == ("loa-substantial", "loa-high")


FAULTS: list[tuple[str, Any]] = [
    ("id", "Not A Word"),
    ("id", REMOVED),
    ("realm", "citizen"),
    ("name", {}),
    ("name", "TestID"),
    ("issuer", "http://id.example"),
    ("issuer", "https://id.example?x=1"),
    ("issuer", 7),
    ("client_id", ""),
    ("assertion_audience", "anybody"),
    ("scope", "profile"),
    ("id_token_algorithms", ["HS256"]),
    ("id_token_algorithms", ["RS256", "none"]),
    ("id_token_algorithms", []),
    ("id_token_algorithms", "RS256"),
    ("acr", {}),
    ("acr", {"loa": "highest"}),
    ("acr", {"loa": 3}),
    ("acr_request", {"high": ["unknown"]}),
    ("acr_request", {"high": []}),
    ("acr_request", {"highest": ["loa-high"]}),
    ("person_claim", ""),
    ("person_claim", []),
    ("person_claim", REMOVED),
    ("person_pattern", "("),
    ("person_pattern", REMOVED),
    ("person_scheme", REMOVED),
    ("person_required", "yes"),
    ("required_claims", ["sid", ""]),
    ("par", "sometimes"),
    ("response_iss", "sometimes"),
    ("reauthentication", "none"),
    ("leeway", 3600),
    ("leeway", True),
    ("max_token_age", "long"),
    ("total_timeout", 0),
    ("client_secret", "s"),
    ("client_key", REMOVED),
    ("client_key", b"not json"),
    ("client_key", b"[]"),
    ("client_key", b"\xff"),
    ("client_key", {"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}),
    ("client_key", {"kty": "RSA"}),
    ("client_key", client_key().as_dict(private=False)),
    ("client_key", {**client_key().as_dict(private=True), "kid": ""}),
    ("client_key", OctKey.generate_key(256, {"kid": "a"}).as_dict(private=True)),
    ("client_key", OKPKey.generate_key("Ed25519", {"kid": "a"}, private=True).as_dict(private=True)),
    ("client_key", ECKey.generate_key("P-384", {"kid": "a"}, private=True).as_dict(private=True)),
    ("client_key", weak_key()),
]


@pytest.mark.filterwarnings("ignore:Key size should be")  # the library's word about the weak key in the list
@pytest.mark.parametrize(("field", "value"), FAULTS, ids=[f"{n}-{fault[0]}" for n, fault in enumerate(FAULTS)])
def test_a_faulty_field_is_named_and_its_value_is_not(field: str, value: Any) -> None:
    with pytest.raises(ProfileError) as refused:
        read_profile(values(**{field: value}), allow_loopback=True)
    assert refused.value.field == field
    assert str(refused.value).startswith(f"{field}: ")


def test_plain_http_is_for_this_machine_in_a_demo_only() -> None:
    """Item 42."""
    with pytest.raises(ProfileError, match="issuer"):
        read_profile(values(), allow_loopback=False)
    assert read_profile(values(issuer="https://id.example"), allow_loopback=False).issuer == "https://id.example"


def test_the_whole_services_file() -> None:
    tables = {
        "fjordvik": {"family": values(), "staff": values(id="staff", realm="staff")},
        "lillevik": {"family": values()},
    }
    providers = load_providers(tables, ManualClock(), allow_loopback=True)
    assert set(providers) == {("fjordvik", "national"), ("fjordvik", "staff"), ("lillevik", "national")}
    assert providers["fjordvik", "staff"].profile.realm is Realm.STAFF


def test_a_fault_in_the_services_file_is_named_by_its_place() -> None:
    with pytest.raises(ProfileError) as refused:
        load_providers({"fjordvik": {"family": values(par="x")}}, ManualClock(), allow_loopback=True)
    assert refused.value.field == "service[fjordvik].sign_in.family.par"
    twice = {"fjordvik": {"family": values(), "staff": values(realm="staff")}}
    with pytest.raises(ProfileError, match="used twice"):
        load_providers(twice, ManualClock(), allow_loopback=True)


@pytest.mark.parametrize(
    "host", ["localhost.example", "notlocalhost", "localhost.", "127.0.0.2", "10.0.0.1", "::ffff:10.0.0.1", "", None]
)
def test_other_machines_are_not_this_one(host: str | None) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["localhost", "b.localhost", "127.0.0.1"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_loopback(host)


def test_a_session_reaches_no_other_scheme_and_no_other_host_by_http() -> None:
    with PlainSession() as session:
        configure(session, Limits(), allow_loopback=True)
        assert not session.trust_env
        with pytest.raises(requests.exceptions.InvalidURL):  # not even tried, on whatever machine
            session.get("http://id.example/")
        for url in ("ftp://localhost/", "file:///etc/passwd"):
            with pytest.raises(requests.RequestException):
                session.get(url)
        configure(session, Limits(), allow_loopback=False)
        with pytest.raises(requests.RequestException):
            session.get("http://localhost:9/")


def test_a_loopback_address_without_a_port_keeps_none() -> None:
    with PlainSession() as session:
        configure(session, Limits(connect=0.2), allow_loopback=True)
        with pytest.raises(requests.ConnectionError):
            session.get("http://nobody.localhost/")


@pytest.mark.parametrize(
    "wish", ["/", "/home", "/cases/1/plan?x=1&y=%2F#top", "/a//b", "/signing", "/leave-taking", "/" + "a" * 499]
)
def test_pages_of_our_own_are_landed_on(wish: str) -> None:
    """Item 5."""
    assert safe_next(wish, "/start") == wish


@pytest.mark.parametrize(
    "wish",
    [
        None,
        7,
        "",
        "home",
        "//thief.example",
        "///thief.example",
        "/\\thief.example",
        "/a\\b",
        "https://thief.example/",
        "javascript:alert(1)",
        "/a b",
        "/\tthief",
        "/home\r\nSet-Cookie: a",
        "/é",
        "/leave",
        "/sign-in/family?next=/",
        "/en/leave",
        "/staff/sign-in/callback",
        "/" + "a" * 500,
    ],
    ids=repr,
)
def test_nothing_else_is(wish: object) -> None:
    """Item 5 (RFC 9700 §4.11: no open redirector)."""
    assert safe_next(wish, "/start") == "/start"
