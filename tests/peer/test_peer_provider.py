"""The provider demands what we send it: without these refusals the other tests of this folder would prove little."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt

from portal.demo.files import ACR
from tests.peer.browser import Browser
from tests.peer.world import ALGORITHMS, WallClock, World

pytestmark = pytest.mark.peer

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""From RFC 7636, appendix B."""


def request_of(world: World, service: str) -> dict[str, str]:
    """An authorization request that lacks nothing."""
    return {
        "client_id": service,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": f"{world.origin(service)}/sign-in/callback",
        "nonce": "n" * 43,
        "state": "s" * 43,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }


def assertion(world: World, service: str) -> dict[str, str]:
    """The proof of being our client, made without our own code."""
    client = next(client for client in world.peer.clients if client.service_id == service)
    now = int(WallClock()().timestamp())
    claims = {"iss": service, "sub": service, "aud": world.peer.issuer, "iat": now, "exp": now + 60}
    header = {"alg": client.algorithm, "kid": client.key.kid}
    signed = jwt.encode(header, claims | {"jti": secrets.token_hex()}, client.key, algorithms=[client.algorithm])
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion_type": kind, "client_assertion": signed}


def pushed(world: World, service: str, **parameters: str) -> str:
    """Where a browser goes after a push, with these parameters besides those that nobody may leave out."""
    form = request_of(world, service) | parameters | assertion(world, service)
    reference = world.peer.send("/request", form).json()["request_uri"]
    return f"{world.peer.issuer}/auth?" + urlencode({"client_id": service, "request_uri": reference})


@pytest.mark.parametrize("service", list(ALGORITHMS))
def test_it_takes_no_request_that_was_not_pushed(world: World, service: str) -> None:
    """Item 2."""
    answer = world.peer.ask("/auth", request_of(world, service))
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert told["error"] == ["invalid_request"]
    assert "code" not in told


@pytest.mark.parametrize("service", list(ALGORITHMS))
def test_it_takes_no_pushed_request_without_a_challenge(world: World, service: str) -> None:
    """Item 1."""
    asked = request_of(world, service)
    assert world.peer.send("/request", asked | assertion(world, service)).status_code == 201
    without = {name: value for name, value in asked.items() if not name.startswith("code_challenge")}
    answer = world.peer.send("/request", without | assertion(world, service))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    plain = asked | {"code_challenge_method": "plain"}
    assert world.peer.send("/request", plain | assertion(world, service)).status_code == 400


@pytest.mark.parametrize("service", list(ALGORITHMS))
def test_it_takes_an_assertion_once_and_from_its_owner_only(world: World, service: str) -> None:
    """Item 4: a fresh one each time, for the client it names."""
    asked, proof = request_of(world, service), assertion(world, service)
    other = next(other for other in ALGORITHMS if other != service)
    assert world.peer.send("/request", asked | assertion(world, other)).status_code == 400
    assert world.peer.send("/request", asked | proof).status_code == 201
    assert world.peer.send("/request", asked | proof).status_code == 401
    assert world.peer.send("/request", asked).status_code == 401


def test_it_has_single_sign_on_unless_told_otherwise(world: World, browser: Browser) -> None:
    """Item 21: the danger is real. Without `prompt=login` the next person is let in as the one before."""
    world.sign_in(browser, "sofie")
    at_once = browser.get(pushed(world, "lillevik"))
    assert at_once.target is not None
    assert "code=" in at_once.target
    asked = browser.open(pushed(world, "lillevik", prompt="login"))
    assert asked.path.startswith("/who/")


def test_a_higher_level_asks_again(world: World, browser: Browser) -> None:
    """Item 28, the provider's half: whoever is in at substantial is asked again for high."""
    world.sign_in(browser, "thomas", "substantial")
    at_once = browser.get(pushed(world, "lillevik", acr_values=ACR["substantial"]))
    assert "code=" in str(at_once.target)
    asked = browser.open(pushed(world, "lillevik", acr_values=ACR["high"]))
    assert "step_up" in asked.words("why")
