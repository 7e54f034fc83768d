"""The refusals of the core as RFC 9457 problems. None repeats what was sent."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Response


class Problem(Exception):
    """A refusal with its status and the contract's code."""

    status = 500
    code = "internal"
    title = "Something went wrong here"

    def __init__(self, pointers: Sequence[tuple[str, str]] = (), retry_after: int | None = None) -> None:
        super().__init__(self.code)
        self.pointers = tuple(pointers)
        self.retry_after = retry_after

    def answer(self) -> Response:
        """The problem as it is sent."""
        body: dict[str, object] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "code": self.code,
        }
        if self.pointers:
            body["fields"] = [{"pointer": pointer, "code": code} for pointer, code in self.pointers]
        response = Response(json.dumps(body), self.status, content_type="application/problem+json")
        if self.retry_after is not None:
            response.headers["Retry-After"] = str(self.retry_after)
        if self.status == Unauthenticated.status:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response


class Unauthenticated(Problem):
    """No good token, or no good word about who acts."""

    status, code, title = 401, "unauthenticated", "Who is calling is not known"


class NotFound(Problem):
    """Missing, forbidden, blocked, over: one and the same."""

    status, code, title = 404, "not_found", "There is nothing here"


class Conflict(Problem):
    """The id is taken by something else."""

    status, code, title = 409, "conflict", "This id is taken"


class KeyReused(Problem):
    """The idempotency key came before, with something else."""

    status, code, title = 409, "idempotency_key_reused", "This key was used for something else"


class CursorExpired(Problem):
    """The feed does not hold what follows this cursor."""

    status, code, title = 410, "cursor_expired", "Read everything again"


class TooLarge(Problem):
    """Over a limit told in the capabilities."""

    status, code, title = 413, "too_large", "Too long"


class UnsupportedMediaType(Problem):
    """Not JSON."""

    status, code, title = 415, "unsupported_media_type", "Only JSON is read here"


class Invalid(Problem):
    """Not the contract's shape."""

    status, code, title = 422, "invalid", "This cannot be taken"


class NotSupported(Problem):
    """Not offered."""

    status, code, title = 501, "not_supported", "This core cannot do that"


class Unavailable(Problem):
    """Not now."""

    status, code, title = 503, "unavailable", "Not just now"
