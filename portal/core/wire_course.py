"""Where a case stands, as it comes over the wire: the law's clock, closing, moving. Whole or not at all."""

from __future__ import annotations

from portal.core.wire_shapes import closed, day, or_none, text, truth
from portal.domain.case import Clock, Closing, Moving


def clock(value: object) -> Clock:
    """Until when the law gives the service time."""
    fields = closed(value, "label", "by", "late_reason")
    return Clock(text(fields["label"]), day(fields["by"]), or_none(text, fields["late_reason"]))


def closing(value: object) -> Closing:
    """When the work ends, and what then."""
    fields = closed(value, "closed_on", "readable_until", "file_how", "goes_to")
    return Closing(
        closed_on=day(fields["closed_on"]),
        readable_until=day(fields["readable_until"]),
        file_how=text(fields["file_how"]),
        goes_to=or_none(text, fields["goes_to"]),
    )


def moving(value: object) -> Moving:
    """Who takes over."""
    fields = closed(value, "to_service", "phone", "hours", "greeted")
    return Moving(
        to_service=text(fields["to_service"]),
        phone=text(fields["phone"]),
        hours=text(fields["hours"]),
        greeted=truth(fields["greeted"]),
    )
