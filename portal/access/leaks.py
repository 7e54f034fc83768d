"""The leak linter: finds in a text what its recipient may not learn. Finds and names; it decides and keeps nothing.

What it sees through and what it cannot see: docs/decisions/leak-linter.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from portal.access.folding import clean, compact, folded, spellings
from portal.domain.shielding import ShieldedFrom, ShieldedKind
from portal.jurisdictions.leaks import LeakKind, LeakPattern

RUN = 8
"""Words in a row that are no accident: somebody's own sentence, said again (rules.md, safety 9)."""
MOST_OF_A_KIND = 50
"""More matches of one pattern than a page can show say no more."""

_ANYWHERE = 6
"""Letters from which a name is found inside of other words, too; a shorter one would be found in half the language."""
_FROM_A_START = 5
_SHORTEST = 2
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Finding:
    """One thing a text would give away: of what kind, and the words. Only for the eyes of who wrote the text."""

    kind: ShieldedKind | LeakKind
    words: str = field(repr=False)


def find_leaks(text: str, shielded: ShieldedFrom, patterns: Iterable[LeakPattern]) -> tuple[Finding, ...]:
    """What of it the recipient may not learn; each thing once, each part of an address by itself.

    Time grows with the length of the text, no faster. What the core shields always counts. A
    country's `patterns` count where places are hidden from the recipient or protected: elsewhere an address is an
    ordinary thing to write, and whoever is always warned reads no warning.
    """
    found = [*_listed(text, shielded), *_said_by_others(text, shielded)]
    if shielded.places_hidden:
        found += _like_a_place(text, patterns, tuple(found))
    return tuple({compact(finding.words): finding for finding in reversed(found)}.values())[::-1]


def repeated(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """The runs of at least `RUN` words of `text` that stand in one of `sources` word for word, in order."""
    known = {run for source in sources for run in _runs(_keys(_WORD.findall(clean(source))))}
    if not known:
        return ()
    words = _WORD.findall(clean(text))
    found: list[tuple[int, int]] = []
    for start, run in enumerate(_runs(_keys(words))):
        if run in known:
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], start + RUN)
            else:
                found.append((start, start + RUN))
    return tuple(dict.fromkeys(" ".join(words[start:end]) for start, end in found))


def _listed(text: str, shielded: ShieldedFrom) -> Iterator[Finding]:
    there = folded(text)
    pressed = there.replace(" ", "")
    for item in shielded.items:
        for part in () if item.kind is ShieldedKind.WORDS else re.split(r"[,;\n]", item.text):
            if any(_stands_in(there, pressed, way) for way in spellings(part)):
                yield Finding(item.kind, part.strip())


def _said_by_others(text: str, shielded: ShieldedFrom) -> Iterator[Finding]:
    said = (item.text for item in shielded.items if item.kind is ShieldedKind.WORDS)
    for run in repeated(text, said):
        yield Finding(ShieldedKind.WORDS, run)


def _like_a_place(text: str, patterns: Iterable[LeakPattern], already: tuple[Finding, ...]) -> Iterator[Finding]:
    plain = clean(text)
    known = tuple(compact(finding.words) for finding in already)
    for pattern in patterns:
        for match in islice(pattern.regex.finditer(plain), MOST_OF_A_KIND):
            words = " ".join(match.group().split()).strip(" ,")
            if words and not any(name in compact(words) for name in known):
                yield Finding(pattern.kind, words)


def _stands_in(there: str, pressed: str, words: tuple[str, ...]) -> bool:
    name = "".join(words)
    if len(name) < _SHORTEST or name not in pressed:  # the quick no, for nearly everything
        return False
    if name.isdigit():
        return re.search(_digits(name), there) is not None
    return any(re.search(pattern, there) for pattern in _letters(name, words))


def _digits(name: str) -> str:
    spread = " ?".join(name)
    return spread if len(name) >= _ANYWHERE else rf"(?<!\d){spread}(?!\d)"


def _letters(name: str, words: tuple[str, ...]) -> Iterator[str]:
    """Written together or in its words, then with spaces between the letters. A short name stands by itself."""
    together = " ?".join(words)
    if len(name) >= _ANYWHERE:
        yield together
        yield rf"(?<![^ ]){' ?'.join(name)}"
        return
    ending = "" if len(name) >= _FROM_A_START else "s?(?![^ ])"
    yield rf"(?<![^ ]){together}{ending}"
    yield rf"(?<![^ ]){' '.join(name)}(?: s)?(?![^ ])"


def _keys(words: Iterable[str]) -> list[str]:
    return [compact(word) for word in words]


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
