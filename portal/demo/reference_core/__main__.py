"""`python -m portal.demo.reference_core CONFIG.json`: serve one core on loopback until SIGTERM or Ctrl-C.

`... import-register CONFIG.json FILE.json`: take a file of the population register into that core, and end.
"""

from __future__ import annotations

import signal
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.demo.reference_core.config import ConfigurationRefused, CoreConfig
from portal.demo.reference_core.core import create_core
from portal.demo.reference_core.register import ImportRefused, import_register, read_import
from portal.demo.reference_core.schema import Database
from portal.demo.story import StoryError

USAGE = "usage: python -m portal.demo.reference_core [import-register] CONFIG.json [FILE.json]"
IMPORT_WORDS = 3


class _Silent(WSGIRequestHandler):
    """Serves without an access log."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until stopped; raises `OSError` when the port is taken."""
    with make_server(host, port, app, threaded=True, request_handler=_Silent) as server:
        server.serve_forever()


def take_in(config: CoreConfig, file: Path, now: datetime) -> str:
    """Take a file of the population register into a core that was filled before; what came of it, in numbers.

    Raises `ImportRefused`.
    """
    document = read_import(file)
    if not config.database.exists():
        raise ImportRefused("the core has no data yet; start it once")
    with Database(config.database).write() as connection:
        done = import_register(connection, document, now)
    return ", ".join(f"{name.replace('_', ' ')}: {number}" for name, number in asdict(done).items())


def main(arguments: list[str]) -> None:
    """Read the configuration and serve, or take in a file; a fault ends the process with one sentence."""
    if len(arguments) == IMPORT_WORDS and arguments[0] == "import-register":
        _import(Path(arguments[1]), Path(arguments[2]))
        return
    if len(arguments) != 1:
        raise SystemExit(USAGE)
    signal.signal(signal.SIGTERM, _stop)
    path = Path(arguments[0])
    try:
        config = CoreConfig.from_file(path)
        app = create_core(config, lambda: datetime.now(UTC))
    except ConfigurationRefused as refusal:
        raise SystemExit(f"{path.name}: {refusal}") from None
    except StoryError as fault:
        raise SystemExit(f"story {fault}") from None
    serve(app, config.host, config.port)


def _import(path: Path, file: Path) -> None:
    try:
        said = take_in(CoreConfig.from_file(path), file, datetime.now(UTC))
    except ConfigurationRefused as refusal:
        raise SystemExit(f"{path.name}: {refusal}") from None
    except ImportRefused as refusal:
        raise SystemExit(f"{file.name}: {refusal}") from None
    sys.stdout.write(f"{said}\n")


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
