"""Every journal's end reaches its core once an hour, and what was done to the database afterwards is found."""

from __future__ import annotations

import logging
import threading
import tracemalloc
from datetime import datetime

import pytest
from sqlalchemy import Engine, delete, event, insert, select, update

from portal.audit.anchors import Anchors, Finding, said
from portal.audit.chain import START, Head
from portal.audit.events import Entry, Event
from portal.audit.journal import Journal
from portal.core.errors import Conflict, NotSupported, Unavailable
from portal.store.tables import audit_event, audit_head
from portal.store.unit import Store
from tests.fakes.clock import ManualClock
from tests.fakes.gateway import FakeGateway

KEY = bytes(range(32))
Copy = tuple[list[dict[str, object]], list[dict[str, object]]]


class Watched:
    """Two services' journals, their cores, and a worker."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = ManualClock()
        self.journal = Journal(KEY, self.clock)
        self.cores = {"a": FakeGateway("a"), "b": FakeGateway("b")}

    def worker(self) -> Anchors:
        return Anchors(self.store, self.journal, self.cores, self.clock)

    def write(self, rows: int, service: str = "a") -> None:
        for _ in range(rows):
            with self.store.write() as connection:
                self.journal.record(connection, Entry(service, Event.KEPT))

    def copy(self) -> Copy:
        with self.store.read() as connection:
            tables = (audit_event, audit_head)
            rows = [[dict(row) for row in connection.execute(select(table)).mappings()] for table in tables]
        return rows[0], rows[1]

    def put_back(self, copy: Copy) -> None:
        with self.store.write() as connection:
            for table, rows in zip((audit_event, audit_head), copy, strict=True):
                connection.execute(delete(table))
                connection.execute(insert(table), rows)

    def found(self) -> Finding:
        return self.worker().check("a")


@pytest.fixture
def watched(store: Store) -> Watched:
    return Watched(store)


def test_heads_are_brought_each_hour_and_only_then(watched: Watched) -> None:
    watched.write(3)
    watched.write(1, "b")
    worker = watched.worker()
    worker.send_due()
    assert [set(core.heads) for core in watched.cores.values()] == [{3}, {1}]
    watched.write(2)
    watched.clock.advance(minutes=59)
    worker.send_due()
    assert set(watched.cores["a"].heads) == {3}
    watched.clock.advance(minutes=1)
    worker.send_due()
    worker.send_due()
    assert set(watched.cores["a"].heads) == {3, 5}
    assert watched.cores["a"].calls.count("keep_head") == 2
    assert watched.cores["b"].calls.count("keep_head") == 1, "what has not grown is not sent again"


def test_two_workers_bring_a_head_once(watched: Watched) -> None:
    watched.write(2)
    ready = threading.Barrier(4)

    def work() -> None:
        worker = watched.worker()
        ready.wait()
        worker.send_due()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert watched.cores["a"].calls.count("keep_head") == 1


@pytest.mark.parametrize(("fault", "minutes"), [(Unavailable(), 1), (NotSupported(), 60)])
def test_a_core_that_is_down_gets_it_later(watched: Watched, fault: Exception, minutes: int) -> None:
    watched.write(2)
    watched.cores["a"].down = fault
    watched.write(1, "b")
    worker = watched.worker()
    worker.send_due()
    assert (watched.cores["a"].heads, set(watched.cores["b"].heads)) == ({}, {1})
    watched.cores["a"].down = None
    watched.clock.advance(seconds=minutes * 60 - 1)
    worker.send_due()
    assert watched.cores["a"].heads == {}
    watched.clock.advance(seconds=1)
    worker.send_due()
    assert set(watched.cores["a"].heads) == {2}


def test_a_worker_that_dies_in_its_turn_is_followed_by_another(watched: Watched) -> None:
    watched.write(2)
    watched.cores["a"].down = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        watched.worker().send_due()
    watched.cores["a"].down = None
    watched.worker().send_due()
    assert watched.cores["a"].heads == {}
    watched.clock.advance(minutes=5)
    watched.worker().send_due()
    assert set(watched.cores["a"].heads) == {2}


def test_whole_is_said_with_how_far_the_core_vouches(watched: Watched) -> None:
    watched.write(2)
    assert said(watched.found()) == "a: whole, 2 rows; its core has not kept any part of it yet"
    watched.worker().send_due()
    watched.write(1)
    assert said(watched.found()) == "a: whole, 3 rows; its core vouches for the rows up to 2"
    watched.cores["a"].down = Unavailable()
    assert (
        said(watched.found()) == "a: whole, 3 rows; NOT held against its core, which could not be asked (unavailable)"
    )


def test_a_database_put_back_is_found_at_the_first_row_that_is_gone(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.write(3)
    old = watched.copy()
    watched.write(2)
    watched.worker().send_due()
    watched.put_back(old)
    finding = watched.found()
    assert (finding.broken, finding.anchor) == (4, 5)
    assert said(finding) == "a: BROKEN at row 4; its core vouches for the rows up to 5"
    watched.clock.advance(hours=1)
    with caplog.at_level(logging.ERROR):
        watched.worker().send_due()
    assert "journal.broken" in caplog.text
    assert set(watched.cores["a"].heads) == {5}


def test_a_database_put_back_that_has_grown_past_the_anchor_is_found(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.write(3)
    old = watched.copy()
    watched.write(2)
    watched.worker().send_due()
    watched.put_back(old)
    watched.clock.advance(hours=1)
    watched.write(4)
    assert watched.found().broken == 5, "the row the core vouches for is another one"
    with caplog.at_level(logging.ERROR):
        watched.worker().send_due()
    assert "journal.broken" in caplog.text
    assert set(watched.cores["a"].heads) == {5}, "and no new end covers it up"


@pytest.mark.parametrize("change", ["edit", "remove", "cut"])
def test_what_was_done_to_rows_is_found_before_the_next_end_is_brought(
    watched: Watched, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    watched.write(3)
    watched.worker().send_due()
    watched.write(4)
    row = audit_event.c.sequence == 6
    with watched.store.write() as connection:
        match change:
            case "edit":
                connection.execute(update(audit_event).where(row).values(outcome="unavailable"))
            case "remove":
                connection.execute(delete(audit_event).where(row))
            case _:
                connection.execute(delete(audit_event).where(audit_event.c.sequence >= 6))
    assert watched.found().broken == 6
    watched.clock.advance(hours=1)
    with caplog.at_level(logging.ERROR):
        watched.worker().send_due()
    assert "journal.broken" in caplog.text
    assert set(watched.cores["a"].heads) == {3}


def test_another_end_at_the_core_is_an_alarm(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.write(2)
    core = watched.cores["a"]

    def refuse(sequence: int, digest: str) -> None:
        assert (sequence, len(digest)) == (2, 64)
        raise Conflict

    core.keep_head = refuse  # type: ignore[method-assign]
    with caplog.at_level(logging.ERROR):
        watched.worker().send_due()
    assert "journal.anchor_differs" in caplog.text


def test_what_is_written_while_verifying_is_no_fault(watched: Watched, engine: Engine) -> None:
    watched.write(2)
    written: list[None] = []

    def write_once(*call: object) -> None:
        if "ORDER BY" in str(call[2]) and not written:
            written.append(None)
            watched.write(1)

    event.listen(engine, "after_cursor_execute", write_once)
    assert watched.found().broken is None
    assert written
    assert watched.copy()[1][0]["sequence"] == 3


def test_ten_thousand_rows_are_verified_a_thousand_at_a_time(watched: Watched) -> None:
    _fill(watched.store, watched.journal, 10_000, watched.clock())
    with watched.store.read() as connection:
        watched.journal.verify(connection, "a")  # what is made once is made
        tracemalloc.start()
        try:
            assert watched.journal.verify(connection, "a") is None
            assert watched.journal.verify_since(connection, "a", Head(0, START)) is None
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 6_000_000, "ten thousand rows at once take more than twice that"
    with watched.store.write() as connection:
        connection.execute(update(audit_event).where(audit_event.c.sequence == 9_876).values(item="another"))
    assert watched.found().broken == 9_876


def _fill(store: Store, journal: Journal, rows: int, at: datetime) -> None:
    before, made = Head(0, START), []
    for sequence in range(1, rows + 1):
        row: dict[str, object] = {
            "service_id": "a",
            "sequence": sequence,
            "at": at,
            "event": "seen",
            "realm": "staff",
            "actor": "f" * 64,
            "action": "read_thread",
            "outcome": "ok",
            "item": "thread:t-1",
            "previous_hash": before.hash,
            "role": "caseworker",
            "about": "t-1",
        }
        before = Head(sequence, journal.chain.row(row))
        made.append({**row, "hash": before.hash})
    with store.write() as connection:
        connection.execute(insert(audit_event), made)
        head = {"service_id": "a", "sequence": rows, "hash": before.hash, "proof": journal.chain.head("a", before)}
        connection.execute(insert(audit_head), head)
