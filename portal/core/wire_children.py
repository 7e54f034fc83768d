"""The page of a worker's children as it comes over the wire. Whole or not at all."""

from __future__ import annotations

from portal.core.errors import CoreFault
from portal.core.wire_shapes import closed, count, each, identifier, text
from portal.domain.children import WorkersChild, WorkersChildren

OLDEST = 130


def children(value: object) -> WorkersChildren:
    """The children of a worker's own cases; a child that stands twice spoils all."""
    fields = closed(value, "children")
    found = each(_child, fields["children"])
    if len({child.id for child in found}) != len(found):
        raise CoreFault
    return WorkersChildren(found)


def _child(value: object) -> WorkersChild:
    fields = closed(value, "child_id", "first_name", "age", "case_id")
    age = count(fields["age"])
    if age > OLDEST:
        raise CoreFault
    return WorkersChild(identifier(fields["child_id"]), text(fields["first_name"]), age, identifier(fields["case_id"]))
