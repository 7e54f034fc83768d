"""The tables, their migrations and their sealed columns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, LargeBinary, inspect, select

from portal.store.migrate import is_current, upgrade
from portal.store.sealed import NOT_CONTENT, SEALED
from portal.store.tables import account, change_cursor, metadata
from portal.store.types import NaiveTime
from portal.store.unit import Store, create_engine_for


def test_migrations_and_tables_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_constraints_bear_the_same_names_in_migrations_and_tables(engine: Engine) -> None:
    checks = {check["name"] for check in inspect(engine).get_check_constraints("submission")}
    assert checks == {"submission_sealed_until_wiped"}
    assert inspect(engine).get_pk_constraint("submission")["name"] == "submission_pkey"


def test_upgrade_starts_from_nothing_and_may_be_repeated(empty_database_url: str) -> None:
    engine = create_engine_for(empty_database_url)
    with engine.connect() as connection:
        assert not is_current(connection)
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        assert is_current(connection)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_every_key_begins_with_the_service() -> None:
    for table in metadata.tables.values():
        assert next(column.name for column in table.primary_key) == "service_id", table.name
        for foreign in table.foreign_key_constraints:
            assert foreign.column_keys[0] == "service_id", table.name


def test_every_binary_column_is_registered_as_sealed() -> None:
    binary = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert binary == {(entry.table, entry.column) for entry in SEALED} | NOT_CONTENT


def test_times_come_back_in_utc_whatever_zone_they_had(store: Store) -> None:
    oslo = datetime(2031, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with store.write() as connection:
        connection.execute(change_cursor.insert().values(service_id="a", cursor="1", at=oslo))
    with store.read() as connection:
        at = connection.execute(select(change_cursor.c.at)).scalar_one()
        before = connection.execute(select(change_cursor).where(change_cursor.c.at < oslo + timedelta(seconds=1)))
        assert len(before.all()) == 1
    assert at == oslo
    assert at.tzinfo is UTC


def test_a_time_without_zone_is_refused(store: Store) -> None:
    naive = datetime(2031, 7, 1, 12, 0)  # noqa: DTZ001 that is the point
    with pytest.raises(NaiveTime), store.write() as connection:
        connection.execute(change_cursor.insert().values(service_id="a", cursor="1", at=naive))


def test_an_empty_time_stays_empty(store: Store) -> None:
    row = {"service_id": "a", "id": "00000000-0000-4000-8000-000000000001", "realm": "family", "issuer": "i"}
    with store.write() as connection:
        connection.execute(
            account.insert().values(
                **row, subject="s", pseudonym="p", created_at=datetime.now(UTC), last_sign_in_at=None
            )
        )
    with store.read() as connection:
        assert connection.execute(select(account.c.last_sign_in_at)).scalar_one() is None
