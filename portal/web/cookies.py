"""The only cookies there are: one session per realm, and the browser's secret while signing in.

`__Host-`: secure, this host only, whole site (RFC 6265bis 4.1.3.2). Names say nothing.
"""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from portal.domain.people import Realm

SESSION_COOKIES = {Realm.FAMILY: "__Host-s", Realm.STAFF: "__Host-w"}
BROWSER_COOKIE = "__Host-b"
SIGN_IN_SECONDS = 600
LONGEST_TOKEN = 128


def session_token(realm: Realm) -> str | None:
    """The session token this browser sent for a realm, if it could be one."""
    return _plausible(SESSION_COOKIES[realm])


def browser_secret() -> str | None:
    """What binds a sign-in under way to this browser."""
    return _plausible(BROWSER_COOKIE)


def set_session(response: Response, realm: Realm, token: str) -> None:
    """Give the browser its session; it ends with the browser, or earlier on the server."""
    response.set_cookie(SESSION_COOKIES[realm], token, secure=True, httponly=True, samesite="Lax", path="/")


def set_browser_secret(response: Response, secret: str) -> None:
    """Bind a sign-in that begins now to this browser, for ten minutes."""
    response.set_cookie(
        BROWSER_COOKIE, secret, max_age=SIGN_IN_SECONDS, secure=True, httponly=True, samesite="Lax", path="/"
    )


def clear_browser_secret(response: Response) -> None:
    """The sign-in has ended, one way or the other."""
    response.delete_cookie(BROWSER_COOKIE, secure=True, httponly=True, samesite="Lax", path="/")


def clear_sessions(response: Response) -> None:
    """Take both realms' sessions from the browser."""
    for name in SESSION_COOKIES.values():
        if name in request.cookies:
            response.delete_cookie(name, secure=True, httponly=True, samesite="Lax", path="/")


def _plausible(name: str) -> str | None:
    value = request.cookies.get(name, "")
    return value if 0 < len(value) <= LONGEST_TOKEN else None
