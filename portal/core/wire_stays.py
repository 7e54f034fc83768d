"""Who stays, as it comes over the wire. Whole or not at all, without whom the reader's view does not leave."""

from __future__ import annotations

from functools import partial

from portal.core.errors import CoreFault
from portal.core.projection import Sieve, left
from portal.core.wire_shapes import closed, day, each, identifier, language, one_of, or_none, text, truth
from portal.domain.people import Child, Reader, Relation
from portal.domain.stays import StoodIn, WhoStays


def who_stays(value: object, sieve: Sieve) -> WhoStays:
    """The adults who stood in for a child, each once, and what it has chosen for each."""
    names = ("case_id", "child", "reader", "content_language", "worker_first_name", "adult_on", "people")
    fields = closed(value, *names)
    child, reader = closed(fields["child"], "id", "first_name"), closed(fields["reader"], "first_name", "relation")
    people = left(each(partial(_person, sieve=sieve), fields["people"]))
    if len({person.person_id for person in people}) != len(people):
        raise CoreFault
    return WhoStays(
        case_id=identifier(fields["case_id"]),
        child=Child(identifier(child["id"]), text(child["first_name"])),
        reader=Reader(text(reader["first_name"]), one_of(Relation, reader["relation"])),
        content_language=language(fields["content_language"]),
        worker_first_name=text(fields["worker_first_name"]),
        adult_on=day(fields["adult_on"]),
        people=people,
    )


def _person(value: object, sieve: Sieve) -> StoodIn | None:
    fields = closed(value, "person_id", "first_name", "relation", "stays_open")
    person = StoodIn(
        person_id=identifier(fields["person_id"]),
        first_name=text(fields["first_name"]),
        relation=one_of(Relation, fields["relation"]),
        stays_open=or_none(truth, fields["stays_open"]),
    )
    # The name of a foster carer tells where somebody lives (rules.md R2).
    return sieve.place(person) if person.relation is Relation.FOSTER_CARER else person
