"""Finds secrets in text: those that were made while the tests ran, person numbers, and everything shaped like a token.

Says what kind of secret it was and never the secret itself.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).parents[2]

JWT = re.compile(r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.")
"""Tokens, assertions and logout tokens alike (RFC 7515 §7.1)."""
PARAMETER = re.compile(
    r"\b(?:code|state|nonce|code_verifier|code_challenge|id_token|id_token_hint|access_token|logout_token|request_uri"
    r"|client_assertion|csrf_token)(?:=|%3D|['\"]?\s*:\s*['\"])(?!None\b|[a-z_]+['\"])[\w%.~+/-]{6,}"
)
"""A parameter of signing in, with its value (RFC 6749, RFC 7636, RFC 9126, OpenID Connect).

Not a quoted word of lower-case letters: our own log lines say `"code": "unavailable"`.
"""
LONG_RUN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{40,}(?![A-Za-z0-9_-])")
NUMBER = re.compile(r"(?<!\d)\d{11}(?!\d)")
WRITTEN_NUMBER = re.compile(r"(?<![\d.])\d{6} ?\d{5}(?!\d)")
"""As it is written, with or without its space; digits that stand alone."""
PREFIX = 8


class Known:
    """Secrets by their first characters, so that a long text is looked through once."""

    def __init__(self) -> None:
        self._by_prefix: dict[str, dict[str, str]] = {}
        self._numbers: set[str] = set()

    def __len__(self) -> int:
        return len(self._numbers) + sum(len(found) for found in self._by_prefix.values())

    def add(self, kind: str, secret: str | bytes) -> None:
        """Remember a secret; of bytes the ways in which they are written."""
        if isinstance(secret, bytes):
            for written in (secret.hex(), base64.b64encode(secret), base64.urlsafe_b64encode(secret), repr(secret)):
                self.add(kind, (written.decode() if isinstance(written, bytes) else written).rstrip("="))
        elif len(secret) >= PREFIX:
            self._by_prefix.setdefault(secret[:PREFIX], {})[secret] = kind

    def add_person_number(self, number: str) -> None:
        """Remember a person number: it is one only where its digits stand alone, not within a fraction."""
        self._numbers.add(number)

    def find(self, text: str) -> Iterator[str]:
        """The kinds of the secrets in a text."""
        if not self._numbers.isdisjoint(run.replace(" ", "") for run in WRITTEN_NUMBER.findall(text)):
            yield "a person number"
        by_prefix = self._by_prefix
        for place in range(len(text) - PREFIX + 1):
            for secret, kind in by_prefix.get(text[place : place + PREFIX], {}).items():
                if text.startswith(secret, place):
                    yield kind


def person_numbers() -> set[str]:
    """Of the stories, and every other that stands in a test or a fake."""
    files = [*(ROOT / "portal/demo/stories").glob("*.json"), *(ROOT / "tests").rglob("*.py")]
    return {number for file in files for number in NUMBER.findall(file.read_text("utf-8"))} | _of_the_stories()


def _of_the_stories() -> set[str]:
    from portal.demo.story import DEFAULT_STORY, load_story  # noqa: PLC0415 only where a run is looked at

    return {who.value for who in load_story(DEFAULT_STORY).people_for_sign_in()}


def leaks_in(known: Known, text: str) -> set[str]:
    """What kinds of secrets a line of a log holds."""
    found = set()
    for written in {text, unquote(text)}:
        found |= set(known.find(written))
        found |= {"a token (JWT)"} if JWT.search(written) else set()
        found |= {"a parameter of signing in"} if PARAMETER.search(written) else set()
    return found


def leaks_in_process(known: Known, text: str) -> set[str]:
    """The same for a process whose secrets we do not know: there, whatever looks like one is one."""
    return leaks_in(known, text) | ({"something shaped like a token"} if _token_shaped(text) else set())


def _token_shaped(text: str) -> bool:
    return any(
        re.search("[a-z]", run) and re.search("[A-Z]", run) and re.search("[0-9]", run)
        for run in LONG_RUN.findall(text)
    )


def told(findings: Iterable[tuple[str, str, str]]) -> list[str]:
    """One line for each place, kind and test, each once."""
    return sorted({json.dumps(finding)[1:-1].replace('"', "") for finding in findings})
