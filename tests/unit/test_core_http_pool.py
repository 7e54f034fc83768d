"""The transport over a real loopback connection: what left, what did not, what was too long or too much."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from portal.core.errors import CoreError, CoreFault, OutcomeUnknown, Unavailable
from portal.core.pool import PoolTransport
from portal.core.transport import LARGEST_ANSWER_BYTES, Call

READ = Call("GET", "/changes?limit=1", {"Authorization": "Bearer b"})
WRITE = Call("PUT", "/referrals/x", {"Content-Type": "application/json"}, b'{"a":1}', effect=True)
Handler = Callable[[socket.socket, Event], None]


@contextmanager
def server(*handlers: Handler) -> Iterator[tuple[PoolTransport, list[bytes]]]:
    """A server that takes one connection per handler, and the heads of the requests it got."""
    heads: list[bytes] = []
    over = Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def run() -> None:
        for handler in handlers:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(5)
                heads.append(_request(connection))
                try:
                    handler(connection, over)
                except OSError:  # the other side has had enough, which is what some tests are about
                    continue

    thread = Thread(target=run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1/"
    try:
        yield PoolTransport(address, connect_seconds=0.5, read_seconds=0.3, write_seconds=0.3), heads
    finally:
        over.set()
        thread.join(5)
        listener.close()


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(4096)
    return received


def says(*pieces: bytes, then: Handler | None = None) -> Handler:
    def handle(connection: socket.socket, over: Event) -> None:
        for piece in pieces:
            connection.sendall(piece)
        if then is not None:
            then(connection, over)

    return handle


def silent(_connection: socket.socket, over: Event) -> None:
    over.wait(5)


def drip(connection: socket.socket, over: Event) -> None:
    while not over.wait(0.05):
        connection.sendall(b"x")


def test_an_answer_comes_back_as_it_was_sent_and_the_connection_is_kept() -> None:
    first = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    second = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"

    def twice(connection: socket.socket, _over: Event) -> None:
        connection.sendall(first)
        heads.append(_request(connection))
        connection.sendall(second)

    with server(twice) as (transport, heads):
        answer = transport.send(READ)
        assert (answer.status, answer.headers["content-type"], answer.body) == (200, "application/json", b"{}")
        missing = transport.send(READ)
        assert (missing.status, missing.body) == (404, b"abc")
    assert [head.split(b"\r\n")[0] for head in heads] == [b"GET /v1/changes?limit=1 HTTP/1.1"] * 2
    assert b"Authorization: Bearer b" in heads[0]


def test_a_redirect_is_handed_back_and_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with server(says(moved)) as (transport, heads):
        assert transport.send(READ).status == 302
    assert len(heads) == 1


@pytest.mark.parametrize("call", [READ, WRITE])
def test_a_refused_connection_means_that_nothing_left(call: Call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(CoreError) as caught:
        PoolTransport(f"http://127.0.0.1:{port}").send(call)
    assert type(caught.value) is Unavailable


def test_a_connection_that_is_not_taken_means_that_nothing_left() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as busy:
        address = busy.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(address)
        with pytest.raises(CoreError) as caught:
            PoolTransport(f"http://127.0.0.1:{address[1]}", connect_seconds=0.1).send(WRITE)
        for one in waiting:
            one.close()
    assert type(caught.value) is Unavailable


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(silent, id="silence"),
        pytest.param(says(), id="hung up"),
        pytest.param(says(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"), id="half a body"),
        pytest.param(says(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", then=drip), id="dripping"),
        pytest.param(says(b"SSH-2.0-x\r\n\r\n"), id="no HTTP"),
    ],
)
@pytest.mark.parametrize(("call", "error"), [(READ, Unavailable), (WRITE, OutcomeUnknown)])
def test_a_request_that_left_and_was_not_answered(handler: Handler, call: Call, error: type[CoreError]) -> None:
    with server(handler) as (transport, heads), pytest.raises(CoreError) as caught:
        transport.send(call)
    assert type(caught.value) is error
    assert len(heads) == 1  # and was not sent again
    assert caught.value.__context__ is None or caught.value.__suppress_context__  # the library's names the address


def test_ten_megabytes_are_not_taken_in() -> None:
    def flood(connection: socket.socket, over: Event) -> None:
        while not over.is_set():
            connection.sendall(b"x" * 65_536)

    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n"
    with server(says(head, then=flood)) as (transport, _), pytest.raises(CoreFault):
        transport.send(READ)


def test_the_largest_answer_is_taken_in() -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {LARGEST_ANSWER_BYTES}\r\n\r\n".encode()
    with server(says(head, b"x" * LARGEST_ANSWER_BYTES)) as (transport, _):
        assert len(transport.send(READ).body) == LARGEST_ANSWER_BYTES


def test_a_call_shows_neither_headers_nor_body() -> None:
    assert repr(WRITE) == "Call(method='PUT', path='/referrals/x', effect=True)"
