"""Starts the processes of a demonstration, waits until all answer, and stops all of them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import urllib3

from portal.demo.plan import Plan

PROCESS_FILE = "processes"
"""Numbers of the running processes, for whoever must end what a runner that was killed has left."""
START_SECONDS = 40
STOP_SECONDS = 8


class NotStartedError(Exception):
    """A process ended or did not answer in time; the text names it and its log."""


@dataclass
class Processes:
    """All processes of one demonstration, by name."""

    plan: Plan
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_all(self) -> None:
        """Simulators and cores first, then the worker and the portal. Raises `NotStartedError`."""
        run = [sys.executable, "-m"]
        folder = self.plan.folder
        self.start("national-id", [*run, "portal.demo.national_id", str(folder / "national-id.json")])
        self.start("staff-id", [*run, "portal.demo.national_id", str(folder / "staff-id.json")])
        for place in self.plan.services:
            self.start(f"core-{place.service_id}", self.core_command(place.service_id))
        self.run_once("migrate", [*run, "portal.cli", "migrate"], self.web_environment())
        self.start("worker", [*run, "portal.cli", "deliver"], self.worker_environment())
        self.start("portal", [*run, "portal.cli", "serve"], self.web_environment())
        self.wait_until_all_answer()

    def core_command(self, service_id: str) -> list[str]:
        """How a service's core is started."""
        return [sys.executable, "-m", "portal.demo.reference_core", str(self.plan.folder / f"core-{service_id}.json")]

    def start(self, name: str, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        """Start one process; what it prints goes to its log."""
        log = (self.plan.folder / f"{name}.log").open("ab")
        self.running[name] = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(os.environ) | dict(environment or {}),
            start_new_session=True,
        )
        log.close()
        self._write_numbers()

    def run_once(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        """Run one command to its end. Raises `NotStartedError` when it fails."""
        self.start(name, command, environment)
        if self.running.pop(name).wait() != 0:
            raise NotStartedError(self._tail(name))

    def wait_until_all_answer(self) -> None:
        """Until every server says it is well. Raises `NotStartedError`."""
        ports = {"national-id": self.plan.port + 1, "staff-id": self.plan.port + 2, "portal": self.plan.port}
        ports |= {f"core-{place.service_id}": self.plan.core_port(place) for place in self.plan.services}
        pool = urllib3.PoolManager(retries=False, timeout=1)
        deadline = time.monotonic() + START_SECONDS
        for name, port in ports.items():
            host = f"localhost:{port}"
            while not _answers(pool, port, host):
                if self.running[name].poll() is not None or time.monotonic() > deadline:
                    raise NotStartedError(self._tail(name))
                time.sleep(0.1)
        if self.running["worker"].poll() is not None:
            raise NotStartedError(self._tail("worker"))

    def ended(self) -> str | None:
        """The name of a process that has ended by itself, if any."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def kill(self, name: str) -> None:
        """End one process and its children at once, as a power cut would (for tests)."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        """Ask all to stop, wait, and end those that do not."""
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()
        (self.plan.folder / PROCESS_FILE).unlink(missing_ok=True)

    def _shared_environment(self) -> dict[str, str]:
        folder = self.plan.folder
        return {
            "LYTT_ENVIRONMENT": "demo",
            "LYTT_SERVICES_FILE": str(folder / "services.toml"),
            "LYTT_DATABASE_URL_FILE": str(folder / "database.url"),
            "LYTT_AUDIT_KEY_FILE": str(folder / "keys/audit.key"),
            "LYTT_LISTEN": f"127.0.0.1:{self.plan.port}",
        }

    def web_environment(self) -> dict[str, str]:
        """The web process: draft keys, and only the public half of the delivery pair."""
        keys = self.plan.keys
        return self._shared_environment() | {
            "LYTT_DRAFT_KEYS_FILE": str(keys / "draft.keys"),
            "LYTT_CREDENTIAL_KEY_FILE": str(keys / "credential.key"),
            "LYTT_DELIVERY_PUBLIC_KEY_FILE": str(keys / "delivery-public.pem"),
        }

    def worker_environment(self) -> dict[str, str]:
        """The worker: the private half, and no draft keys."""
        return self._shared_environment() | {
            "LYTT_DELIVERY_PRIVATE_KEY_FILE": str(self.plan.keys / "delivery-private.pem")
        }

    def _write_numbers(self) -> None:
        numbers = " ".join(str(process.pid) for process in self.running.values())
        (self.plan.folder / PROCESS_FILE).write_text(numbers + "\n", "utf-8")

    def _tail(self, name: str) -> str:
        log = Path(self.plan.folder / f"{name}.log")
        lines = log.read_text("utf-8", "replace").splitlines()[-5:] if log.exists() else []
        return "\n".join([f"{name} did not start. Its log, {log}, ends with:", *lines])


def _answers(pool: urllib3.PoolManager, port: int, host: str) -> bool:
    try:
        answer = pool.request("GET", f"http://127.0.0.1:{port}/health", headers={"Host": host})
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == HTTPStatus.OK
