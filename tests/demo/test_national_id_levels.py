"""A person of the simulator who reaches a higher level when it is asked for, as with a second kind of electronic ID."""

from pathlib import Path
from typing import Any

import pytest

from portal.demo.national_id.config import ConfigurationRefused, ProviderConfig
from portal.demo.national_id.provider import create_provider
from tests.demo.test_national_id import HIGH, SUBSTANTIAL, Clock, Party, Post, answer, document


@pytest.fixture
def party(tmp_path: Path) -> Party:
    clock = Clock()
    app = create_provider(ProviderConfig.from_document(with_surer(HIGH), tmp_path / "provider.key.pem"), clock, Post())
    return Party(app.test_client(), clock)


def with_surer(level: str) -> dict[str, Any]:
    told: dict[str, Any] = document()
    told["people"][0]["surer"] = level
    return told


def test_the_usual_level_unless_more_is_asked_for(party: Party) -> None:
    assert party.sign_in("maja", acr_values=SUBSTANTIAL)[1]["acr"] == SUBSTANTIAL
    assert party.sign_in("maja", acr_values=HIGH, prompt="login")[1]["acr"] == HIGH


def test_a_sign_in_at_the_usual_level_is_not_enough_for_a_higher_one(party: Party) -> None:
    """Single sign-on does not lift anybody: the person is asked again, or the client is told so."""
    party.sign_in("maja", acr_values=SUBSTANTIAL)
    assert answer(party.authorize(acr_values=HIGH, prompt="none"))["error"] == "login_required"
    assert party.authorize(acr_values=HIGH).location.startswith("/pick?")
    assert "code" in answer(party.authorize(acr_values=SUBSTANTIAL))


def test_an_unknown_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationRefused, match="person maja"):
        ProviderConfig.from_document(with_surer("unheard-of"), tmp_path / "provider.key.pem")
