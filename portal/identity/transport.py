"""How the portal talks to a provider: bounded in time and size, no redirects, no environment proxies.

The one helper that connects `*.localhost` to this machine, for demos and tests, lives here too.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from portal.identity.profile import Limits, is_loopback

MOST_BYTES = 512_000
_CHUNK = 16_384
USER_AGENT = "lytt"


class TooMuch(requests.RequestException):
    """An answer that is too long or takes too long. `requests` bounds only each single read."""


class BoundedAdapter(HTTPAdapter):
    """Reads the whole answer at once, within a total time and size, and always with timeouts."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(max_retries=0)
        self._limits = limits

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:  # type: ignore[override]
        """One exchange. Raises `requests.RequestException` in every bad case."""
        end = time.monotonic() + self._limits.total
        options |= {"stream": True, "timeout": (self._limits.connect, self._limits.read)}
        response = super().send(request, **options)  # type: ignore[arg-type]  # passed on as they come
        try:
            response._content = self._read(response, end)  # noqa: SLF001 no public way to hand over a body already read
        except HTTPError as error:
            raise requests.ConnectionError from error
        finally:
            response.close()
        return response

    def _read(self, response: requests.Response, end: float) -> bytes:
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):  # one read of the socket: a drip comes through
            body += chunk
            if len(body) > MOST_BYTES or time.monotonic() > end:
                raise TooMuch
        return bytes(body)


class LoopbackAdapter(BoundedAdapter):
    """Plain http, to this machine only: `*.localhost` goes to 127.0.0.1 and keeps its name in the Host header."""

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:  # type: ignore[override]
        """One exchange with this machine. Raises `requests.RequestException`, also for any other host."""
        parts = urlsplit(str(request.url))
        if not is_loopback(parts.hostname):
            raise requests.exceptions.InvalidURL
        request.headers["Host"] = parts.netloc
        port = f":{parts.port}" if parts.port else ""
        request.url = urlunsplit(parts._replace(netloc=f"127.0.0.1{port}"))
        return super().send(request, **options)


class PlainSession(requests.Session):
    """A session that follows no redirect, whoever asks it to: a 307 would carry the code and verifier elsewhere."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""
        del resp


def configure(session: requests.Session, limits: Limits, *, allow_loopback: bool, user_agent: str = USER_AGENT) -> None:
    """Give a session our adapters only: https anywhere, http to this machine if allowed, nothing else at all."""
    session.trust_env = False
    session.headers["User-Agent"] = user_agent
    session.adapters.clear()
    session.mount("https://", BoundedAdapter(limits))
    if allow_loopback:
        session.mount("http://", LoopbackAdapter(limits))


def fetch_json(url: str, limits: Limits, *, allow_loopback: bool, user_agent: str = USER_AGENT) -> Mapping[str, object]:
    """The JSON object at `url`. Raises `requests.RequestException` when there is none, for whatever reason."""
    with PlainSession() as session:
        configure(session, limits, allow_loopback=allow_loopback, user_agent=user_agent)
        response = session.get(url, headers={"Accept": "application/json"})
    if response.status_code != requests.codes.ok:
        raise requests.HTTPError
    try:
        value = response.json()
    except RecursionError:
        raise requests.exceptions.InvalidJSONError from None
    if not isinstance(value, dict):
        raise requests.exceptions.InvalidJSONError
    return value
