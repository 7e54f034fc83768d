"""A house for the web tests, made once for each module; what a test changes it changes for its own people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.provider import FakeProvider, serve
from tests.house import House, build
from tests.web.signing import SignedInHouse


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The portal with its cores, in one process."""
    return build(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProvider]:
    """A provider on loopback that says whatever a test wants."""
    with serve() as fake:
        yield fake


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, provider: FakeProvider) -> SignedInHouse:
    """A house that sends people there."""
    return SignedInHouse.open(tmp_path_factory.mktemp("house"), provider)


@pytest.fixture
def at(opened: SignedInHouse) -> SignedInHouse:
    """One house for all tests of a module; each begins anew."""
    opened.begin_anew()
    return opened
