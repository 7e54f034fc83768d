"""`lytt idp check`: a provider is compared with its profile before anybody signs in, and a misfit has a name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.serving import make_server

from portal.cli import main
from portal.demo.files import write_all
from portal.demo.national_id.config import ProviderConfig
from portal.demo.national_id.provider import create_provider
from portal.demo.plan import plan_for
from portal.demo.processes import Processes
from portal.demo.story import DEFAULT_STORY, load_story
from portal.identity.inspection import Finding, Verdict, inspect
from portal.identity.profile_reader import read_profile
from portal.identity.registration import addresses, report
from tests.fakes.clock import ManualClock
from tests.fakes.provider import REMOVED, Answer, FakeProvider, provider_key, serve

GOOD = {
    "code_challenge_methods_supported": ["plain", "S256"],
    "scopes_supported": ["openid", "profile"],
    "acr_values_supported": ["loa-low", "loa-substantial", "loa-high"],
    "id_token_signing_alg_values_supported": ["RS256", "none"],
    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
    "frontchannel_logout_supported": True,
    "backchannel_logout_supported": True,
}
CLOCK = ManualClock()


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with serve() as provider:
        yield provider


@pytest.fixture
def fake(server: FakeProvider) -> FakeProvider:
    server.reset(CLOCK)
    server.metadata = dict(GOOD)
    return server


def findings(fake: FakeProvider, *targets: str, **changes: Any) -> dict[str, Finding]:
    values = {"logout": {"front_channel": "required"}, "client_expires": CLOCK().date() + timedelta(days=100)}
    profile = read_profile(fake.profile_values(**values | changes), allow_loopback=True)
    return {one.name: one for one in inspect(profile, targets or (fake.origin,), CLOCK)}


def misfits(found: dict[str, Finding]) -> list[str]:
    return [name for name, one in found.items() if one.verdict is Verdict.MISFIT]


def test_a_provider_that_fits(fake: FakeProvider) -> None:
    found = findings(fake)
    assert {one.verdict for one in found.values()} == {Verdict.FITS}
    assert (
        found["our key"].told == f"kid portal-1, ES256; expires on {CLOCK().date() + timedelta(days=100)}, in 100 days"
    )
    assert found["provider's keys"].told == "1: key-1"
    assert fake.paths() == ["/.well-known/openid-configuration", "/jwks"]


MISFITS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"code_challenge_methods_supported": ["plain"]}, {}, "PKCE"),
    ({"pushed_authorization_request_endpoint": REMOVED}, {"par": "always"}, "PAR"),
    ({"require_pushed_authorization_requests": True}, {"par": "never"}, "PAR"),
    ({"authorization_response_iss_parameter_supported": REMOVED}, {}, "response iss"),
    ({"id_token_signing_alg_values_supported": ["ES256"]}, {}, "id_token algorithms"),
    ({"token_endpoint_auth_methods_supported": REMOVED}, {}, "client authentication"),
    ({"token_endpoint_auth_methods_supported": ["client_secret_basic"]}, {}, "client authentication"),
    ({"token_endpoint_auth_signing_alg_values_supported": ["RS256"]}, {}, "assertion algorithm"),
    ({"acr_values_supported": ["loa-low", "loa-high"]}, {}, "assurance substantial"),
    ({}, {"acr": {"loa-low": "low"}}, "assurance substantial"),
    ({"scopes_supported": ["profile"]}, {}, "scope"),
    ({"end_session_endpoint": REMOVED}, {}, "logout here ends there"),
    ({"userinfo_endpoint": REMOVED}, {"person_from": "userinfo"}, "userinfo"),
    ({}, {"id_token_algorithms": ["ES256", "RS256"]}, "provider's keys"),
    ({"token_endpoint": "http://id.example/token"}, {}, "endpoints"),
    ({}, {"client_expires": CLOCK().date() - timedelta(days=1)}, "our key"),
]


@pytest.mark.parametrize(("metadata", "changes", "name"), MISFITS, ids=[f"{n}-{m[2]}" for n, m in enumerate(MISFITS)])
def test_a_misfit_is_named(fake: FakeProvider, metadata: dict[str, Any], changes: dict[str, Any], name: str) -> None:
    """Items 2, 3, 12, 20 and 42."""
    fake.metadata |= metadata
    fake.published = [] if name == "provider's keys" else fake.published
    assert misfits(findings(fake, **changes)) == [name]


def test_a_secret_is_named_by_its_method_and_never_shown(fake: FakeProvider) -> None:
    fake.metadata["token_endpoint_auth_methods_supported"] = REMOVED  # which means client_secret_basic
    secret = {"only_secrets": True, "client_auth": "client_secret_basic", "client_secret": "a long enough secret"}
    found = findings(fake, client_key=None, **secret)
    assert misfits(found) == []
    assert "assertion algorithm" not in found
    assert found["our key"].told.startswith("a secret by client_secret_basic; expires on")
    assert "long enough" not in str(found)


def test_another_issuer_ends_the_comparison(fake: FakeProvider) -> None:
    """Item 3: even by a slash; nothing more is asked, and what it says is shown safely."""
    fake.metadata["issuer"] = f"{fake.origin}/\x1b[2J"
    found = findings(fake)
    assert misfits(found) == ["issuer"]
    assert "\x1b" not in found["issuer"].told
    assert "/jwks" not in fake.paths()


def test_an_origin_that_browsers_would_block(fake: FakeProvider) -> None:
    """Item 41."""
    found = findings(fake, "https://elsewhere.example")
    assert misfits(found) == ["form targets"]
    assert fake.origin in found["form targets"].told


@pytest.mark.parametrize(
    ("metadata", "changes", "name"),
    [
        ({"code_challenge_methods_supported": REMOVED}, {}, "PKCE"),
        ({"id_token_signing_alg_values_supported": REMOVED}, {}, "id_token algorithms"),
        ({"frontchannel_logout_supported": REMOVED}, {}, "front-channel logout"),
        ({}, {"logout": {"front_channel": "none"}}, "front-channel logout"),
        ({"backchannel_logout_supported": False}, {}, "back-channel logout"),
        ({}, {"client_expires": None}, "our key"),
        ({}, {"client_expires": CLOCK().date() + timedelta(days=45)}, "our key"),
        ({}, {"acr": {"loa-substantial": "substantial"}}, "assurance high"),
        ({}, {"assurance_request": "vtr", "acr_request": {"high": ["x"], "substantial": ["y"]}}, "assurance high"),
    ],
)
def test_what_is_allowed_and_yet_worth_a_look(
    fake: FakeProvider, metadata: dict[str, Any], changes: dict[str, Any], name: str
) -> None:
    """Item 42, among others: 45 days before a key expires."""
    fake.metadata |= metadata
    found = findings(fake, **changes)
    assert found[name].verdict is Verdict.LOOK
    assert misfits(found) == []


def test_the_addresses_to_register_are_those_of_the_realm() -> None:
    fake = FakeProvider(9)
    staff = read_profile(fake.profile_values(realm="staff", logout={"front_channel": "absent"}), allow_loopback=True)
    assert addresses(staff, "https://lytt.example") == {
        "redirect": "https://lytt.example/staff/sign-in/callback",
        "after logout": "https://lytt.example/staff/signed-out",
        "front-channel logout": "https://lytt.example/staff/sign-in/front-channel",
        "back-channel logout": "https://lytt.example/staff/sign-in/back-channel",
    }
    none = read_profile(fake.profile_values(logout={"rp_initiated": "none"}), allow_loopback=True)
    assert list(addresses(none, "https://lytt.example")) == ["redirect", "back-channel logout"]
    lines = "\n".join(report(none, "https://lytt.example", ("https://id.example",), ()))
    assert "frame-ancestors" not in lines
    assert lines.endswith("Everything fits.")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """The demonstration's files, with its national ID served on a free port of this machine."""
    holder = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    folder, port = tmp_path_factory.mktemp("demo"), holder.server_port
    story = load_story(DEFAULT_STORY)
    plan = plan_for(tuple(service.id for service in story.services), port - 1, folder)
    write_all(plan, story, DEFAULT_STORY)
    config = ProviderConfig.from_file(folder / "national-id.json")
    holder.app = create_provider(config, lambda: datetime.now(UTC))
    thread = threading.Thread(target=holder.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield Processes(plan)
    holder.shutdown()
    holder.server_close()
    thread.join()


@pytest.fixture
def environ(demo: Processes, monkeypatch: pytest.MonkeyPatch) -> Processes:
    for name, value in demo.web_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("portal.cli.configure", lambda: None)  # the process's logging is the test run's
    return demo


def test_it_works_against_the_demonstration(environ: Processes, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["idp", "check", "national-id"]) == 0
    told = capsys.readouterr().out
    origin = environ.plan.origin(environ.plan.services[0])
    assert f"national-id (family) at {origin}" in told
    assert f"{origin}/sign-in/front-channel" in told
    assert told.count("Everything fits.") == 2
    assert "MISFIT" not in told
    for secret in ('"d"', "BEGIN"):
        assert secret not in told


def test_one_service_can_be_chosen(environ: Processes, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["idp", "check", "national-id", "--service", "lillevik"]) == 0
    assert capsys.readouterr().out.count("Everything fits.") == 1


def test_a_misfit_ends_with_one(environ: Processes, capsys: pytest.CaptureFixture[str]) -> None:
    file = environ.plan.folder / "services.toml"
    good = file.read_text("utf-8")
    file.write_text(good.replace("idporten-loa-substantial", "idporten-loa-middling"), "utf-8")
    try:
        assert main(["idp", "check", "national-id", "--service", "fjordvik"]) == 1
    finally:
        file.write_text(good, "utf-8")
    assert "Misfit: assurance substantial" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["staff-id"], "cannot be reached"),
        (["nobody"], "No service"),
        (["national-id", "--service", "x"], "No service"),
    ],
)
def test_what_cannot_be_looked_at_ends_with_two(
    environ: Processes, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["idp", "check", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_nonsense_instead_of_metadata_ends_with_two(
    environ: Processes, fake: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    file = environ.plan.folder / "services.toml"
    good = file.read_text("utf-8")
    fake.answers["/.well-known/openid-configuration"] = Answer(b"<html>")
    file.write_text(good.replace(environ.plan.national_id, fake.origin), "utf-8")
    try:
        assert main(["idp", "check", "national-id"]) == 2
    finally:
        file.write_text(good, "utf-8")
    assert "understood" in capsys.readouterr().err


def test_the_settings_check_reads_the_profiles_too(environ: Processes, capsys: pytest.CaptureFixture[str]) -> None:
    """Item 42."""
    file = environ.plan.folder / "services.toml"
    good = file.read_text("utf-8")
    assert main(["check"]) == 0
    file.write_text(good.replace('par = "always"', 'par = "sometimes"'), "utf-8")
    try:
        assert main(["check"]) == 2
    finally:
        file.write_text(good, "utf-8")
    assert "sign_in.family.par" in capsys.readouterr().err


def test_keys_of_the_wrong_kind_do_not_fit(fake: FakeProvider) -> None:
    fake.published = [provider_key("key-1").as_dict(private=False)]
    fake.metadata["id_token_signing_alg_values_supported"] = ["ES256"]
    assert misfits(findings(fake, id_token_algorithms=["ES256"])) == ["provider's keys"]
