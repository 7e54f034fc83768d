"""The scanner hook: ClamAV's daemon, when a service has one. Unreachable or unclear is not taken, never let by."""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from portal.logs import log
from portal.settings import SettingsError
from portal.uploads.refusals import Refusal, UploadRefused

SECONDS = 20.0
PIECE_BYTES = 1 << 16
_LONGEST_ANSWER = 4096
_CLEAN = b"stream: OK"


@dataclass(frozen=True)
class Clamd:
    """clamd(8) by a Unix socket (`host` None) or TCP; INSTREAM sends the bytes, so it needs no right to our files."""

    host: str | None
    port: int | None
    path: str
    seconds: float = SECONDS

    def check(self, content: bytes) -> None:
        """Raises `UploadRefused`: HARMFUL when something was found, NOT_SCANNED for every other answer or none."""
        try:
            answer = self._ask(content)
        except OSError as error:
            log("uploads.scanner_away", level=logging.ERROR, error=error)
            raise UploadRefused(Refusal.NOT_SCANNED) from None
        if answer == _CLEAN:
            return
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
            log("uploads.harmful", level=logging.WARNING)
            raise UploadRefused(Refusal.HARMFUL)
        log("uploads.scanner_unclear", level=logging.ERROR)
        raise UploadRefused(Refusal.NOT_SCANNED)

    def _ask(self, content: bytes) -> bytes:
        with self._connected() as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE_BYTES):
                piece = content[start : start + PIECE_BYTES]
                link.sendall(len(piece).to_bytes(4, "big") + piece)
            link.sendall(bytes(4))
            answer = b""
            while b"\0" not in answer and len(answer) < _LONGEST_ANSWER and (more := link.recv(_LONGEST_ANSWER)):
                answer += more
        return answer.partition(b"\0")[0].strip()

    def _connected(self) -> socket.socket:
        if self.host is not None:
            return socket.create_connection((self.host, self.port or 0), timeout=self.seconds)
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(self.seconds)
            link.connect(self.path)
        except OSError:
            link.close()
            raise
        return link


def scanner_at(address: str) -> Clamd:
    """From a setting: `unix:/run/clamav/clamd.ctl` or `tcp://127.0.0.1:3310`. Raises `SettingsError`."""
    parts = urlsplit(address)
    if parts.scheme == "unix" and not parts.netloc and Path(parts.path).is_absolute():
        return Clamd(None, None, parts.path)
    try:
        if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path:
            return Clamd(parts.hostname, parts.port, "")
    except ValueError:
        pass
    raise SettingsError("LYTT_SCANNER", "must be like unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310")
