"""Whose view of a case can be looked at, as it comes over the wire. Whole or not at all."""

from __future__ import annotations

from functools import partial

from portal.access.standing import Standing, Target
from portal.core.errors import CoreFault
from portal.core.wire_shapes import closed, each, identifier, one_of, text
from portal.core.wire_staff import shielded_from
from portal.core.wire_standing import standing
from portal.domain.people import FAMILY_RELATIONS, Enrolment, Relation
from portal.domain.preview import CasePeople, CasePerson
from portal.domain.shielding import ShieldedFrom

_relation = partial(one_of, Relation)


def case_people(value: object) -> CasePeople:
    """The people of a case; somebody who stands twice spoils all."""
    fields = closed(value, "case_id", "child_name", "people")
    people = each(_person, fields["people"])
    if len({person.id for person in people}) != len(people):
        raise CoreFault
    return CasePeople(identifier(fields["case_id"]), text(fields["child_name"]), people)


def case_person(value: object, target: Target) -> tuple[CasePerson, Standing, ShieldedFrom]:
    """One person, how that person stands to the case, and what they may not learn.

    Raises `CoreFault` when it is about another case.
    """
    fields = closed(value, "person", "standing", "shielded")
    shielded = shielded_from(closed(fields["shielded"], "places_hidden", "items"))
    return _person(fields["person"]), standing(fields["standing"], target), shielded


def _person(value: object) -> CasePerson:
    fields = closed(value, "person_id", "first_name", "relation", "enrolment")
    relation = _relation(fields["relation"])
    if relation not in FAMILY_RELATIONS:
        raise CoreFault
    return CasePerson(
        identifier(fields["person_id"]),
        text(fields["first_name"]),
        relation,
        one_of(Enrolment, fields["enrolment"]),
    )
