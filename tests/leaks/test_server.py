"""The server as `lytt serve` starts it writes no request, whatever the environment asks of it (sign-in.md, item 39)."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from portal.cli import serve
from portal.demo.files import write_all
from portal.demo.plan import plan_for
from portal.demo.processes import START_SECONDS, Processes
from portal.demo.story import DEFAULT_STORY, load_story
from tests.journeys.world import until
from tests.leaks.scanner import Known, leaks_in_process

CODE = "SplxlOBeZQQYbYS6WxSbIA"
TALKATIVE = {
    "GRANIAN_LOG_ACCESS_ENABLED": "true",
    "GRANIAN_LOG_ACCESS_FMT": "%(path)s?%(query_string)s",
    "GRANIAN_LOG_LEVEL": "debug",
}


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[Processes, urllib3.HTTPConnectionPool]]:
    """The web process alone, in an environment that wants everything written."""
    story = load_story(DEFAULT_STORY)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    plan = plan_for(tuple(service.id for service in story.services), port, tmp_path)
    write_all(plan, story, DEFAULT_STORY)
    processes = Processes(plan)
    environment = processes.web_environment() | TALKATIVE
    processes.run_once("migrate", [sys.executable, "-m", "portal.cli", "migrate"], environment)
    processes.start("portal", [sys.executable, "-m", "portal.cli", "serve"], environment)
    pool = urllib3.HTTPConnectionPool("127.0.0.1", port, headers={"Host": f"localhost:{port}"}, retries=False)
    try:
        yield processes, pool
    finally:
        pool.close()
        processes.stop_all()


def test_no_request_is_written(portal: tuple[Processes, urllib3.HTTPConnectionPool]) -> None:
    processes, pool = portal

    def answers() -> bool:
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            return pool.request("GET", "/health").status == 200
        return False

    until(answers, "the portal answers", START_SECONDS)
    for path in (f"/sign-in/callback?code={CODE}&state={CODE}", f"/nothing?token={CODE}", f"/sign-in?next={CODE}"):
        assert pool.request("GET", path).status in {200, 400, 404}
    processes.stop_all()
    written = (processes.plan.folder / "portal.log").read_text("utf-8")
    assert "sign_in.refused" in written, "the log is the one that is looked at"
    assert CODE not in written
    assert "/sign-in" not in written
    assert leaks_in_process(Known(), written) == set()


def test_the_access_log_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not said can be turned on by the environment; of options, the last one counts."""
    story = load_story(DEFAULT_STORY)
    plan = plan_for(tuple(service.id for service in story.services), 8000, tmp_path)
    write_all(plan, story, DEFAULT_STORY)
    called: list[list[str]] = []
    monkeypatch.setattr("os.execv", lambda _program, command: called.append(command))
    serve(Processes(plan).web_environment())
    assert "--no-access-log" in called[0]
    assert not {"--access-log", "--access-log-fmt", "--log-config"} & set(called[0])
