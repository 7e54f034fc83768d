"""A core that forgets to project: the portal takes lines out that are about what this reader does not see (R17)."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal.access import actions
from portal.access.decide import decide
from portal.access.grants import Grant
from portal.access.standing import (
    AddressGrade,
    ChildFacts,
    Known,
    Responsibility,
    ResponsibilitySource,
    Standing,
    Target,
    WithheldItem,
    WithheldReason,
)
from portal.core.errors import CoreFault
from portal.core.guard import sifting
from portal.core.wire_trail import trail as read_trail
from portal.domain.people import Assurance, Enrolment, Realm, Relation
from portal.domain.trail import Trail, TrailThing
from portal.jurisdictions import jurisdiction
from tests.contract.adapter_samples import CASE, THREAD, sample
from tests.contract.scripted_core import FAMILY, standing

TOLD, NOT = "told", "not told"
YES, NO = Known(value=True), Known(value=False)
HELD = WithheldItem("held-1", WithheldReason.HARM, "leader", date(2031, 6, 1), None)
SHIELDED: dict[str, Any] = {"address": Known(AddressGrade.HIDDEN_FROM_PERSON), "withheld": Known((HELD,))}


def facts(relation: Relation, **changes: Any) -> Standing:
    found = standing(relation)
    responsible = Known(Responsibility(held=True, source=ResponsibilitySource.COURT))
    child = replace(found.children[0], party=YES, responsibility=responsible, danger=NO)
    children: tuple[ChildFacts, ...] = (replace(child, **changes),)
    return replace(found, children=children)


def grant(relation: Relation = Relation.FATHER, enrolment: Enrolment = Enrolment.EID, **changes: Any) -> Grant:
    decided = decide(
        actions.SEE_TRAIL,
        replace(FAMILY, realm=Realm.FAMILY, assurance=Assurance.SUBSTANTIAL, enrolment=enrolment),
        facts(relation, **changes),
        Target(case_id=CASE),
        date(2031, 3, 4),
        ages=jurisdiction("no").ages,
    )
    assert isinstance(decided, Grant)
    return decided


def trail(page: object, may: Grant) -> Trail:
    with sifting(may) as sieve:
        return read_trail(page, sieve)


def sent(**row: Any) -> dict[str, Any]:
    page = sample("Trail")
    page["rows"] = [{**page["rows"][0], **row}]
    return page


def shown(may: Grant, **row: Any) -> str:
    return TOLD if trail(sent(**row), may).rows else NOT


def test_what_is_ones_own_is_told_without_its_id() -> None:
    (line,) = trail(sent(), grant()).rows
    assert line.thing is TrailThing.PLAN
    assert "goal-1" not in repr(trail(sent(), grant()))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"item_id": "held-1"}, NOT),
        ({"item_id": "held-1", "named": True}, NOT),
        ({"bears_place": True}, NOT),
        ({"bears_place": True, "named": True}, NOT),
        ({"thing": "documents", "item_id": "held-1"}, NOT),
        ({"thing": "documents"}, TOLD),
        ({"for_all": False}, NOT),
        ({"thing": "documents", "for_all": False}, NOT),
        ({"thing": "messages", "item_id": "thread-of-the-child"}, NOT),
        ({"thing": "messages", "item_id": THREAD}, TOLD),
        ({"day": "2030-02-28"}, NOT),
    ],
)
def test_a_father_from_whom_places_and_an_item_are_withheld(
    row: dict[str, Any], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert shown(grant(**SHIELDED), **row) == told
    assert ("core.unprojected" in caplog.text) is (told is NOT and "day" not in row)
    assert "held-1" not in caplog.text


@pytest.mark.parametrize(
    ("may", "row", "told"),
    [
        (grant(Relation.SELF, party=NO), {"thing": "documents"}, NOT),
        (grant(Relation.SELF, party=NO), {"thing": "documents", "named": True}, TOLD),
        (grant(Relation.SELF, party=NO), {"thing": "plan"}, TOLD),
        (grant(Relation.SELF, Enrolment.IN_PERSON, party=YES), {"thing": "documents", "named": True}, NOT),
        (grant(Relation.FOSTER_CARER), {"thing": "plan"}, NOT),
        (grant(Relation.FOSTER_CARER), {"thing": "plan", "named": True}, TOLD),
        (grant(Relation.FOSTER_CARER), {"thing": "documents", "named": True}, NOT),
        (grant(Relation.FOSTER_CARER), {"thing": "messages", "item_id": THREAD}, TOLD),
    ],
)
def test_who_is_no_party_and_who_sees_only_their_part(may: Grant, row: dict[str, Any], told: str) -> None:
    assert shown(may, **{"item_id": "x-1", **row}) == told


@pytest.mark.parametrize("row", [{"role": "duty"}, {"role": "mother"}, {"thing": "pages"}, {"doing": "deleted"}])
def test_words_that_are_not_in_the_contract_are_a_fault(row: dict[str, Any]) -> None:
    with pytest.raises(CoreFault):
        trail(sent(**row), grant())
