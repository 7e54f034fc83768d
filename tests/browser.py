"""Finds a Chromium: on the PATH, else Playwright's own, else Debian's, installed where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]


class BrowserMissingError(Exception):
    """No browser and no way to install one; the text says what to run."""


def chromium(*, install: bool = False) -> str:
    """The path of a Chromium. Raises `BrowserMissingError`."""
    found = _on_path() or _of_playwright()
    if found is None and install:
        _install()
        found = _on_path()
    if found is None:
        raise BrowserMissingError("Missing: a Chromium. Install it with:  sudo apt-get install chromium")
    return found


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _of_playwright() -> str | None:
    root = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    return next((str(path) for path in sorted(root.glob("chromium-*/chrome-linux*/chrome"))), None)


def _install() -> None:
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") is None or (as_root and shutil.which("sudo") is None):
        return
    subprocess.run([*as_root, "apt-get", "update", "-qq"], check=False)
    subprocess.run([*as_root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
