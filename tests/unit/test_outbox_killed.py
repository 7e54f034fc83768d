"""kill -9 at the worst moments: what a person was told is kept is delivered, once and in order."""

from __future__ import annotations

import multiprocessing
import signal
import time
from pathlib import Path

from portal.store.unit import Store
from tests.fakes.letterbox import AUDIT_KEY, SERVICE, Letterbox
from tests.fakes.mortal import LANES, Death, Life, MortalJournal, ShiftedClock, form_key, live, make_worker

# A server that has everything loaded and forks from there: quick, and without the threads of the test run
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.fakes.mortal"])
PATIENCE_SECONDS = 60

SUBMITTER_DIES = [("inside", 10), ("kept", 10), ("inside", 9), ("-", 0), ("kept", 9), ("inside", 12)]
"""Inside the transaction; after it, before the person saw the receipt; at any moment, by another's hand."""
WORKER_DIES = [("before", 3), ("stored", 2), ("inside", 2), ("-", 0), ("stored", 5), ("inside", 4)]
"""Before the core has it; when the core has it and we do not know; inside the transaction that writes it down."""


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def _live_and_die(life: Life, log: Path) -> None:
    """Run a process until it kills itself, or kill it once it has got somewhere."""
    before = len(_lines(log))
    process = PROCESSES.Process(target=live, args=(life,))
    process.start()
    for _ in range(PATIENCE_SECONDS * 50):
        if not process.is_alive() or (life.moment == "-" and len(_lines(log)) > before + 3):
            break
        time.sleep(0.02)
    assert process.is_alive() is (life.moment == "-")
    process.kill()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == -signal.SIGKILL
    assert len(_lines(log)) > before


def test_nothing_acknowledged_is_lost_and_nothing_doubled(store: Store, database_url: str, tmp_path: Path) -> None:
    letterbox = Letterbox(store)
    shown, core = tmp_path / "shown", tmp_path / "core"
    for turn, ((moment, count), (worker_moment, worker_count)) in enumerate(
        zip(SUBMITTER_DIES, WORKER_DIES, strict=True)
    ):
        minutes = 2 * turn  # leases of those who were killed have run out
        _live_and_die(Life("submit", database_url, tmp_path, moment, count, minutes), shown)
        _live_and_die(Life("deliver", database_url, tmp_path, worker_moment, worker_count, minutes), core)
    _drain(store, tmp_path)

    promised = [int(line) for line in _lines(shown)]
    keys = [line.split()[0] for line in _lines(core)]
    arrived = [int(line.split()[1]) for line in _lines(core)]
    assert len(promised) > len(SUBMITTER_DIES)
    assert set(promised) <= set(arrived)
    assert len(set(arrived)) == len(arrived) == letterbox.count()
    assert keys == [form_key(number) for number in arrived]
    for lane in range(LANES):
        own = [number for number in arrived if number % LANES == lane]
        assert own == sorted(own)
    with store.read() as connection:
        assert letterbox.journal.verify(connection, SERVICE) is None


def _drain(store: Store, folder: Path) -> None:
    """Workers, much later, who are let live."""
    for minutes in (60, 90, 120):
        clock = ShiftedClock(minutes)
        journal = MortalJournal(AUDIT_KEY, clock)
        journal.death = Death("-", 0)
        worker = make_worker(store, folder, journal, clock)
        while worker.run_once():
            pass
