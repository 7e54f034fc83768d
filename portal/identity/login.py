"""Flask-Login, kept to this file: the person of a request comes from our session row alone.

No Flask session, no remember cookie, no protection by User-Agent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask_login import LoginManager, UserMixin, current_user

from portal.identity.session import Session

_NO_COOKIE = "no;cookie"
"""A name no browser can send: Flask-Login looks for a remember cookie before it asks us."""

Load = Callable[[Request], Session | None]


class Person(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A signed-in person, as Flask-Login wants one."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get_id(self) -> str:
        """The account's id."""
        return self.session.account_id


def install(app: Flask, load: Load) -> None:
    """Let `load` say whose request it is, once per request."""
    app.config["REMEMBER_COOKIE_NAME"] = _NO_COOKIE
    manager: Any = LoginManager()
    manager.session_protection = None

    def from_request(request: Request) -> Person | None:
        session = load(request)
        return None if session is None else Person(session)

    manager.request_loader(from_request)
    manager.init_app(app)


def current_session() -> Session | None:
    """The session of the current request, or None for somebody who is not signed in."""
    return current_user.session if current_user.is_authenticated else None
