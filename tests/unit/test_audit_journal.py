"""The journal finds what was changed, removed or cut, and writes no more than it should."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine, Table, delete, event, func, select, update

from portal.audit.chain import START, Chain, Head, KeyUnusable
from portal.audit.events import Entry, Event, Sight
from portal.audit.journal import Journal
from portal.domain.people import Realm
from portal.store.tables import audit_event, audit_head, seen_mark
from portal.store.unit import Store
from tests.fakes.clock import ManualClock

KEY = bytes(range(32))
ACCOUNT = "6b0b2f9e-7d26-4f0c-9a4e-3a8b0a4f1c11"
SIGHT = Sight("a", "f" * 64, Realm.FAMILY, ACCOUNT, "see_overview", "case-1")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def journal(clock: ManualClock) -> Journal:
    return Journal(KEY, clock)


def _fill(store: Store, journal: Journal, rows: int = 5, service: str = "a") -> None:
    for number in range(rows):
        with store.write() as connection:
            entry = Entry(service, Event.SEEN, Realm.FAMILY, ACCOUNT, "see_plan", item=f"case-{number}")
            assert journal.record(connection, entry) == number + 1


def _verify(store: Store, journal: Journal, anchor: Head | None = None) -> int | None:
    with store.read() as connection:
        return journal.verify(connection, "a", anchor)


def _count(store: Store, table: Table) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_whole_chain_is_whole(store: Store, journal: Journal) -> None:
    assert _verify(store, journal) is None
    _fill(store, journal)
    _fill(store, journal, 3, "b")
    assert _verify(store, journal) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event", "kept"),
        ("realm", None),
        ("actor", None),
        ("action", "see_home"),
        ("outcome", "no_grant"),
        ("item", "case-9"),
        ("previous_hash", START),
        ("hash", START),
    ],
)
def test_an_edited_row_is_found(store: Store, journal: Journal, column: str, value: str | None) -> None:
    _fill(store, journal)
    with store.write() as connection:
        connection.execute(update(audit_event).where(audit_event.c.sequence == 3).values({column: value}))
    assert _verify(store, journal) == 3


def test_a_genuine_row_of_another_history_is_found(store: Store, journal: Journal, clock: ManualClock) -> None:
    _fill(store, journal)
    with store.read() as connection:
        genuine = connection.execute(select(audit_event).where(audit_event.c.sequence == 3)).mappings().one()
    with store.write() as connection:
        connection.execute(delete(audit_event))
        connection.execute(delete(audit_head))
    clock.advance(minutes=1)
    _fill(store, journal)
    with store.write() as connection:
        connection.execute(update(audit_event).where(audit_event.c.sequence == 3).values(**genuine))
    assert _verify(store, journal) == 3


@pytest.mark.parametrize("sequence", [1, 3])
def test_a_removed_row_is_found(store: Store, journal: Journal, sequence: int) -> None:
    _fill(store, journal)
    with store.write() as connection:
        connection.execute(delete(audit_event).where(audit_event.c.sequence == sequence))
    assert _verify(store, journal) == sequence


def test_a_cut_tail_is_found_even_when_the_head_is_set_back(store: Store, journal: Journal) -> None:
    _fill(store, journal)
    with store.write() as connection:
        connection.execute(delete(audit_event).where(audit_event.c.sequence > 3))
    assert _verify(store, journal) == 4
    with store.write() as connection:
        last = connection.execute(select(audit_event.c.hash).where(audit_event.c.sequence == 3)).scalar_one()
        connection.execute(update(audit_head).values(sequence=3, hash=last))
    assert _verify(store, journal) == 4


def test_a_removed_head_is_found(store: Store, journal: Journal) -> None:
    _fill(store, journal)
    with store.write() as connection:
        connection.execute(delete(audit_head))
    assert _verify(store, journal) == 6


def test_a_forged_head_alone_is_found(store: Store, journal: Journal) -> None:
    _fill(store, journal)
    with store.write() as connection:
        connection.execute(update(audit_head).values(sequence=9))
    assert _verify(store, journal) == 6


def test_an_anchor_finds_a_database_put_back(store: Store, journal: Journal) -> None:
    _fill(store, journal)
    with store.read() as connection:
        head = journal.head(connection, "a")
        assert journal.head(connection, "b") == Head(0, START)
    assert _verify(store, journal, head) is None
    assert _verify(store, journal, Head(head.sequence + 2, START)) == 6
    assert _verify(store, journal, Head(2, START)) == 2


def test_another_key_proves_nothing(store: Store, journal: Journal, clock: ManualClock) -> None:
    _fill(store, journal)
    assert _verify(store, Journal(KEY[::-1], clock)) == 1


def test_a_row_goes_with_its_transaction(store: Store, journal: Journal) -> None:
    def fail() -> None:
        with store.write() as connection:
            journal.record(connection, Entry("a", Event.KEPT))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _count(store, audit_event) == 0


def test_many_writers_make_one_chain(store: Store, journal: Journal) -> None:
    def write() -> None:
        for _ in range(10):
            with store.write() as connection:
                journal.record(connection, Entry("a", Event.KEPT))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _count(store, audit_event) == 40
    assert _verify(store, journal) is None


def test_nobody_is_named(store: Store, journal: Journal) -> None:
    _fill(store, journal, 2)
    with store.read() as connection:
        actors = set(connection.execute(select(audit_event.c.actor)).scalars())
    assert actors == {journal.chain.actor("a", ACCOUNT)}
    assert ACCOUNT not in str(actors)
    assert journal.chain.actor("b", ACCOUNT) not in actors


def test_seen_once_a_quarter_of_an_hour(store: Store, journal: Journal, clock: ManualClock) -> None:
    for _ in range(3):
        journal.seen(store, SIGHT)
        clock.advance(minutes=4)
    assert _count(store, audit_event) == 1
    clock.advance(minutes=4)
    journal.seen(store, SIGHT)
    assert _count(store, audit_event) == 2
    assert _count(store, seen_mark) == 1


def test_seen_is_per_session_and_item(store: Store, journal: Journal) -> None:
    journal.seen(store, SIGHT)
    journal.seen(store, Sight("a", "e" * 64, Realm.FAMILY, ACCOUNT, "see_overview", "case-1"))
    journal.seen(store, Sight("a", "f" * 64, Realm.FAMILY, ACCOUNT, "see_overview", "case-2"))
    assert _count(store, audit_event) == 3


def test_seen_already_costs_one_statement(store: Store, engine: Engine, journal: Journal) -> None:
    journal.seen(store, SIGHT)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    journal.seen(store, SIGHT)
    assert len(statements) == 1


def test_two_requests_at_once_write_one_row(store: Store, journal: Journal) -> None:
    ready = threading.Barrier(4)

    def look() -> None:
        ready.wait()
        journal.seen(store, SIGHT)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _count(store, audit_event) == 1


def test_a_request_that_comes_second_writes_nothing(store: Store, journal: Journal, clock: ManualClock) -> None:
    # The other request has looked before this one wrote: its mark is found only by the write itself
    journal.seen(store, SIGHT)
    clock.advance(minutes=15)
    with store.write() as connection:
        connection.execute(update(seen_mark).values(at=clock()))
    clock.advance(minutes=-15)
    journal.seen(store, SIGHT)
    assert _count(store, audit_event) == 1


def test_a_short_key_is_refused() -> None:
    with pytest.raises(KeyUnusable):
        Chain(b"short")


def test_fingerprints_tell_apart_and_need_the_key() -> None:
    chain = Chain(KEY)
    assert chain.fingerprint("a", b"x") == chain.fingerprint("a", b"x")
    assert len({chain.fingerprint("a", b"x"), chain.fingerprint("a", b"y"), chain.fingerprint("b", b"x")}) == 3
    assert Chain(KEY[::-1]).fingerprint("a", b"x") != chain.fingerprint("a", b"x")
