"""Signing in against a provider under full control: what is sent, what is refused before anything is sent."""

from __future__ import annotations

import base64
import hashlib
import threading
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from portal.domain.people import Assurance, PersonNumber, Realm
from portal.identity.errors import SignInError
from portal.store.crypto import DraftKeys
from portal.store.tables import sign_in
from tests.fakes.identity import SERVICE, Door
from tests.fakes.provider import PID, REDIRECT_URI, REMOVED, Answer, FakeProvider

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def finish(door: Door, parameters: MultiDict[str, str], secret: str | None) -> str:
    """The code of the refusal."""
    with pytest.raises(SignInError) as refused:
        door.sign_in.finish(SERVICE, "national", parameters, secret)
    return refused.value.code


def test_a_person_is_identified(door: Door, fake: FakeProvider) -> None:
    who = door.through()
    assert (who.service_id, who.realm, who.profile_id, who.issuer) == (SERVICE, Realm.FAMILY, "national", fake.origin)
    assert (who.subject, who.provider_sid) == ("pairwise-1", "provider-session-1")
    assert who.number == PersonNumber("no-pid", PID)
    assert (who.assurance, who.auth_time_utc) == (Assurance.HIGH, door.clock.now)
    assert (who.next_url, who.language) == ("/home", "nb")


def test_the_request_carries_everything_that_protects_it(door: Door, fake: FakeProvider) -> None:
    """Items 1 and 4; the fake provider itself checks assertion, verifier and redirect URI."""
    asked = fake.request_of(door.begin(assurance=Assurance.HIGH).url)
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(base64.urlsafe_b64decode(asked["code_challenge"] + "=")) == 32
    assert len(asked["state"]) == len(asked["nonce"]) == 43
    assert asked["redirect_uri"] == REDIRECT_URI
    assert (asked["scope"], asked["prompt"], asked["ui_locales"]) == ("openid", "login", "nb")
    assert asked["acr_values"] == "loa-high"


def test_no_two_sign_ins_share_a_secret(door: Door, fake: FakeProvider) -> None:
    first, second = door.begin(), door.begin()
    for name in ("state", "nonce", "code_challenge"):
        assert fake.request_of(first.url)[name] != fake.request_of(second.url)[name]
    assert first.browser_secret != second.browser_secret


def test_a_hostile_discovery_document_changes_no_parameter(door: Door, fake: FakeProvider) -> None:
    """Item 1: stock Authlib takes these over from the metadata."""
    fake.metadata = {
        "code_challenge_method": "plain",
        "code_challenge_methods_supported": ["plain"],
        "scope": "openid everything",
        "response_mode": "fragment",
        "response_type": "token",
        "token_endpoint_auth_method": "none",
        "grant_type": "password",
        "client_id": "other",
        "id_token_signing_alg_values_supported": ["none", "HS256"],
    }
    asked = fake.request_of(door.begin().url)
    assert (asked["code_challenge_method"], asked["scope"], asked["response_type"]) == ("S256", "openid", "code")
    assert "response_mode" not in asked
    assert door.through().subject == "pairwise-1"


def test_a_pushed_request_leaves_only_a_reference_in_the_address(door: Door, fake: FakeProvider) -> None:
    """Item 2."""
    url = door.begin().url
    assert set(dict(parse_qsl(urlsplit(url).query))) == {"client_id", "request_uri"}
    assert fake.paths() == ["/.well-known/openid-configuration", "/par"]


@pytest.mark.parametrize("par", ["never", "if_advertised"])
def test_without_push_the_request_stands_in_the_address(door: Door, fake: FakeProvider, par: str) -> None:
    """Item 2."""
    fake.metadata = {"pushed_authorization_request_endpoint": REMOVED}
    door.open(par=par)
    assert "code_challenge" in dict(parse_qsl(urlsplit(door.begin().url).query))
    assert door.through().subject == "pairwise-1"


def test_a_push_that_is_always_wanted_is_never_left_out(door: Door, fake: FakeProvider) -> None:
    """Item 2."""
    fake.metadata = {"pushed_authorization_request_endpoint": REMOVED}
    door.open(par="always")
    with pytest.raises(SignInError, match="par_missing") as refused:
        door.begin()
    assert refused.value.status == 503


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"error": "invalid_request", "error_description": f"secret {PID}"}, 400),
        Answer({"request_uri": "urn:x"}, 200),
        Answer({"request_uri": ""}, 201),
        Answer({"request_uri": "u" * 1001}, 201),
        Answer({"request_uri": 7}, 201),
        Answer([], 201),
        Answer(b"<html>", 201),
        Answer(b"[" * 200_000, 201),
        Answer(b"x" * 600_000, 201),
        Answer(status=307, headers={"Location": "/elsewhere"}),
    ],
    ids=["refused", "200", "empty", "long", "number", "list", "html", "deep", "large", "redirect"],
)
def test_a_failed_push_is_a_page_that_says_so(door: Door, fake: FakeProvider, answer: Answer) -> None:
    """Item 2: no silent fallback to the address."""
    fake.answers["/par"] = answer
    with pytest.raises(SignInError) as refused:
        door.begin()
    assert refused.value.status == 503
    assert refused.value.code in {"par_refused", "provider_unavailable"}
    assert fake.paths()[-1] == "/par"


@pytest.mark.parametrize(
    ("changes", "profile"), [({"profile_id": "other"}, "national"), ({"realm": Realm.STAFF}, "national")]
)
def test_an_unknown_provider_or_the_wrong_realm_begins_nothing(
    door: Door, changes: dict[str, Any], profile: str
) -> None:
    with pytest.raises(SignInError, match="profile_unknown"):
        door.begin(**changes)


def test_an_assurance_the_provider_does_not_have_is_not_asked_for_and_never_reached(
    door: Door, fake: FakeProvider
) -> None:
    door.open(acr={"loa-low": "low"})
    begun = door.begin()
    assert "acr_values" not in fake.request_of(begun.url)
    assert finish(door, fake.approve(begun.url), begun.browser_secret) == "assurance_too_low"


@pytest.mark.parametrize("state", ["", "wrong", REMOVED])
def test_a_state_that_is_not_ours_is_refused(door: Door, fake: FakeProvider, state: Any) -> None:
    """Item 6: and nothing is sent to the provider."""
    begun = door.begin()
    asked_before = fake.paths()
    assert finish(door, fake.approve(begun.url, state=state), begun.browser_secret) == "state"
    assert fake.paths() == asked_before


def test_a_callback_works_in_the_browser_that_began_and_only_once(door: Door, fake: FakeProvider) -> None:
    """Item 6: another browser, no browser, second use, the cookie of an earlier sign-in."""
    earlier, begun = door.begin(), door.begin()
    callback = fake.approve(begun.url)
    assert finish(door, callback, None) == "state"
    assert finish(door, callback, "") == "state"
    assert finish(door, callback, earlier.browser_secret) == "state"
    assert "/token" not in fake.paths()
    assert door.sign_in.finish(SERVICE, "national", callback, begun.browser_secret).subject == "pairwise-1"
    assert finish(door, callback, begun.browser_secret) == "state"
    assert fake.paths().count("/token") == 1


def test_a_callback_of_another_service_or_profile_finds_nothing(door: Door, fake: FakeProvider) -> None:
    begun = door.begin()
    callback = fake.approve(begun.url)
    for service, profile in (("lillevik", "national"), (SERVICE, "staff")):
        with pytest.raises(SignInError, match="state"):
            door.sign_in.finish(service, profile, callback, begun.browser_secret)
    assert "/token" not in fake.paths()


def test_two_callbacks_at_once_give_one_person(door: Door, fake: FakeProvider) -> None:
    """Item 6."""
    begun = door.begin()
    callback = fake.approve(begun.url)
    results: list[str] = []

    def come_back() -> None:
        try:
            results.append(door.sign_in.finish(SERVICE, "national", callback, begun.browser_secret).subject)
        except SignInError as error:
            results.append(error.code)

    threads = [threading.Thread(target=come_back) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["pairwise-1", "state", "state", "state"]


def test_ten_minutes_are_enough(door: Door, fake: FakeProvider) -> None:
    """Item 6."""
    begun, late = door.begin(), door.begin()
    door.clock.advance(minutes=9, seconds=59)
    assert door.sign_in.finish(SERVICE, "national", fake.approve(begun.url), begun.browser_secret).subject
    door.clock.advance(seconds=1)
    assert finish(door, fake.approve(late.url), late.browser_secret) == "state_expired"


def test_the_database_holds_no_usable_secret(door: Door, fake: FakeProvider) -> None:
    begun = door.begin()
    with door.store.read() as connection:
        row = connection.execute(select(sign_in)).one()
    state = fake.request_of(begun.url)["state"]
    assert row.state_hash == hashlib.sha256(state.encode()).hexdigest()
    assert state not in str(row)
    assert begun.browser_secret not in str(row)
    assert b"verifier" not in row.verifier_sealed


def test_where_to_land_is_kept_here_and_is_a_page_of_ours(door: Door, fake: FakeProvider) -> None:
    """Item 5."""
    begun = door.begin(next_url="//thief.example/")
    assert "thief" not in str(fake.received)
    assert door.sign_in.finish(SERVICE, "national", fake.approve(begun.url), begun.browser_secret).next_url == "/"


def test_a_verifier_sealed_under_a_lost_key_ends_the_sign_in(door: Door, fake: FakeProvider) -> None:
    begun = door.begin()
    door.keys = DraftKeys({"k": bytes(32)}, "k")
    door.open()
    assert finish(door, fake.approve(begun.url), begun.browser_secret) == "state"


@pytest.mark.parametrize("name", ["code", "state", "iss", "error"])
def test_a_parameter_that_comes_twice_is_refused(door: Door, fake: FakeProvider, name: str) -> None:
    """Items 7 and 8."""
    begun = door.begin()
    callback = fake.approve(begun.url)
    callback.setlist(name, [callback.get(name, "x")] * 2)
    assert finish(door, callback, begun.browser_secret) == "parameter_twice"
    assert "/token" not in fake.paths()


@pytest.mark.parametrize("iss", ["https://id.example", "", REMOVED])
def test_the_answer_names_its_issuer(door: Door, fake: FakeProvider, iss: Any) -> None:
    """Item 7 (RFC 9207)."""
    begun = door.begin()
    assert finish(door, fake.approve(begun.url, iss=iss), begun.browser_secret) == "response_issuer"
    assert "/token" not in fake.paths()


@pytest.mark.parametrize(
    ("rule", "advertised", "iss"),
    [("if_advertised", True, REMOVED), ("if_advertised", False, "https://id.example"), ("never", True, "https://id")],
)
def test_an_issuer_that_is_promised_must_come_and_one_that_comes_must_be_right(
    door: Door, fake: FakeProvider, rule: str, advertised: object, iss: Any
) -> None:
    """Item 7."""
    fake.metadata = {"authorization_response_iss_parameter_supported": advertised}
    door.open(response_iss=rule)
    begun = door.begin()
    assert finish(door, fake.approve(begun.url, iss=iss), begun.browser_secret) == "response_issuer"
    assert "/token" not in fake.paths()


@pytest.mark.parametrize(
    ("rule", "advertised"),
    [("if_advertised", False), ("if_advertised", "yes"), ("if_advertised", REMOVED), ("never", True)],
)
def test_an_issuer_that_is_not_promised_may_be_missing(
    door: Door, fake: FakeProvider, rule: str, advertised: object
) -> None:
    fake.metadata = {"authorization_response_iss_parameter_supported": advertised}
    door.open(response_iss=rule)
    assert door.through(iss=REMOVED).subject == "pairwise-1"


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        ("access_denied", "cancelled", 403),
        ("temporarily_unavailable", "provider_unavailable", 503),
        (f"<script>{PID}", "provider_refused", 403),
        ("", "provider_refused", 403),
    ],
)
def test_an_error_of_the_provider_becomes_a_word_of_ours(
    door: Door, fake: FakeProvider, error: str, code: str, status: int
) -> None:
    """Item 9: even beside a code, and never with the provider's text."""
    begun = door.begin()
    callback = fake.approve(begun.url, error=error, error_description=f"about {PID}")
    with pytest.raises(SignInError) as refused:
        door.sign_in.finish(SERVICE, "national", callback, begun.browser_secret)
    assert (refused.value.code, refused.value.status) == (code, status)
    assert str(refused.value) == code
    assert "/token" not in fake.paths()


def test_a_forged_error_does_not_end_somebodys_sign_in(door: Door, fake: FakeProvider) -> None:
    """Item 9: only with the right state, and the sign-in under way still works."""
    begun = door.begin()
    forged = MultiDict({"error": "access_denied", "state": "guess", "iss": fake.origin})
    assert finish(door, forged, begun.browser_secret) == "state"
    assert door.sign_in.finish(SERVICE, "national", fake.approve(begun.url), begun.browser_secret).subject


@pytest.mark.parametrize("code", ["", "c" * 2049, REMOVED])
def test_a_callback_without_a_fit_code_is_refused(door: Door, fake: FakeProvider, code: Any) -> None:
    begun = door.begin()
    assert finish(door, fake.approve(begun.url, code=code), begun.browser_secret) == "code"
    assert "/token" not in fake.paths()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer({"error": "invalid_grant", "error_description": PID}, 400), "token_refused"),
        (Answer(b"<html>busy</html>", 200), "token_refused"),
        (Answer(b"[]", 200), "token_refused"),
        (Answer(b"[" * 200_000, 200), "token_refused"),
        (Answer(b"\xff\xfe", 200), "token_refused"),
        (Answer(b"no", 404), "provider_unavailable"),
        (Answer(b"oh", 500), "provider_unavailable"),
        (Answer(b"x" * 600_000), "provider_unavailable"),
        (Answer(b"not gzip", headers={"Content-Encoding": "gzip"}), "provider_unavailable"),
        (Answer({}, pause=1), "provider_unavailable"),
        (Answer(b"{" + b" " * 100, pause=0.05, piece=1), "provider_unavailable"),
    ],
    ids=["refused", "html", "list", "deep", "bytes", "404", "500", "large", "broken", "slow", "dripping"],
)
def test_a_bad_token_answer_is_a_clean_refusal(door: Door, fake: FakeProvider, answer: Answer, code: str) -> None:
    """Item 10. Slow: over the time for one read; dripping: over the time for the whole."""
    door.open(read_timeout=0.4, total_timeout=0.5)
    begun = door.begin()
    callback = fake.approve(begun.url)
    fake.answers["/token"] = answer
    with pytest.raises(SignInError) as refused:
        door.sign_in.finish(SERVICE, "national", callback, begun.browser_secret)
    assert refused.value.code == code
    assert refused.value.status in {502, 503}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_code_and_verifier_are_not_carried_elsewhere(door: Door, fake: FakeProvider, status: int) -> None:
    """Item 10: stock Authlib follows."""
    begun = door.begin()
    callback = fake.approve(begun.url)
    fake.answers["/token"] = Answer(b"{}", status, {"Location": f"{fake.origin}/thief"})
    assert finish(door, callback, begun.browser_secret) == "token_response"
    assert "/thief" not in fake.paths()


@pytest.mark.parametrize(
    "change",
    [
        {"id_token": REMOVED},
        {"id_token": ""},
        {"id_token": 7},
        {"access_token": REMOVED},
        {"access_token": ""},
        {"access_token": ["x"]},
        {"access_token": "a\nb"},
        {"access_token": "\u4e2d"},
        {"access_token": "\ud800"},
        {"token_type": "MAC"},
        {"token_type": REMOVED},
        {"token_type": None},
    ],
    ids=str,
)
def test_a_token_answer_has_one_shape(door: Door, fake: FakeProvider, change: dict[str, Any]) -> None:
    """Item 11."""
    fake.token_answer = change
    begun = door.begin()
    assert finish(door, fake.approve(begun.url), begun.browser_secret) == "token_response"


def test_the_token_type_may_be_written_in_any_case(door: Door, fake: FakeProvider) -> None:
    fake.token_answer = {"token_type": "BEARER", "expires_in": REMOVED}
    assert door.through().subject == "pairwise-1"


def test_the_token_endpoint_may_be_the_audience_of_the_assertion(door: Door) -> None:
    """Item 4."""
    door.open(assertion_audience="token_endpoint")
    assert door.through().subject == "pairwise-1"


def test_no_repr_holds_a_secret_or_the_number(door: Door, fake: FakeProvider) -> None:
    """Item 39."""
    begun = door.begin()
    asked = fake.request_of(begun.url)
    who = door.sign_in.finish(SERVICE, "national", fake.approve(begun.url), begun.browser_secret)
    shown = repr(begun) + repr(who) + repr(door.provider.profile) + repr(who.number)
    for secret in (PID, begun.browser_secret, asked["state"], asked["nonce"], "pairwise-1", "provider-session-1"):
        assert secret not in shown


def test_nothing_is_written_to_any_log(
    door: Door, fake: FakeProvider, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Item 39: at the lowest level, through a good sign-in and a bad one."""
    with caplog.at_level("DEBUG"):
        begun = door.begin()
        asked = fake.request_of(begun.url)
        callback = fake.approve(begun.url)
        door.sign_in.finish(SERVICE, "national", callback, begun.browser_secret)
        fake.claims = {"nonce": "other"}
        with pytest.raises(SignInError):
            door.through()
    written = caplog.text + "".join(capfd.readouterr())
    secrets = [PID, callback["code"], asked["state"], asked["nonce"], asked["client_assertion"], begun.browser_secret]
    sent = next(request.form for request in fake.received if request.path == "/token")
    for secret in (*secrets, sent["code_verifier"], sent["client_assertion"]):
        assert secret not in written
