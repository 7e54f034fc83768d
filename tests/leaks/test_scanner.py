"""The watch for secrets in logs sees what it must see, and never repeats it (sign-in.md, item 39)."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.leaks.scanner import ROOT, Known, leaks_in, leaks_in_process, person_numbers

NUMBER = "13097248022"  # synthetic
JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"

PLANTED = """
import logging
import secrets
import pytest

def test_own_logger_below_every_level():
    logging.getLogger("portal.somewhere").debug("state %s", secrets.token_urlsafe(32))

def test_unknown_library():
    logging.getLogger("some.library").debug("who", extra={"person": "13097248022"})

def test_exception_of_a_pinned_library():
    try:
        raise ValueError("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")
    except ValueError:
        logging.getLogger("urllib3.connectionpool").exception("failed")

@pytest.mark.parametrize("number", ["13097248022"])
def test_parameter(number):
    logging.getLogger("portal").warning("number %s", number)

def test_log_of_a_process(tmp_path):
    (tmp_path / "portal.log").write_text("GET /sign-in/callback?code=SplxlOBeZQQYbYS6WxSbIA HTTP/1.1")

def test_clean():
    logging.getLogger("portal").warning("request.fault")

@pytest.mark.plants_secrets
def test_planted_on_purpose():
    logging.getLogger("portal").warning("number 13097248022")
"""


@pytest.fixture
def known() -> Known:
    known = Known()
    for number in person_numbers():
        known.add_person_number(number)
    known.add("made", "Zk9-_secretOfTheRun")
    known.add("bytes", bytes(range(200, 232)))
    return known


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("before Zk9-_secretOfTheRun.", "made"),
        ("inZk9-_secretOfTheRunside", "made"),
        (f"number={NUMBER}", "a person number"),
        ("05895894984", "a person number"),
        ("058958 94984", "a person number"),
        (bytes(range(200, 232)).hex(), "bytes"),
        (repr(bytes(range(200, 232))), "bytes"),
        (f"Bearer {JWT}", "a token (JWT)"),
        ("GET /callback?code=SplxlOBeZQQYbYS6WxSbIA&x=1", "a parameter of signing in"),
        ("{'code_verifier': 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r'}", "a parameter of signing in"),
        (quote("?state=af0ifjsldkj&iss=x"), "a parameter of signing in"),
    ],
)
def test_each_kind_is_seen(known: Known, text: str, kind: str) -> None:
    assert leaks_in(known, text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "request.fault",
        "200 GET 12.5",
        "service=fjordvik code=state kind=person",
        "a" * 64,
        "5b0c6d2e",
        "in 0.30000000000000004 s",
        "in 1.00000000000 s",
    ],
)
def test_ordinary_lines_are_not(known: Known, text: str) -> None:
    assert leaks_in_process(known, text) == set()


def test_what_is_shaped_like_a_token_is_seen_in_processes_whose_secrets_nobody_knows() -> None:
    assert leaks_in_process(Known(), f"x {secrets.token_urlsafe(32)}A1a") == {"something shaped like a token"}


@pytest.mark.parametrize("processes", ["0", "1"])
def test_a_planted_secret_fails_the_run_and_is_not_repeated(tmp_path: Path, processes: str) -> None:
    """Item 39: in one process and in several, every test green, and the run red all the same."""
    (tmp_path / "conftest.py").write_text("from tests.leaks.plugin import watch as pytest_configure\n", "utf-8")
    (tmp_path / "test_planted.py").write_text(PLANTED, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", processes, "-p", "no:cacheprovider", str(tmp_path)]
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "7 passed" in run.stdout
    lines = [line.removeprefix("secret in a log: ") for line in run.stdout.splitlines() if line.count(", ") == 2]
    assert lines[: len(lines) // 2] == lines[len(lines) // 2 :], "found, and said once more behind the counts"
    found = {tuple(line.split(", ")) for line in lines}
    assert {(logger, kind, test.rpartition("::")[2]) for logger, kind, test in found} == {
        ("portal.somewhere", "a secret made in test_planted", "test_own_logger_below_every_level"),
        ("some.library", "a person number", "test_unknown_library"),
        ("urllib3.connectionpool", "a token (JWT)", "test_exception_of_a_pinned_library"),
        ("portal", "a person number", "test_parameter"),
        ("portal.log", "a parameter of signing in", "a real process"),
    }
    for secret in (NUMBER, JWT, "SplxlOBeZQQYbYS6WxSbIA"):
        assert secret not in run.stdout
