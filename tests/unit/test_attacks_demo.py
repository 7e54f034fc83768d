"""Attacks on the demonstration's runner: ports that are taken, being stopped rudely, nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.demo.plan import Plan, plan_for

ONE_CHILD = """
import sys
from collections.abc import Iterator
from pathlib import Path
from portal.demo.__main__ import run
from portal.demo.plan import plan_for
from portal.demo.processes import Processes

class OneChild(Processes):
    def start_all(self):
        self.start("child", [sys.executable, "-c", "import time; time.sleep(600)"])

processes = OneChild(plan_for(("fjordvik",), 8000, Path(sys.argv[1])))
sys.exit(run(processes, "running"))
"""


@pytest.fixture
def taken() -> Iterator[int]:
    """A port where somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_a_port_that_is_taken_is_named_before_anything_is_forgotten(tmp_path: Path, taken: int) -> None:
    kept = tmp_path / "portal.db"
    kept.write_text("what was sent")
    (tmp_path / "processes").write_text("123\n")
    command = [sys.executable, "-m", "portal.demo", "--port", str(taken), "--folder", str(tmp_path), "--reset"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert str(taken) in ended.stderr
    assert "PORT=" in ended.stderr
    assert f"kill $(cat {tmp_path / 'processes'})" in ended.stderr
    assert kept.read_text() == "what was sent"


def test_the_ports_of_cores_and_providers_count_too(tmp_path: Path, taken: int) -> None:
    for offset in range(5):
        plan = Plan(taken - offset, tmp_path, plan_for(("a", "b"), taken, tmp_path).services)
        assert taken in plan.taken_ports(), offset


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_however_the_runner_is_stopped_it_leaves_nobody_running(tmp_path: Path, number: signal.Signals) -> None:
    runner = subprocess.Popen(
        [sys.executable, "-c", ONE_CHILD, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert runner.stdout is not None
    assert runner.stdout.readline() == "running\n"
    child = int((tmp_path / "processes").read_text())
    for _ in range(2):  # somebody impatient presses twice
        runner.send_signal(number)
    said, _ = runner.communicate(timeout=60)
    assert (runner.returncode, "Stopping" in said) == (0, True)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert not (tmp_path / "processes").exists()
