"""ID tokens: everything a forger, a confused provider or stock Authlib would let through is refused."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from portal.domain.people import Assurance
from portal.identity.errors import SignInError
from tests.fakes.identity import SERVICE, Door
from tests.fakes.provider import PID, REMOVED, FakeProvider, WideRegistry, provider_key

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

OTHER = "https://other.example"


def refusal(door: Door) -> str:
    """The code with which the sign-in ends."""
    with pytest.raises(SignInError) as refused:
        door.through()
    return refused.value.code


def seconds(door: Door, by: float) -> float:
    """A moment that many seconds from now, as tokens write it."""
    return door.clock.now.timestamp() + by


def encoded(value: object) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


CLAIMS: list[tuple[dict[str, Any], str]] = [
    # item 14
    ({"iss": OTHER}, "issuer"),
    ({"iss": REMOVED}, "issuer"),
    ({"iss": ["x"]}, "issuer"),
    # item 15
    ({"aud": OTHER}, "audience"),
    ({"aud": OTHER, "azp": "portal"}, "audience"),
    ({"aud": ["portal", OTHER]}, "audience"),
    ({"aud": []}, "audience"),
    ({"aud": REMOVED}, "audience"),
    ({"aud": {"portal": 1}}, "audience"),
    ({"azp": OTHER}, "authorized_party"),
    ({"azp": None}, "authorized_party"),
    # item 16
    ({"sub": ""}, "subject"),
    ({"sub": REMOVED}, "subject"),
    ({"sub": 7}, "subject"),
    ({"sub": "s" * 256}, "subject"),
    # item 17
    ({"exp": REMOVED}, "token_expired"),
    ({"exp": "later"}, "token_expired"),
    ({"exp": True}, "token_expired"),
    ({"exp": float("nan")}, "token_expired"),
    ({"exp": float("inf")}, "token_expired"),
    ({"exp": 10**400}, "token_expired"),
    ({"iat": REMOVED}, "token_too_old"),
    ({"iat": "now"}, "token_too_old"),
    ({"nbf": "now"}, "token_from_future"),
    # item 18
    ({"nonce": REMOVED}, "nonce"),
    ({"nonce": "other"}, "nonce"),
    ({"nonce": 7}, "nonce"),
    ({"nonce": "\ud800"}, "nonce"),
    # item 19
    ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
    ({"at_hash": None}, "at_hash"),
    # item 20
    ({"acr": "loa-low"}, "assurance_too_low"),
    ({"acr": "unknown"}, "assurance_too_low"),
    ({"acr": REMOVED}, "assurance_too_low"),
    ({"acr": ["loa-high"]}, "assurance_too_low"),
    # item 21
    ({"auth_time": REMOVED}, "not_fresh"),
    ({"auth_time": "now"}, "not_fresh"),
    # item 22
    ({"sid": REMOVED}, "claim_missing"),
    ({"sid": ""}, "claim_missing"),
    ({"pid": REMOVED}, "person_missing"),
    ({"pid": ""}, "person_missing"),
    ({"pid": "0589589498"}, "person_missing"),
    ({"pid": PID + "\n"}, "person_missing"),
    ({"pid": int(PID)}, "person_missing"),
    ({"pid": {"value": PID}}, "person_missing"),
]


@pytest.mark.parametrize(("claims", "code"), CLAIMS, ids=lambda value: str(value)[:40])
def test_a_wrong_claim_ends_the_sign_in(door: Door, fake: FakeProvider, claims: dict[str, Any], code: str) -> None:
    """Items 14 to 22."""
    fake.claims = claims
    assert refusal(door) == code


TIMES: list[tuple[str, float, str]] = [
    ("exp", -10, "token_expired"),
    ("exp", -100, "token_expired"),
    ("iat", -301, "clock_skew"),
    ("iat", -86_400, "token_too_old"),
    ("iat", 11, "clock_skew"),
    ("iat", 86_400, "token_from_future"),
    ("nbf", 11, "clock_skew"),
    ("nbf", 86_400, "token_from_future"),
    ("auth_time", -11, "not_fresh"),
    ("auth_time", 11, "not_fresh"),
]


@pytest.mark.parametrize(("claim", "by", "code"), TIMES)
def test_times_outside_the_leeway_are_refused(door: Door, fake: FakeProvider, claim: str, by: float, code: str) -> None:
    """Items 17, 21 and 43: by hours it is the clocks, beyond any time zone it is the token."""
    fake.claims = {claim: seconds(door, by)}
    assert refusal(door) == code


@pytest.mark.parametrize(("claim", "by"), [("exp", -9), ("iat", -300), ("iat", 10), ("nbf", 10), ("auth_time", -10)])
def test_times_inside_the_leeway_are_accepted(door: Door, fake: FakeProvider, claim: str, by: float) -> None:
    """Item 17."""
    fake.claims = {claim: seconds(door, by)}
    assert door.through().subject == "pairwise-1"


def test_a_sign_in_from_before_the_button_was_pressed_is_not_fresh(door: Door, fake: FakeProvider) -> None:
    """Item 21: national single sign-on does not let the next person in."""
    fake.claims = {"auth_time": seconds(door, 0)}
    door.clock.advance(minutes=5)
    assert refusal(door) == "not_fresh"


def test_a_person_may_take_minutes_to_sign_in(door: Door, fake: FakeProvider) -> None:
    begun = door.begin()
    door.clock.advance(minutes=8)
    who = door.sign_in.finish(SERVICE, "national", fake.approve(begun.url), begun.browser_secret)
    assert who.auth_time_utc == door.clock.now


ACCEPTED: list[dict[str, Any]] = [
    {"aud": ["portal"]},
    {"aud": ["portal"], "azp": "portal"},
    {"at_hash": REMOVED},
    {"pid": "45895894984"},  # a D-number
    {"pid": "05815894984"},  # a synthetic number
    {"pid": "00000000000"},  # never judged by checksum or date
    {"amr": ["something new"], "locale": "nb", "unknown": {"deep": [1]}},
    {"sub": "s" * 255},
    {"acr": "loa-substantial"},
]


@pytest.mark.parametrize("claims", ACCEPTED, ids=str)
def test_what_is_right_is_accepted(door: Door, fake: FakeProvider, claims: dict[str, Any]) -> None:
    """Items 15, 16, 19, 20 and 22."""
    fake.claims = claims
    assert door.through().provider_sid == "provider-session-1"


def test_a_trusted_second_audience_is_accepted_only_when_named(door: Door, fake: FakeProvider) -> None:
    """Item 15."""
    fake.claims = {"aud": ["portal", OTHER]}
    door.open(trusted_audiences=[OTHER])
    assert door.through().subject == "pairwise-1"
    fake.claims = {"aud": [OTHER]}
    assert refusal(door) == "audience"


def test_a_higher_assurance_is_asked_for_and_demanded(door: Door, fake: FakeProvider) -> None:
    """Item 20."""
    fake.claims = {"acr": "loa-substantial"}
    begun = door.begin(assurance=Assurance.HIGH)
    with pytest.raises(SignInError, match="assurance_too_low") as refused:
        door.sign_in.finish(SERVICE, "national", fake.approve(begun.url), begun.browser_secret)
    assert refused.value.status == 403


def test_a_missing_number_is_a_help_page_and_may_be_allowed(door: Door, fake: FakeProvider) -> None:
    """Item 22."""
    fake.claims = {"pid": REMOVED}
    with pytest.raises(SignInError, match="person_missing") as refused:
        door.through()
    assert refused.value.status == 403
    door.open(person_required=False)
    assert door.through().number is None
    fake.claims = {"pid": "not a number"}
    assert refusal(door) == "person_missing"


def test_the_number_may_stand_deeper_and_the_session_id_may_be_unneeded(door: Door, fake: FakeProvider) -> None:
    door.open(person_claim=["person", "number"], required_claims=[])
    fake.claims = {"person": {"number": PID}, "sid": REMOVED}
    who = door.through()
    assert who.number is not None
    assert (who.number.value, who.provider_sid) == (PID, None)
    fake.claims = {"person": "flat"}
    assert refusal(door) == "person_missing"


def _unsigned(claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{encoded(claims)}."


def _with_secret(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("k" * 32), algorithms=["HS256"])


def _confused(claims: dict[str, Any]) -> str:
    """The public key's text as the secret of a symmetric signature."""
    head = f"{encoded({'alg': 'HS256', 'kid': 'key-1'})}.{encoded(claims)}"
    signature = hmac.digest(provider_key("key-1").as_pem(private=False), head.encode(), "sha256")
    return f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _by_another(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "key-1"}, claims, provider_key("thief"), algorithms=["RS256"])


def _own_key_inside(claims: dict[str, Any]) -> str:
    thief = provider_key("thief")
    header = {"alg": "RS256", "kid": "key-1", "jwk": thief.as_dict(private=False)}
    registry = WideRegistry(algorithms=["RS256"], strict_check_header=False)
    return jwt.encode(header, claims, thief, registry=registry)


def _tampered(claims: dict[str, Any]) -> str:
    head, _, signature = FORGER.signed(claims).split(".")
    return f"{head}.{encoded(claims | {'sub': 'somebody else'})}.{signature}"


class _Forger:
    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "key-1"}, claims, provider_key("key-1"), algorithms=["RS256"])


FORGER = _Forger()

FORGERIES: list[tuple[Callable[[dict[str, Any]], str], str]] = [
    (_unsigned, "token_algorithm"),
    (_with_secret, "token_algorithm"),
    (_confused, "token_algorithm"),
    (_by_another, "token_signature"),
    (_own_key_inside, "token_header"),
    (_tampered, "token_signature"),
    (lambda claims: FORGER.signed(claims)[:-4] + "AAAA", "token_signature"),
    (lambda claims: FORGER.signed(claims).rsplit(".", 1)[0] + ".", "token_signature"),
    (lambda claims: FORGER.signed(claims) + ".x", "token_format"),
    (lambda _claims: "not a token", "token_format"),
    (lambda _claims: "..", "token_format"),
    (lambda _claims: "Wzdd.e30.eA", "token_format"),
    (lambda claims: f"!!{FORGER.signed(claims)}", "token_format"),
    (lambda _claims: "é.é.é", "token_format"),
    (lambda _claims: "a" * 80_001, "token_format"),
    (lambda _claims: f"{base64.urlsafe_b64encode(b'[' * 9_000).decode()}.e30.eA", "token_format"),
    (lambda _claims: f"{encoded({'alg': 'RS256'})}.{encoded([7])}.eA", "token_signature"),
]


@pytest.mark.parametrize(("forge", "code"), FORGERIES, ids=[str(number) for number in range(len(FORGERIES))])
def test_a_forged_token_is_refused(
    door: Door, fake: FakeProvider, forge: Callable[[dict[str, Any]], str], code: str
) -> None:
    """Items 12 and 13, whatever discovery and the key set say."""
    fake.metadata = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    fake.published.append({"kty": "oct", "k": base64.urlsafe_b64encode(b"k" * 32).decode().rstrip("=")})
    fake.id_token = forge
    assert refusal(door) == code


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"jku": f"{OTHER}/keys"}, "token_header"),
        ({"crit": ["b64"], "b64": True}, "token_header"),
        ({"typ": "logout+jwt"}, "token_type"),
        ({"typ": "at+jwt"}, "token_type"),
        ({"alg": "RS512"}, "token_algorithm"),
    ],
    ids=str,
)
def test_a_header_that_asks_for_more_is_refused(
    door: Door, fake: FakeProvider, header: dict[str, Any], code: str
) -> None:
    """Items 12 and 13."""
    fake.header = header
    assert refusal(door) == code


@pytest.mark.parametrize(
    "header",
    [
        {"x5c": [base64.b64encode(b"certificate" * 300).decode()]},
        {"typ": REMOVED},
        {"typ": "application/JWT"},
        {"kid": REMOVED},
        {"x-something": "new"},
    ],
    ids=["x5c", "no typ", "long typ", "no kid", "unknown"],
)
def test_a_header_of_a_real_provider_is_accepted(door: Door, fake: FakeProvider, header: dict[str, Any]) -> None:
    """Item 24: stock joserfc refuses the certificate chain."""
    fake.header = header
    assert door.through().subject == "pairwise-1"
