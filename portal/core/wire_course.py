"""Where a case stands, as it comes over the wire: the law's clock, closing, moving. Whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TypeVar

from portal.core.projection import Sieve
from portal.core.wire_marks import MARKS, marks
from portal.core.wire_shapes import closed, day, identifier, or_none, text, truth
from portal.domain.case import Clock, Closing, Moving, Phase

T = TypeVar("T")


def phase(fields: Mapping[str, object], sieve: Sieve) -> tuple[Phase, str | None, Clock | None]:
    """Phase, its text and the law's clock of an overview; not known and None when none is for this reader."""
    word, words, by = text(fields["phase"]), text(fields["phase_text"]), or_none(clock, fields["clock"])
    # The one open list of the contract: a page then shows the core's own text.
    found = (Phase(word) if word in set(Phase) else Phase.UNKNOWN, words, by)
    return or_none(partial(_if_for_reader, found, sieve), fields["phase_marks"]) or (Phase.UNKNOWN, None, None)


def _if_for_reader(found: T, sieve: Sieve, value: object) -> T | None:
    fields = closed(value, "id", *MARKS)
    return sieve.item("phase", found, marks(identifier(fields["id"]), fields))


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
