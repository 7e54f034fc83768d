"""Logs: one line of known fields, and no way in for what people wrote."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from portal import logs

NUMBER = "13097248022"  # synthetic
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
BODY = "Jeg er redd hjemme"
SECRETS = (NUMBER, TOKEN, BODY)

pytestmark = pytest.mark.plants_secrets


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The portal's logging, with everything put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook, logging.getLogger("portal").level)
    kept = {name: logging.getLogger(name).handlers[:] for name in logging.root.manager.loggerDict}
    output = io.StringIO()
    logs.configure("DEBUG", output)
    yield output
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level, sys.excepthook, threading.excepthook = before[:4]
    logging.getLogger("portal").setLevel(before[4])
    for name, handlers in kept.items():
        logging.getLogger(name).handlers[:] = handlers


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def assert_clean(stream: io.StringIO, expected: int = 1) -> None:
    assert len(lines(stream)) == expected
    for secret in SECRETS:
        assert secret not in stream.getvalue()


def fail_with_secrets() -> None:
    raise LookupError(f"{NUMBER} {TOKEN} {BODY}") from ValueError(BODY)


def test_an_event_is_one_line_of_known_fields(stream: io.StringIO) -> None:
    logs.log("request.done", service="solvik", endpoint="family.overview", method="GET", status=200, duration_ms=2.3)
    (line,) = lines(stream)
    at_utc = line.pop("at_utc")

    assert at_utc.endswith("+00:00")
    assert line == {
        "event": "request.done",
        "level": "info",
        "service": "solvik",
        "endpoint": "family.overview",
        "method": "GET",
        "status": 200,
        "duration_ms": 2.3,
    }


def test_every_field_can_be_written(stream: io.StringIO) -> None:
    fields: logs.Fields = {
        "code": "core.slow",
        "request_id": "0b5c4a0e-6d4c-4f0e-9a39-0d7f6c3d1a11",
        "attempt": 3,
        "kind": "comment",
        "count": 2,
        "state": "needs_attention",
    }
    logs.log("outbox.sent", level=logging.WARNING, **fields)
    (line,) = lines(stream)
    assert {name: line[name] for name in fields} == fields
    assert set(logs.SHAPES) == set(logs.Fields.__annotations__)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("field", sorted(logs.SHAPES))
def test_a_known_field_takes_no_secret(stream: io.StringIO, field: str, secret: str) -> None:
    logging.getLogger("portal.somewhere").warning("core.failed", extra={field: secret})
    assert_clean(stream)
    assert field not in lines(stream)[0]


def test_a_person_number_as_a_number_is_dropped(stream: io.StringIO) -> None:
    logs.log("request.done", count=int(NUMBER), service=f"s-{NUMBER}")
    assert_clean(stream)


@pytest.mark.parametrize(
    "name",
    [
        "portal",
        "portal.app",
        "authlib",
        "urllib3.connectionpool",
        "requests",
        "werkzeug",
        "sqlalchemy.engine",
        "_granian",
        "other.one",
    ],
)
@pytest.mark.parametrize("secret", SECRETS)
def test_message_arguments_extra_and_exception_never_come_out(stream: io.StringIO, name: str, secret: str) -> None:
    logger = logging.getLogger(name)
    try:
        fail_with_secrets()
    except LookupError:
        logger.exception(secret, extra={"body": secret, "kind": secret}, stack_info=True)
    logger.error("Sending %s to %r", secret, {"body": secret})
    logger.error(f"{secret}")  # noqa: G004 - what somebody might write
    assert_clean(stream, expected=3)


def test_of_an_exception_only_type_and_place_are_written(stream: io.StringIO) -> None:
    try:
        logs.log("request.done", unknown=1)  # type: ignore[call-arg]
        logs.configure(BODY, stream)
    except ValueError as error:
        logs.log("process.failed", error=error)
    line = lines(stream)[-1]

    assert line["error"] == "ValueError"
    assert line["where"].startswith("portal/logs.py:")
    assert "unknown" not in stream.getvalue()
    assert BODY not in stream.getvalue()


def test_a_fault_outside_the_portal_has_no_place(stream: io.StringIO) -> None:
    try:
        fail_with_secrets()
    except LookupError as error:
        logs.log("process.failed", error=error)
    assert lines(stream)[0]["where"] == "outside"


def test_a_sentence_is_no_event_name(stream: io.StringIO) -> None:
    logs.log(BODY)
    logs.log("hjelp")
    assert [line["event"] for line in lines(stream)] == ["log.unnamed", "log.unnamed"]


def test_libraries_are_heard_from_warnings_up_only(stream: io.StringIO) -> None:
    for name in logs.PINNED:
        logging.getLogger(name).info("quiet")
        logging.getLogger(f"{name}.part").info("quiet")
    assert stream.getvalue() == ""
    logging.getLogger("urllib3.connectionpool").warning("Retrying %s", BODY)
    assert lines(stream)[0]["event"] == "library.urllib3"


def test_a_librarys_own_handler_is_taken_away(stream: io.StringIO) -> None:
    own = io.StringIO()
    logger = logging.getLogger("werkzeug")
    logger.addHandler(logging.StreamHandler(own))
    logger.propagate = False
    logs.configure("INFO", stream)
    logger.warning(BODY)

    assert own.getvalue() == ""
    assert_clean(stream)


def test_a_line_that_cannot_be_written_says_nothing_of_itself(
    capsys: pytest.CaptureFixture[str], stream: io.StringIO
) -> None:
    stream.close()
    logging.getLogger("portal").error("Body %s", BODY)
    said = capsys.readouterr().err
    assert said == '{"event":"log.failed","level":"error"}\n'


def test_uncaught_exceptions_keep_their_texts(stream: io.StringIO) -> None:
    thread = threading.Thread(target=fail_with_secrets)
    thread.start()
    thread.join()
    try:
        fail_with_secrets()
    except LookupError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert_clean(stream, expected=2)
    assert {line["event"] for line in lines(stream)} == {"process.failed"}
    assert {line["error"] for line in lines(stream)} == {"LookupError"}


def test_warnings_go_the_same_way(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)  # pytest has taken the hook since
        logs.configure("INFO", stream)
        warnings.warn(BODY, stacklevel=1)
    assert_clean(stream)
    assert lines(stream)[0]["event"] == "library.py"


def test_an_unknown_level_is_refused(stream: io.StringIO) -> None:
    with pytest.raises(ValueError, match="Unknown level"):
        logs.configure("CHATTY", stream)
