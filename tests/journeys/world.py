"""The running demonstration as journeys use it: its addresses, its bad days, and time that passes in its database."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import urllib3

from portal.demo.files import write_all
from portal.demo.plan import plan_for
from portal.demo.processes import NotStartedError, Processes
from portal.demo.reference_core import core_id
from portal.demo.story import DEFAULT_STORY, Story, load_story

PORTS = 6
"""The portal, two simulators, two cores, and the neutral site."""
FIRST_PORT, LAST_PORT, STEP, WORKERS = 21_000, 32_000, 50, 4
PATIENCE_SECONDS = 60.0
NEUTRAL = "<!doctype html><html lang=en><title>Weather</title><h1>Rain later</h1></html>"
HOSTS = {"fjordvik": "localhost", "lillevik": "b.localhost"}
_STASH = pytest.StashKey["World"]()


class StillNotError(AssertionError):
    """What a test waited for did not happen in a generous while."""


def until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something another process does. Raises `StillNotError`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise StillNotError(what)
        time.sleep(0.1)


@dataclass
class World:
    """All processes of one demonstration, and the ways in which a test may spoil their day."""

    processes: Processes
    story: Story
    neutral: ThreadingHTTPServer

    @property
    def folder(self) -> Path:
        """Where its files and databases are."""
        return self.processes.plan.folder

    @property
    def neutral_url(self) -> str:
        """Where "Leave now" leads. Of this machine, because a browser's redirect cannot be answered by a test."""
        return f"http://weather.localhost:{self.neutral.server_port}/"

    def origin(self, service: str = "fjordvik") -> str:
        """Where browsers reach a service."""
        return f"http://{HOSTS[service]}:{self.processes.plan.port}"

    def case(self, child: str, service: str = "fjordvik") -> str:
        """The path of a child's case."""
        return f"/cases/{core_id(service, 'case', child)}"

    def thread(self, child: str, person: str, service: str = "fjordvik") -> str:
        """The path of one person's thread about a child, for staff."""
        return f"/staff/threads/{core_id(service, 'thread', child, person)}"

    @contextlib.contextmanager
    def core_is(self, mode: str, service: str = "fjordvik") -> Iterator[None]:
        """A core in one of its bad moods (`portal.demo.reference_core.faults`), well again afterwards."""
        self._mood(service, mode)
        try:
            yield
        finally:
            self._mood(service, "ok")

    def _mood(self, service: str, mode: str) -> None:
        place = next(place for place in self.processes.plan.services if place.service_id == service)
        url = f"http://127.0.0.1:{self.processes.plan.core_port(place)}/_faults"
        answer = urllib3.PoolManager().request("POST", url, json={"mode": mode}, timeout=20)
        assert answer.status == 200, answer.status

    def start_all(self) -> None:
        """Start everything; a busy machine gets a second chance before it is called broken."""
        try:
            self.processes.start_all()
        except NotStartedError:
            if self.processes.ended() is not None or "portal" not in self.processes.running:
                raise
            self.wait()

    def start_portal(self) -> None:
        """Start the web processes and wait until they answer."""
        command = [sys.executable, "-m", "portal.cli", "serve"]
        self.processes.start("portal", command, self.processes.web_environment())
        self.wait()

    def start_worker(self) -> None:
        """Start the delivery worker."""
        command = [sys.executable, "-m", "portal.cli", "deliver"]
        self.processes.start("worker", command, self.processes.worker_environment())

    def start_national_id(self) -> None:
        """Start the national ID's simulator again and wait until it answers."""
        file = str(self.folder / "national-id.json")
        self.processes.start("national-id", [sys.executable, "-m", "portal.demo.national_id", file])
        self.wait()

    def wait(self) -> None:
        """Until all answer; a busy machine gets a second chance before it is called broken."""
        try:
            self.processes.wait_until_all_answer()
        except NotStartedError:
            if self.processes.ended() is not None:
                raise
            self.processes.wait_until_all_answer()

    def sessions_run_out(self) -> None:
        """Half an hour passes without a request: every open session has just expired by waiting."""
        self._change("UPDATE session SET idle_until = ? WHERE revoked_at IS NULL", _ago(minutes=1))

    def sessions_end_in(self, seconds: float) -> None:
        """Nobody has asked for a page for so long that every open session ends in this many seconds."""
        last = _ago(minutes=29)
        self._change("UPDATE session SET last_seen_at = ? WHERE revoked_at IS NULL", last)
        self._change("UPDATE session SET idle_until = ? WHERE revoked_at IS NULL", _ago(seconds=-seconds))

    def seconds_left(self) -> float:
        """How long the session that lives longest still has, from now."""
        with contextlib.closing(sqlite3.connect(self.folder / "portal.db", timeout=30)) as database:
            query = "SELECT max(idle_until) FROM session WHERE revoked_at IS NULL AND idle_until > ?"
            last = str(database.execute(query, (_ago(),)).fetchone()[0] or _ago())
        return (datetime.fromisoformat(last) - datetime.fromisoformat(_ago())).total_seconds()

    def drafts(self) -> int:
        """How many drafts are kept."""
        with contextlib.closing(sqlite3.connect(self.folder / "portal.db", timeout=30)) as database:
            return int(database.execute("SELECT count(*) FROM draft").fetchone()[0])

    def forget_drafts(self) -> None:
        """Seven days pass for what was begun before."""
        self._change("DELETE FROM draft WHERE updated_at <= ?", _ago())

    def a_minute_passes_for_deliveries(self) -> None:
        """What waits for its next attempt is due, and the lease of a killed worker has run out."""
        self._change("UPDATE submission SET next_attempt_at = ? WHERE next_attempt_at IS NOT NULL", _ago(seconds=1))
        self._change("UPDATE submission SET lease_until = ? WHERE lease_until IS NOT NULL", _ago(seconds=1))

    def _change(self, statement: str, moment: str) -> None:
        with contextlib.closing(sqlite3.connect(self.folder / "portal.db", timeout=30)) as database, database:
            database.execute(statement, (moment,))

    def waiting(self) -> int:
        """How many submissions no core has yet."""
        with contextlib.closing(sqlite3.connect(self.folder / "portal.db", timeout=30)) as database:
            query = "SELECT count(*) FROM submission WHERE state IN ('kept', 'needs_attention')"
            return int(database.execute(query).fetchone()[0])

    def delivery_under_way(self) -> bool:
        """Does a worker hold a submission just now?"""
        with contextlib.closing(sqlite3.connect(self.folder / "portal.db", timeout=30)) as database:
            query = "SELECT count(*) FROM submission WHERE lease_until > ?"
            return bool(database.execute(query, (_ago(),)).fetchone()[0])

    def core_has(self, words: str, service: str = "fjordvik") -> bool:
        """Does the core's own database hold these words?"""
        file = self.folder / f"core-{service}.db"
        with contextlib.closing(sqlite3.connect(file, timeout=30)) as database:
            return bool(database.execute("SELECT count(*) FROM message WHERE body = ?", (words,)).fetchone()[0])

    def stop(self) -> None:
        """End everything."""
        self.processes.stop_all()
        self.neutral.shutdown()
        self.neutral.server_close()


def running_world(config: pytest.Config, folder: Callable[[], Path]) -> World:
    """The one demonstration of this test run, started when first asked for."""
    found = config.stash.get(_STASH, None)
    if found is None:
        found = start_world(folder())
        config.stash[_STASH] = found
        config.add_cleanup(found.stop)
    return found


def start_world(folder: Path, story_file: Path = DEFAULT_STORY) -> World:
    """Real processes on free ports; the cores can be told to have a bad day. Raises `NotStartedError`."""
    story = load_story(story_file)
    port = _free_ports()
    plan = plan_for(tuple(service.id for service in story.services), port, folder)
    write_all(plan, story, story_file)
    neutral = ThreadingHTTPServer(("127.0.0.1", port + PORTS - 1), _Neutral)
    threading.Thread(target=neutral.serve_forever, daemon=True).start()
    world = World(Processes(plan), story, neutral)
    for place in plan.services:
        file = folder / f"core-{place.service_id}.json"
        file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"faults": True}), "utf-8")
    services = folder / "services.toml"
    told = services.read_text("utf-8")
    assert "https://www.yr.no/" in told
    services.write_text(told.replace("https://www.yr.no/", world.neutral_url), "utf-8")
    try:
        world.start_all()
    except NotStartedError:
        world.stop()
        raise
    return world


class _Neutral(BaseHTTPRequestHandler):
    """A site that says nothing about where its visitor comes from."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(NEUTRAL.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _ago(**time_: float) -> str:
    """A moment as the portal's SQLite keeps it."""
    return (datetime.now(UTC) - timedelta(**time_)).replace(tzinfo=None).isoformat(" ", "microseconds")


def _free_ports() -> int:
    """The first of as many free ports in a row as a world needs.

    Each of several test processes has a range of its own, below those that the system hands out; where it begins to
    look follows its process id, so that two test runs on one machine seldom try the same.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    places = (LAST_PORT - FIRST_PORT) // WORKERS // STEP
    for number in range(places):
        place = worker * places + (os.getpid() + number) % places
        port = FIRST_PORT + place * STEP
        with contextlib.ExitStack() as stack:
            try:
                for each in range(port, port + PORTS):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", each))
            except OSError:
                continue
            return port
    raise StillNotError("no free ports")
