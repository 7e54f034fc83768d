"""Decisions about what a message is, as they come over the wire. Whole or not at all."""

from __future__ import annotations

from portal.core.wire_shapes import closed, day, each, identifier, instant, one_of, or_none, text
from portal.domain.classification import Classification, ItemClass


def classifications(value: object) -> tuple[Classification, ...]:
    """Oldest first."""
    return each(_classification, value)


def _classification(value: object) -> Classification:
    fields = closed(value, "item_id", "item_class", "reason", "decided_by", "at", "received_at", "look_at_by")
    return Classification(
        item_id=identifier(fields["item_id"]),
        item_class=one_of(ItemClass, fields["item_class"]),
        reason=text(fields["reason"]),
        decided_by=text(fields["decided_by"]),
        at_utc=instant(fields["at"]),
        received_at_utc=instant(fields["received_at"]),
        look_at_by=or_none(day, fields["look_at_by"]),
    )
