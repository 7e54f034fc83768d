"""A provider of identities in this process, served on loopback: honest until a test changes a byte of it.

It checks what a real one checks (assertion, PKCE, redirect URI, pushed requests), so that a finished sign-in proves
that ours sent them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry
from werkzeug.datastructures import MultiDict

from tests.fakes.clock import ManualClock

CLIENT_ID = "portal"
REDIRECT_URI = "http://localhost:8000/callback"
PID = "05895894984"


class Removed(Enum):
    """Has the same name in every process, as the names of tests must."""

    REMOVED = "removed"


REMOVED = Removed.REMOVED
"""In `claims` or `metadata`: the entry is left out."""


class WideRegistry(JWSRegistry):
    """Signs headers as long as those with a certificate chain."""

    max_header_length = 16_384


@lru_cache
def client_key() -> ECKey:
    """The portal's key."""
    return ECKey.generate_key("P-256", {"kid": "portal-1"}, private=True)


@lru_cache
def provider_key(name: str) -> RSAKey:
    """A provider's signing key by its kid; made once per test run."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, private=True)


@dataclass(frozen=True)
class Answer:
    """Bytes for one path. `pause`: seconds before the answer, or before each piece of `piece` bytes."""

    body: bytes | dict[str, Any] | list[Any] = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0
    piece: int | None = None

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Received:
    """One request that came in."""

    method: str
    path: str
    host: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)


class FakeProvider:
    """One issuer under a test's full control."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://id.localhost:{port}"
        self.reset(ManualClock())

    def reset(self, clock: ManualClock) -> None:
        """Honest again, and nothing remembered."""
        self.clock = clock
        self.received: list[Received] = []
        self.answers: dict[str, Answer] = {}
        self.metadata: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.token_answer: dict[str, Any] = {}
        self.secret: str | None = None
        self.userinfo: dict[str, Any] = {"sub": "pairwise-1", "pid": PID}
        self.access_token = ""
        self.id_token: Callable[[dict[str, Any]], str] = self.signed
        self.signing = provider_key("key-1")
        self.published: list[Any] = [self.signing.as_dict(private=False)]
        self._pushed: dict[str, dict[str, str]] = {}
        self._codes: dict[str, dict[str, str]] = {}
        self._assertions: set[str] = set()

    # What a test asks for

    def profile_values(self, **changes: Any) -> dict[str, Any]:
        """The profile of this provider as a services file would hold it."""
        values = {
            "id": "national",
            "realm": "family",
            "name": {"nb": "TestID", "en": "TestID"},
            "issuer": self.origin,
            "client_id": CLIENT_ID,
            "client_key": json.dumps(client_key().as_dict(private=True)).encode(),
            "id_token_algorithms": ["RS256"],
            "acr": {"loa-low": "low", "loa-substantial": "substantial", "loa-high": "high"},
            "person_claim": "pid",
            "person_pattern": r"\d{11}",
            "person_scheme": "no-pid",
            "par": "if_advertised",
        } | changes
        return {name: value for name, value in values.items() if value is not REMOVED}

    def paths(self) -> list[str]:
        """Where it was asked, in order."""
        return [request.path for request in self.received]

    def request_of(self, url: str) -> dict[str, str]:
        """The authorization request behind the address a browser was sent to."""
        query = dict(parse_qsl(urlsplit(url).query))
        return self._pushed[query["request_uri"]] if "request_uri" in query else query

    def approve(self, url: str, **changes: Any) -> MultiDict[str, str]:
        """The person has signed in: what the browser brings back."""
        asked = self.request_of(url)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        given = {"code": code, "state": asked["state"], "iss": self.origin} | changes
        return MultiDict({name: value for name, value in given.items() if value is not REMOVED})

    def signed(self, claims: dict[str, Any]) -> str:
        """A token of these claims under the present key."""
        header = {"alg": "RS256", "kid": self.signing.kid, "typ": "JWT"} | self.header
        header = {name: value for name, value in header.items() if value is not REMOVED}
        registry = WideRegistry(algorithms=[header["alg"]], strict_check_header=False)
        return jws.serialize_compact(header, json.dumps(claims).encode(), self.signing, registry=registry)

    # What it answers

    def handle(self, request: Received) -> Answer:
        """The answer to one request."""
        self.received.append(request)
        if request.path in self.answers:
            return self.answers[request.path]
        calls: dict[str, Callable[[Received], Answer]] = {
            "/.well-known/openid-configuration": lambda _: Answer(self._discovery()),
            "/jwks": lambda _: Answer({"keys": self.published}),
            "/par": self._par,
            "/token": self._token,
            "/userinfo": self._userinfo,
        }
        call = calls.get(request.path)
        return call(request) if call else Answer(status=404)

    def _discovery(self) -> dict[str, Any]:
        document = {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/jwks",
            "pushed_authorization_request_endpoint": f"{self.origin}/par",
            "end_session_endpoint": f"{self.origin}/logout",
            "userinfo_endpoint": f"{self.origin}/userinfo",
            "authorization_response_iss_parameter_supported": True,
        } | self.metadata
        return {name: value for name, value in document.items() if value is not REMOVED}

    def _par(self, request: Received) -> Answer:
        form = request.form
        if not self._is_the_portal(request):
            return Answer({"error": "invalid_client"}, 401)
        reference = f"urn:fake:{secrets.token_urlsafe(16)}"
        self._pushed[reference] = form
        return Answer({"request_uri": reference, "expires_in": 60}, 201)

    def _userinfo(self, request: Received) -> Answer:
        if request.headers.get("Authorization") != f"Bearer {self.access_token}" or request.query:
            return Answer({"error": "invalid_token"}, 401)
        return Answer(self.userinfo)

    def _token(self, request: Received) -> Answer:
        form = request.form
        if not self._is_the_portal(request):
            return Answer({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or not _proves(form.get("code_verifier", ""), asked.get("code_challenge", "")):
            return Answer({"error": "invalid_grant"}, 400)
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return Answer({"error": "invalid_grant"}, 400)
        access_token = self.access_token = secrets.token_urlsafe(16)
        now = int(self.clock().timestamp())
        claims: dict[str, Any] = {
            "iss": self.origin,
            "aud": CLIENT_ID,
            "sub": "pairwise-1",
            "pid": PID,
            "acr": "loa-high",
            "sid": "provider-session-1",
            "auth_time": now,
            "iat": now,
            "exp": now + 120,
            "nonce": asked["nonce"],
            "at_hash": half_hash(access_token),
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not REMOVED}
        answer: dict[str, Any] = {
            "access_token": access_token,
            "token_type": "Bearer",
            "id_token": self.id_token(claims),
        } | self.token_answer
        return Answer({name: value for name, value in answer.items() if value is not REMOVED})

    def _is_the_portal(self, request: Received) -> bool:
        form = request.form
        if self.secret is not None:
            return self._knows_the_secret(request)
        token = jwt.decode(form["client_assertion"], client_key(), algorithms=["ES256"])
        claims, now = token.claims, self.clock().timestamp()
        fresh = claims["iat"] <= now < claims["exp"] <= claims["iat"] + 60 and claims["jti"] not in self._assertions
        self._assertions.add(claims["jti"])
        named = claims["iss"] == claims["sub"] == form["client_id"] == CLIENT_ID
        addressed = claims["aud"] in {self.origin, f"{self.origin}/token"}
        return fresh and named and addressed and token.header["kid"] == "portal-1"

    def _knows_the_secret(self, request: Received) -> bool:
        """RFC 6749 §2.3.1: in the header, form-encoded, or in the body; never both."""
        header = request.headers.get("Authorization")
        if header is None:
            return (request.form.get("client_id"), request.form.get("client_secret")) == (CLIENT_ID, self.secret)
        name, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        return (unquote_plus(name), unquote_plus(secret)) == (CLIENT_ID, self.secret) and not (
            "client_secret" in request.form or (request.path == "/token" and "client_id" in request.form)
        )


def half_hash(access_token: str) -> str:
    """The honest `at_hash` for RS256."""
    return base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16]).rstrip(b"=").decode()


def _proves(verifier: str, challenge: str) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return len(verifier) >= 43 and digest == challenge


@contextmanager
def serve() -> Iterator[FakeProvider]:
    """A fake provider on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.provider = FakeProvider(server.server_port)  # type: ignore[attr-defined]  # the handler finds it there
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.provider  # type: ignore[attr-defined]  # see above
    server.shutdown()
    server.server_close()
    thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer(dict(parse_qsl(body, keep_blank_values=True)))

    def log_message(self, *args: object) -> None:
        """Quiet."""

    def _answer(self, form: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        provider: FakeProvider = self.server.provider  # type: ignore[attr-defined]  # put there by `serve`
        host = self.headers.get("Host", "")
        query, headers = dict(parse_qsl(parts.query)), dict(self.headers.items())
        answer = provider.handle(Received(self.command, parts.path, host, query, form, headers))
        body = answer.content()
        time.sleep(answer.pause)
        try:
            self.send_response(answer.status)
            for name, value in ({"Content-Type": "application/json"} | answer.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for start in range(0, len(body), answer.piece or max(len(body), 1)):
                self.wfile.write(body[start : start + (answer.piece or len(body))])
                if answer.piece:
                    time.sleep(answer.pause)
        except OSError:
            self.close_connection = True  # whoever asked has gone away
