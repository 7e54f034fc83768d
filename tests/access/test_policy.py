"""The page for lawyers is what the code does; each rule stands in it, and each that can deny does so by itself."""

from __future__ import annotations

import runpy
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.access import actions, rules
from portal.access.actions import ACTIONS
from portal.access.grants import Denial, Denied, Grant
from portal.access.plain_words import DOES
from portal.access.policy import page
from portal.access.rules import COMING_IN, FACTS, Rule
from portal.access.standing import Known, Missing, Target, WithheldItem, WithheldReason
from portal.domain.people import Assurance, Enrolment, Realm, Relation
from portal.jurisdictions import jurisdiction
from tests.access.worlds import NO, TODAY, YES, Question, allowed, grant

ALL = (*COMING_IN, *FACTS)
DOCS = Path(__file__).parents[2] / "docs" / "access-policy.md"


def with_actor(question: Question, **changes: object) -> Question:
    return replace(question, actor=replace(question.actor, **changes))  # type: ignore[arg-type]


def with_standing(question: Question, **changes: object) -> Question:
    return replace(question, standing=replace(question.standing, **changes))  # type: ignore[arg-type]


UNKNOWN = Missing.UNKNOWN
FRONT, DOCUMENT = allowed(actions.SEE_OVERVIEW), allowed(actions.SEE_DOCUMENT)
ONLY_THIS_RULE_DENIES: dict[str, Question] = {
    "own_realm": with_actor(FRONT, realm=Realm.STAFF),
    "let_in_person": with_actor(DOCUMENT, enrolment=Enrolment.IN_PERSON),
    "sure_enough": with_actor(DOCUMENT, assurance=Assurance.SUBSTANTIAL),
    "fresh_enough": with_actor(DOCUMENT, proved_ago=timedelta(minutes=6)),
    "own_code": with_actor(allowed(actions.SEE_CONVERSATION), locked=True),
    "admitted": with_standing(FRONT, admitted=NO),
    "granted": allowed(actions.SEE_OVERVIEW, grant(valid_to=TODAY - timedelta(days=1))),
    "not_blocked": FRONT.known(blocked=YES),
    "own_space": allowed(actions.CHOOSE_WHO_STAYS, grant()),
    "of_age": FRONT.known(age=Known(18)),
    "told_of_decisions": allowed(actions.SEE_DECISIONS).known(danger=YES),
    "responsible": FRONT.known(responsibility=UNKNOWN, party=NO),
    "withheld_is_known": FRONT.known(withheld=UNKNOWN),
    "only_their_part": allowed(actions.SEE_OVERVIEW, grant(Relation.LAWYER, valid_to=None)),
    "own_referral": with_standing(allowed(actions.SEE_HELP_ANSWER), referral_mine=NO),
    "works_here": with_standing(allowed(actions.SEE_INBOX), worker_roles=UNKNOWN),
    "own_families": with_standing(allowed(actions.READ_THREAD), thread_open_to_worker=NO),
}


def test_the_page_in_the_documents_is_what_the_code_does() -> None:
    assert page(jurisdiction("no")) == DOCS.read_text("utf-8"), "python -m portal.access.policy > docs/access-policy.md"


def test_every_rule_of_the_house_stands_in_the_table() -> None:
    """Issue 4, deliver 1: R0 to R21, none forgotten, none invented; and all of them on the page."""
    numbers = {rule.number for rule in ALL if rule.number}
    assert numbers == {f"R{number}" for number in range(22)}
    written = DOCS.read_text("utf-8")
    assert all(rule.says in written for rule in ALL)
    assert all(f"| {number} |" in written for number in numbers)


def test_whoever_keeps_a_rule_has_what_it_takes() -> None:
    """A rule the portal keeps denies or takes something out, or stands here with where it is kept."""
    elsewhere = {"R8", "R19"}  # a page for decisions at any age and assurance; one answer for every no: `web.errors`
    for rule in ALL:
        if rule.keeper in {rules.Keeper.PORTAL, rules.Keeper.BOTH} and rule.number not in elsewhere:
            assert rule.denies is not None or rule.narrows, rule.number


def test_every_action_is_told_in_plain_words() -> None:
    assert set(DOES) == set(ACTIONS), "say in portal/access/plain_words.py what the action does"


def test_a_country_that_has_said_nothing_is_seen_at_once() -> None:
    """A second country: nothing of the first, and no source that is silently missing."""
    other = page(jurisdiction("zz"))
    assert "**not known**" in other
    assert "barnevern" not in other


def test_there_is_an_example_for_every_rule_that_denies() -> None:
    assert set(ONLY_THIS_RULE_DENIES) == {rule.denies.__name__ for rule in ALL if rule.denies is not None}


@pytest.mark.parametrize("rule", [rule for rule in ALL if rule.denies], ids=lambda rule: str(rule.denies.__name__))
def test_without_the_rule_somebody_would_get_in(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rule is needed: its example is denied, and opens when that one rule is taken out of the table."""
    assert rule.denies is not None
    question = ONLY_THIS_RULE_DENIES[rule.denies.__name__]
    assert isinstance(question.answer(), Denied)
    monkeypatch.setattr(rules, "COMING_IN", tuple(other for other in COMING_IN if other is not rule))
    monkeypatch.setattr(rules, "FACTS", tuple(other for other in FACTS if other is not rule))
    assert isinstance(question.answer(), Grant)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: str(action.name))
def test_the_examples_start_from_a_yes(action: actions.Action) -> None:
    assert isinstance(allowed(action).answer(), Grant)


def test_foster_carers_read_no_documents_and_only_what_bears_their_name() -> None:
    """R16, and what is released to everybody else is not for them."""
    carer = grant(Relation.FOSTER_CARER)
    refused = allowed(actions.SEE_DOCUMENTS, carer).answer()
    assert isinstance(refused, Denied)
    assert refused.denial is Denial.NOT_ENTITLED
    opened = allowed(actions.SEE_PLAN, carer).answer()
    assert isinstance(opened, Grant)
    assert not opened.view.unnamed


def test_an_item_for_which_something_is_not_known_is_withheld_all_the_same() -> None:
    """R11, R12: only an investigation that is known to have ended gives its items back."""
    given_back = WithheldItem("over", WithheldReason.INVESTIGATION, None, None, investigation_open=False)
    kept = (
        WithheldItem("open", WithheldReason.INVESTIGATION, "leader", TODAY, investigation_open=True),
        WithheldItem("unsaid", WithheldReason.INVESTIGATION, None, None, investigation_open=None),
        WithheldItem("harm", WithheldReason.HARM, "leader", TODAY - timedelta(days=9), investigation_open=False),
    )
    opened = FRONT.known(withheld=Known((given_back, *kept))).answer()
    assert isinstance(opened, Grant)
    assert opened.view.withheld == frozenset(item.item_id for item in kept)


def test_a_page_that_only_carries_words_in_shows_nothing_while_it_is_not_known_what_is_withheld() -> None:
    opened = allowed(actions.ASK_TO_SEE_MORE).known(withheld=UNKNOWN).answer()
    assert isinstance(opened, Grant)
    assert opened.view.withheld is None


def test_a_target_is_one_thing() -> None:
    assert [Target(case_id="c").id, Target(thread_id="t").id, Target(referral_id="r").id, Target().id] == [
        "c",
        "t",
        "r",
        None,
    ]


def test_the_page_is_printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["policy", "zz"])
    monkeypatch.delitem(sys.modules, "portal.access.policy")
    runpy.run_module("portal.access.policy", run_name="__main__")
    assert capsys.readouterr().out == page(jurisdiction("zz"))
