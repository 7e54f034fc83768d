"""Reduces a text to what a reader makes of it: without case, accents, lookalikes, invisible signs. Keeps nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁһӏьαβεηικνορτυχɑɡıłđðøŧŋ",
    "abekmhopctyxijsdhlbabenikvoptuxagilddotn",
)
"""Letters of other alphabets that look like Latin ones, and Latin ones that lose their mark only here (UTS 39)."""
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters that print nothing."""
_INVISIBLE = frozenset({"Cf", "Mn", "Me"})


class _Folding(dict[int, str]):
    """Code point to what stands for it in a folded text; filled as it is asked."""

    def __missing__(self, point: int) -> str:
        self[point] = answer = _fold(chr(point))
        return answer


class _Cleaning(dict[int, str]):
    """Code point to what stands for it in a cleaned text: itself, unless it is invisible or another digit."""

    def __missing__(self, point: int) -> str:
        sign = chr(point)
        hidden = unicodedata.category(sign) == "Cf" or sign in _BLANK
        self[point] = answer = "" if hidden else _digit(sign) or sign
        return answer


def folded(text: str) -> str:
    """Small letters and digits only, with single spaces for whatever stands between them."""
    return re.sub(" +", " ", text.translate(_FOLDING))


def compact(text: str) -> str:
    """The same without the spaces."""
    return text.translate(_FOLDING).replace(" ", "")


def clean(text: str) -> str:
    """The text as it is seen, for patterns that know capitals and signs: composed, nothing invisible, plain digits."""
    return unicodedata.normalize("NFC", text.translate(_CLEANING))


def spellings(text: str) -> Iterator[tuple[str, ...]]:
    """The words of a name, folded, in the ways it is written: å also as aa, ø as oe, and the other way about."""
    plain = unicodedata.normalize("NFC", text).casefold()
    longer = plain.replace("å", "aa").replace("ø", "oe")
    shorter = plain.replace("aa", "a").replace("oe", "o")
    yield from dict.fromkeys(tuple(folded(way).split()) for way in (plain, longer, shorter))


def _fold(sign: str) -> str:
    if unicodedata.category(sign) in _INVISIBLE or sign in _BLANK:
        return ""
    plain = _digit(sign) or unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    plain = plain.replace("æ", "ae").replace("þ", "th").translate(_LOOKALIKES)
    seen = (part for part in plain if unicodedata.category(part) not in _INVISIBLE)
    return "".join(part if part.isalnum() else " " for part in seen)


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return "" if value is None else str(value)


_FOLDING = _Folding()
_CLEANING = _Cleaning()
