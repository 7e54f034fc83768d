"""The same running demonstration as the journeys', and somebody who visits every page of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.accessibility.visits import Visitor
from tests.journeys.browsers import People, open_browser
from tests.journeys.world import World, running_world


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The processes; the same ones for the whole run."""
    return running_world(request.config, lambda: tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def visitor(world: World) -> Iterator[Visitor]:
    """Somebody who can sign in as everybody; what pages need to have happened has happened."""
    with open_browser() as browser:
        found = Visitor(People(browser, world))
        found.prepare()
        yield found
        found.people.close()
