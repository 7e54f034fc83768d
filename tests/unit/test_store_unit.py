"""Engines and transactions behave alike on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from portal.store.tables import account, change_cursor
from portal.store.unit import Store, StoreUnavailable, StoreUrlRefused, create_engine_for

NOW = datetime(2031, 3, 4, tzinfo=UTC)


def _cursor(service: str) -> dict[str, object]:
    return {"service_id": service, "cursor": "1", "at": NOW}


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(store: Store) -> None:
    with store.write() as connection:
        connection.execute(change_cursor.insert().values(_cursor("a")))

    def fail() -> None:
        with store.write() as connection:
            connection.execute(change_cursor.insert().values(_cursor("b")))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as connection:
        assert connection.execute(select(change_cursor.c.service_id)).scalars().all() == ["a"]


def test_reading_sees_what_was_committed_between_two_reads(store: Store) -> None:
    with store.read() as connection:
        assert connection.execute(select(change_cursor)).first() is None
        with store.write() as writing:
            writing.execute(change_cursor.insert().values(_cursor("a")))
        assert connection.execute(select(change_cursor)).first() is not None


def test_reading_never_waits_for_a_writer(store: Store) -> None:
    with store.write() as writing:
        writing.execute(change_cursor.insert().values(_cursor("a")))
        with store.read() as connection:
            assert connection.execute(select(change_cursor)).first() is None


def test_writers_do_not_lose_each_others_work(store: Store) -> None:
    with store.write() as connection:
        connection.execute(change_cursor.insert().values(_cursor("a")))

    def count_up() -> None:
        for _ in range(20):
            with store.write() as connection:
                value = connection.execute(select(change_cursor.c.cursor).with_for_update()).scalar_one()
                connection.execute(change_cursor.update().values(cursor=str(int(value) + 1)))

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        assert connection.execute(select(change_cursor.c.cursor)).scalar_one() == "61"


def test_references_are_enforced(store: Store) -> None:
    statement = text("INSERT INTO draft VALUES ('a', :id, :id, 'k', :sealed, 'k', :at, :at)")
    identity = "0" * 32
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(statement, {"id": identity, "sealed": b"x", "at": NOW.isoformat()})


def test_errors_never_show_values(store: Store) -> None:
    row: dict[str, object] = {
        "service_id": "a",
        "id": "00000000-0000-4000-8000-000000000001",
        "realm": "family",
        "issuer": "i",
    }
    row |= {"subject": "s", "pseudonym": "secret-word", "created_at": NOW}
    with store.write() as connection:
        connection.execute(account.insert().values(row))
    with pytest.raises(IntegrityError) as caught, store.write() as connection:
        connection.execute(account.insert().values({**row, "realm": "hidden-word"}))
    assert "hidden-word" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://u:hunter2@db/x", "nonsense:hunter2", "", "oracle://x/y"]
)
def test_other_databases_are_refused_without_naming_the_address(url: str) -> None:
    with pytest.raises(StoreUrlRefused) as caught:
        create_engine_for(url)
    assert "hunter2" not in str(caught.value)


def test_sqlite_file_is_durable_and_for_us_alone(tmp_path: Path) -> None:
    file = tmp_path / "portal.db"
    engine = create_engine_for(f"sqlite:///{file}")
    with engine.connect() as connection:
        values = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        ]
    engine.dispose()
    assert values == ["wal", 2, 10000, 1]
    assert file.stat().st_mode & 0o077 == 0


def test_a_missing_database_is_a_typed_error(tmp_path: Path) -> None:
    store = Store(create_engine_for(f"postgresql:///nowhere?host={tmp_path}"))
    with pytest.raises(StoreUnavailable), store.read():
        pass
    with pytest.raises(StoreUnavailable), store.write():
        pass
    store.close()


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.postgresql
def test_no_statement_is_prepared_behind_a_pooler(engine: Engine) -> None:
    with engine.connect() as connection:
        assert getattr(connection.connection.driver_connection, "prepare_threshold", "absent") is None
