"""What one has a right to: by phase and reader, from the country's pack, in words one can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import Browser


def page_of(child: str) -> str:
    return f"/en/cases/{core_id('fjordvik', 'case', child)}/rights"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def read(browser: Browser, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200
    return page.get_data(as_text=True)


def test_a_child_reads_every_right_in_its_own_words_without_a_paragraph_of_law(house: House) -> None:
    """Feature C8: what is voluntary, lawyer, somebody to be there, interpreter, disagreeing, and what is written."""
    page = read(house.signed_in("sofie", language="en"), page_of("sofie"))
    for asked in (
        "Do I have to?",
        "Can I have a lawyer?",
        "Can someone be with me?",
        "Can I speak my own language?",
        "Can I disagree?",
        "Can I see what you write?",
    ):
        assert asked in page
    assert "barnevernsloven" not in page
    assert "Statsforvalteren" in page or "The County Governor" in page


def test_a_parent_reads_the_law_by_name_and_what_a_lawyer_has_still_to_look_at(house: House) -> None:
    """Feature C8."""
    page = read(house.signed_in("ingrid", language="en"), page_of("sofie"))
    for told in ("What is voluntary", "A lawyer", "Somebody with you", "An interpreter", "Appeals and complaints"):
        assert told in page
    assert "§ 3-1" in page
    assert "(to be checked by a lawyer)" in page


@pytest.mark.parametrize(
    ("person", "child", "says", "ends"),
    [
        ("ingrid", "sofie", "Help at home is as a rule voluntary", True),
        ("anne", "jakob", "without your consent", False),
        ("shirin", "leila", "decided by the tribunal. Ask us which", False),
    ],
)
def test_what_is_voluntary_is_that_of_the_phase(house: House, person: str, child: str, says: str, ends: bool) -> None:  # noqa: FBT001 a table
    """Feature C8: who no longer agrees has a button to the worker where something can be ended, and nowhere else."""
    page = read(house.signed_in(person, language="en"), page_of(child))
    assert says in page
    assert ("I no longer agree" in page) is ends
    assert (f"{page_of(child)}/agree" in page) is ends


def test_it_is_one_tap_down_for_a_child(house: House) -> None:
    front = read(house.signed_in("sofie", language="en"), page_of("sofie").removesuffix("/rights"))
    assert front.index("<details>") < front.index(page_of("sofie")) < front.index("</details>")


def test_a_foster_carer_is_told_of_the_phase_that_names_her_and_of_no_other(house: House) -> None:
    """R16, R17."""
    page = read(house.signed_in("bjorg", language="en"), page_of("leila"))
    assert "decided by the tribunal. Ask us which" in page
    assert "Help at home is as a rule voluntary" not in page


def test_somebody_elses_case_is_the_one_no(house: House) -> None:
    kent = house.signed_in("kent", language="en")
    answer, other = kent.get(page_of("mia")), kent.get(page_of("nobody"))
    assert (answer.status_code, answer.data) == (404, other.data)
