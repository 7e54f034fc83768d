"""Who gets in and who does not, what a bad request hears, bad days on demand, and the core as a process."""

import json
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import urllib3
from flask import Flask
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from joserfc.jws import serialize_compact

from portal.demo.reference_core import ConfigurationRefused, CoreConfig, create_core
from portal.demo.reference_core.auth import Registry
from portal.demo.reference_core.faults import Faults
from portal.demo.story import DEFAULT_STORY, StoryError
from tests.contract.validation import check_answer
from tests.demo.core_client import (
    ACTOR_KEY,
    AUDIENCE,
    CLIENT,
    CLIENT_KEY,
    FRIDAY,
    Clock,
    CoreAtWork,
    config,
    core_at_work,
    sign,
)

NOW = int(FRIDAY.timestamp())
STRANGE_KEY = OKPKey.generate_key("Ed25519", {"kid": "actor"})


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def ask_for_token(core: CoreAtWork, form: dict[str, str]) -> Any:
    answer = core.app.test_client().post("/oauth/token", data=form)
    check_answer("POST", "/oauth/token", answer.status_code, dict(answer.headers), answer.get_data())
    return answer


def home_with(core: CoreAtWork, actor: str | None) -> int:
    headers = {"Authorization": core.bearer()} | ({"Portal-Actor": actor} if actor is not None else {})
    answer = core.app.test_client().get("/me/pages/home", headers=headers)
    check_answer("GET", "/me/pages/home", answer.status_code, dict(answer.headers), answer.get_data())
    return answer.status_code


# --- the portal as a system ---


def test_a_good_assertion_gets_a_token_for_ten_minutes(core: CoreAtWork) -> None:
    answer = ask_for_token(core, core.token_form()).get_json()
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert answer["expires_in"] == 600
    assert core.app.test_client().get("/capabilities", headers=headers).status_code == 200
    core.clock.now += timedelta(seconds=600)
    assert core.app.test_client().get("/capabilities", headers=headers).status_code == 401


@pytest.mark.parametrize("make", [lambda: ECKey.generate_key("P-256"), lambda: RSAKey.generate_key(2048)])
def test_other_kinds_of_client_keys_are_taken(tmp_path: Path, make: Any) -> None:
    key = make()
    key.ensure_kid()
    algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
    base = config(tmp_path)
    keys = KeySet.import_key_set({"keys": [key.as_dict(private=False)]})
    core = CoreAtWork(CoreConfig(**{**vars(base), "client_keys": keys}), Clock())
    form = core.token_form() | {"client_assertion": sign(key, core.claims(sub=CLIENT), algorithm)}
    assert ask_for_token(core, form).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "another"},
        {"sub": "another"},
        {"aud": "urn:core:lillevik"},
        {"aud": [AUDIENCE, "urn:other"]},
        {"exp": 1},
        {"exp": NOW + 301},
        {"iat": NOW + 6, "exp": NOW + 60},
        {"iat": True},
        {"jti": "short"},
        {"jti": None},
    ],
)
def test_a_bad_assertion_gets_nothing(core: CoreAtWork, changes: dict[str, object]) -> None:
    form = core.token_form() | {"client_assertion": sign(CLIENT_KEY, core.claims(**{"sub": CLIENT, **changes}))}
    refused = ask_for_token(core, form)
    assert (refused.status_code, refused.get_json()) == (401, {"error": "invalid_client"})


def test_an_assertion_works_once(core: CoreAtWork) -> None:
    form = core.token_form()
    assert ask_for_token(core, form).status_code == 200
    assert ask_for_token(core, form).status_code == 401


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "basic"}, "invalid_request"),
        ({"client_assertion": ""}, "invalid_request"),
        ({"client_assertion": "a.b.c"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
    ],
)
def test_a_bad_form_is_told_in_the_words_of_oauth(core: CoreAtWork, change: dict[str, str], error: str) -> None:
    assert ask_for_token(core, core.token_form() | change).get_json() == {"error": error}


def test_an_assertion_by_a_strange_or_symmetric_key_gets_nothing(core: CoreAtWork) -> None:
    claims = core.claims(sub=CLIENT)
    secret = OctKey.import_key(json.dumps(CLIENT_KEY.as_dict(private=False)), {"kid": "client"})
    for forged in (sign(STRANGE_KEY, claims), sign(secret, claims, "HS256")):
        assert ask_for_token(core, core.token_form() | {"client_assertion": forged}).status_code == 401


def test_without_a_token_there_is_only_health(core: CoreAtWork) -> None:
    client = core.app.test_client()
    assert client.get("/health").get_json() == {"status": "ok"}
    for path in ("/capabilities", "/changes", "/me/standing", "/nothing", f"/receipts/{uuid4()}"):
        for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": core.bearer().replace("Bearer", "Basic")}):
            answer = client.get(path, headers=headers)
            assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated")


# --- the acting person ---


def test_both_names_of_the_signature_are_understood(core: CoreAtWork) -> None:
    claims = {"sub": core.id("person", "sofie"), "realm": "family", "loa": "high"}
    header = {"alg": "EdDSA", "kid": "actor"}
    old = serialize_compact(
        header, json.dumps(core.claims(**claims)), ACTOR_KEY, registry=Registry(algorithms=["EdDSA"])
    )
    assert home_with(core, old) == 200
    assert home_with(core, sign(ACTOR_KEY, core.claims(**claims))) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "another"},
        {"aud": "urn:core:lillevik"},
        {"exp": NOW + 61},
        {"exp": NOW},
        {"iat": NOW + 6},
        {"realm": "admin"},
        {"loa": "none"},
        {"sub": ""},
        {"sub": None},
        {"sub": "x" * 129},
        {"jti": 7},
    ],
)
def test_a_bad_word_about_who_acts_is_refused(core: CoreAtWork, changes: dict[str, object]) -> None:
    good: dict[str, object] = {"sub": core.id("person", "sofie"), "realm": "family", "loa": "high"}
    assert home_with(core, sign(ACTOR_KEY, core.claims(**{**good, **changes}))) == 401


def test_a_word_about_who_acts_is_good_once_and_from_the_portal_only(core: CoreAtWork) -> None:
    actor = core.actor("sofie")
    assert [home_with(core, actor), home_with(core, actor)] == [200, 401]
    claims = core.claims(sub=core.id("person", "sofie"), realm="family", loa="high")
    assert home_with(core, sign(STRANGE_KEY, claims)) == 401
    assert home_with(core, sign(CLIENT_KEY, claims)) == 401
    assert home_with(core, "nonsense") == 401
    assert home_with(core, None) == 401


def test_only_the_named_algorithm_speaks_for_a_person(tmp_path: Path) -> None:
    other = ECKey.generate_key("P-256", {"kid": "other"})
    keys = KeySet.import_key_set({"keys": [other.as_dict(private=False)]})
    core = CoreAtWork(CoreConfig(**{**vars(config(tmp_path)), "actor_keys": keys}), Clock())
    claims = core.claims(sub=core.id("person", "sofie"), realm="family", loa="high")
    assert home_with(core, sign(other, claims, "ES256")) == 401


def test_a_person_is_resolved_by_exactly_its_number(core: CoreAtWork) -> None:
    def resolve(scheme: str, value: str) -> tuple[int, str | None]:
        answer = core.send("POST", "/person-resolutions", body={"scheme": scheme, "value": value})
        return answer.status, answer.json.get("person_id")

    assert resolve("no-pid", "14871152269") == (200, core.id("person", "sofie"))
    assert resolve("staff", "fj-1001") == (200, core.id("worker", "kari"))
    assert resolve("no-pid", "1487115226")[0] == 404
    assert resolve("no-pid", "19841051702")[0] == 404  # Mats is known to nobody
    assert resolve("no-pid", "27861251727")[0] == 404  # Oskar belongs to the other service
    assert resolve("no-pid", "fj-1001")[0] == 404


# --- bad requests ---


def test_capabilities_tell_the_limits(core: CoreAtWork) -> None:
    told = core.get("/capabilities").json
    assert told["limits"] == {
        "message_characters": 8000,
        "comment_characters": 4000,
        "referral_answer_characters": 4000,
        "attachment_bytes": 16_000_000,
    }
    assert all(told["flags"].values())


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 422, "invalid"),
        (b"[]", "application/json", 422, "invalid"),
        (b'{"body":"x"}', "application/json", 422, "invalid"),
        (b'{"body":"","language":"nb","composed_at":"2026-03-06T09:00:00Z"}', "application/json", 422, "invalid"),
        (b'{"body":"x","language":"nb","composed_at":"2026-03-06 09:00"}', "application/json", 422, "invalid"),
        (b'{"body":"x","language":"nb","composed_at":"yesterday Z"}', "application/json", 422, "invalid"),
        (
            b'{"body":"\\ud800","language":"nb","composed_at":"2026-03-06T09:00:00Z"}',
            "application/json",
            422,
            "invalid",
        ),
        (b"[" * 200_000, "application/json", 422, "invalid"),
        (b"\xff", "application/json", 422, "invalid"),
        (b"body=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b'{"body":"' + b"x" * 1_000_000 + b'"}', "application/json", 413, "too_large"),
    ],
)
def test_a_bad_body_is_refused_without_being_repeated(
    core: CoreAtWork, body: bytes, content_type: str, status: int, code: str
) -> None:
    key = str(uuid4())
    path = f"/cases/{core.id('case', 'sofie')}/messages/{key}"
    headers = {"Authorization": core.bearer(), "Portal-Actor": core.actor("sofie"), "Idempotency-Key": key}
    answer = core.app.test_client().put(path, data=body, headers={**headers, "Content-Type": content_type})
    check_answer("PUT", path, answer.status_code, dict(answer.headers), answer.get_data())
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert len(answer.get_data()) < 1000


@pytest.mark.parametrize("key", ["", "another", "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8f0b01"])
def test_the_key_is_the_last_id_of_the_path(core: CoreAtWork, key: str) -> None:
    path = f"/cases/{core.id('case', 'sofie')}/messages/{uuid4()}"
    body = core.composed({"body": "Hei", "language": "nb"})
    assert core.send("PUT", path, "sofie", body=body, key=key, good=False).status == 422


def test_too_long_an_answer_or_comment_is_told_by_its_place(core: CoreAtWork) -> None:
    answers = [{"question": "what", "answer": ""}, {"question": "more", "answer": "x" * 4001}]
    refused = core.put("/referrals/{id}", "sofie", {"answers": answers, "language": "nb"})
    assert refused.json["fields"] == [{"pointer": "/answers/1/answer", "code": "too_long"}]


def test_what_is_not_offered_is_not_there(core: CoreAtWork) -> None:
    client, headers = core.app.test_client(), {"Authorization": core.bearer()}
    assert client.get("/documents", headers=headers).get_json()["code"] == "not_found"
    assert client.delete("/changes", headers=headers).get_json()["code"] == "not_found"
    assert client.get("/static/x", headers=headers).get_json()["code"] == "not_found"


def test_a_fault_of_the_core_is_told_and_logged_without_content(
    core: CoreAtWork, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = sqlite3.connect(tmp_path / "fjordvik.sqlite")
    database.execute("DROP TABLE message")
    database.close()
    with caplog.at_level(logging.DEBUG):
        answer = core.say("sofie", "Noe hemmelig")
    assert (answer.status, answer.code) == (500, "internal")
    told = [(record.getMessage(), record.exc_info) for record in caplog.records]
    assert told == [("fault in the reference core: OperationalError", None)]  # and no traceback


def test_nothing_is_logged_and_nothing_is_kept_on_the_way(core: CoreAtWork, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        core.say("sofie", "Noe hemmelig")
        page = core.page("sofie", "sofie", "conversation")
    assert caplog.text == ""
    assert page.headers["Cache-Control"] == "no-store"


# --- bad days on demand ---


def test_without_leave_there_are_no_bad_days(core: CoreAtWork) -> None:
    assert core.app.test_client().post("/_faults", json={"mode": "down"}).status_code == 404


@pytest.mark.parametrize(("mode", "status"), [("down", 503), ("error", 500), ("garbage", 200)])
def test_bad_days(tmp_path: Path, mode: str, status: int) -> None:
    core = core_at_work(tmp_path, faults=True)
    client, headers = core.app.test_client(), {"Authorization": core.bearer()}
    assert client.post("/_faults", json={"mode": mode}).get_json() == {"mode": mode}
    answer = client.get("/capabilities", headers=headers)
    assert (answer.status_code, answer.mimetype == "application/json") == (status, False)
    assert client.post("/_faults", json={"mode": "ok"}).status_code == 200
    assert client.get("/capabilities", headers=headers).status_code == 200
    assert client.post("/_faults", json={"mode": "bad"}).status_code == 422


def test_a_slow_day_takes_its_time() -> None:
    slept: list[float] = []
    faults = Faults(mode="slow", sleep=slept.append)
    with Flask(__name__).test_request_context("/capabilities"):
        assert faults.before() is None
    assert slept == [2.0]


def test_a_lost_answer_is_a_stored_write(tmp_path: Path) -> None:
    core = core_at_work(tmp_path, faults=True)
    key = str(uuid4())
    core.app.test_client().post("/_faults", json={"mode": "lost"})
    assert core.say("sofie", "Hei", key=key).status == 500
    core.app.test_client().post("/_faults", json={"mode": "ok"})
    assert core.get(f"/receipts/{key}").json["level"] == "registered"
    assert core.say("sofie", "Hei", key=key).headers["Idempotency-Replayed"] == "true"


# --- the process ---


def document(tmp_path: Path, **changes: object) -> Path:
    public = {"keys": [CLIENT_KEY.as_dict(private=False)]}
    values: dict[str, object] = {
        "service": "fjordvik",
        "story": str(DEFAULT_STORY),
        "database": "data/core.sqlite",
        "port": 0,
        "audience": AUDIENCE,
        "client_id": CLIENT,
        "client_jwks": public,
        "actor_jwks": {"keys": [ACTOR_KEY.as_dict(private=False)]},
    }
    path = tmp_path / "core.json"
    path.write_text(json.dumps({**values, **changes}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"host": "192.0.2.1"}, "host"),
        ({"host": "core.example"}, "host"),
        ({"port": "8001"}, r"\$\.port"),
        ({"surprise": 1}, r"\$"),
        ({"client_jwks": {"keys": [{"kty": "strange"}]}}, "client_jwks"),
        ({"actor_jwks": {"keys": [ACTOR_KEY.as_dict(private=True)]}}, "actor_jwks: public"),
        ({"actor_jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0"}]}}, "actor_jwks: public"),
    ],
)
def test_an_unsafe_configuration_is_refused(tmp_path: Path, changes: dict[str, object], where: str) -> None:
    with pytest.raises(ConfigurationRefused, match=where):
        CoreConfig.from_file(document(tmp_path, **changes))


def test_what_is_no_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationRefused, match="cannot be read"):
        CoreConfig.from_file(tmp_path / "nowhere.json")


def test_an_unknown_service_or_a_bad_story_leaves_no_half_database(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationRefused, match="service"):
        create_core(CoreConfig.from_file(document(tmp_path, service="storvik")), Clock())
    with pytest.raises(StoryError):
        create_core(CoreConfig.from_file(document(tmp_path, story="nowhere.json")), Clock())
    app = create_core(CoreConfig.from_file(document(tmp_path)), Clock())
    assert app.test_client().get("/health").status_code == 200


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_process_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    port = free_port()
    path = document(tmp_path, port=port)
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.demo.reference_core", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert wait_for_health(port) == 200
        os.kill(process.pid, signal.SIGTERM)
        output, _ = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, output) == (0, b"")


def wait_for_health(port: int) -> int:
    with urllib3.PoolManager(retries=False) as pool:
        for _ in range(200):
            try:
                return pool.request("GET", f"http://127.0.0.1:{port}/health", timeout=5).status
            except urllib3.exceptions.HTTPError:
                time.sleep(0.1)
    return 0


def test_a_fault_in_the_configuration_ends_the_process_with_one_sentence(tmp_path: Path) -> None:
    path = document(tmp_path, host="192.0.2.1")
    done = subprocess.run(
        [sys.executable, "-m", "portal.demo.reference_core", str(path)], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.decode().strip() == "core.json: host: only an address of this machine itself (127.0.0.1)"
