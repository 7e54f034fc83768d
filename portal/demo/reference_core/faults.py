"""Bad days on demand, for tests: the core down, slow, babbling, failing, or losing its answer after it has stored."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, request

from portal.demo.reference_core.problems import Invalid, Problem, Unavailable

MODES = frozenset({"ok", "down", "slow", "garbage", "error", "lost"})
SLOW_SECONDS = 2.0
RETRY_AFTER_SECONDS = 1
_ALWAYS_WELL = frozenset({"/_faults", "/oauth/token"})


@dataclass
class Faults:
    """What is wrong at the moment; `sleep` takes seconds."""

    mode: str = "ok"
    sleep: Callable[[float], None] = time.sleep

    def before(self) -> Response | None:
        """What happens instead of, or before, a request is worked on."""
        if request.path == "/_faults":
            return None
        if self.mode == "down":
            return Unavailable(retry_after=RETRY_AFTER_SECONDS).answer()
        if request.path in _ALWAYS_WELL:
            return None
        if self.mode == "slow":
            self.sleep(SLOW_SECONDS)
        if self.mode == "garbage":
            return Response("<!doctype html><title>Proxy</title>", 200, content_type="text/html")
        if self.mode == "error":
            return Problem().answer()
        return None

    def after(self, response: Response) -> Response:
        """What becomes of the answer: in mode `lost` a write was stored and nobody hears of it."""
        if self.mode == "lost" and request.method == "PUT":
            connection: socket.socket | None = request.environ.get("werkzeug.socket")
            if connection is not None:
                connection.shutdown(socket.SHUT_RDWR)
            return Problem().answer()
        return response


def install_faults(app: Flask, faults: Faults) -> None:
    """Open `POST /_faults {"mode": ...}` and let it take effect on everything else."""
    app.before_request(faults.before)
    app.after_request(faults.after)

    @app.post("/_faults")
    def set_mode() -> tuple[dict[str, str], int]:
        wanted = (request.get_json(silent=True) or {}).get("mode")
        if wanted not in MODES:
            raise Invalid([("/mode", "enum")])
        faults.mode = wanted
        return {"mode": faults.mode}, 200
