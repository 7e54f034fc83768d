"""`python -m portal.demo.national_id CONFIG.json`: serve one provider on 127.0.0.1 until SIGTERM or Ctrl-C."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.demo.national_id.config import ConfigurationRefused, ProviderConfig
from portal.demo.national_id.keys import KeyRefused
from portal.demo.national_id.loopback import ADDRESS, NotLoopback, is_loopback
from portal.demo.national_id.provider import create_provider


class _Silent(WSGIRequestHandler):
    """Serves without an access log: addresses hold codes."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def serve(app: Flask, port: int, host: str = ADDRESS) -> None:
    """Serve until stopped, on loopback only; raises `NotLoopback` or `OSError` (the port is taken)."""
    if not is_loopback(host):
        raise NotLoopback
    with make_server(ADDRESS, port, app, threaded=True, request_handler=_Silent) as server:
        server.serve_forever()


def main(arguments: list[str]) -> None:
    """Read the configuration and serve; a fault ends the process with one sentence."""
    if len(arguments) != 1:
        raise SystemExit("usage: python -m portal.demo.national_id CONFIG.json")
    signal.signal(signal.SIGTERM, _stop)
    path = Path(arguments[0])
    try:
        config = ProviderConfig.from_file(path)
        serve(create_provider(config, lambda: datetime.now(UTC)), config.port)
    except (ConfigurationRefused, KeyRefused) as refusal:
        raise SystemExit(f"{path.name}: {refusal}") from None


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
