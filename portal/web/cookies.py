"""The only cookies there are: one session per realm, the browser's secret while signing in, and one for the way out.

`__Host-`: secure, this host only, whole site (RFC 6265bis 4.1.3.2). Names say nothing (rules.md, safety 4).
"""

from __future__ import annotations

import hashlib
import hmac

from werkzeug.wrappers import Request, Response

from portal.domain.people import Realm
from portal.identity.sign_in import STATE_LIFE

SESSION_COOKIES = {Realm.FAMILY: "__Host-s", Realm.STAFF: "__Host-w"}
BROWSER_COOKIE = "__Host-b"
OUT_COOKIE = "__Host-o"
OUT_SECONDS = 600
"""How long the provider may take to send somebody back who signs out."""


def read_session(request: Request, realm: Realm) -> str | None:
    """The session cookie's value for this realm, if the browser brought one."""
    return request.cookies.get(SESSION_COOKIES[realm])


def write_session(response: Response, realm: Realm, token: str) -> None:
    """Kept by the browser until it closes; how long it is good for is decided on the server."""
    _set(response, SESSION_COOKIES[realm], token, None)


def clear_session(response: Response, realm: Realm) -> None:
    """Make the browser forget."""
    _set(response, SESSION_COOKIES[realm], "", 0)


def read_browser_secret(request: Request) -> str | None:
    """The secret of the sign-in this browser began."""
    return request.cookies.get(BROWSER_COOKIE)


def write_browser_secret(response: Response, secret: str) -> None:
    """For the ten minutes a sign-in may take."""
    _set(response, BROWSER_COOKIE, secret, int(STATE_LIFE.total_seconds()))


def clear_browser_secret(response: Response) -> None:
    """After the callback, however it ended."""
    _set(response, BROWSER_COOKIE, "", 0)


def write_out(response: Response, state: str) -> None:
    """The hash of the state that the provider must bring back from a sign-out."""
    _set(response, OUT_COOKIE, _hash(state), OUT_SECONDS)


def went_out(request: Request) -> bool:
    """Does this browser come back from a sign-out of its own?"""
    return OUT_COOKIE in request.cookies


def fits_out(request: Request, state: str) -> bool:
    """Is this the state of the sign-out that this browser began?"""
    return hmac.compare_digest(request.cookies.get(OUT_COOKIE, "").encode(), _hash(state).encode())


def clear_out(response: Response) -> None:
    """The way out is over."""
    _set(response, OUT_COOKIE, "", 0)


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()


def _set(response: Response, name: str, value: str, max_age: int | None) -> None:
    """Lax, not Strict: the provider's redirect back is a navigation from another site."""
    response.set_cookie(name, value, max_age=max_age, path="/", secure=True, httponly=True, samesite="Lax")
