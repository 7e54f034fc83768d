"""Answers that are no: problem documents (RFC 9457) made into typed errors. Passes none of their text on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portal.core.errors import (
    Conflict,
    CoreError,
    CoreFault,
    CursorExpired,
    Forbidden,
    Gone,
    InProgress,
    Invalid,
    NotFound,
    NotSupported,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from portal.core.transport import Answer
from portal.core.wire_shapes import count, parse, text

LONGEST_WAIT_SECONDS = 3600.0

_PROBLEMS: Mapping[tuple[int, str], type[CoreError]] = {
    (400, "invalid"): Invalid,
    (422, "invalid"): Invalid,
    (415, "unsupported_media_type"): Invalid,
    (413, "too_large"): TooLarge,
    (403, "forbidden"): Forbidden,
    (404, "not_found"): NotFound,
    (409, "conflict"): Conflict,
    (409, "idempotency_key_reused"): Conflict,
    (410, "gone"): Gone,
    (410, "cursor_expired"): CursorExpired,
    (501, "not_supported"): NotSupported,
}
_BY_STATUS: Mapping[int, Callable[[float | None], CoreError]] = {
    401: lambda _wait: Unauthenticated(),
    429: RateLimited,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
"""What any proxy on the way may say as well, and so is believed without a document."""


def success(answer: Answer, *statuses: int) -> object:
    """The JSON of an answer with one of `statuses`; every other answer is raised as the error it is."""
    if answer.status not in statuses:
        raise problem(answer)
    if _media_type(answer) != "application/json":
        raise CoreFault
    return parse(answer.body)


def problem(answer: Answer) -> CoreError:
    """The error an answer stands for. A status alone proves no "not found": a wrong address answers so, too."""
    if answer.status in _BY_STATUS:
        return _BY_STATUS[answer.status](_retry_after(answer))
    try:
        code = _code(answer)
    except CoreFault as fault:
        return fault
    if (answer.status, code) == (409, "in_progress"):
        return InProgress(_retry_after(answer))
    return _PROBLEMS.get((answer.status, code), CoreFault)()


def _code(answer: Answer) -> str:
    document = parse(answer.body)
    if _media_type(answer) != "application/problem+json" or not isinstance(document, dict):
        raise CoreFault
    text(document.get("type"))
    text(document.get("title"))
    if count(document.get("status")) != answer.status:
        raise CoreFault
    return text(document.get("code"))


def _media_type(answer: Answer) -> str:
    return answer.headers.get("content-type", "").split(";", 1)[0].strip().lower()


def _retry_after(answer: Answer) -> float | None:
    """Seconds to wait, if told in seconds (RFC 9110 10.2.3), and never so long that a person is forgotten."""
    told = answer.headers.get("retry-after", "").strip()
    if not (told.isascii() and told.isdigit()):
        return None
    return min(float(told), LONGEST_WAIT_SECONDS)
