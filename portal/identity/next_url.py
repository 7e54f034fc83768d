"""Where a person lands after signing in. Only pages of our own; never another site (RFC 9700 §4.11)."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

LONGEST = 500
_PLAIN = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")  # a path: printable ASCII, no space, no backslash
_CLOSED = frozenset({"sign-in", "sign-out", "signed-out", "leave", "callback"})
"""Landing there, under whatever prefix, would go in circles or end the session."""


def safe_next(value: object, default: str = "/") -> str:
    """The wished path when it is an absolute path of this origin and not part of signing in or out, else `default`."""
    if not isinstance(value, str) or len(value) > LONGEST or not _PLAIN.fullmatch(value):
        return default
    return default if _CLOSED.intersection(unquote(urlsplit(value).path).split("/")) else value
