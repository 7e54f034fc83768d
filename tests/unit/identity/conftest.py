"""A fake provider on loopback, and the portal's sign-in at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.store.unit import Store
from tests.fakes.clock import ManualClock
from tests.fakes.identity import Desk, Door
from tests.fakes.provider import FakeProvider, serve


@pytest.fixture(scope="session")
def provider_server() -> Iterator[FakeProvider]:
    """One server for the whole run."""
    with serve() as provider:
        yield provider


@pytest.fixture
def clock() -> ManualClock:
    """Time stands still."""
    return ManualClock()


@pytest.fixture
def fake(provider_server: FakeProvider, clock: ManualClock) -> FakeProvider:
    """An honest provider with an empty memory."""
    provider_server.reset(clock)
    return provider_server


@pytest.fixture
def door(fake: FakeProvider, store: Store, clock: ManualClock) -> Door:
    """A door at the honest provider."""
    door = Door(fake, store, clock)
    door.open()
    return door


@pytest.fixture
def desk(store: Store, clock: ManualClock) -> Desk:
    """Accounts and sessions over a fresh database."""
    return Desk(store, clock)
