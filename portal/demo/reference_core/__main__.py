"""`python -m portal.demo.reference_core CONFIG.json`: serve one core on loopback until SIGTERM or Ctrl-C."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.demo.reference_core.config import ConfigurationRefused, CoreConfig
from portal.demo.reference_core.core import create_core
from portal.demo.story import StoryError


class _Silent(WSGIRequestHandler):
    """Serves without an access log."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until stopped; raises `OSError` when the port is taken."""
    with make_server(host, port, app, threaded=True, request_handler=_Silent) as server:
        server.serve_forever()


def main(arguments: list[str]) -> None:
    """Read the configuration and serve; a fault ends the process with one sentence."""
    if len(arguments) != 1:
        raise SystemExit("usage: python -m portal.demo.reference_core CONFIG.json")
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


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
