"""The marks of an item as they come over the wire. Decides nothing by them: that is `core.projection`."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.projection import Marks
from portal.core.wire_shapes import truth

MARKS = ("bears_place", "for_all", "named")
"""The fields of every item of a page that a core releases."""


def marks(item_id: str, fields: Mapping[str, object]) -> Marks:
    """What the core says of the item with these fields."""
    return Marks(item_id, *(truth(fields[name]) for name in MARKS))
