"""The sign-in simulator as a client and a browser meet it: the whole round, and every refusal."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from werkzeug.test import TestResponse

from portal.demo.national_id import ProviderConfig, create_provider
from portal.demo.national_id.keys import Registry, base64url
from portal.demo.national_id.loopback import Unreachable

ISSUER = "http://id.localhost:8001"
CALLBACK = "http://localhost:8000/callback"
GOODBYE = "http://localhost:8000/signed-out"
BACK_CHANNEL = "http://localhost:8000/back-channel"
LOW, SUBSTANTIAL, HIGH = "idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high"
CLIENT_KEYS: dict[str, ECKey | OKPKey | RSAKey] = {
    "portal": ECKey.generate_key("P-256", {"kid": "portal", "alg": "ES256"}),
    "other": OKPKey.generate_key("Ed25519", {"kid": "other"}),
    "third": RSAKey.generate_key(2048, {"kid": "third"}),
}
ALGORITHMS = {"portal": "ES256", "other": "EdDSA", "third": "RS256"}


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_seconds(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Post:
    """Records back-channel notices instead of sending them; fails when told to."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    fails: bool = False

    def __call__(self, url: str, fields: dict[str, str]) -> int:
        self.sent.append((url, fields["logout_token"]))
        if self.fails:
            raise Unreachable
        return 200


def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(Path(__file__).with_name("national_id.json").read_text(encoding="utf-8"))
    for client in read["clients"]:
        client["jwks"] = {"keys": [CLIENT_KEYS[client["client_id"]].as_dict(private=False)]}
    return read


@dataclass
class Party:
    """A client with its own browser in front of one provider."""

    browser: FlaskClient
    clock: Clock
    name: str = "portal"
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def assertion(self, **changes: Any) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.name,
            "sub": self.name,
            "aud": ISSUER,
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_urlsafe(16),
            **changes,
        }
        key, algorithm = CLIENT_KEYS[self.name], claims.pop("alg", ALGORITHMS[self.name])
        return jwt.encode({"alg": algorithm, "kid": self.name}, claims, key, registry=Registry(algorithms=[algorithm]))

    def form(self, fields: dict[str, str], **changes: Any) -> dict[str, Any]:
        full: dict[str, Any] = {
            "client_id": self.name,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(),
            **fields,
            **changes,
        }
        return {name: value for name, value in full.items() if value is not None}

    def push(self, **changes: Any) -> TestResponse:
        request = {
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": CALLBACK,
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": base64url(hashlib.sha256(self.verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        return self.browser.post("/par", data=self.form(request, **changes))

    def authorize(self, **changes: Any) -> TestResponse:
        pushed = self.push(**changes)
        assert pushed.status_code == 201, pushed.text
        reference = {"client_id": self.name, "request_uri": pushed.json["request_uri"]}  # type: ignore[index]
        return self.browser.get("/authorize", query_string=reference, follow_redirects=False)

    def page(self, **changes: Any) -> TestResponse:
        arrived = self.authorize(**changes)
        assert arrived.location.startswith("/pick?"), arrived.location
        return self.browser.get(arrived.location)

    def pick(self, person: str, **changes: Any) -> TestResponse:
        return press(self.browser, self.page(**changes), person)

    def redeem(self, code: str, /, **changes: Any) -> TestResponse:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return self.browser.post("/token", data=self.form(fields, **{"code_verifier": self.verifier, **changes}))

    def sign_in(self, person: str, **changes: Any) -> tuple[str, dict[str, Any]]:
        token: str = self.redeem(code_in(self.pick(person, **changes))).json["id_token"]  # type: ignore[index]
        return token, self.read(token)

    def read(self, token: str) -> dict[str, Any]:
        keys = KeySet.import_key_set(self.browser.get("/jwks").get_json())
        return dict(jwt.decode(token, keys, registry=Registry(algorithms=["RS256"])).claims)


def press(browser: FlaskClient, page: TestResponse, person: str) -> TestResponse:
    [choice] = re.findall(r'name="choice" value="([^"]+)"', page.text)
    return browser.post("/pick", data={"choice": choice, "person": person})


def answer(response: TestResponse) -> dict[str, str]:
    assert response.status_code == 303, response.text
    assert response.location.startswith(CALLBACK + "?")
    return {name: value for name, [value] in parse_qs(urlsplit(response.location).query).items()}


def code_in(response: TestResponse) -> str:
    return answer(response)["code"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("simulator") / "provider.key.pem"


@pytest.fixture
def new_party(clock: Clock, post: Post, key_file: Path) -> Callable[[str], Party]:
    app = create_provider(ProviderConfig.from_document(document(), key_file), clock, post)
    shared = app.test_client()
    return lambda name: Party(shared if name != "another browser" else app.test_client(), clock)


@pytest.fixture
def party(new_party: Callable[[str], Party]) -> Party:
    return new_party("portal")


def test_a_person_signs_in(party: Party, clock: Clock) -> None:
    back = answer(party.pick("kari", acr_values=HIGH, ui_locales="en"))
    assert (back["state"], back["iss"]) == ("a state", ISSUER)
    given = party.redeem(back["code"])
    assert given.headers["Cache-Control"] == "no-store"
    body, now = given.get_json(), int(clock().timestamp())
    claims = party.read(body["id_token"])
    assert len(body["id_token"].split(".")[0]) > 512, "the header is as long as a real provider's"
    assert all(claims.pop(name) for name in ("sid", "jti", "sub"))
    assert claims == {
        "iss": ISSUER,
        "aud": "portal",
        "pid": "21879498012",
        "acr": HIGH,
        "amr": ["BankID"],
        "locale": "en",
        "nonce": "a nonce",
        "iat": now,
        "exp": now + 120,
        "auth_time": now,
    }
    about = party.browser.get("/userinfo", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert about.get_json()["pid"] == "21879498012"
    assert party.browser.get("/userinfo", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_the_subject_is_stable_for_a_client_and_differs_between_clients(party: Party) -> None:
    first = party.sign_in("kari")[1]
    assert party.sign_in("kari", prompt="login")[1]["sub"] == first["sub"]
    other = Party(party.browser, party.clock, "other")
    code = code_in(other.authorize())
    assert other.read(other.redeem(code).get_json()["id_token"])["sub"] != first["sub"]


@pytest.mark.parametrize("name", ["portal", "other", "third"])
def test_each_kind_of_client_key_is_understood(party: Party, name: str) -> None:
    assert Party(party.browser, party.clock, name).sign_in("per")[1]["aud"] == name


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"redirect_uri": CALLBACK + "/"}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"acr_values": "unheard-of"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"request": "a.b.c"}, "request_not_supported"),
        ({"client_id": "unknown"}, "invalid_client"),
        ({"client_id": "other"}, "invalid_client"),
        ({"client_assertion": None}, "invalid_client"),
        ({"client_assertion": "a.b.c"}, "invalid_client"),
        ({"client_assertion_type": None}, "invalid_client"),
    ],
)
def test_a_faulty_request_is_refused(party: Party, changes: dict[str, str | None], error: str) -> None:
    refused = party.push(**changes)
    assert refused.get_json()["error"] == error
    assert refused.status_code == (401 if error == "invalid_client" else 400)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://example.org"},
        {"aud": [ISSUER, "https://example.org"]},
        {"aud": []},
        {"iss": "other"},
        {"sub": "other"},
        {"jti": ""},
        {"exp": None},
        {"exp": True},
        {"iat": 0},
        {"iat": 4102444800, "exp": 4102444860},
    ],
)
def test_a_faulty_assertion_is_refused(party: Party, changes: dict[str, Any]) -> None:
    refused = party.push(client_assertion=party.assertion(**changes))
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")


def test_an_assertion_is_good_for_120_seconds_at_most_and_once(party: Party, clock: Clock) -> None:
    now = int(clock().timestamp())
    assert party.push(client_assertion=party.assertion(exp=now + 121)).status_code == 401
    longest = party.assertion(exp=now + 120, aud=f"{ISSUER}/token")
    assert party.push(client_assertion=longest).status_code == 201
    assert party.push(client_assertion=longest).status_code == 401
    late = party.assertion()
    clock.pass_seconds(60)
    assert party.push(client_assertion=late).status_code == 401


@pytest.mark.parametrize("algorithm", ["none", "RS512"])
def test_an_algorithm_that_is_not_on_the_list_is_refused(party: Party, algorithm: str) -> None:
    third = Party(party.browser, party.clock, "third")
    assert third.push(client_assertion=third.assertion(alg=algorithm)).status_code == 401


def test_an_assertion_by_another_key_is_refused(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CLIENT_KEYS, "portal", ECKey.generate_key("P-256", {"kid": "portal"}))
    assert party.push().status_code == 401


def test_authorize_takes_pushed_requests_only_and_each_once(party: Party) -> None:
    plain = {"client_id": "portal", "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid", "state": "s"}
    assert party.browser.get("/authorize", query_string=plain).status_code == 400
    reference = party.push().get_json()["request_uri"]
    mine = {"client_id": "portal", "request_uri": reference}
    assert party.browser.get("/authorize", query_string=mine).status_code == 303
    assert party.browser.get("/authorize", query_string=mine).status_code == 400
    theirs = {"client_id": "other", "request_uri": party.push().get_json()["request_uri"]}
    assert party.browser.get("/authorize", query_string=theirs).status_code == 400


def test_a_pushed_request_is_forgotten_after_two_minutes(party: Party, clock: Clock) -> None:
    pushed = party.push().get_json()
    clock.pass_seconds(pushed["expires_in"])
    late = {"client_id": "portal", "request_uri": pushed["request_uri"]}
    assert party.browser.get("/authorize", query_string=late).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [{"code_verifier": "x" * 43}, {"code_verifier": None}, {"redirect_uri": GOODBYE}, {"code": "unknown"}],
)
def test_a_code_that_does_not_fit_is_refused_and_spent(party: Party, changes: dict[str, str | None]) -> None:
    code = code_in(party.pick("kari"))
    refused = party.redeem(code, **changes)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_grant")
    if "code" not in changes:
        assert party.redeem(code).get_json()["error"] == "invalid_grant"


def test_a_code_works_once_for_its_client_within_a_minute(party: Party, clock: Clock) -> None:
    code = code_in(party.pick("kari"))
    assert party.redeem(code).status_code == 200
    assert party.redeem(code).get_json()["error"] == "invalid_grant"
    late = code_in(party.authorize())
    clock.pass_seconds(60)
    assert party.redeem(late).get_json()["error"] == "invalid_grant"
    other = Party(party.browser, clock, "other", party.verifier)
    assert other.redeem(code_in(party.authorize())).get_json()["error"] == "invalid_grant"
    assert party.redeem("x", grant_type="password").get_json()["error"] == "unsupported_grant_type"


def test_a_code_is_worth_nothing_after_signing_out(party: Party) -> None:
    code = code_in(party.pick("kari"))
    party.browser.get("/logout")
    assert party.redeem(code).get_json()["error"] == "invalid_grant"


def test_a_parameter_that_stands_twice_is_refused(party: Party) -> None:
    assert party.push(scope=["openid", "openid"]).get_json()["error"] == "invalid_request"


def test_the_next_request_is_answered_without_a_page(party: Party, clock: Clock) -> None:
    first = party.sign_in("kari")[1]
    clock.pass_seconds(29 * 60)
    again = party.read(party.redeem(code_in(party.authorize())).get_json()["id_token"])
    assert (again["sid"], again["auth_time"]) == (first["sid"], first["auth_time"])
    assert answer(party.authorize(prompt="none"))["code"]


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "60"}, {"max_age": "0"}])
def test_a_fresh_sign_in_can_be_demanded(party: Party, clock: Clock, asked: dict[str, str]) -> None:
    first = party.sign_in("kari")[1]
    clock.pass_seconds(60)
    again = party.sign_in("kari", **asked)[1]
    assert again["auth_time"] == first["auth_time"] + 60
    assert again["sid"] == first["sid"]


def test_a_session_ends_when_idle_and_after_two_hours(party: Party, clock: Clock) -> None:
    party.sign_in("kari")
    for _ in range(4):
        clock.pass_seconds(29 * 60)
        assert answer(party.authorize())["code"]
    clock.pass_seconds(4 * 60)
    assert answer(party.authorize(prompt="none"))["error"] == "login_required"
    party.sign_in("kari")
    clock.pass_seconds(30 * 60)
    assert answer(party.authorize(prompt="none"))["error"] == "login_required"


def test_another_person_in_the_same_browser_ends_the_first_session(party: Party, post: Post) -> None:
    first = party.sign_in("kari")[1]
    assert party.sign_in("per", prompt="login")[1]["sid"] != first["sid"]
    [(address, token)] = post.sent
    assert (address, party.read(token)["sid"]) == (BACK_CHANNEL, first["sid"])
    assert party.browser.get("/logout", query_string={"id_token_hint": token}).status_code == 400


def test_a_level_that_is_too_low_cannot_be_picked(party: Party) -> None:
    assert party.sign_in("maja", acr_values=f"{HIGH} {SUBSTANTIAL}")[1]["acr"] == SUBSTANTIAL
    page = party.page(acr_values=HIGH)
    assert re.findall(r'name="person" value="([^"]*)"', page.text) == ["kari", "per", ""]
    assert "Maja &lt;Li&gt;" in page.text
    assert press(party.browser, page, "maja").status_code == 400


def test_cancelling_says_access_denied(party: Party) -> None:
    assert answer(party.pick("")) == {"error": "access_denied", "state": "a state", "iss": ISSUER}


def test_a_choice_belongs_to_the_browser_that_began_it(party: Party, new_party: Callable[[str], Party]) -> None:
    stranger = new_party("another browser").browser
    location = party.authorize().location
    assert stranger.get(location).status_code == 400
    page = party.browser.get(location)
    assert press(stranger, page, "kari").status_code == 400
    assert press(party.browser, page, "nobody").status_code == 400
    assert press(party.browser, page, "kari").status_code == 303
    assert press(party.browser, page, "kari").status_code == 400


@pytest.mark.parametrize(
    ("locales", "language", "story", "headings"),
    [
        ("se nn", "nb", "Moren til Maja", ["Familien Li", "Andre"]),
        ("en-GB nb", "en", "Maja&#39;s mother", ["The Li family", "Others"]),
    ],
)
def test_the_page_is_plain_honest_and_locked_down(
    party: Party, locales: str, language: str, story: str, headings: list[str]
) -> None:
    page = party.page(ui_locales=locales)
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1>") == 1
    assert "Simulator" in page.text
    assert story in page.text
    assert re.findall("<h2>(.*)</h2>", page.text) == headings
    assert "<script" not in page.text
    assert "21879498012" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self' http://localhost:8000;" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("by", ["hint", "client", "both"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_signing_out_returns_to_a_registered_address(party: Party, post: Post, by: str, method: str) -> None:
    token, claims = party.sign_in("kari")
    fields = {"post_logout_redirect_uri": GOODBYE, "state": "bye & thanks"}
    if by != "client":
        fields["id_token_hint"] = token
    if by != "hint":
        fields["client_id"] = "portal"
    if method == "GET":
        left = party.browser.get("/logout", query_string=fields)
    else:
        posted = party.browser.post("/logout", data=fields)
        assert token not in posted.location
        left = party.browser.get(posted.location)
    assert left.location == f"{GOODBYE}?state=bye+%26+thanks"
    [(_, notice)] = post.sent
    told = party.read(notice)
    assert told["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert (told["sid"], told["aud"], told["sub"]) == (claims["sid"], "portal", claims["sub"])
    assert not {"nonce", "pid"} & told.keys()
    assert answer(party.authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"client_id": "portal", "post_logout_redirect_uri": GOODBYE + "/"},
        {"post_logout_redirect_uri": GOODBYE},
    ],
)
def test_signing_out_goes_nowhere_unregistered(party: Party, fields: dict[str, str]) -> None:
    party.sign_in("kari")
    left = party.browser.get("/logout", query_string=fields)
    assert left.status_code == 200
    assert "Du er logget ut" in left.text
    assert GOODBYE not in left.text
    assert answer(party.authorize(prompt="none"))["error"] == "login_required"


def test_a_foreign_or_mismatched_hint_signs_nobody_out(party: Party) -> None:
    token, _ = party.sign_in("kari")
    forged = jwt.encode({"alg": "ES256"}, {"aud": "portal", "sid": "x"}, CLIENT_KEYS["portal"])
    for fields in ({"id_token_hint": forged}, {"id_token_hint": token, "client_id": "other"}, {"id_token_hint": "x"}):
        assert party.browser.get("/logout", query_string=fields).status_code == 400
    assert answer(party.authorize(prompt="none"))["code"]


def test_a_hint_signs_out_without_a_cookie(party: Party, new_party: Callable[[str], Party], clock: Clock) -> None:
    token, _ = party.sign_in("kari")
    clock.pass_seconds(600)
    new_party("another browser").browser.get("/logout", query_string={"id_token_hint": token})
    assert answer(party.authorize(prompt="none"))["error"] == "login_required"


def test_a_client_that_cannot_be_told_does_not_hold_up_the_others(party: Party, post: Post) -> None:
    party.sign_in("kari")
    third = Party(party.browser, party.clock, "third")
    third.authorize()
    post.fails = True
    left = party.browser.get("/logout", query_string={"client_id": "portal", "post_logout_redirect_uri": GOODBYE})
    assert len(post.sent) == 1
    assert 'src="http://b.localhost:8000/front-channel?iss=http%3A%2F%2Fid.localhost%3A8001&amp;sid=' in left.text
    assert f'content="1;url={GOODBYE}"' in left.text
    assert "frame-src http://b.localhost:8000;" in left.headers["Content-Security-Policy"]
