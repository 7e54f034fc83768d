"""Visits on the wire: a core that forgets to project makes no page of ours show it."""

from __future__ import annotations

from typing import Any

import pytest

from portal.access.grants import View
from portal.core import wire_visits
from portal.core.errors import CoreFault
from portal.core.projection import Sieve
from portal.domain.people import Relation
from portal.domain.visits import Visits, VisitWish
from tests.contract.adapter_samples import sample

WHOLE = View(places=True, unnamed=True)
NO_PLACES = View(places=False, unnamed=True)
FOR_OTHERS: dict[str, Any] = {"for_all": False, "named": False}


def read(view: View = WHOLE, name: str = "", **changes: Any) -> Visits:
    """The sample, the first entry of one of its lists changed, as a mother gets it."""
    page = sample("Visits")
    if name:
        page[name][0].update(changes)
    return wire_visits.visits(page, Sieve(view, Relation.MOTHER))


def test_visits_in_words_of_the_house() -> None:
    found = read()
    assert [one.text for one in found.living] == ["Du bor hos mamma"]
    assert (found.visits[0].arrangement_id, found.visits[0].cancelled_reason) == ("arrangement-1", "Pappa er syk")
    assert (found.said[0].wish, found.said[0].answered_by) == (VisitWish.LESS, "Kari")
    for said in (found.living[0].text, found.said[0].body, found.said[0].answer):
        assert str(said) not in repr(found)
    assert [found.has(one) for one in (None, "arrangement-1", "a-1", "living-1")] == [True, True, True, False]


def test_a_place_goes_and_the_time_stays() -> None:
    """Feature C7, R1, R2."""
    found = read(NO_PLACES)
    assert (found.arrangements[0].place, found.visits[0].place) == (None, None)
    assert found.visits[0].title == "Helg hos pappa"


def test_of_an_arrangement_that_is_taken_out_its_visits_tell_nothing() -> None:
    """Feature C7, R17."""
    found = read(name="arrangements", **FOR_OTHERS)
    assert found.arrangements == ()
    assert found.visits[0].arrangement_id is None


def test_what_somebody_else_said_is_never_shown() -> None:
    """Feature C7, R13."""
    assert read(name="said", mine=False).said == ()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("said", {"wish": "never"}),
        ("visits", {"id": "arrangement-1"}),
        ("visits", {"starts_at": "2031-03-06"}),
        ("arrangements", {"street": "Storgata 1"}),
    ],
)
def test_what_is_not_whole_is_no_page(name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(CoreFault):
        read(name=name, **changes)
