"""A house for the web tests, made once for each module; what a test changes it changes for its own people."""

from __future__ import annotations

import pytest

from tests.house import House, build


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The portal with its cores, in one process."""
    return build(tmp_path_factory.mktemp("house"))
