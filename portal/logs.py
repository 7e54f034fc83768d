"""One JSON line per event on stderr, of allow-listed fields in checked shapes.

Never prints a message's arguments, an exception's text or a field it does not know: content cannot get in by accident.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO, TypedDict, Unpack

OWN = "portal"
# Libraries whose lines may hold addresses, bodies or tokens: warnings only, and through our formatter
PINNED = (
    "_granian",
    "alembic",
    "authlib",
    "flask",
    "granian",
    "joserfc",
    "py",
    "requests",
    "sqlalchemy",
    "urllib3",
    "werkzeug",
)

_PACKAGE = Path(__file__).parent
_EVENT = re.compile(r"[a-z]+(?:[._][a-z]+)+")
_WORD = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_REQUEST_ID = re.compile(r"[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Nothing we log has so many digits on end; a person number has eleven
_MANY_DIGITS = re.compile(r"\d{7}")
_LARGEST = 10**9


class Fields(TypedDict, total=False):
    """What a line may say besides its event, level and time. Durations in milliseconds."""

    service: str
    endpoint: str
    method: str
    status: int
    duration_ms: float
    code: str
    request_id: str
    attempt: int
    kind: str
    count: int
    state: str


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(_WORD.fullmatch(value)) and not _MANY_DIGITS.search(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and -_LARGEST < value < _LARGEST


def _is_method(value: object) -> bool:
    return value in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _is_request_id(value: object) -> bool:
    return isinstance(value, str) and bool(_REQUEST_ID.fullmatch(value))


SHAPES: dict[str, Callable[[object], bool]] = {
    "service": _is_word,
    "endpoint": _is_word,
    "method": _is_method,
    "status": _is_number,
    "duration_ms": _is_number,
    "code": _is_word,
    "request_id": _is_request_id,
    "attempt": _is_number,
    "kind": _is_word,
    "count": _is_number,
    "state": _is_word,
}


class LineFormatter(logging.Formatter):
    """A record as one JSON line; whatever has no known name and shape is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, object] = {
            "event": _event(record),
            "level": record.levelname.lower(),
            "at_utc": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        }
        for name, fits in SHAPES.items():
            value = record.__dict__.get(name)
            if value is not None and fits(value):
                line[name] = value
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, separators=(",", ":"))


class LineHandler(logging.StreamHandler[TextIO]):
    """Writes lines; when one cannot be written it says only that, never what it was."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - logging's own name; not looked at
        """Replace logging's own report, which prints the message and its arguments."""
        sys.stderr.write('{"event":"log.failed","level":"error"}\n')


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every logger of the process through the formatter, to stderr unless told otherwise.

    `level`: a name of the logging module, for our own events. Raises ValueError for an unknown one.
    Uncaught exceptions go the same way, so that their texts never reach the terminal.
    """
    handler = LineHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter())
    handler.addFilter(_is_heard)
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.handlers[:] = [handler]
    logging.getLogger(OWN).setLevel(level)
    for name in [*PINNED, *logging.root.manager.loggerDict]:
        _pass_on(name)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def log(event: str, *, level: int = logging.INFO, error: BaseException | None = None, **fields: Unpack[Fields]) -> None:
    """Write one event ("outbox.sent"): words joined by dots or underscores, never made from data.

    Of `error` only the type and the place in the portal are written.
    """
    logging.getLogger(OWN).log(level, event, exc_info=error, extra=dict(fields))


def _pass_on(name: str) -> None:
    """Let a logger's lines reach the root handler only, and a library's only from warnings up."""
    logger = logging.getLogger(name)
    logger.handlers[:] = []
    logger.propagate = True
    top = name.partition(".")[0]
    if top in PINNED:
        logger.setLevel(logging.WARNING if name == top else logging.NOTSET)


def _is_heard(record: logging.LogRecord) -> bool:
    """Ours at every level. A library's from warnings up, even when somebody has given its logger a level of its own:

    at DEBUG SQLAlchemy writes rows, urllib3 paths with their queries, Authlib codes and verifiers.
    """
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] == OWN


def _event(record: logging.LogRecord) -> str:
    top = record.name.partition(".")[0]
    if top == OWN:
        known = isinstance(record.msg, str) and _EVENT.fullmatch(record.msg)
        return str(record.msg) if known else "log.unnamed"
    return f"library.{top}" if top in PINNED else "library.other"


def _where(traceback: TracebackType | None) -> str:
    """File and line of the innermost frame inside the portal."""
    place = "outside"
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGE):
            place = f"{OWN}/{path.relative_to(_PACKAGE).as_posix()}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place


def _uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):  # not a fault: somebody stopped us
        return
    logging.getLogger(OWN).critical("process.failed", exc_info=(kind, error, traceback))


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        _uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
