"""The independent provider as a process of this test run, and what our two services are to it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import playwright
import requests
from joserfc.jwk import ECKey, KeyParameters, RSAKey

from portal.demo.files import ACR
from portal.demo.story_types import SignIn
from portal.identity.profile_reader import read_profile
from portal.identity.provider import Clock, Provider
from portal.identity.sign_in import Providers

HERE = Path(__file__).parent
LEVELS = list(ACR.values())
"""The provider's words for low, substantial and high."""
PATIENCE_SECONDS = 30.0


class PeerMissingError(Exception):
    """Node or the provider is not installed; the text says what to do."""


@dataclass(frozen=True)
class Client:
    """One of our services at the provider. `door`: where its back channel is really reached on this machine.

    `person_from` as in a profile: "id_token", or "userinfo_jwt" for a signed answer.
    """

    service_id: str
    origin: str
    door: str
    algorithm: str
    key: ECKey | RSAKey = field(repr=False)
    person_from: str

    def registration(self) -> dict[str, Any]:
        """What the provider is told about it."""
        return {
            "client_id": self.service_id,
            "redirect_uris": [f"{self.origin}/sign-in/callback"],
            "post_logout_redirect_uris": [f"{self.origin}/signed-out"],
            "backchannel_logout_uri": f"{self.door}/sign-in/back-channel",
            "token_endpoint_auth_signing_alg": self.algorithm,
            "id_token_signed_response_alg": self.algorithm,
            "require_pushed_authorization_requests": True,
            "jwks": {"keys": [self.key.as_dict(private=False)]},
        } | ({"userinfo_signed_response_alg": self.algorithm} if self.person_from == "userinfo_jwt" else {})


def client(service_id: str, origin: str, door: str, algorithm: str, person_from: str) -> Client:
    """A client with a new key for this algorithm."""
    told: KeyParameters = {"kid": f"{service_id}-1", "use": "sig", "alg": algorithm}
    key: ECKey | RSAKey
    if algorithm == "ES256":
        key = ECKey.generate_key("P-256", told, private=True)
    else:
        key = RSAKey.generate_key(2048, told, private=True)
    return Client(service_id, origin, door, algorithm, key, person_from)


class Peer:
    """The provider: started, stopped, and started again with other keys at the same address."""

    def __init__(self, folder: Path, people: tuple[SignIn, ...]) -> None:
        if not (HERE / "node_modules").is_dir():
            raise PeerMissingError("Missing: the provider. Install it with:  npm ci --ignore-scripts  in tests/peer")
        self._node = _node()
        self._folder = folder
        self._people = {who.key: {"pid": who.value} for who in people if who.service is None}
        self._process: subprocess.Popen[str] | None = None
        self.port = _free_port()
        self.issuer = f"http://id.localhost:{self.port}"
        self.clients: tuple[Client, ...] = ()
        self._keys = "first"

    @property
    def log(self) -> Path:
        """What it says, for whoever looks for a fault. Never read by a test."""
        return self._folder / "peer.log"

    def start(self, keys: str | None = None) -> None:
        """Start, with other signing keys if they are named, and wait until it answers. It remembers nobody."""
        self._keys = keys or self._keys
        told = {
            "issuer": self.issuer,
            "port": self.port,
            "keys": str(self._folder / f"{self._keys}.json"),
            "levels": LEVELS,
            "people": self._people,
            "clients": [client.registration() for client in self.clients],
        }
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [self._node, str(HERE / "provider.mjs")], stdin=subprocess.PIPE, stdout=log, stderr=log, text=True
            )
        assert self._process.stdin is not None
        with self._process.stdin as told_to:
            told_to.write(json.dumps(told))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert self._process.poll() is None, f"the provider ended, see {self.log.name}"
            assert time.monotonic() < deadline, "the provider does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        """End it; nobody listens at its address afterwards."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def profile_values(self, client: Client, **changes: Any) -> dict[str, Any]:
        """The profile of this provider as a services file would hold it."""
        return {
            "id": "national-id",
            "realm": "family",
            "name": {"nb": "TestID", "en": "TestID"},
            "issuer": self.issuer,
            "client_id": client.service_id,
            "client_key": json.dumps(client.key.as_dict(private=True)).encode(),
            "id_token_algorithms": [client.algorithm],
            "par": "always",
            "acr": {acr: level for level, acr in ACR.items()},
            "person_claim": "pid",
            "person_from": client.person_from,
            "person_pattern": "[0-9]{11}",
            "person_scheme": "no-pid",
        } | changes

    def providers(self, clock: Clock) -> Providers:
        """Our side of every client."""
        return {
            (client.service_id, "national-id"): Provider(
                read_profile(self.profile_values(client), allow_loopback=True), clock
            )
            for client in self.clients
        }

    def send(self, path: str, form: Mapping[str, str]) -> requests.Response:
        """A bare form sent to the provider."""
        return requests.post(self._url(path), dict(form), headers=self._headers, timeout=10, allow_redirects=False)

    def ask(self, path: str, query: Mapping[str, str]) -> requests.Response:
        """A bare request to the provider, as somebody else's software would send it."""
        return requests.get(self._url(path), dict(query), headers=self._headers, timeout=10, allow_redirects=False)

    @property
    def host(self) -> str:
        """Its name and port, as people see them."""
        return self.issuer.removeprefix("http://")

    @property
    def _headers(self) -> dict[str, str]:
        return {"Host": self.host}

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _answers(self) -> bool:
        try:
            return self.ask("/.well-known/openid-configuration", {}).ok
        except requests.RequestException:
            return False


def _node() -> str:
    """Playwright's own Node, which is the same everywhere and new enough (Debian 12 has 18, the provider needs 20)."""
    bundled = Path(playwright.__file__).parent / "driver" / "node"
    found = str(bundled) if bundled.is_file() else shutil.which("node")
    if found is None:
        raise PeerMissingError("Missing: Node. Install it with:  sudo apt-get install nodejs npm")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
