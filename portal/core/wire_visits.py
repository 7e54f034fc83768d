"""The page about visits as it comes over the wire. Whole or not at all, less what the reader's view does not leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from portal.core.errors import CoreFault
from portal.core.projection import Sieve, left
from portal.core.wire_family import child, reader
from portal.core.wire_marks import MARKS, marks
from portal.core.wire_shapes import closed, each, identifier, instant, language, level, one_of, or_none, text, truth
from portal.domain.visits import Arrangement, Living, PlannedVisit, SaidAboutVisits, Visits, VisitWish

_VISITS = (
    "case_id",
    "child",
    "reader",
    "content_language",
    "readers",
    "worker_first_name",
    "living",
    "arrangements",
    "visits",
    "said",
)


def visits(value: object, sieve: Sieve) -> Visits:
    """Where the child lives, whom it sees, and what the reader has said; nothing twice.

    A visit whose arrangement is not left to this reader stands alone, so that nothing tells of that (rules.md R17).
    """
    fields = closed(value, *_VISITS)
    arrangements = left(each(partial(_arrangement, sieve=sieve), fields["arrangements"]))
    planned = left(each(partial(_visit, sieve=sieve), fields["visits"]))
    there = {one.id for one in arrangements}
    found = Visits(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        readers=each(text, fields["readers"]),
        worker_first_name=text(fields["worker_first_name"]),
        living=left(each(partial(_living, sieve=sieve), fields["living"])),
        arrangements=arrangements,
        visits=tuple(one if one.arrangement_id in there else replace(one, arrangement_id=None) for one in planned),
        said=left(each(partial(_said, sieve=sieve), fields["said"])),
    )
    _each_once(one.id for one in found.living)
    _each_once([*(one.id for one in arrangements), *(one.id for one in planned)])
    _each_once(one.id for one in found.said)
    return found


def _each_once(ids: Iterable[str]) -> None:
    listed = list(ids)
    if len(set(listed)) != len(listed):
        raise CoreFault


def _living(value: object, sieve: Sieve) -> Living | None:
    fields = closed(value, "id", "text", *MARKS)
    found = Living(id=identifier(fields["id"]), text=text(fields["text"]))
    return sieve.item("living", found, marks(found.id, fields))


def _arrangement(value: object, sieve: Sieve) -> Arrangement | None:
    fields = closed(value, "id", "with_whom", "how_often", "place", *MARKS)
    found = Arrangement(
        id=identifier(fields["id"]),
        with_whom=text(fields["with_whom"]),
        how_often=text(fields["how_often"]),
        place=sieve.place(or_none(text, fields["place"])),
    )
    return sieve.item("arrangement", found, marks(found.id, fields))


def _visit(value: object, sieve: Sieve) -> PlannedVisit | None:
    fields = closed(value, "id", "arrangement_id", "title", "starts_at", "place", "cancelled_reason", *MARKS)
    found = PlannedVisit(
        id=identifier(fields["id"]),
        arrangement_id=or_none(identifier, fields["arrangement_id"]),
        title=text(fields["title"]),
        starts_at_utc=instant(fields["starts_at"]),
        place=sieve.place(or_none(text, fields["place"])),
        cancelled_reason=or_none(text, fields["cancelled_reason"]),
    )
    return sieve.item("appointment", found, marks(found.id, fields))


def _said(value: object, sieve: Sieve) -> SaidAboutVisits | None:
    fields = closed(
        value, "id", "mine", "about_id", "wish", "body", "at", "state", "opened_by", "answer", "answered_by"
    )
    found = SaidAboutVisits(
        id=identifier(fields["id"]),
        about_id=or_none(identifier, fields["about_id"]),
        wish=one_of(VisitWish, fields["wish"]),
        body=text(fields["body"]),
        at_utc=instant(fields["at"]),
        state=level(fields["state"]),
        opened_by=or_none(text, fields["opened_by"]),
        answer=or_none(text, fields["answer"]),
        answered_by=or_none(text, fields["answered_by"]),
    )
    return sieve.said("visit_wish", found, found.id, mine=truth(fields["mine"]))
