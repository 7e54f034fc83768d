"""Files as people, and those who mean harm, may send them: made by code from fixed seeds, and what must become of each.

`MARK` is what must never come out again: it lies where only a reader of metadata, names or ends would find it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from portal.uploads.refusals import Refusal

MARK = b"hemmelig-sted-59.9139N"
SCRIPT = b"<script>alert('" + MARK + b"')</script>"
MADE, ANY = None, frozenset(Refusal)


@dataclass(frozen=True)
class Sent:
    """One file. `becomes`: made anew (`MADE`), or one of these refusals; `perhaps`: either is right."""

    name: str
    content: bytes = field(repr=False)
    becomes: frozenset[Refusal] | None = MADE
    perhaps: bool = False


def refused(name: str, content: bytes, *why: Refusal) -> Sent:
    return Sent(name, content, frozenset(why))


def cut(whole: Iterable[Sent], places: int) -> Iterator[Sent]:
    """Each file, ended early at many places: a broken line, a full card."""
    for sent in whole:
        for place in range(1, places + 1):
            length = len(sent.content) * place // (places + 1)
            yield Sent(f"{sent.name} cut at {place}/{places + 1}", sent.content[:length], ANY, perhaps=True)


def spoiled(whole: Iterable[Sent], times: int) -> Iterator[Sent]:
    """Each file with some bytes changed: a bad memory, or somebody looking for a hole in a decoder."""
    for sent in whole:
        for time in range(times):
            chance = random.Random(f"{sent.name} {time}")  # noqa: S311 the same every time, which is what it is for
            content = bytearray(sent.content)
            for _ in range(1 + time * 8):
                content[chance.randrange(12, len(content))] = chance.randrange(256)
            yield Sent(f"{sent.name} spoiled {time}", bytes(content), ANY, perhaps=True)
