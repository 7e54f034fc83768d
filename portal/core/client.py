"""One core as an authenticated partner: bearer, acting person, breaker, errors. Knows no page and no grant."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from portal.core import wire_system
from portal.core.breaker import Breaker
from portal.core.errors import Unauthenticated
from portal.core.signing import Signer
from portal.core.transport import Answer, Call, Transport
from portal.core.wire_problem import problem, success
from portal.domain.attachment import MEDIA_TYPES
from portal.domain.people import Actor
from portal.settings import CoreSettings

JSON = "application/json"
FILES = ", ".join(sorted(MEDIA_TYPES))
EARLY = timedelta(seconds=30)
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_UNREACHABLE = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})


@dataclass(frozen=True)
class Request:
    """One operation of the contract; `key` is the idempotency key of what changes something.

    `purpose`: why a page is read, `signing.LOOK`, `POLL` or `PREVIEW`; `preview_of`: as whom, in a preview.
    `media_type`: of the body; a file's goes with its digest (RFC 9530). `large`: a file goes or comes.
    """

    method: str
    path: str
    actor: Actor | None = None
    language: str | None = None
    body: bytes | None = field(default=None, repr=False)
    key: str | None = None
    purpose: str | None = None
    preview_of: str | None = None
    media_type: str = JSON
    large: bool = False


@dataclass(frozen=True)
class _Bearer:
    value: str = field(repr=False)
    until: datetime


class CoreClient:
    """Carries requests to one core. May be shared by threads."""

    def __init__(self, settings: CoreSettings, clock: Callable[[], datetime], transport: Transport) -> None:
        self._clock = clock
        self._transport = transport
        self._signer = Signer(settings, clock)
        self._breaker = Breaker(clock)
        # Swapped whole and never changed. No lock: around an unanswered call it would let threads queue up behind a
        # core that is down; without one, at worst a few fetch a token each when the old one ends.
        self._held: _Bearer | None = None

    def ask(self, request: Request) -> object:
        """The JSON of the answer. Raises `CoreError` and its kinds for everything but success."""
        answer = self._answer(request)
        if request.key is not None:
            return success(answer, HTTPStatus.OK, HTTPStatus.CREATED)
        return success(answer, HTTPStatus.OK)

    def fetch(self, request: Request) -> tuple[str, bytes]:
        """The media type and the bytes of the answer. Raises as `ask`."""
        answer = self._answer(request)
        if answer.status != HTTPStatus.OK:
            raise problem(answer)
        return answer.headers.get("content-type", ""), answer.body

    def _answer(self, request: Request) -> Answer:
        bearer = self._bearer()
        answer = self._send(self._call(request, bearer))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            # The core may have forgotten the token before its time. What was refused had no effect: send it again.
            if self._held is bearer:
                self._held = None
            answer = self._send(self._call(request, self._bearer()))
        return answer

    def _send(self, call: Call) -> Answer:
        self._breaker.enter()
        reached = False
        try:
            answer = self._transport.send(call)
            reached = answer.status not in _UNREACHABLE
        finally:
            if reached:
                self._breaker.succeeded()
            else:
                self._breaker.failed()
        return answer

    def _call(self, request: Request, bearer: _Bearer) -> Call:
        accepted = FILES if request.large and request.body is None else JSON
        headers = {"Accept": f"{accepted}, application/problem+json", "Authorization": f"Bearer {bearer.value}"}
        if request.actor is not None:
            # Good for one call, so made for each
            headers["Portal-Actor"] = self._signer.actor(request.actor, request.purpose, request.preview_of)
        if request.language is not None:
            headers["Accept-Language"] = request.language
        if request.body is not None:
            headers["Content-Type"] = request.media_type
            if request.media_type != JSON:
                sha256 = base64.b64encode(hashlib.sha256(request.body).digest()).decode()
                headers["Content-Digest"] = f"sha-256=:{sha256}:"
        if request.key is not None:
            headers["Idempotency-Key"] = request.key
        return Call(
            request.method, request.path, headers, request.body, effect=request.key is not None, large=request.large
        )

    def _bearer(self) -> _Bearer:
        held = self._held
        if held is None or held.until <= self._clock():
            held = self._fetch()
            self._held = held
        return held

    def _fetch(self) -> _Bearer:
        form: Mapping[str, str] = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._signer.client_assertion(),
        }
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        now = self._clock()
        answer = self._send(Call("POST", "/oauth/token", headers, urlencode(form).encode()))
        if answer.status == HTTPStatus.BAD_REQUEST:  # RFC 6749 5.2, which is no problem document
            raise Unauthenticated
        token = wire_system.token(success(answer, HTTPStatus.OK))
        return _Bearer(token.value, now + timedelta(seconds=token.lives_seconds) - EARLY)
