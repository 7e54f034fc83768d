"""Engines and transactions: one place that knows how SQLite and PostgreSQL differ. Never shows a statement's values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError

_READS = "lytt_reads"
OUR_OWN = (IntegrityError, ProgrammingError, DataError)
"""What the database says of a statement of ours; everything else it says is about itself."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON")


class StoreError(Exception):
    """Base of what can go wrong with the portal's own database."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, is locked too long, full or damaged; nothing of the transaction was kept."""


class StoreUrlRefused(StoreError):
    """The database's address is neither a SQLite file nor PostgreSQL."""


def create_engine_for(url: str) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`. Raises `StoreUrlRefused`, which never holds the address."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreUrlRefused("not a database address") from None
    match address.get_backend_name():
        case "sqlite" if address.database and address.database != ":memory:":
            return _sqlite(url, Path(address.database))
        case "postgresql":
            # None: a pooler in transaction mode loses prepared statements (152 of 960 queries failed with the default)
            return create_engine(
                address.set(drivername="postgresql+psycopg"),
                connect_args={"prepare_threshold": None},
                pool_pre_ping=True,
                hide_parameters=True,
            )
        case _:
            raise StoreUrlRefused("neither a SQLite file nor PostgreSQL")


def _sqlite(url: str, file: Path) -> Engine:
    file.touch(mode=0o600)
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `begin` below does
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that first reads and then writes could not wait for its lock; this one takes it at once
        if not connection.get_execution_options().get(_READS):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Store:
    """The two ways to the database: single reads, and one transaction. Only `StoreError` kinds tell of faults."""

    def __init__(self, engine: Engine) -> None:
        self._writing = engine
        options = {_READS: True} if engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        self._reading = engine.execution_options(**options)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for single selects, each its own snapshot. Raises `StoreUnavailable`."""
        try:
            with self._reading.connect() as connection:
                yield connection
        except OUR_OWN:
            raise
        except DBAPIError as error:
            raise StoreUnavailable("reading failed") from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing. Raises `StoreUnavailable`; other errors pass through, rolled back."""
        try:
            with self._writing.begin() as connection:
                yield connection
        except OUR_OWN:
            raise
        except DBAPIError as error:
            raise StoreUnavailable("writing failed") from error

    def close(self) -> None:
        """Give all connections back."""
        self._writing.dispose()


def insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`, alike on both engines."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
