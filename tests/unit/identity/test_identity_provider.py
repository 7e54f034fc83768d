"""What a provider says of itself: believed as far as needed, kept for a time, survived when it fails."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest
import requests

from portal.identity.errors import SignInError
from portal.identity.profile_reader import read_profile
from portal.identity.provider import Provider
from tests.fakes.clock import ManualClock
from tests.fakes.identity import Door
from tests.fakes.provider import REMOVED, Answer, FakeProvider, provider_key

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def provider(fake: FakeProvider, clock: ManualClock) -> Provider:
    """What the portal knows of the fake provider."""
    return Provider(read_profile(fake.profile_values(), allow_loopback=True), clock)


def refusal(provider: Provider) -> tuple[str, int]:
    """How asking for the metadata ends."""
    with pytest.raises(SignInError) as refused:
        provider.metadata()
    return refused.value.code, refused.value.status


def test_metadata_is_fetched_once_a_day(provider: Provider, fake: FakeProvider, clock: ManualClock) -> None:
    first = provider.metadata()
    clock.advance(hours=23)
    assert provider.metadata() is first
    assert fake.paths() == [DISCOVERY]
    assert fake.received[0].host == fake.origin.removeprefix("http://")
    clock.advance(hours=1)
    fake.metadata = {"end_session_endpoint": REMOVED}
    assert provider.metadata().end_session_endpoint is None


def test_the_origins_for_the_content_security_policy(provider: Provider, fake: FakeProvider) -> None:
    """Item 41."""
    assert provider.metadata().origins() == (fake.origin,)


def test_a_provider_that_hangs_is_asked_once_for_all_who_wait(fake: FakeProvider, clock: ManualClock) -> None:
    """Else everybody who waits for their turn waits the whole time again, and no thread is left for help."""
    asked: list[str] = []

    def hangs(url: str) -> Mapping[str, object]:
        asked.append(url)
        clock.advance(seconds=8)
        raise requests.ConnectTimeout

    provider = Provider(read_profile(fake.profile_values(), allow_loopback=True), clock, hangs)
    assert [refusal(provider)[1] for _ in range(3)] == [503] * 3
    assert len(asked) == 1
    clock.advance(seconds=2)
    refusal(provider)
    assert len(asked) == 2


def test_keys_that_hang_are_asked_for_once_for_all_who_wait(fake: FakeProvider, clock: ManualClock) -> None:
    """As above, for the keys."""
    asked: list[str] = []

    def hangs(url: str) -> Mapping[str, object]:
        if url.endswith(DISCOVERY):
            return {"issuer": fake.origin} | {
                name: f"{fake.origin}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
            }
        asked.append(url)
        clock.advance(seconds=8)
        raise requests.ConnectTimeout

    provider = Provider(read_profile(fake.profile_values(), allow_loopback=True), clock, hangs)
    for _ in range(3):
        with pytest.raises(SignInError, match="provider_unavailable"):
            provider.signing_keys()
    assert len(asked) == 1


@pytest.mark.parametrize("issuer", ["https://other.example", "", REMOVED, "slash", ["x"]])
def test_another_issuer_ends_it_before_any_further_call(provider: Provider, fake: FakeProvider, issuer: Any) -> None:
    """Item 3."""
    fake.metadata = {"issuer": f"{fake.origin}/" if issuer == "slash" else issuer}
    assert refusal(provider) == ("discovery_issuer", 502)
    with pytest.raises(SignInError, match="discovery_issuer"):
        provider.signing_keys()
    assert set(fake.paths()) == {DISCOVERY}


@pytest.mark.parametrize(
    "change",
    [
        {"token_endpoint": "http://login.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://id.example/authorize?redirect_uri=https://thief.example"},
        {"authorization_endpoint": "https://id.example/authorize#x"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": REMOVED},
        {"token_endpoint": 7},
        {"pushed_authorization_request_endpoint": "http://10.0.0.1/par"},
        {"end_session_endpoint": "https://user:password@id.example/logout"},
        {"end_session_endpoint": "https://id.example:port/logout"},
        {"token_endpoint": "https://id.example/to\nken"},
        {"token_endpoint": "https:///token"},
    ],
    ids=str,
)
def test_an_endpoint_that_is_not_safe_is_refused(
    provider: Provider, fake: FakeProvider, change: dict[str, Any]
) -> None:
    """Item 3."""
    fake.metadata = change
    assert refusal(provider) == ("discovery_endpoint", 502)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(b"<html>"),
        Answer([]),
        Answer(b"x" * 600_000),
        Answer(b"[" * 200_000),
        Answer(status=302, headers={"Location": "/elsewhere"}),
        Answer(b"{}", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["500", "html", "list", "large", "deep", "redirect", "broken"],
)
def test_a_provider_that_is_down_or_talks_nonsense(provider: Provider, fake: FakeProvider, answer: Answer) -> None:
    """Items 10 and 27."""
    fake.answers[DISCOVERY] = answer
    assert refusal(provider) == ("provider_unavailable", 503)
    assert fake.paths() == [DISCOVERY]


def test_a_provider_nobody_listens_for(clock: ManualClock) -> None:
    """A closed port, and a name that is not this machine's although plain http is allowed."""
    closed = read_profile(FakeProvider(9).profile_values(), allow_loopback=True)
    assert refusal(Provider(closed, clock)) == ("provider_unavailable", 503)


def test_stale_metadata_beats_none_for_a_day(provider: Provider, fake: FakeProvider, clock: ManualClock) -> None:
    first = provider.metadata()
    fake.answers[DISCOVERY] = Answer(status=503)
    clock.advance(hours=47)
    assert provider.metadata() is first
    clock.advance(hours=1)
    assert refusal(provider) == ("provider_unavailable", 503)
    del fake.answers[DISCOVERY]
    clock.advance(seconds=2)
    assert provider.metadata() == first


def test_a_provider_that_is_down_is_not_asked_by_everybody_in_turn(
    provider: Provider, fake: FakeProvider, clock: ManualClock
) -> None:
    fake.answers[DISCOVERY] = Answer(status=503)
    for _ in range(5):
        refusal(provider)
    assert len(fake.paths()) == 1
    clock.advance(seconds=2)
    refusal(provider)
    assert len(fake.paths()) == 2


def test_many_requests_at_once_fetch_once(provider: Provider, fake: FakeProvider) -> None:
    threads = [threading.Thread(target=provider.signing_keys) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fake.paths()) == [DISCOVERY, "/jwks"]


def test_keys_are_fetched_once_an_hour(provider: Provider, fake: FakeProvider, clock: ManualClock) -> None:
    assert [key.kid for key in provider.signing_keys()] == ["key-1"]
    clock.advance(minutes=59)
    provider.signing_keys()
    assert fake.paths().count("/jwks") == 1
    clock.advance(minutes=1)
    provider.signing_keys()
    assert fake.paths().count("/jwks") == 2


@pytest.mark.filterwarnings("ignore:Key size should be")  # the library's word about the short key in the list
def test_odd_keys_are_passed_over(provider: Provider, fake: FakeProvider) -> None:
    """Item 27: one key with an unknown curve stops all sign-ins of stock Authlib."""
    fake.published += [
        {"kty": "EC", "crv": "new", "x": "a", "y": "b", "kid": "a"},
        {"kty": "XX"},
        {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        provider_key("key-2").as_dict(private=False) | {"use": "enc"},
        {"kty": "RSA", "n": "0wXAAYBv9fcr3hXmJ4zwfQ", "e": "AQAB", "kid": "short"},
        {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        "text",
        None,
        {},
    ]
    assert [key.kid for key in provider.signing_keys()] == ["key-1"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"keys": []}),
        Answer({"keys": "none"}),
        Answer({}),
        Answer(b"<html>"),
        Answer(status=500),
        Answer(b"x" * 600_000),
    ],
    ids=["empty", "text", "nothing", "html", "500", "large"],
)
def test_no_usable_keys_is_down_or_a_bounded_stale_use(
    provider: Provider, fake: FakeProvider, clock: ManualClock, answer: Answer
) -> None:
    """Item 27."""
    known = provider.signing_keys()
    fake.answers["/jwks"] = answer
    clock.advance(hours=24, minutes=59)
    assert provider.signing_keys() == known
    clock.advance(minutes=1)
    for _ in range(2):  # the second time it is not even asked
        with pytest.raises(SignInError, match="provider_unavailable"):
            provider.signing_keys()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
class TestRotation:
    """New keys are found, old ones die, and nobody can make us ask the provider all the time."""

    def test_a_new_key_is_found_at_once(self, door: Door, fake: FakeProvider) -> None:
        """Item 25."""
        door.through()
        fake.signing = provider_key("key-2")
        fake.published = [fake.signing.as_dict(private=False)]
        assert door.through().subject == "pairwise-1"
        assert fake.paths().count("/jwks") == 2

    def test_a_single_key_without_an_id_is_exchanged(self, door: Door, fake: FakeProvider) -> None:
        """Item 25: stock Authlib fails for good."""
        fake.header = {"kid": REMOVED}
        fake.published = [_without_id("key-1")]
        door.through()
        fake.signing = provider_key("key-2")
        fake.published = [_without_id("key-2")]
        assert door.through().subject == "pairwise-1"

    def test_of_two_keys_without_an_id_the_fitting_one_is_found(self, door: Door, fake: FakeProvider) -> None:
        fake.header = {"kid": REMOVED}
        fake.published = [_without_id("key-2"), _without_id("key-1")]
        assert door.through().subject == "pairwise-1"

    def test_a_withdrawn_key_is_refused_after_an_hour(self, door: Door, fake: FakeProvider, clock: ManualClock) -> None:
        """Item 25."""
        door.through()
        fake.published = [provider_key("key-2").as_dict(private=False)]
        clock.advance(hours=1)
        with pytest.raises(SignInError, match="token_signature"):
            door.through()

    def test_a_flood_of_unknown_keys_costs_one_fetch_in_thirty_seconds(
        self, door: Door, fake: FakeProvider, clock: ManualClock
    ) -> None:
        """Item 26."""
        door.through()
        fake.header = {"kid": "unknown"}
        for _ in range(5):
            with pytest.raises(SignInError, match="token_signature"):
                door.through()
        assert fake.paths().count("/jwks") == 2
        clock.advance(seconds=30)
        with pytest.raises(SignInError, match="token_signature"):
            door.through()
        assert fake.paths().count("/jwks") == 3

    def test_keys_that_cannot_be_fetched_are_a_provider_that_is_down(self, door: Door, fake: FakeProvider) -> None:
        """Item 27."""
        fake.answers["/jwks"] = Answer(status=500)
        with pytest.raises(SignInError, match="provider_unavailable") as refused:
            door.through()
        assert refused.value.status == 503


def _without_id(name: str) -> dict[str, Any]:
    key: dict[str, Any] = dict(provider_key(name).as_dict(private=False))
    del key["kid"]
    return key
