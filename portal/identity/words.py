"""The easy words children sign in with: chosen by chance, read back forgivingly. Keeps none of them."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

HOW_MANY = 4
"""Of more than a thousand: forty bits, and a PIN behind them."""

LONGEST_TYPED = 200
LISTS = {"nb": "words_nb.txt"}
FALLBACK = "nb"
_SEPARATE = str.maketrans({"æ": "ae", "ø": "o", "đ": "d", "ŧ": "t"})
"""Letters that do not come apart into a letter and a mark (Unicode Standard Annex 15)."""

_NO_LETTER = re.compile(r"[^a-z]+")


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The words of a language, or of the fallback. No two differ by one slip of a finger (a test holds it)."""
    name = LISTS.get(language, LISTS[FALLBACK])
    return tuple((Path(__file__).parent / name).read_text("utf-8").split())


def choose(language: str) -> tuple[str, ...]:
    """Four different words by chance."""
    return tuple(secrets.SystemRandom().sample(word_list(language), HOW_MANY))


def as_typed(text: str) -> str:
    """What somebody typed, as it is compared: only the letters, in their order.

    Capitals, accents, commas, and where one word ends and the next begins make no difference.
    """
    lower = text[:LONGEST_TYPED].casefold().translate(_SEPARATE)
    apart = unicodedata.normalize("NFKD", lower)
    return _NO_LETTER.sub("", apart)
