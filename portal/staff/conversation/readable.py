"""How hard an answer is to read for whoever gets it. A warning, never a block."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.people import Relation
from portal.texts.lix import lix, words

MOST_FOR_CHILD, MOST_FOR_ADULT = 30, 40
"""LIX (rules.md, "Words")."""


@dataclass(frozen=True)
class Readable:
    """The LIX of a text, and the highest that its reader can be asked to read."""

    value: int
    most: int

    @property
    def too_hard(self) -> bool:
        """Is it harder than that?"""
        return self.value > self.most


def readable(text: str, relation: Relation | None) -> Readable | None:
    """None without a word. Whoever asked for help may be a child as long as nobody knows."""
    if not words(text):
        return None
    child = relation in {None, Relation.SELF}
    return Readable(round(lix(text)), MOST_FOR_CHILD if child else MOST_FOR_ADULT)
