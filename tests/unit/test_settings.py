"""Settings: whatever is missing or unsafe stops the start, and the message names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.demo.files import write_all
from portal.demo.plan import plan_for
from portal.demo.processes import Processes
from portal.demo.story import DEFAULT_STORY, load_story
from portal.settings import SettingsError, data_folder, web_settings, worker_settings


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    story = load_story(DEFAULT_STORY)
    plan = plan_for(tuple(service.id for service in story.services), 8000, tmp_path)
    write_all(plan, story, DEFAULT_STORY)
    return Processes(plan)


def change(processes: Processes, old: str, new: str) -> None:
    file = processes.plan.folder / "services.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_the_demonstration_is_complete(processes: Processes) -> None:
    settings = web_settings(processes.web_environment())
    assert set(settings.shared.services) == {"fjordvik", "lillevik"}
    service = settings.shared.service_for_host("b.localhost:8000")
    assert service is not None
    assert service.id == "lillevik"
    assert settings.shared.service_for_host("elsewhere.example") is None
    assert worker_settings(processes.worker_environment()).shared.database_url.startswith("sqlite:")


@pytest.mark.parametrize(
    "name",
    [
        "LYTT_ENVIRONMENT", "LYTT_SERVICES_FILE", "LYTT_DATABASE_URL_FILE", "LYTT_AUDIT_KEY_FILE",
        "LYTT_DRAFT_KEYS_FILE", "LYTT_CREDENTIAL_KEY_FILE", "LYTT_DELIVERY_PUBLIC_KEY_FILE",
    ],
)  # fmt: skip
def test_each_setting_is_needed_and_named(processes: Processes, name: str) -> None:
    environ = processes.web_environment()
    with pytest.raises(SettingsError, match=name):
        web_settings({key: value for key, value in environ.items() if key != name})
    with pytest.raises(SettingsError, match=name):
        web_settings({**environ, name: "/nowhere/at/all"})


def test_the_web_process_refuses_to_start_when_it_could_open_submissions(processes: Processes) -> None:
    environ = processes.web_environment() | processes.worker_environment()
    with pytest.raises(SettingsError, match="must never be able to open submissions"):
        web_settings(environ)


def test_the_worker_needs_its_key(processes: Processes) -> None:
    with pytest.raises(SettingsError, match="LYTT_DELIVERY_PRIVATE_KEY_FILE"):
        worker_settings(processes.web_environment())


def test_a_secret_that_others_can_read_is_refused(processes: Processes) -> None:
    (processes.plan.keys / "audit.key").chmod(0o644)
    with pytest.raises(SettingsError, match=r"LYTT_AUDIT_KEY_FILE.*chmod 600"):
        web_settings(processes.web_environment())


def test_an_empty_secret_is_refused(processes: Processes) -> None:
    (processes.plan.keys / "audit.key").write_bytes(b"\n")
    with pytest.raises(SettingsError, match="LYTT_AUDIT_KEY_FILE"):
        web_settings(processes.web_environment())


def test_production_refuses_the_demonstration(processes: Processes) -> None:
    environ = {**processes.web_environment(), "LYTT_ENVIRONMENT": "production"}
    with pytest.raises(SettingsError, match="banner"):
        web_settings(environ)
    lines = (processes.plan.folder / "services.toml").read_text("utf-8").splitlines()
    kept = "\n".join(line for line in lines if not line.startswith("banner"))
    (processes.plan.folder / "services.toml").write_text(kept, "utf-8")
    with pytest.raises(SettingsError, match="must be https"):
        web_settings(environ)


def test_production_refuses_debug_mode(processes: Processes) -> None:
    environ = {**processes.web_environment(), "LYTT_ENVIRONMENT": "production", "FLASK_DEBUG": "1"}
    with pytest.raises(SettingsError, match="FLASK_DEBUG"):
        web_settings(environ)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('origin = "http://localhost:8000"', 'origin = "http://fjordvik.example"', "origin"),
        ('origin = "http://localhost:8000"', 'origin = "http://localhost:8000/"', "origin"),
        ('origin = "http://localhost:8000"', 'origin = "http://b.localhost:8000"', "origin"),
        ('id = "lillevik"', 'id = "fjordvik"', "id"),
        ('timezone = "Europe/Oslo"', 'timezone = "Fjordvik"', "timezone"),
        ('issuer = "http://id.localhost:8001"', 'issuer = "http://id.example"', "issuer"),
        ('jurisdiction = "no"\n', "", "jurisdiction"),
        ('office_phone = "', 'office_phone = 5\nx = "', "office_phone"),
        ("[service.sign_in.staff]", "[service.sign_in.other]", "sign_in"),
        ("[[service]]", "[[services]]", "LYTT_SERVICES_FILE"),
        ('url = "http://127.0.0.1:8003"', 'url = "ftp://127.0.0.1"', "url"),
    ],
)
def test_faults_in_the_services_file_are_named(processes: Processes, old: str, new: str, named: str) -> None:
    change(processes, old, new)
    with pytest.raises(SettingsError, match=named):
        web_settings(processes.web_environment())


def test_an_unknown_environment_is_refused(processes: Processes) -> None:
    with pytest.raises(SettingsError, match="LYTT_ENVIRONMENT"):
        web_settings({**processes.web_environment(), "LYTT_ENVIRONMENT": "prod"})


def test_no_secret_shows_in_a_repr(processes: Processes) -> None:
    shown = repr(web_settings(processes.web_environment())) + repr(worker_settings(processes.worker_environment()))
    for secret in ("BEGIN PRIVATE", '"d"', "sqlite:", "demo-1"):
        assert secret not in shown


def test_templates_are_found_in_a_checkout() -> None:
    assert (data_folder("templates") / "layouts/base.html").is_file()
    assert data_folder("static").is_dir()


def test_trusted_proxies_are_counted_and_none_is_trusted_by_default(processes: Processes) -> None:
    environ = processes.web_environment()
    assert web_settings(environ).trusted_proxies == 0
    assert web_settings({**environ, "LYTT_TRUSTED_PROXIES": "2"}).trusted_proxies == 2
    for wrong in ("-1", "6", "all", "", "1.5"):
        with pytest.raises(SettingsError, match="LYTT_TRUSTED_PROXIES"):
            web_settings({**environ, "LYTT_TRUSTED_PROXIES": wrong})
