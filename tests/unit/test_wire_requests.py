"""Wishes, decisions and appeals on the wire: a core that forgets to project makes no page of ours show it."""

from __future__ import annotations

from typing import Any

import pytest

from portal.access.grants import View
from portal.core import wire_requests
from portal.core.errors import CoreFault
from portal.core.projection import Sieve
from portal.domain.decision import Decision
from portal.domain.people import Relation
from portal.domain.request import AppealResult, Outcome
from tests.contract.adapter_samples import DOCUMENT, sample

WHOLE = View(places=True, unnamed=True)


def decided(view: View = WHOLE, relation: Relation = Relation.MOTHER, **changes: object) -> tuple[Decision, ...]:
    """The first decision of the sample, changed, as a reader gets it."""
    one = {**sample("Decisions")["decisions"][0], **changes}
    return wire_requests.decisions(sample("Decisions", decisions=[one]), Sieve(view, relation)).decisions


def asked(**changes: Any) -> dict[str, Any]:
    """The sample with its first wish changed."""
    first, *others = sample("Requests")["requests"]
    return sample("Requests", requests=[{**first, **changes}, *others])


def test_wishes_in_words_of_the_house() -> None:
    answered, waiting = wire_requests.requests(sample("Requests")).requests
    assert answered.answer is not None
    assert answered.answer.outcome is Outcome.NO
    assert answered.appeal_way is not None
    assert [appeal.result for appeal in answered.appeals] == [None, AppealResult.UPHELD]
    assert (waiting.answer, waiting.appeal_way, waiting.answer_by is None) == (None, None, False)
    assert answered.body not in repr(answered)
    assert (answered.answer.text or "?") not in repr(answered)


def test_a_decision_in_words_of_the_house() -> None:
    (found,) = decided()
    assert (found.about_moving, found.document_id) == (True, DOCUMENT)
    assert found.explanation not in repr(found)


@pytest.mark.parametrize(
    ("view", "changes"),
    [
        (View(places=False, unnamed=True), {"bears_place": True}),
        (View(places=True, unnamed=False), {"for_all": True, "named": False}),
        (WHOLE, {"for_all": False, "named": False}),
        (View(places=True, unnamed=True, withheld=frozenset({"decision-1"})), {}),
    ],
)
def test_a_decision_the_view_does_not_leave_is_absent(view: View, changes: dict[str, Any]) -> None:
    assert decided(view, **changes) == ()


def test_where_the_text_is_withheld_the_decision_is_told_and_nothing_leads_to_the_text() -> None:
    (found,) = decided(View(places=True, unnamed=True, withheld=frozenset({DOCUMENT})))
    assert found.document_id is None


def test_words_for_the_team_alone_and_a_no_without_a_why_are_faults() -> None:
    answer = sample("Requests")["requests"][0]["answer"]
    for wrong in ({"outcome": None}, {"reason": None}, {"outcome": "partly", "reason": None}, {"outcome": "granted"}):
        with pytest.raises(CoreFault):
            wire_requests.requests(asked(answer={**answer, **wrong}))


def test_nothing_stands_twice() -> None:
    wish, decision = sample("Requests")["requests"][0], sample("Decisions")["decisions"][0]
    with pytest.raises(CoreFault):
        wire_requests.requests(sample("Requests", requests=[wish, wish]))
    with pytest.raises(CoreFault):
        wire_requests.decisions(sample("Decisions", decisions=[decision, decision]), Sieve(WHOLE, Relation.SELF))
