"""How often something may be tried: counting, waiting, and what happens when nothing can be counted."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.identity import limits
from portal.identity.limits import CODE_WRONG, READING, Limit, Limiter, LimitsUnavailable, TooOften, build_limiter
from portal.outbox.purge import purge
from portal.settings import SettingsError
from portal.store.limit_storage import DatabaseStorage
from portal.store.tables import limit_window
from portal.store.unit import Store, StoreUnavailable, create_engine_for
from tests.fakes.clock import ManualClock
from tests.fakes.limits import MoodyStorage

KEY = b"k" * 32
ADDRESS = "203.0.113.7"
THREE = Limit("three", 3, timedelta(minutes=5))
ALL = [value for value in vars(limits).values() if isinstance(value, Limit)]


@pytest.fixture(params=["memory", "database"])
def storage(
    request: pytest.FixtureRequest, clock: ManualClock, sqlite_template: Path, tmp_path: Path
) -> Iterator[Storage]:
    """Where it is counted. The tests of the database itself run on both kinds."""
    if request.param == "memory":
        yield MemoryStorage()
        return
    shutil.copy(sqlite_template, tmp_path / "limits.db")
    store = Store(create_engine_for(f"sqlite:///{tmp_path / 'limits.db'}"))
    yield DatabaseStorage(store, clock)
    store.close()


@pytest.fixture
def limiter(storage: Storage, clock: ManualClock) -> Limiter:
    return Limiter(storage, KEY, clock)


def exhaust(limiter: Limiter, limit: Limit = THREE, subject: str = ADDRESS) -> None:
    for _ in range(limit.most):
        limiter.count(limit, "fjordvik", subject)


def test_more_often_than_the_limit_waits_for_the_next_window(limiter: Limiter, clock: ManualClock) -> None:
    clock.advance(seconds=40)
    exhaust(limiter)
    with pytest.raises(TooOften) as stopped:
        limiter.count(THREE, "fjordvik", ADDRESS)
    assert stopped.value.wait == timedelta(minutes=5, seconds=-40)
    clock.advance(minutes=5, seconds=-40)
    limiter.count(THREE, "fjordvik", ADDRESS)


def test_services_subjects_and_limits_are_counted_apart(limiter: Limiter) -> None:
    exhaust(limiter)
    limiter.count(THREE, "lillevik", ADDRESS)
    limiter.count(THREE, "fjordvik", "203.0.113.8")
    limiter.count(Limit("other", 3, timedelta(minutes=5)), "fjordvik", ADDRESS)
    with pytest.raises(TooOften):
        limiter.count(THREE, "fjordvik", ADDRESS)


def test_room_is_asked_for_without_taking_it(limiter: Limiter) -> None:
    for _ in range(THREE.most + 1):
        limiter.require_room(THREE, "fjordvik", ADDRESS)
    for _ in range(THREE.most):
        limiter.note(THREE, "fjordvik", ADDRESS)
    with pytest.raises(TooOften):
        limiter.require_room(THREE, "fjordvik", ADDRESS)


def test_the_database_holds_no_address_and_forgets_with_the_purge(store: Store, clock: ManualClock) -> None:
    """Item 39: what is limited stands nowhere but in a keyed hash."""
    limiter = Limiter(DatabaseStorage(store, clock), KEY, clock)
    limiter.count(THREE, "fjordvik", ADDRESS)
    with store.read() as connection:
        row = connection.execute(select(limit_window)).one()
    assert (row.service_id, row._mapping["count"], len(row.key)) == ("fjordvik", 1, 64)
    assert ADDRESS not in str(tuple(row))
    purge(store, clock() + timedelta(minutes=4))
    assert rows(store) == 1
    purge(store, clock() + timedelta(minutes=5))
    assert rows(store) == 0


def test_a_counter_of_the_database_begins_anew_when_its_time_is_over(store: Store, clock: ManualClock) -> None:
    storage = DatabaseStorage(store, clock)
    assert [storage.incr("a/k", 60), storage.incr("a/k", 60, 2), storage.get("a/k")] == [1, 3, 3]
    assert storage.get_expiry("a/k") == clock().timestamp() + 60
    clock.advance(seconds=60)
    assert storage.get("a/k") == 0
    assert [storage.incr("a/k", 60), storage.incr("b/k", 60)] == [1, 1]
    storage.clear("b/k")
    assert (storage.get("a/k"), storage.get("b/k"), storage.get_expiry("b/k")) == (1, 0, clock().timestamp())
    assert storage.check()
    assert storage.reset() == 1
    assert rows(store) == 0


def test_of_many_at_once_each_is_counted(store: Store, clock: ManualClock) -> None:
    """Two processes on one database: no try is lost between reading and writing."""
    found: list[int] = []

    def try_ten_times() -> None:
        storage = DatabaseStorage(store, clock)
        found.extend(storage.incr("fjordvik/key", 60) for _ in range(10))

    threads = [threading.Thread(target=try_ten_times) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(1, 41))


def test_a_store_that_is_down_stops_what_is_guessed_and_lets_reading_go_on(clock: ManualClock) -> None:
    storage = MoodyStorage("dead")
    limiter = Limiter(storage, KEY, clock)
    for act in (limiter.count, limiter.require_room, limiter.note):
        with pytest.raises(LimitsUnavailable):
            act(THREE, "fjordvik", ADDRESS)
    asked = storage.asked
    for _ in range(READING.most + 10):
        limiter.count(READING, "fjordvik", "session")
    assert storage.asked == asked, "a dead store must not be waited for by every page"
    clock.advance(seconds=6)
    storage.mood = "well"
    exhaust(limiter, READING, "session")
    with pytest.raises(TooOften):
        limiter.count(READING, "fjordvik", "session")


def test_a_store_that_is_down_is_told_once_a_minute(clock: ManualClock, caplog: pytest.LogCaptureFixture) -> None:
    limiter = Limiter(MoodyStorage("dead"), KEY, clock)
    with caplog.at_level(logging.INFO, "portal"):
        for _ in range(24):
            limiter.count(READING, "fjordvik", "session")
            clock.advance(seconds=5)
    assert [record.msg for record in caplog.records] == ["limits.unavailable"] * 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_reading_a_page_writes_nothing_to_the_database(store: Store, clock: ManualClock) -> None:
    limiter = build_limiter("database", KEY, store, clock)
    limiter.count(READING, "fjordvik", "session")
    assert rows(store) == 0
    limiter.count(THREE, "fjordvik", ADDRESS)
    assert rows(store) == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_broken_database_is_a_store_that_is_down(store: Store, clock: ManualClock) -> None:
    class Broken(Store):
        def __init__(self, error: Exception) -> None:
            self.error = error

        def write(self) -> None:  # type: ignore[override]  # never gets that far
            raise self.error

    for error in (StoreUnavailable("writing failed"), OperationalError("", {}, Exception())):
        with pytest.raises(StorageError):
            DatabaseStorage(Broken(error), clock).incr("a/k", 60)


def test_a_burst_of_wrong_codes_raises_one_alarm(clock: ManualClock, caplog: pytest.LogCaptureFixture) -> None:
    limiter = Limiter(MemoryStorage(), KEY, clock)
    with caplog.at_level(logging.INFO, "portal"):
        for _ in range(CODE_WRONG.most + 5):
            limiter.note(CODE_WRONG, "fjordvik", "everybody")
    assert [(record.msg, record.kind, record.service) for record in caplog.records] == [  # type: ignore[attr-defined]
        ("limits.alarm", "code_wrong", "fjordvik")
    ]


def test_the_table_of_limits_is_sound() -> None:
    """Names apart; only reading and hearing of a sign-out go on uncounted."""
    assert len({limit.name for limit in ALL}) == len(ALL) == 9
    assert {limit.name for limit in ALL if limit.without_store} == {"reading", "back_channel"}
    assert all(limit.most >= 20 and timedelta(minutes=1) <= limit.window <= timedelta(minutes=10) for limit in ALL)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_storage_that_cannot_be_used_is_named_without_its_address(store: Store) -> None:
    with pytest.raises(SettingsError) as refused:
        build_limiter("nonsense://:hunter2@localhost:1", KEY, store, ManualClock())
    assert refused.value.name == "LYTT_LIMITS_STORAGE_FILE"
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


def rows(store: Store) -> int:
    with store.read() as connection:
        return len(connection.execute(select(limit_window)).all())
