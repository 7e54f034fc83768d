"""Takes in a file: size, scanner, kind, then a confined child that makes it anew. Nothing touches a disk."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Protocol

from portal.logs import log
from portal.uploads.child import MADE, NOT_CONFINED, REFUSED
from portal.uploads.refusals import Refusal, UploadRefused
from portal.uploads.sniff import MADE_AS, Format, sniff

MEGABYTE = 1_000_000
AT_ONCE = 2
"""Children at the same time in one web process: each may use a gigabyte for some seconds."""
WAIT_SECONDS = 20.0
CHILD_SECONDS = 30.0
"""By the clock; the processor's time is limited by the child itself."""


class Scanner(Protocol):
    """Looks for what is known to be harmful."""

    def check(self, content: bytes) -> None:
        """Raises `UploadRefused` when something is found, and when it could not be looked at."""


@dataclass(frozen=True)
class Limits:
    """What a person is told beforehand, and what is held to."""

    most_bytes: int = 15 * MEGABYTE
    most_seconds: int = 120
    most_pages: int = 20


@dataclass(frozen=True)
class Made:
    """A file made anew. `media_type` is one of `sniff.MADE_AS`; there is no name."""

    kind: str
    media_type: str
    content: bytes = field(repr=False)


class Desk:
    """Where files are taken in; one for a web process. `seconds` a child may take by the clock, `wait` for its turn."""

    def __init__(
        self, limits: Limits, scanner: Scanner | None, *, seconds: float = CHILD_SECONDS, wait: float = WAIT_SECONDS
    ) -> None:
        self.limits = limits
        self._scanner = scanner
        self._seconds, self._wait = seconds, wait
        self._places = BoundedSemaphore(AT_ONCE)

    def take_in(self, content: bytes) -> Made:
        """The file made anew. Raises `UploadRefused`; then nothing of it is kept anywhere."""
        if len(content) > self.limits.most_bytes:
            raise UploadRefused(Refusal.TOO_LARGE)
        found = sniff(content)
        if self._scanner is not None:
            self._scanner.check(content)
        with self._place():
            made = self._made(content, found)
        if _media_type(made) != MADE_AS[found.kind]:  # a child that was taken over may answer anything
            raise UploadRefused(Refusal.BROKEN)
        return Made(found.kind, MADE_AS[found.kind], made)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=self._wait):
            raise UploadRefused(Refusal.BUSY)
        try:
            yield
        finally:
            self._places.release()

    def _made(self, content: bytes, found: Format) -> bytes:
        answer = self._asked(content, found)
        if answer is None:
            raise UploadRefused(Refusal.TOO_HEAVY)
        if answer.startswith(MADE):
            return answer[len(MADE) :]
        if answer == NOT_CONFINED:
            log("uploads.not_confined", level=logging.ERROR)
            raise UploadRefused(Refusal.BUSY)
        raise UploadRefused(_named(answer))

    def _asked(self, content: bytes, found: Format) -> bytes | None:
        """The child's whole answer; None when it was killed, by us, a limit of its own or a fault in a decoder."""
        limits = [str(self.limits.most_seconds), str(self.limits.most_pages)]
        command = [sys.executable, "-I", "-B", "-m", "portal.uploads.child", found.kind, found.decoder, *limits]
        with _in_memory("taken", content) as taken, _in_memory("made", b"") as made:
            child = subprocess.Popen(  # noqa: S603 our own module; nothing of the file is in the command
                command, stdin=taken, stdout=made, stderr=subprocess.DEVNULL, env={}, cwd="/", start_new_session=True
            )
            try:
                ended = child.wait(self._seconds)
            except subprocess.TimeoutExpired:
                ended = None
            finally:
                child.kill()
                child.wait()
            return os.pread(made, os.fstat(made).st_size, 0) if ended == 0 else None


@contextmanager
def _in_memory(name: str, content: bytes) -> Iterator[int]:
    """A file that lies in memory alone (memfd_create(2)), at its beginning."""
    descriptor = os.memfd_create(name)
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


def _named(answer: bytes) -> Refusal:
    try:
        return Refusal(answer.removeprefix(REFUSED).decode())
    except ValueError:
        return Refusal.BROKEN


def _media_type(made: bytes) -> str | None:
    try:
        found = sniff(made)
    except UploadRefused:
        return None
    return {"JPEG": MADE_AS["picture"], "ogg": MADE_AS["sound"], "PDF": MADE_AS["document"]}.get(found.decoder)
