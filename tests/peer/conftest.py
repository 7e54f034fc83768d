"""The portal and an independent, certified provider, running for all tests of this folder; each is marked `peer`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peer.browser import Browser
from tests.peer.world import World, open_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both, started once."""
    with open_world(tmp_path_factory.mktemp("peer")) as opened:
        yield opened


@pytest.fixture
def browser(world: World) -> Iterator[Browser]:
    """An empty browser; all browsers of a test are closed after it."""
    yield world.browser()
    world.close()
