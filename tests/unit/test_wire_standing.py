"""Facts on the wire: known only when the core says so in the contract's words, else unknown, and unknown denies."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.access.actions import Scope
from portal.access.standing import AddressGrade, Known, Missing, Target, WithheldItem, WithheldReason
from portal.core.errors import CoreFault
from portal.core.wire_standing import standing
from portal.domain.people import Relation
from tests.contract.adapter_samples import CASE, CHILD, OTHER_CASE, sample

FACTS = (
    "admitted",
    "grants",
    "worker_roles",
    "thread_open_to_worker",
    "referral_mine",
    "child_open_to_worker",
    "case_open_to_worker",
)
CHILD_FACTS = ("blocked", "address", "inside_protection", "age", "party", "withheld", "responsibility", "danger")
BAD_FACTS: tuple[Any, ...] = (
    None,
    True,
    {"state": "unknown"},
    {"state": "known"},
    {"state": "KNOWN", "value": True},
    {"state": "known", "value": 1},
    {"state": "known", "value": "true"},
    {"state": "known", "value": None},
    {"state": "known", "value": ["caseworker", "caseworker"]},
    {"state": "known", "value": ["mother"]},
    {"state": "known", "value": True, "since": "2031"},
    {"state": "known", "value": 131},
    {"state": "known", "value": [{}]},
)


def child_with(**facts: Any) -> dict[str, Any]:
    return {**sample("Standing")["children"][0], **facts}


def test_the_facts_of_a_child_that_reads_its_own_case() -> None:
    facts = standing(sample("Standing"), Target(case_id=CASE))
    assert facts.admitted == Known(value=True)
    assert isinstance(facts.grants, Known)
    core_grant = facts.grants.value[0]
    assert (core_grant.case_id, core_grant.relation, core_grant.scopes) == (CASE, Relation.SELF, frozenset(Scope))
    assert (core_grant.valid_from, core_grant.valid_to) == (date(2031, 1, 1), None)
    child = facts.child(CHILD)
    assert (child.blocked, child.age) == (Known(value=False), Known(15))
    assert (child.address, child.inside_protection) == (Known(AddressGrade.OPEN), Missing.UNKNOWN)
    item = WithheldItem("document-9", WithheldReason.HARM, "leader", date(2031, 6, 1), None)
    assert (child.withheld, child.responsibility) == (Known((item,)), Missing.UNKNOWN)
    assert facts.worker_roles == Known(frozenset({Relation.CASEWORKER}))


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("bad", BAD_FACTS)
def test_a_malformed_fact_is_unknown(name: str, bad: object) -> None:
    facts = vars(standing(sample("Standing", **{name: bad}), Target()))
    assert facts[name] is Missing.UNKNOWN


@pytest.mark.parametrize("name", FACTS)
def test_a_missing_fact_is_unknown(name: str) -> None:
    value = sample("Standing")
    del value[name]
    assert vars(standing(value, Target()))[name] is Missing.UNKNOWN


@pytest.mark.parametrize("name", CHILD_FACTS)
def test_a_missing_or_malformed_fact_about_a_child_is_unknown(name: str) -> None:
    without = child_with()
    del without[name]
    for child in (without, child_with(**{name: {"state": "known", "value": {"deep": []}}})):
        facts = standing(sample("Standing", children=[child]), Target()).child(CHILD)
        assert vars(facts)[name] is Missing.UNKNOWN


@given(st.integers())
def test_an_age_is_one_a_person_can_have(years: int) -> None:
    children = [child_with(age={"state": "known", "value": years})]
    age = standing(sample("Standing", children=children), Target()).child(CHILD).age
    assert age == (Known(years) if 0 <= years <= 130 else Missing.UNKNOWN)


@pytest.mark.parametrize(
    "change",
    [
        {"scopes": ["overview", "everything"]},
        {"scopes": ["plan", "plan"]},
        {"relation": "neighbour"},
        {"valid_to": "soon"},
        {"case_id": "../x"},
        {"note": "x"},
    ],
)
def test_one_bad_grant_makes_all_of_them_unknown(change: dict[str, Any]) -> None:
    good = sample("Standing")["grants"]["value"][0]
    value = sample("Standing", grants={"state": "known", "value": [good, {**good, **change}]})
    assert standing(value, Target()).grants is Missing.UNKNOWN


def test_grants_for_another_case_than_asked_about_are_a_fault() -> None:
    with pytest.raises(CoreFault):
        standing(sample("Standing"), Target(case_id=OTHER_CASE))


def test_two_sets_of_facts_about_one_child_are_a_fault() -> None:
    blocked = child_with(blocked={"state": "known", "value": True})
    with pytest.raises(CoreFault):
        standing(sample("Standing", children=[child_with(), blocked]), Target())


@pytest.mark.parametrize(
    "changes",
    [
        {"extra": 1},
        {"relations": [{"child_id": CHILD, "relation": "owner"}]},
        {"relations": None},
        {"children": {}},
        {"children": [child_with(child_id=7)]},
        {"children": [child_with(address_text="Storgata 1")]},
    ],
)
def test_what_is_no_fact_must_have_the_contracts_shape(changes: dict[str, Any]) -> None:
    with pytest.raises(CoreFault):
        standing(sample("Standing", **changes), Target())
