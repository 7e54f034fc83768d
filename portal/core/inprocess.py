"""The transport into a WSGI application in this very process (PEP 3333). For tests and nothing else."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from portal.core.errors import CoreFault
from portal.core.transport import Answer, Call

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class InProcessTransport:
    """Calls `application` as if it stood at `url`. What the application raises goes up unchanged."""

    def __init__(self, application: WSGIApplication, url: str) -> None:
        self._application = application
        self._address = urlsplit(url)

    def send(self, call: Call) -> Answer:
        """One request. Raises `CoreFault` for an answer that is too large; nothing can be lost on the way."""
        began: list[tuple[str, list[tuple[str, str]]]] = []
        body = io.BytesIO()

        def start_response(
            status: str, headers: list[tuple[str, str]], _exc_info: object = None
        ) -> Callable[[bytes], object]:
            began[:] = [(status, headers)]
            return body.write

        pieces: Iterable[bytes] = self._application(self._environment(call), start_response)
        try:
            for piece in pieces:
                body.write(piece)
        finally:
            getattr(pieces, "close", lambda: None)()
        ((status, headers),) = began
        if body.tell() > call.most_bytes:
            raise CoreFault
        return Answer(int(status.split(" ", 1)[0]), {name.lower(): value for name, value in headers}, body.getvalue())

    def _environment(self, call: Call) -> WSGIEnvironment:
        path, _, query = call.path.partition("?")
        body = call.body or b""
        environment: dict[str, Any] = {
            "REQUEST_METHOD": call.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(self._address.path.rstrip("/") + path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self._address.hostname or "localhost",
            "SERVER_PORT": str(self._address.port or 80),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._address.netloc,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self._address.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in call.headers.items():
            key = name.upper().replace("-", "_")
            environment[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        return environment
