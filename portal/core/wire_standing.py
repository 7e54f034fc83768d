"""The facts of `/me/standing`. A fact that is missing or malformed is unknown, and what is unknown denies."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from portal.access.actions import Scope
from portal.access.standing import (
    AddressGrade,
    ChildFacts,
    CoreGrant,
    Fact,
    Known,
    Missing,
    Responsibility,
    ResponsibilitySource,
    Standing,
    Target,
    WithheldItem,
    WithheldReason,
)
from portal.core.errors import CoreFault
from portal.core.wire_shapes import closed, count, day, each, each_once, identifier, one_of, or_none, text, truth
from portal.domain.people import STAFF_RELATIONS, Relation

T = TypeVar("T")

_OLDEST = 130
ABOUT_TARGET = ("thread_open_to_worker", "referral_mine", "child_open_to_worker", "case_open_to_worker")
CHILD_FACTS = (
    "blocked",
    "address",
    "inside_protection",
    "age",
    "party",
    "withheld",
    "responsibility",
    "danger",
)


def standing(value: object, target: Target) -> Standing:
    """The facts for one decision. Raises `CoreFault` when they are about another case, or contradict each other."""
    fields = closed(
        value,
        "relations",
        "children",
        facts=("admitted", "grants", "worker_roles", *ABOUT_TARGET),
    )
    each(_relation, fields["relations"])
    children = each(_child, fields["children"])
    # Two sets of facts about one child could be a block and its absence.
    if len({child.child_id for child in children}) != len(children):
        raise CoreFault
    grants = _fact(partial(each, _grant), fields.get("grants"))
    if isinstance(grants, Known) and target.case_id is not None:
        _check_only_about(target.case_id, grants.value)
    return Standing(
        admitted=_fact(truth, fields.get("admitted")),
        grants=grants,
        children=children,
        worker_roles=_fact(partial(each_once, _worker_role), fields.get("worker_roles")),
        thread_open_to_worker=_fact(truth, fields.get("thread_open_to_worker")),
        referral_mine=_fact(truth, fields.get("referral_mine")),
        child_open_to_worker=_fact(truth, fields.get("child_open_to_worker")),
        case_open_to_worker=_fact(truth, fields.get("case_open_to_worker")),
    )


def _check_only_about(case_id: str, grants: tuple[CoreGrant, ...]) -> None:
    if any(grant.case_id != case_id for grant in grants):
        raise CoreFault


def _fact(decode: Callable[[object], T], value: object) -> Fact[T]:
    try:
        fields = closed(value, "state", "value")
        if fields["state"] != "known":
            return Missing.UNKNOWN
        return Known(decode(fields["value"]))
    except CoreFault:
        return Missing.UNKNOWN


def _grant(value: object) -> CoreGrant:
    fields = closed(value, "case_id", "child_id", "relation", "scopes", "valid_from", "valid_to", "basis")
    return CoreGrant(
        case_id=identifier(fields["case_id"]),
        child_id=identifier(fields["child_id"]),
        relation=one_of(Relation, fields["relation"]),
        scopes=each_once(partial(one_of, Scope), fields["scopes"]),
        valid_from=day(fields["valid_from"]),
        valid_to=or_none(day, fields["valid_to"]),
        basis=text(fields["basis"]),
    )


def _relation(value: object) -> Relation:
    # Says again, per child, what the grants say; read for its shape only.
    fields = closed(value, "child_id", "relation")
    identifier(fields["child_id"])
    return one_of(Relation, fields["relation"])


def _child(value: object) -> ChildFacts:
    fields = closed(value, "child_id", facts=CHILD_FACTS)
    return ChildFacts(
        child_id=identifier(fields["child_id"]),
        blocked=_fact(truth, fields.get("blocked")),
        address=_fact(partial(one_of, AddressGrade), fields.get("address")),
        inside_protection=_fact(truth, fields.get("inside_protection")),
        age=_fact(_age, fields.get("age")),
        party=_fact(truth, fields.get("party")),
        withheld=_fact(partial(each, _withheld), fields.get("withheld")),
        responsibility=_fact(_responsibility, fields.get("responsibility")),
        danger=_fact(truth, fields.get("danger")),
    )


def _withheld(value: object) -> WithheldItem:
    fields = closed(value, "item_id", "reason", "assessor", "review_on", "investigation_open")
    return WithheldItem(
        item_id=identifier(fields["item_id"]),
        reason=one_of(WithheldReason, fields["reason"]),
        assessor=or_none(text, fields["assessor"]),
        review_on=or_none(day, fields["review_on"]),
        investigation_open=or_none(truth, fields["investigation_open"]),
    )


def _responsibility(value: object) -> Responsibility:
    fields = closed(value, "held", "source")
    return Responsibility(truth(fields["held"]), one_of(ResponsibilitySource, fields["source"]))


def _age(value: object) -> int:
    years = count(value)
    if years > _OLDEST:
        raise CoreFault
    return years


def _worker_role(value: object) -> Relation:
    role = one_of(Relation, value)
    if role not in STAFF_RELATIONS:
        raise CoreFault
    return role
