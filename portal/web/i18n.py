"""The reader's language: a path prefix such as /en, else what the browser asks for, else the service's first.

No cookie and no session are needed for it, so nothing on a phone tells which language somebody chose.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENVIRON_KEY = "lytt.language"


class LanguagePrefix:
    """WSGI middleware that moves a known language tag from the front of the path to SCRIPT_NAME.

    `url_for` then keeps the language on every link by itself.
    """

    def __init__(self, app: WSGIApplication, tags: Iterable[str]) -> None:
        self.app = app
        self.tags = frozenset(tags)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on with the prefix taken off."""
        path = str(environ.get("PATH_INFO", ""))
        tag, slash, rest = path[1:].partition("/")
        if tag in self.tags and slash:
            environ["PATH_INFO"] = "/" + rest
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{tag}"
            environ[ENVIRON_KEY] = tag
        return self.app(environ, start_response)


def choose(environ: WSGIEnvironment, offered: tuple[str, ...]) -> str:
    """The language for a request: `offered` are the service's languages with a complete catalogue, first is default."""
    chosen = environ.get(ENVIRON_KEY)
    if chosen in offered:
        return str(chosen)
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
    aliases = {"no": "nb"}
    for wanted in accepted.values():
        base = wanted.split("-")[0].lower()
        tag = aliases.get(base, base)
        if tag in offered:
            return tag
    return offered[0]
