"""Flask-Login knows nobody but whom our session row names, and sets no cookie."""

from __future__ import annotations

import pytest
from flask import Flask, Request
from flask_login import current_user

from portal.identity.login import current_session, install
from portal.identity.session import Session
from tests.fakes.identity import Desk, identified

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def asked() -> list[str]:
    """How often the loader was asked."""
    return []


@pytest.fixture
def app(desk: Desk, asked: list[str]) -> Flask:
    """An application whose only page says whose session it is."""
    app = Flask("test")
    live = desk.live(desk.sign_in(identified()))

    def load(request: Request) -> Session | None:
        asked.append(request.path)
        return live if request.cookies.get("__Host-s") == "token" else None

    install(app, load)

    @app.get("/")
    def whose() -> str:
        found, again = current_session(), current_session()
        return "nobody" if found is None else f"{found is again is live} {found.account_id == live.account_id}"

    return app


def test_the_session_row_decides(app: Flask, asked: list[str]) -> None:
    client = app.test_client(use_cookies=False)
    assert client.get("/", headers={"Cookie": "__Host-s=token"}).text == "True True"
    assert client.get("/").text == "nobody"
    assert asked == ["/", "/"]


def test_no_other_cookie_counts_and_none_is_set(app: Flask) -> None:
    """Item 29."""
    client = app.test_client(use_cookies=False)
    for cookie in ("remember_token=1|x", "session=x; remember_token=7", "no;cookie=1|x"):
        answer = client.get("/", headers={"Cookie": cookie})
        assert (answer.status_code, answer.text) == (200, "nobody")
        assert "Set-Cookie" not in answer.headers
    answer = client.get("/", headers={"Cookie": "__Host-s=token; remember_token=1|x", "User-Agent": "other"})
    assert answer.text == "True True"
    assert "Set-Cookie" not in answer.headers


def test_a_person_is_named_by_the_account(app: Flask, desk: Desk) -> None:
    with app.test_request_context("/", headers={"Cookie": "__Host-s=token"}):
        found = current_session()
        assert found is not None
        assert current_user.get_id() == found.account_id
