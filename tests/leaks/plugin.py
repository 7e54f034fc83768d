"""Watches a whole test run: every record of every logger and every secret made. A secret in a log fails the run.

What libraries write below warnings is stopped by `portal.logs` in the real processes (`tests/leaks/test_debug.py`
proves it), so here their levels are as they are there; everything else is listened to at every level.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.logs import PINNED
from tests.leaks.scanner import Known, leaks_in, leaks_in_process, person_numbers, told

OURS = ("portal", "tests", "test_planted")
MARK = "plants_secrets"
"""On tests that write secrets to a log themselves, to see them dropped behind it."""
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
MAKERS = ("token_urlsafe", "token_hex", "token_bytes")

Finding = tuple[str, str, str]
"""Logger or file, kind of secret, test."""


class Leaks:
    """The watch over one process of a test run."""

    def __init__(self) -> None:
        self.known = Known()
        self.records = 0
        self.findings: list[Finding] = []
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 for the run
        self._undo: list[Callable[[], None]] = []
        self._planting = False

    def start(self) -> None:
        """Begin to listen."""
        for number in person_numbers():
            self.known.add_person_number(number)
        for name in MAKERS:
            self._replace(secrets, name, self._remembering(getattr(secrets, name)))
        enabled, handle = logging.Logger.isEnabledFor, logging.Logger.handle

        def is_enabled(logger: logging.Logger, level: int) -> bool:
            return enabled(logger, level) or logger.name.partition(".")[0] not in PINNED

        def take(logger: logging.Logger, record: logging.LogRecord) -> None:
            self._keep(record)
            if enabled(logger, record.levelno):
                handle(logger, record)

        self._replace(logging.Logger, "isEnabledFor", is_enabled)
        self._replace(logging.Logger, "handle", take)

    def stop(self) -> None:
        """Put everything back."""
        while self._undo:
            self._undo.pop()()

    def look(self, folder: Path | None) -> list[Finding]:
        """Read everything that was written, and the logs of the processes that were started below this folder."""
        self._file.seek(0)
        for line in self._file:
            name, test, text = line.rstrip("\n").split("\x1f", 2)
            self.findings += [(name, kind, test) for kind in leaks_in(self.known, text)]
        for log in sorted(folder.rglob("*.log")) if folder is not None and folder.is_dir() else ():
            for line in log.read_text("utf-8", "replace").splitlines():
                self.findings += [(log.name, kind, "a real process") for kind in leaks_in_process(self.known, line)]
        self._file.close()
        return self.findings

    def _replace(self, owner: object, name: str, new: object) -> None:
        old = getattr(owner, name)
        self._undo.append(lambda: setattr(owner, name, old))
        setattr(owner, name, new)

    def _remembering(self, make: Callable[..., Any]) -> Callable[..., Any]:
        def made(*arguments: Any) -> Any:
            secret = make(*arguments)
            frame = sys._getframe(1)
            module = str(frame.f_globals.get("__name__", ""))
            if module.partition(".")[0] in OURS:
                self.known.add(f"a secret made in {module}", secret)
            return secret

        return made

    def _keep(self, record: logging.LogRecord) -> None:
        if self._planting:
            return
        # What stands in brackets are parameters, which may be secrets themselves
        test = os.environ.get("PYTEST_CURRENT_TEST", "between tests").partition("[")[0].partition(" ")[0]
        text = _everything_in(record).replace("\n", " ").replace("\r", " ").replace("\x1f", " ")
        self._file.write(f"{record.name}\x1f{test}\x1f{text}\n")
        self.records += 1

    # Hooks

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Tests that plant secrets say so."""
        self._planting = item.get_closest_marker(MARK) is not None
        try:
            return (yield)
        finally:
            self._planting = False

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Look, and fail the run; a process of several hands over what it found."""
        self.stop()
        factory: Any = getattr(session.config, "_tmp_path_factory", None)
        found = told(self.look(getattr(factory, "_basetemp", None)))
        handed_over = getattr(session.config, "workeroutput", None)
        if handed_over is not None:
            handed_over["leaks"] = found
            return
        self.findings = []
        session.config.stash[FOUND] = found = sorted({*session.config.stash.get(FOUND, []), *found})
        if found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """What another process found."""
        stash = node.config.stash
        stash[FOUND] = [*stash.get(FOUND, []), *getattr(node, "workeroutput", {}).get("leaks", [])]

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Said once more behind the counts, where nobody overlooks why a run without a failed test failed."""
        if "workerinput" not in vars(config):
            for line in config.stash.get(FOUND, []):
                sys.stdout.write(f"secret in a log: {line}\n")

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        """Where and what, never which."""
        found = config.stash.get(FOUND, [])
        if found:
            terminalreporter.section("secrets in logs", red=True)
            for line in found:
                terminalreporter.line(line)


FOUND = pytest.StashKey[list[str]]()


def watch(config: pytest.Config) -> None:
    """Watch this run."""
    config.addinivalue_line("markers", f"{MARK}: writes secrets to a log to see them dropped behind it")
    leaks = Leaks()
    leaks.start()
    config.add_cleanup(leaks.stop)
    config.pluginmanager.register(leaks, "leaks")


def _everything_in(record: logging.LogRecord) -> str:
    """Far more than any formatter of ours writes: message, extra fields, exception with its texts."""
    try:
        said = [record.getMessage()]
    except Exception:  # noqa: BLE001 a wrong number of arguments is not what is looked for here
        said = [repr(record.msg), repr(record.args)]
    said += [repr(value) for name, value in vars(record).items() if name not in STANDARD]
    if record.exc_info and record.exc_info[1] is not None:
        said += traceback.format_exception(record.exc_info[1])
    if record.stack_info:
        said.append(record.stack_info)
    return " ".join(said)
