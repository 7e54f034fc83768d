"""`lytt idp check` against a provider that others wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.cli import main
from portal.demo.processes import Processes
from tests.peer.world import ALGORITHMS, World

pytestmark = pytest.mark.peer


@pytest.fixture
def services(world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demonstration's services file with the provider in the national ID's place; the environment names it."""
    plan = world.house.plan
    told = (plan.folder / "services.toml").read_text("utf-8")
    file = plan.folder / "services-peer.toml"
    file.write_text(told.replace(plan.national_id, world.peer.issuer), "utf-8")
    for name, value in Processes(plan).web_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LYTT_SERVICES_FILE", str(file))
    return file


def test_the_command_finds_that_the_provider_fits(
    world: World, services: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["idp", "check", "national-id"]) == 0, capsys.readouterr().out
    told = capsys.readouterr().out
    assert told.count("Everything fits.") == len(ALGORITHMS)
    assert f"{world.origin()}/sign-in/callback" in told


def test_the_command_names_what_does_not_fit(services: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = services.read_text("utf-8")
    services.write_text(told.replace('id_token_algorithms = ["RS256"]', 'id_token_algorithms = ["PS512"]', 1), "utf-8")
    assert main(["idp", "check", "national-id", "--service", "fjordvik"]) == 1
    assert "Misfit: id_token algorithms" in capsys.readouterr().out
