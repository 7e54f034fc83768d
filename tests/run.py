"""Everything `make test` runs, in order, ending in one line of counts. Exit code 1 when anything failed."""

from __future__ import annotations

import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from tests.browser import BrowserMissingError, chromium

OUT = Path("tests/out")
HERE = Path(sys.executable).parent

CHECKS = {
    "lint": [str(HERE / "ruff"), "check", "."],
    "format": [str(HERE / "ruff"), "format", "--check", "."],
    "import contracts": [str(HERE / "lint-imports")],
    "types": [str(HERE / "mypy")],
}
SUITES = {
    "unit, contract, access, web, architecture": ["-m", "not browser", "-n", "2", "--dist", "worksteal"],
    "journeys and accessibility in the browser": ["-m", "browser"],
}


@dataclass
class Counts:
    """What ran."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: Counts) -> None:
        """Take the counts of one more suite in."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def main() -> int:
    """Run all, whatever fails on the way, so that one run tells everything."""
    OUT.mkdir(parents=True, exist_ok=True)
    try:
        print(f"Browser: {chromium(install=True)}", flush=True)
    except BrowserMissingError as error:
        print(error, file=sys.stderr)
        return 1
    counts = Counts()
    for name, command in CHECKS.items():
        counts.add(_step(name, command))
    for number, (name, options) in enumerate(SUITES.items()):
        report = OUT / f"report-{number}.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *options]
        counts.add(_suite(name, command, report))
    print("Not in `make test`: the certified provider, more browsers, Node tools and faults (later `make test-all`).")
    print(f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped")
    return 1 if counts.failed or not counts.passed else 0


def _step(name: str, command: list[str]) -> Counts:
    return Counts(passed=1) if _run(name, command) == 0 else Counts(failed=1)


def _suite(name: str, command: list[str], report: Path) -> Counts:
    code = _run(name, command)
    if not report.exists():
        return Counts(failed=1)
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 our own test runner wrote it
    if suite is None:
        return Counts(failed=1)
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    skipped = int(suite.get("skipped", 0))
    passed = int(suite.get("tests", 0)) - failed - skipped
    return Counts(passed, max(failed, 1 if code else 0), skipped)


def _run(name: str, command: list[str]) -> int:
    print(f"\n== {name}", flush=True)
    start = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    print(f"-- {name}: {'ok' if code == 0 else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
