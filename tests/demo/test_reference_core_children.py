"""Whom a worker may let in, and what a child let in without a national ID gets: the core decides for itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portal.access import actions
from portal.access.grants import Denial, Denied
from portal.access.standing import Known, Target
from portal.core.errors import CoreFault, NotFound
from portal.demo.reference_core import core_id
from portal.domain.people import Actor, Assurance, Enrolment, Realm
from tests.contract.reference_party import Party, party
from tests.contract.scripted_core import SERVICE

EMIL = Target(child_id=core_id(SERVICE, "person", "emil"))
JAKOB = Target(child_id=core_id(SERVICE, "person", "jakob"))
OF_EMIL = Target(case_id=core_id(SERVICE, "case", "emil"))


@pytest.fixture
def house(tmp_path: Path) -> Party:
    return party(tmp_path)


def let_in(key: str) -> Actor:
    """A child as it comes in by words and PIN."""
    person = core_id(SERVICE, "person", key)
    return Actor(SERVICE, Realm.FAMILY, person, Assurance.SUBSTANTIAL, enrolment=Enrolment.IN_PERSON)


@pytest.mark.parametrize(
    ("worker", "names"),
    [
        ("kari", ["Emil", "Leila", "Mia", "Sofie"]),  # covering for Jonas adds nobody
        ("jonas", ["Jakob"]),
        ("marit", ["Emil", "Jakob", "Leila", "Mia", "Sofie"]),
    ],
)
def test_a_worker_has_the_children_of_their_own_cases(house: Party, worker: str, names: list[str]) -> None:
    found = house.gateway.children(house.may(house.actor(worker), actions.SEE_CHILDREN), "nb")
    assert [child.first_name for child in found.children] == names
    assert {child.age for child in found.children if child.first_name == "Emil"} <= {9}


@pytest.mark.parametrize(
    ("worker", "child", "may"),
    [
        ("kari", EMIL, True),
        ("marit", EMIL, True),
        ("jonas", EMIL, False),
        ("kari", JAKOB, False),
        ("jonas", JAKOB, True),
    ],
)
def test_who_may_let_a_child_in(house: Party, worker: str, child: Target, *, may: bool) -> None:
    actor = house.actor(worker)
    assert house.gateway.standing(actor, child).child_open_to_worker == Known(may)
    assert isinstance(house.decide(actor, actions.ENROL_CHILD, child), Denied) is not may


def test_a_child_of_others_is_not_among_a_workers_children(house: Party) -> None:
    """Should the portal have decided wrongly, its adapter and the core still keep the child apart."""
    grant = replace(house.may(house.actor("kari"), actions.ENROL_CHILD, EMIL), actor=house.actor("jonas"))
    with pytest.raises(CoreFault):
        house.gateway.children(grant, "nb")


def test_a_family_has_no_such_page(house: Party) -> None:
    grant = replace(house.may(house.actor("kari"), actions.SEE_CHILDREN), actor=house.actor("sofie"))
    with pytest.raises(NotFound):
        house.gateway.children(grant, "nb")


def test_a_child_let_in_reads_its_plan_and_messages_and_no_documents(house: Party) -> None:
    """R4, in the portal and apart from it in the core."""
    child = let_in("emil")
    for action, read in (
        (actions.SEE_OVERVIEW, house.gateway.overview),
        (actions.SEE_PLAN, house.gateway.plan),
        (actions.SEE_CONVERSATION, house.gateway.conversation),
    ):
        assert read(house.may(child, action, OF_EMIL), "nb").content_language == "nb"
    denied = house.decide(child, actions.SEE_DOCUMENTS, OF_EMIL)
    assert isinstance(denied, Denied)
    assert denied.denial is Denial.SCOPE


def test_the_core_gives_no_documents_to_whoever_was_let_in(house: Party) -> None:
    """The same person, the same grant of the portal's: with a national ID it opens, without it does not."""
    sofie = house.actor("sofie")
    case = house.case_of("sofie")
    grant = house.may(sofie, actions.SEE_DOCUMENTS, case)
    assert house.gateway.documents(grant, "nb").case_id == case.case_id
    with pytest.raises(NotFound):
        house.gateway.documents(replace(grant, actor=replace(sofie, enrolment=Enrolment.IN_PERSON)), "nb")
