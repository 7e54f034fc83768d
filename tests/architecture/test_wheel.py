"""The wheel, installed in a fresh environment, serves its front page in its languages and contains no demonstration."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from portal.demo.files import write_all
from portal.demo.plan import plan_for
from portal.demo.processes import Processes
from portal.demo.story import DEFAULT_STORY, load_story

ROOT = Path(__file__).parents[2]
UV = str(Path(sys.executable).with_name("uv"))
PATIENCE_SECONDS = 90


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", folder], cwd=ROOT, check=True)
    return next(folder.glob("lytt-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    outside = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder], env=outside, check=True)
    # The versions of the lock, so that a release of tomorrow cannot turn this red
    locked = folder.parent / "locked.txt"
    export = [UV, "export", "--quiet", "--frozen", "--no-emit-project", "--no-default-groups", "--no-hashes"]
    subprocess.run(
        [*export, "--output-file", str(locked)], cwd=ROOT, env=outside, check=True, stdout=subprocess.DEVNULL
    )
    subprocess.run(
        [UV, "pip", "install", "--quiet", "--python", folder / "bin/python", "--constraint", locked, wheel],
        env=outside,
        check=True,
    )
    return folder / "bin"


def test_the_wheel_holds_pages_texts_and_styles_and_no_demonstration(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "portal/_data/templates/layouts/base.html" in names
    assert "portal/_data/static/css/portal.css" in names
    assert "portal/_data/translations/nb/LC_MESSAGES/messages.po" in names
    assert "portal/core/contract/openapi.yaml" in names
    assert [name for name in names if name.startswith(("portal/demo", "tests", "docs"))] == []
    for name in names:
        if name.endswith(".py"):
            assert b"portal.demo" not in zipfile.ZipFile(wheel).read(name), name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[int]:
    """The front page served by the installed command, from a folder that is not a checkout."""
    story = load_story(DEFAULT_STORY)
    plan = plan_for(tuple(service.id for service in story.services), free_port(), tmp_path)
    write_all(plan, story, DEFAULT_STORY)
    environment = {"PATH": str(installed), **Processes(plan).web_environment(), "LYTT_WEB_PROCESSES": "1"}
    lytt = str(installed / "lytt")
    subprocess.run([lytt, "migrate"], cwd=tmp_path, env=environment, check=True)
    server = subprocess.Popen([lytt, "serve"], cwd=tmp_path, env=environment)
    try:
        yield plan.port
    finally:
        server.terminate()
        server.wait(PATIENCE_SECONDS)


def test_the_installed_wheel_serves_its_front_page(served: int) -> None:
    pool = urllib3.PoolManager(retries=False, timeout=5)
    address, host = f"http://127.0.0.1:{served}", {"Host": f"localhost:{served}"}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            page = pool.request("GET", f"{address}/nb/", headers=host)
            break
        except urllib3.exceptions.HTTPError:
            assert time.monotonic() < deadline, "the installed server does not answer"
            time.sleep(0.2)
    assert page.status == 200
    text = page.data.decode()
    assert "Det du sier, betyr noe" in text
    assert "@layer" in text
    assert pool.request("GET", f"{address}/nowhere", headers=host).status == 404
