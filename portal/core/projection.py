"""What a grant's view leaves of a page that a core has sent: taken out here once more, whatever the core has decided.

Looks at the view, the reader's relation and the core's marks; reads nothing, and keeps no item and no id.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from portal.access.grants import Documents, View
from portal.domain.case import Change, ChangeKind
from portal.domain.people import Relation

T = TypeVar("T")

Kind = Literal[
    "phase",
    "next_step",
    "appointment",
    "place",
    "office",
    "documents_page",
    "plan",
    "goal",
    "measure",
    "own_words",
    "words",
    "about",
    "comment",
    "message",
    "document",
    "trail",
    "decision",
    "document_link",
    "complaint",
    "living",
    "arrangement",
    "visit_wish",
]
"""What can be taken out of a page, in the words of the log."""

_VERSION_CHARACTERS = 16


@dataclass(frozen=True)
class Marks:
    """What the core says of one item it has released.

    `bears_place`: one of its texts would tell where the child lives, learns or is looked after, or with whom (rules.md
    R1, R2). `for_all`: it was released to everybody with such a grant; `named`: to this reader by name (R6, R7, R16).
    What is neither is somebody else's (R13).
    """

    item_id: str = field(repr=False)
    bears_place: bool
    for_all: bool
    named: bool


class Sieve:
    """Goes over one page for one reader. `taken` counts, by kind, what the core should not have sent."""

    def __init__(self, view: View, relation: Relation | None) -> None:
        self._view = view
        self._relation = relation
        self.taken: Counter[Kind] = Counter()

    def item(self, kind: Kind, item: T, marks: Marks) -> T | None:
        """The item, or None when the view does not leave it (rules.md R1, R2, R6, R7, R11, R12, R16)."""
        if self._view.withheld is None:
            return None  # a fact that the core does not have, and no fault in what it sent
        released = marks.named or (marks.for_all and self._view.unnamed)
        place_open = self._view.places or not marks.bears_place
        kept = released and place_open and marks.item_id not in self._view.withheld
        return self._or_taken(kind, item, kept=kept)

    def looked_at(self, line: T, marks: Marks, *, document: bool) -> T | None:
        """A line of the trail, when what was looked at is in this reader's own projection (rules.md R17)."""
        if not document:
            return self.item("trail", line, marks)
        open_to = self._view.documents
        reads = open_to is Documents.ALL or (open_to is Documents.NAMED and marks.named)
        if not reads:
            return self._or_taken("trail", line, kept=False)
        return self.item("trail", line, marks)

    def said(self, kind: Kind, item: T, item_id: str, *, mine: bool) -> T | None:
        """A message or comment: the reader's own and the team's; never another family member's (rules.md R13)."""
        return self._or_taken(kind, item, kept=mine and item_id not in (self._view.withheld or ()))

    def own_words(self, words: str, *, mine: bool, released: bool) -> str | None:
        """What the child said about a goal: for the child, and for those it was released to (rules.md R13)."""
        own = mine and self._relation is Relation.SELF
        return self._or_taken("own_words", words, kept=own or released)

    def words_of_other(self, words: T, item_id: str, *, released: bool) -> T | None:
        """What somebody else has said: for those whom it was released to (rules.md R13)."""
        return self._or_taken("words", words, kept=released and item_id not in (self._view.withheld or ()))

    def goes_round(self, complaint: T, *, about_reader: bool) -> T | None:
        """What somebody has said about whoever works with them: never to that one (rules.md, safety 11)."""
        return self._or_taken("complaint", complaint, kept=not about_reader)

    def link(self, item_id: str | None) -> str | None:
        """Where something leads to, unless that is withheld."""
        if item_id is None or self._view.withheld is None:
            return None
        return self._or_taken("document_link", item_id, kept=item_id not in self._view.withheld)

    def place(self, place: T | None) -> T | None:
        """A place that stands in a field of its own, such as where one moves to (rules.md R1, R2)."""
        return None if place is None else self._or_taken("place", place, kept=self._view.places)

    def office(self, *, bears_place: bool) -> bool:
        """May team, number and hours of a worker be shown? An office can tell where a child is (rules.md R2)."""
        shown = self._view.places or not bears_place
        return self._or_taken("office", shown, kept=shown) is not None

    def documents_page(self, *, offered: bool) -> bool:
        """Is there a page of documents for this reader? Never for a foster carer (rules.md R16)."""
        kept = self._relation is not Relation.FOSTER_CARER
        return offered and self._or_taken("documents_page", offered, kept=kept) is not None

    def changes(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """What is new, asked last. The core has made it from what it sent (rules.md R17).

        When something had to be taken out, only the reader's own thread still tells nothing but of itself.
        """
        if not self.taken:
            return changes
        return tuple(change for change in changes if change.kind is ChangeKind.MESSAGE)

    def _or_taken(self, kind: Kind, item: T, *, kept: bool) -> T | None:
        if kept:
            return item
        self.taken[kind] += 1
        return None


def left(items: Iterable[T | None]) -> tuple[T, ...]:
    """What was not taken out, in its order, without a gap (rules.md R11)."""
    return tuple(item for item in items if item is not None)


def version_of(*shown: object) -> str:
    """A version made from what is shown alone, for a page from which something was taken (rules.md R17)."""
    text = json.dumps(shown, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_CHARACTERS]
