"""What is new in the plan since somebody looked is read at the top of it, before and now beside each other."""

from __future__ import annotations

import pytest

from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import parsed, text_of

SERVICE = "fjordvik"
CASE = core_id(SERVICE, "case", "sofie")
PLAN = f"/cases/{CASE}/plan"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def test_a_worker_sees_it_as_the_child_would_and_that_is_no_look_of_the_child(house: House) -> None:
    preview = f"/staff/preview/{CASE}/{core_id(SERVICE, 'person', 'sofie')}/plan"
    staff = house.signed_in("kari", language="en")
    for _ in range(2):
        assert "What is new since you looked" in text_of(parsed(staff.get(preview)))
        house.clock.pass_(days=1)
        staff = house.signed_in("kari", language="en")


def test_the_child_reads_what_it_said_before_and_what_it_says_now(house: House) -> None:
    """Feature P4."""
    page = text_of(parsed(house.signed_in("sofie", language="en").get(PLAN)))
    assert "Changed Before: En dag i uka kan du gjøre lekser hos mormor. Now: To dager i uka" in page
    assert "Taken out Mandager kan du få hjelp med lekser på biblioteket." in page


def test_who_never_looked_reads_of_nothing_new(house: House) -> None:
    assert "What is new since you looked" not in text_of(parsed(house.signed_in("thomas", language="en").get(PLAN)))
