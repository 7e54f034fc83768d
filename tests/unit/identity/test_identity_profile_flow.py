"""Providers that differ: secrets, userinfo, other hashes, no single sign-on; each through a whole sign-in."""

from __future__ import annotations

import base64
import hashlib
import logging
from typing import Any

import pytest

from portal.domain.people import Assurance
from portal.identity.errors import ClockSkew, SignInError
from tests.fakes.identity import SERVICE, Door
from tests.fakes.provider import CLIENT_ID, PID, REMOVED, Answer, FakeProvider, provider_key

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

SECRET = "a secret: 100 % +/="
BY_SECRET: dict[str, Any] = {"only_secrets": True, "client_key": REMOVED, "client_secret": f"{SECRET}\n".encode()}


def refusal(door: Door) -> tuple[str, int]:
    """How a sign-in ends."""
    with pytest.raises(SignInError) as refused:
        door.through()
    return refused.value.code, refused.value.status


def moment(door: Door, by: float) -> float:
    return door.clock.now.timestamp() + by


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
@pytest.mark.parametrize("par", ["never", "always"])
def test_a_secret_is_sent_as_the_standard_says(door: Door, fake: FakeProvider, method: str, par: str) -> None:
    """RFC 6749 §2.3.1: form-encoded in the header, or in the body; the fake refuses it in both or as it is."""
    fake.secret = SECRET
    door.open(**BY_SECRET, client_auth=method, par=par)
    assert door.through().subject == "pairwise-1"
    assert SECRET not in repr(door.provider.profile)
    assert all("client_assertion" not in request.form for request in fake.received)
    fake.secret = "another"
    with pytest.raises(SignInError):
        door.through()


def test_a_key_may_be_named_by_its_certificate(door: Door, fake: FakeProvider) -> None:
    key = {**provider_key("ours").as_dict(private=True), "x5t#S256": "thumb", "x5c": ["c" * 4000]}
    for name in ("x5t#S256", "x5c"):
        door.open(client_key=key, client_algorithm="PS256", assertion_key_name=name)
        proof = door.provider.profile.client
        with pytest.raises(SignInError):  # the fake knows another key: only what was sent counts here
            door.begin()
        header = fake.received[-1].form["client_assertion"].split(".")[0]
        assert f'"{name}"' in base64.urlsafe_b64decode(header + "==").decode()
        assert "thumb" not in repr(proof)


def test_the_user_agent_and_the_place_of_discovery_are_the_profiles(door: Door, fake: FakeProvider) -> None:
    fake.answers["/elsewhere"] = Answer(fake._discovery())
    door.open(discovery_url=f"{fake.origin}/elsewhere", user_agent="neutral/1")
    door.through()
    assert fake.paths()[0] == "/elsewhere"
    assert {request.headers["User-Agent"] for request in fake.received} == {"neutral/1"}


@pytest.mark.parametrize("source", ["userinfo", "userinfo_jwt"])
class TestUserinfo:
    """The number stands in userinfo: fetched after the ID token is believed, and believed of its subject only."""

    def serve(self, fake: FakeProvider, source: str, claims: dict[str, Any]) -> None:
        fake.userinfo = claims
        if source == "userinfo_jwt":
            token = fake.signed({"iss": fake.origin, "aud": CLIENT_ID} | claims).encode()
            fake.answers["/userinfo"] = Answer(token, headers={"Content-Type": "application/jwt"})

    def test_the_number_is_found_there(self, door: Door, fake: FakeProvider, source: str) -> None:
        """Items 22 and 23: by the access token in the header, never in the address."""
        self.serve(fake, source, {"sub": "pairwise-1", "pid": PID})
        fake.claims = {"pid": REMOVED}
        door.open(person_from=source)
        who = door.through()
        assert who.number is not None
        assert who.number.value == PID
        asked = fake.received[-1]
        assert (asked.path, asked.headers["Authorization"]) == ("/userinfo", f"Bearer {fake.access_token}")
        assert asked.query == {}

    @pytest.mark.parametrize("sub", ["somebody else", "", REMOVED, 7, None])
    def test_about_somebody_else_it_is_refused(self, door: Door, fake: FakeProvider, source: str, sub: Any) -> None:
        """Item 23: stock Authlib takes it."""
        claims = {"sub": sub, "pid": PID}
        self.serve(fake, source, {name: value for name, value in claims.items() if value is not REMOVED})
        door.open(person_from=source)
        assert refusal(door) == ("userinfo_subject", 400)

    def test_without_a_number_it_is_the_help_page(self, door: Door, fake: FakeProvider, source: str) -> None:
        """Item 22."""
        self.serve(fake, source, {"sub": "pairwise-1"})
        door.open(person_from=source)
        assert refusal(door) == ("person_missing", 403)

    @pytest.mark.parametrize(
        ("answer", "how"),
        [
            (Answer({"error": "x"}, 403), ("userinfo", 502)),
            (Answer(status=307, headers={"Location": "/elsewhere"}), ("userinfo", 502)),
            (Answer(status=500), ("provider_unavailable", 503)),
            (Answer(b"x" * 600_000), ("provider_unavailable", 503)),
            (Answer(b"{}", headers={"Content-Type": "text/html"}), ("userinfo", 502)),
        ],
        ids=["403", "redirect", "500", "large", "html"],
    )
    def test_a_bad_answer_is_a_clean_refusal(
        self, door: Door, fake: FakeProvider, source: str, answer: Answer, how: tuple[str, int]
    ) -> None:
        """Item 10."""
        door.open(person_from=source)
        fake.answers["/userinfo"] = answer
        assert refusal(door) == how
        assert "/elsewhere" not in fake.paths()

    def test_an_id_token_that_is_not_believed_asks_nothing(self, door: Door, fake: FakeProvider, source: str) -> None:
        fake.claims = {"nonce": "other"}
        door.open(person_from=source)
        assert refusal(door)[0] == "nonce"
        assert "/userinfo" not in fake.paths()

    def test_a_provider_without_it_is_a_page_that_says_so(self, door: Door, fake: FakeProvider, source: str) -> None:
        fake.metadata = {"userinfo_endpoint": REMOVED}
        door.open(person_from=source)
        assert refusal(door) == ("userinfo_missing", 503)


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"[]", "userinfo"), (b"no", "userinfo"), (b"[" * 200_000, "userinfo")],
    ids=["list", "text", "deep"],
)
def test_userinfo_that_is_no_object(door: Door, fake: FakeProvider, body: bytes, code: str) -> None:
    door.open(person_from="userinfo")
    fake.answers["/userinfo"] = Answer(body)
    assert refusal(door) == (code, 502)


@pytest.mark.parametrize(
    ("claims", "code"),
    [({"iss": "https://other.example"}, "userinfo"), ({"aud": "another"}, "userinfo"), ({}, "token_signature")],
    ids=["iss", "aud", "key"],
)
def test_signed_userinfo_is_judged_like_an_id_token(
    door: Door, fake: FakeProvider, claims: dict[str, Any], code: str
) -> None:
    """Items 12 and 23."""
    token = fake.signed({"iss": fake.origin, "aud": CLIENT_ID, "sub": "pairwise-1", "pid": PID} | claims)
    if not claims:
        token = token[:-6] + "AAAAAA"
    fake.answers["/userinfo"] = Answer(token.encode(), headers={"Content-Type": "application/jwt"})
    door.open(person_from="userinfo_jwt")
    assert refusal(door)[0] == code


def test_plain_json_does_not_pass_for_signed_userinfo(door: Door, fake: FakeProvider) -> None:
    door.open(person_from="userinfo_jwt")
    assert refusal(door) == ("userinfo", 502)


def test_a_hash_in_the_other_alphabet(door: Door, fake: FakeProvider) -> None:
    """Item 19: TARA's is padded standard Base64, and still verified."""
    fake.token_answer = {"access_token": "fixed"}
    half = hashlib.sha256(b"fixed").digest()[:16]
    fake.claims = {"at_hash": base64.b64encode(half).decode()}
    assert refusal(door)[0] == "at_hash"
    door.open(at_hash="tara")
    assert door.through().subject == "pairwise-1"
    fake.claims = {"at_hash": base64.b64encode(bytes(16)).decode()}
    assert refusal(door)[0] == "at_hash"
    door.open(at_hash="ignore")
    assert door.through().subject == "pairwise-1"


def test_a_type_of_token_is_the_profiles(door: Door, fake: FakeProvider) -> None:
    fake.header = {"typ": "id+jwt"}
    assert refusal(door)[0] == "token_type"
    door.open(id_token_types=["JWT", "id+jwt"])
    assert door.through().subject == "pairwise-1"


def test_a_claim_must_have_the_value_the_profile_expects(door: Door, fake: FakeProvider) -> None:
    door.open(expected_claims={"tid": "ours"})
    assert refusal(door) == ("claim_unexpected", 403)
    fake.claims = {"tid": ["ours"]}
    assert refusal(door)[0] == "claim_unexpected"
    fake.claims = {"tid": "ours"}
    assert door.through().subject == "pairwise-1"


def test_assurance_in_another_claim_or_in_a_list(door: Door, fake: FakeProvider) -> None:
    """Item 20."""
    door.open(assurance_claim="loa")
    assert refusal(door)[0] == "assurance_too_low"
    fake.claims = {"loa": "loa-substantial", "acr": REMOVED}
    assert door.through().assurance is Assurance.SUBSTANTIAL
    door.open(assurance_claim="acrs", assurance_list=True)
    fake.claims = {"acrs": ["unknown", "loa-low", "loa-high"]}
    assert door.through().assurance is Assurance.HIGH
    for answer in (["unknown"], [], "loa-high", [["loa-high"]]):
        fake.claims = {"acrs": answer}
        assert refusal(door)[0] == "assurance_too_low"


def test_a_prefix_is_taken_off_and_must_be_there(door: Door, fake: FakeProvider) -> None:
    """Item 22."""
    door.open(person_strip_prefix="EE")
    assert refusal(door)[0] == "person_missing"
    fake.claims = {"pid": f"EE{PID}"}
    who = door.through()
    assert who.number is not None
    assert who.number.value == PID


def test_the_session_may_have_another_name(door: Door, fake: FakeProvider) -> None:
    door.open(session_claim="neb_sid", required_claims=["neb_sid"])
    assert refusal(door)[0] == "claim_missing"
    fake.claims = {"neb_sid": "theirs"}
    assert door.through().provider_sid == "theirs"


def test_without_any_single_sign_on_the_token_itself_is_the_proof_of_freshness(door: Door, fake: FakeProvider) -> None:
    """Item 21: `iat` stands for an absent `auth_time`; one that is there is judged all the same."""
    door.open(reauthentication="isolated")
    fake.claims = {"auth_time": REMOVED}
    assert door.through().auth_time_utc == door.clock.now
    begun = door.begin()
    fake.claims = {"auth_time": REMOVED, "iat": moment(door, -60)}
    with pytest.raises(SignInError, match="not_fresh"):
        door.sign_in.finish(SERVICE, "national", fake.approve(begun.url), begun.browser_secret)
    fake.claims = {"auth_time": moment(door, -60)}
    assert refusal(door)[0] == "not_fresh"
    door.open()
    fake.claims = {"auth_time": REMOVED}
    assert refusal(door)[0] == "not_fresh"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"error": "user_went_home"}, "cancelled"),
        ({"error": "access_denied", "error_description": "user_went_home"}, "cancelled"),
        ({"error": "strange", "error_description": "again"}, "relogin"),
        ({"error": "login_required"}, "relogin"),
        ({"error": "busy"}, "provider_unavailable"),
        ({"error": "strange", "error_description": f"user_went_home {PID}"}, "provider_refused"),
    ],
)
def test_a_providers_words_for_what_went_wrong(
    door: Door, fake: FakeProvider, given: dict[str, str], code: str
) -> None:
    """Item 9: also where a broker puts the word into the description; never shown."""
    door.open(errors={"user_went_home": "cancelled", "again": "relogin", "busy": "down"})
    begun = door.begin()
    with pytest.raises(SignInError) as refused:
        door.sign_in.finish(SERVICE, "national", fake.approve(begun.url, **given), begun.browser_secret)
    assert str(refused.value) == refused.value.code == code
    assert "/token" not in fake.paths()


@pytest.mark.parametrize(
    ("times", "wrong"),
    [
        ({"iat": 3700, "exp": 3820, "auth_time": 3700}, 3700),
        ({"iat": -3700, "exp": -3580, "auth_time": -3700}, -3700),
        ({"iat": -400, "exp": 120, "auth_time": -400}, -400),
        ({"nbf": 7200}, 7200),
    ],
    ids=["ahead", "expired by it", "too old by it", "nbf"],
)
def test_clocks_that_differ_have_a_code_of_their_own(
    door: Door, fake: FakeProvider, caplog: pytest.LogCaptureFixture, times: dict[str, float], wrong: float
) -> None:
    """Item 43: the log says by how much, and nothing of the token."""
    fake.claims = {name: moment(door, value) for name, value in times.items()}
    with caplog.at_level("DEBUG"), pytest.raises(ClockSkew) as skew:
        door.through()
    assert (skew.value.code, skew.value.status) == ("clock_skew", 503)
    line = next(record for record in caplog.records if record.message == "sign_in.clock_skew")
    state = "provider_ahead" if wrong > 0 else "provider_behind"
    assert (line.levelno, line.state, line.duration_ms) == (logging.ERROR, state, abs(wrong) * 1000)  # type: ignore[attr-defined]
    assert PID not in caplog.text


def test_a_token_that_is_merely_expired_is_not_the_clocks(door: Door, fake: FakeProvider) -> None:
    """Item 43: in itself out of order, or older than any time zone."""
    fake.claims = {"exp": moment(door, -60)}
    assert refusal(door)[0] == "token_expired"
    fake.claims = {"iat": moment(door, -100_000), "exp": moment(door, -99_000)}
    assert refusal(door)[0] == "token_expired"
