"""What keeps the sign-in simulator on this machine and away from real people; its key, memory and process."""

import copy
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from werkzeug.serving import make_server

from portal.demo.national_id import ConfigurationRefused, ProviderConfig, create_provider
from portal.demo.national_id.__main__ import serve
from portal.demo.national_id.keys import KeyRefused, SigningKey
from portal.demo.national_id.loopback import NotLoopback, Unreachable, post_form
from portal.demo.national_id.memory import AlreadyKept, Gone, Memory, MemoryFull

ISSUER = "http://id.localhost:8001"
KEY = ECKey.generate_key("P-256", {"kid": "portal"})


def now() -> datetime:
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(Path(__file__).with_name("national_id.json").read_text(encoding="utf-8"))
    for client in read["clients"]:
        client["jwks"] = {"keys": [KEY.as_dict(private=False)]}
    return read


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    config = ProviderConfig.from_document(document(), tmp_path_factory.mktemp("simulator") / "key.pem")
    return create_provider(config, now).test_client()


def test_discovery_names_the_exact_issuer_and_what_is_required(browser: FlaskClient) -> None:
    told = browser.get("/.well-known/openid-configuration").get_json()
    assert told["issuer"] == ISSUER
    assert told["require_pushed_authorization_requests"] is True
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert all(told[name].startswith(ISSUER + "/") for name in told if name.endswith(("_endpoint", "_uri")))
    assert set(browser.get("/jwks").get_json()["keys"][0]) == {"kty", "n", "e", "kid", "use", "alg"}
    assert browser.get("/health").text == "ok"


@pytest.mark.parametrize("address", ["/authorize", "/nowhere", "/logout", "/pick", "/logout/posted"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_page_carries_the_banner(browser: FlaskClient, address: str, language: str) -> None:
    page = browser.get(address, headers={"Accept-Language": language})
    assert f'<html lang="{language}">' in page.text
    assert {"nb": "Dette er ikke ekte innlogging", "en": "This is not a real sign-in"}[language] in page.text
    assert page.text.count("<h1>") == 1


def test_whoever_is_not_on_this_machine_is_refused(browser: FlaskClient) -> None:
    assert browser.get("/health", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403


def test_too_much_is_refused(browser: FlaskClient) -> None:
    assert browser.post("/par", data={"state": "x" * 70_000}).status_code == 413


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("people", 0, "claims", "pid"), "14101012345", "person maja"),
        (("people", 0, "claims", "pid"), "14931012345", "person maja"),
        (("people", 0, "claims", "pid"), "1489101234", "person maja"),
        (("people", 0, "claims"), {"number": "14101012345"}, "person maja"),
        (("people", 0, "claims"), {"sub": "x"}, "person maja"),
        (("people", 0, "acr"), "unheard-of", "person maja"),
        (("people", 1, "key"), "maja", "people"),
        (("people", 0, "story"), {"nb": "Bare norsk"}, "$.people[0].story"),
        (("people",), [], "$.people"),
        (("surprise",), 1, "$"),
        (("issuer",), "https://id.example.org:8001", "issuer"),
        (("issuer",), "http://localhost.example.org:8001", "issuer"),
        (("issuer",), "http://0.0.0.0:8001", "issuer"),
        (("issuer",), ISSUER + "/", "issuer"),
        (("port",), 8002, "issuer"),
        (("clients", 1, "client_id"), "portal", "clients"),
        (("clients", 0, "redirect_uris"), ["https://example.org/callback"], "client portal"),
        (("clients", 0, "backchannel_logout_uri"), "http://192.0.2.7/", "client portal"),
        (("clients", 0, "jwks"), {"keys": [KEY.as_dict(private=True)]}, "client portal"),
        (("clients", 0, "jwks"), {"keys": [{"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]}, "client portal"),
        (("clients", 0, "jwks"), {"keys": [{"kty": "EC"}]}, "client portal"),
    ],
)
def test_an_unsafe_configuration_is_refused(path: tuple[str | int, ...], value: Any, where: str) -> None:
    changed: Any = copy.deepcopy(document())
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ConfigurationRefused) as refused:
        ProviderConfig.from_document(changed, Path("unused"))
    assert str(refused.value).startswith(where + ":")
    assert "14101012345" not in str(refused.value)


def test_a_staff_provider_needs_no_national_number(tmp_path: Path) -> None:
    staff = {**document(), "acr_values": ["staff-high"]}
    staff["people"] = [
        {"key": "siri", "name": "Siri", "story": "x", "claims": {"employee_id": "siri"}, "acr": "staff-high"},
    ]
    config = ProviderConfig.from_document(staff, tmp_path / "key.pem")
    assert "employee_id" not in repr(config)


def test_the_key_survives_a_restart_and_is_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "provider.key.pem"
    first = SigningKey.load_or_create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load_or_create(path).read(first.sign({"a": 1})) == {"a": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    path.chmod(0o640)
    with pytest.raises(KeyRefused):
        SigningKey.load_or_create(path)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(KeyRefused):
        SigningKey.load_or_create(path)


def test_memory_is_bounded_and_forgets() -> None:
    moment = now()
    memory: Memory[int] = Memory(lambda: moment, capacity=1)
    memory.keep("one", 1, 60)
    with pytest.raises(AlreadyKept):
        memory.keep("one", 1, 60)
    with pytest.raises(MemoryFull):
        memory.keep("two", 2, 60)
    moment += timedelta(seconds=60)
    with pytest.raises(Gone):
        memory.look("one")
    memory.keep("two", 2, 60)
    assert memory.take("two") == 2


@pytest.fixture
def listener() -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    heard: list[tuple[str, bytes]] = []

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        length = int(environ["CONTENT_LENGTH"])
        heard.append((environ["HTTP_HOST"] + environ["PATH_INFO"], environ["wsgi.input"].read(length)))
        start("302 Found", [("Location", "http://example.org/")])
        return [b""]

    with make_server("127.0.0.1", 0, application) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, heard
        server.shutdown()
        thread.join()


def test_a_notice_reaches_a_localhost_name_and_follows_nothing(
    listener: tuple[int, list[tuple[str, bytes]]],
) -> None:
    port, heard = listener
    assert post_form(f"http://b.localhost:{port}/notice", {"logout_token": "a+b"}) == 302
    assert heard == [(f"b.localhost:{port}/notice", b"logout_token=a%2Bb")]


def test_a_notice_never_leaves_this_machine_and_silence_is_an_error() -> None:
    for address in ("http://example.org/", "https://localhost/", "http://someone@localhost/"):
        with pytest.raises(NotLoopback):
            post_form(address, {})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable):
            post_form(f"http://localhost:{taken.getsockname()[1]}/", {})


def test_serving_beyond_loopback_is_refused() -> None:
    with socket.socket() as taken:  # a taken port: should the refusal be missing, the test fails and does not hang
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NotLoopback):
            serve(Flask("nothing"), taken.getsockname()[1], "0.0.0.0")  # noqa: S104 - this is what must be refused


@pytest.mark.plants_secrets
def test_the_process_serves_quietly_and_ends_when_told(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = tmp_path / "id.json"
    path.write_text(json.dumps({**document(), "port": port, "issuer": f"http://id.localhost:{port}"}))
    command = [sys.executable, "-m", "portal.demo.national_id", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            patience = urllib3.Retry(total=None, connect=90, backoff_factor=0.05, backoff_max=1)
            address = f"http://127.0.0.1:{port}/health?code=secret"
            health = urllib3.PoolManager().request("GET", address, retries=patience)
        finally:
            process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=30)
    assert health.data == b"ok"
    assert (process.returncode, output) == (0, b"")
