"""Everything `make test` runs, in order, ending in one line of counts. Exit code 1 when anything failed.

With `more` as its argument it runs instead what `make test-all` adds: sign-in against the certified provider, and the
looks at every page.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from tests.browser import BrowserMissingError, chromium

OUT = Path("tests/out")
HERE = Path(sys.executable).parent
PEER = Path("tests/peer")

CHECKS = {
    "lint": [str(HERE / "ruff"), "check", "."],
    "format": [str(HERE / "ruff"), "format", "--check", "."],
    "import contracts": [str(HERE / "lint-imports")],
    "types": [str(HERE / "mypy")],
}
SUITES = {
    "unit, contract, access, web, architecture": ["-m", "not browser and not peer", "-n", "2", "--dist", "worksteal"],
    "journeys and accessibility in the browser": ["-m", "browser and not wide", "-n", "2", "--dist", "loadfile"],
}
EVERY_PAGE = "every page on a phone and on a wide screen in the dark"
IN_A_BROWSER = frozenset({"journeys and accessibility in the browser", EVERY_PAGE})
MORE_SUITES = {
    "sign-in with the certified provider": ["-m", "peer", str(PEER)],
    EVERY_PAGE: ["-m", "wide", "-n", "2", "--dist", "worksteal", "tests/accessibility"],
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


def main(arguments: list[str]) -> int:
    """Run all, whatever fails on the way, so that one run tells everything."""
    OUT.mkdir(parents=True, exist_ok=True)
    if arguments == ["more"]:
        return _more()
    try:
        print(f"Browser: {chromium(install=True)}", flush=True)
    except BrowserMissingError as error:
        print(error, file=sys.stderr)
        return 1
    counts = Counts()
    for name, command in CHECKS.items():
        counts.add(_step(name, command))
    _suites(SUITES, counts, "report")
    print("Not in `make test`: the certified provider, and the looks at every page (`make test-all` runs both).")
    return _told(counts)


def _more() -> int:
    """The independent provider is a Node package of its own: installed by its lock, without running its scripts."""
    if not (PEER / "node_modules").is_dir():
        npm = shutil.which("npm")
        if npm is None:
            print("Missing: Node and npm. Install them with:  sudo apt-get install nodejs npm", file=sys.stderr)
            return 1
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if subprocess.run(command, cwd=PEER, check=False).returncode:
            print("The certified provider could not be installed (npm ci in tests/peer).", file=sys.stderr)
            return 1
    counts = Counts()
    _suites(MORE_SUITES, counts, "more")
    return _told(counts)


def _told(counts: Counts) -> int:
    print(f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped")
    return 1 if counts.failed or not counts.passed else 0


def _suites(suites: dict[str, list[str]], counts: Counts, prefix: str) -> None:
    for number, (name, options) in enumerate(suites.items()):
        report = OUT / f"{prefix}-{number}.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *options]
        found = _suite(name, command, report)
        if found.failed and name in IN_A_BROWSER:
            found = _once_more(name, found, options, report)
        counts.add(found)


def _once_more(name: str, first: Counts, options: list[str], report: Path) -> Counts:
    """What failed in a browser, once more and alone: a real fault fails again; what did not is said."""
    again = report.with_suffix(".again.xml")
    again.unlink(missing_ok=True)
    chosen = [option for option in options if option not in {"-n", "2", "--dist", "loadfile", "worksteal"}]
    command = [sys.executable, "-m", "pytest", "-q", "--last-failed", f"--junitxml={again}", *chosen]
    second = _suite(f"{name}: what failed, once more", command, again)
    if second.passed + second.failed != first.failed:
        return first  # something else than those tests was wrong
    print(f"{second.passed} passed only at the second try: see above which", flush=True)
    return Counts(first.passed + second.passed, second.failed, first.skipped)


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
    told = "ok" if code == 0 else f"FAILED (exit code {code})"
    print(f"-- {name}: {told} in {time.monotonic() - start:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
