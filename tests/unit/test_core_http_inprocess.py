"""The transport without a network, for tests of both sides together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, request

from portal.core.errors import CoreFault
from portal.core.inprocess import InProcessTransport
from portal.core.transport import LARGEST_ANSWER_BYTES, Call

URL = "http://core.localhost:8123/participation/v1"


def echo() -> Flask:
    application = Flask(__name__, static_folder=None)

    @application.route("/participation/v1/things/<name>", methods=["PUT", "GET"])
    def thing(name: str) -> Response:
        heard = "|".join((
            request.method, name, request.args.get("q", ""), request.headers.get("Portal-Actor", ""),
            request.content_type or "", request.host, request.get_data(as_text=True),
        ))  # fmt: skip
        return Response(heard, status=201, headers={"X-One": "1"})

    return application


def test_a_request_arrives_whole_and_its_answer_comes_back() -> None:
    headers = {"Portal-Actor": "jws", "Content-Type": "application/json"}
    call = Call("PUT", "/things/a%C3%A5:b?q=1%202", headers, "æ".encode(), effect=True)
    answer = InProcessTransport(echo().wsgi_app, URL).send(call)
    assert answer.status == 201
    assert answer.headers["x-one"] == "1"
    assert answer.body.decode() == "PUT|aå:b|1 2|jws|application/json|core.localhost:8123|æ"


def test_a_request_without_anything() -> None:
    answer = InProcessTransport(echo().wsgi_app, URL).send(Call("GET", "/things/a"))
    assert answer.body.decode() == "GET|a||||core.localhost:8123|"


def test_an_application_that_writes_and_must_be_closed() -> None:
    closed: list[bool] = []

    class Pieces:
        def __iter__(self) -> Iterator[bytes]:
            yield b"b"

        def close(self) -> None:
            closed.append(True)

    def application(_environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        write(b"a")
        return Pieces()

    assert InProcessTransport(application, URL).send(Call("GET", "/")).body == b"ab"
    assert closed == [True]


def test_too_much_is_a_fault_here_too() -> None:
    def application(_environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"x" * (LARGEST_ANSWER_BYTES + 1)]

    with pytest.raises(CoreFault):
        InProcessTransport(application, URL).send(Call("GET", "/"))


def test_what_the_application_raises_goes_up_unchanged() -> None:
    def application(_environment: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        raise LookupError("in the application")

    with pytest.raises(LookupError, match="in the application"):
        InProcessTransport(application, URL).send(Call("GET", "/"))
