"""The transport over a network: urllib3 with kept-alive connections and hard limits of time and size.

Follows no redirect, repeats nothing, reads no proxy from the environment, unpacks no compressed answer.
"""

from __future__ import annotations

from time import monotonic

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError

from portal.core.errors import CoreFault, Unavailable
from portal.core.transport import Answer, Call, unanswered

_PIECE_BYTES = 65_536


class PoolTransport:
    """One core's address and its connections, shared by all threads of a process."""

    def __init__(
        self,
        url: str,
        *,
        connect_seconds: float = 1.0,
        read_seconds: float = 1.5,
        write_seconds: float = 5.0,
        file_seconds: float = 20.0,
        connections: int = 16,
    ) -> None:
        self._url = url.rstrip("/")
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._write_seconds = write_seconds
        self._file_seconds = file_seconds
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=connections)

    def send(self, call: Call) -> Answer:
        """One request; see `Transport.send` for its errors."""
        patience = self._file_seconds if call.large else self._write_seconds if call.effect else self._read_seconds
        deadline = monotonic() + patience
        try:
            with self._pool.request(
                call.method,
                self._url + call.path,
                body=call.body,
                headers=call.headers,
                timeout=urllib3.Timeout(connect=self._connect_seconds, total=patience),
                retries=False,
                redirect=False,
                preload_content=False,
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, headers, _body(response, call, deadline))
        except ConnectTimeoutError:  # a refused connection and an unknown name are kinds of it
            raise Unavailable from None
        except HTTPError:  # the library's own texts name host and path
            raise unanswered(call) from None


def _body(response: urllib3.BaseHTTPResponse, call: Call, deadline: float) -> bytes:
    body = bytearray()
    # Piece by piece, because the library's time limit is per piece: a core that drips never reaches it.
    while piece := response.read1(_PIECE_BYTES, decode_content=False):
        body += piece
        if len(body) > call.most_bytes:
            raise CoreFault
        if monotonic() > deadline:
            raise unanswered(call)
    return bytes(body)
