"""One running demonstration for all journeys, and browsers with empty windows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import PATIENCE_MILLISECONDS, People, open_browser
from tests.journeys.world import World, running_world

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The processes; the same ones for the whole run."""
    return running_world(request.config, lambda: tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def browser(world: World) -> Iterator[Browser]:
    """A browser per file: two at the same time in one process are not possible."""
    with open_browser(back_cache=True) as opened:
        yield opened


@pytest.fixture
def people(browser: Browser, world: World) -> Iterator[People]:
    """Windows that are closed after the test."""
    everybody = People(browser, world)
    yield everybody
    everybody.close()
