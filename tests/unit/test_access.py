"""The policy, rule by rule, without any core: known opens, unknown denies, the first no wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.access import actions
from portal.access.actions import ACTIONS, Action, Needs, Scope
from portal.access.decide import decide
from portal.access.grants import Denial, Denied, Grant
from portal.access.standing import (
    UNAVAILABLE,
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
)
from portal.domain.people import GUARDIANSHIP, Actor, Assurance, Enrolment, Realm, Relation
from portal.jurisdictions import jurisdiction

TODAY = date(2026, 11, 19)
CASE = Target(case_id="case")
UNKNOWN = Missing.UNKNOWN
AGES = jurisdiction("no").ages


def person(assurance: Assurance = Assurance.HIGH, realm: Realm = Realm.FAMILY) -> Actor:
    return Actor("fjordvik", realm, "person", assurance, proved_ago=timedelta(seconds=10))


IN_PERSON = replace(person(Assurance.SUBSTANTIAL), enrolment=Enrolment.IN_PERSON)
"""A child whom a caseworker has let in (rules.md R4)."""


def core_grant(**changes: object) -> CoreGrant:
    whole = CoreGrant("case", "child", Relation.MOTHER, frozenset(Scope), TODAY - timedelta(days=9), None, "decision")
    return replace(whole, **changes)  # type: ignore[arg-type]


def facts(**changes: object) -> ChildFacts:
    whole = ChildFacts(
        "child",
        Known(False),
        Known(AddressGrade.OPEN),
        Known(False),
        Known(9),
        Known(True),
        Known(()),
        Known(Responsibility(held=True, source=ResponsibilitySource.REGISTER)),
        Known(False),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


YES: Fact[bool] = Known(True)


def standing(*grants: CoreGrant, child: ChildFacts | None = None, admitted: Fact[bool] = YES) -> Standing:
    return Standing(admitted, Known(grants), (child or facts(),))


def decided(
    told: Standing, action: Action = actions.SEE_OVERVIEW, who: Actor | None = None, target: Target = CASE
) -> Grant | Denial:
    decision = decide(action, who or person(), told, target, TODAY, ages=AGES)
    return decision.denial if isinstance(decision, Denied) else decision


def test_an_active_grant_opens() -> None:
    opened = decided(standing(core_grant()))
    assert isinstance(opened, Grant)
    assert (opened.relation, opened.child_id) == (Relation.MOTHER, "child")
    assert (opened.view.places, opened.keep_only) == (True, False)


@pytest.mark.parametrize(
    ("told", "denial"),
    [
        (standing(), Denial.NO_GRANT),
        (standing(core_grant(case_id="other")), Denial.NO_GRANT),
        (standing(core_grant(scopes=frozenset({Scope.PLAN}))), Denial.NO_GRANT),
        (standing(core_grant(relation=Relation.CASEWORKER)), Denial.NO_GRANT),
        (standing(core_grant(valid_from=TODAY + timedelta(days=1))), Denial.EXPIRED),
        (standing(core_grant(valid_to=TODAY - timedelta(days=1))), Denial.EXPIRED),
        (standing(core_grant(), child=facts(blocked=Known(True))), Denial.BLOCKED),
        (standing(core_grant(), child=facts(blocked=UNKNOWN)), Denial.UNKNOWN_FACT),
        (standing(core_grant(), child=facts(age=Known(18))), Denial.EXPIRED),
        (standing(core_grant(), child=facts(age=UNKNOWN)), Denial.UNKNOWN_FACT),
        (standing(core_grant(), child=facts(child_id="sibling")), Denial.UNKNOWN_FACT),
        (standing(core_grant(), admitted=Known(False)), Denial.NOT_ADMITTED),
        (standing(core_grant(), admitted=UNKNOWN), Denial.UNKNOWN_FACT),
        (replace(standing(), grants=UNKNOWN), Denial.UNKNOWN_FACT),
        (UNAVAILABLE, Denial.UNAVAILABLE),
    ],
)
def test_what_denies(told: Standing, denial: Denial) -> None:
    assert decided(told) is denial


def test_the_last_day_of_a_grant_still_counts() -> None:
    assert isinstance(decided(standing(core_grant(valid_to=TODAY))), Grant)


def test_an_ended_grant_does_not_hide_an_active_one() -> None:
    told = standing(core_grant(valid_to=TODAY - timedelta(days=1)), core_grant())
    assert isinstance(decided(told), Grant)


def test_at_18_the_young_adult_keeps_what_guardians_lose() -> None:
    told = standing(core_grant(relation=Relation.SELF), child=facts(age=Known(18)))
    assert isinstance(decided(told), Grant)


@pytest.mark.parametrize(
    ("address", "inside", "shown"),
    [
        (Known(AddressGrade.OPEN), UNKNOWN, True),
        (Known(AddressGrade.HIDDEN_FROM_PERSON), Known(True), False),
        (Known(AddressGrade.PROTECTED), Known(True), True),
        (Known(AddressGrade.PROTECTED), Known(False), False),
        (Known(AddressGrade.PROTECTED), UNKNOWN, False),
        (UNKNOWN, Known(True), False),
    ],
)
def test_places_are_shown_to_those_known_to_be_inside(
    address: Fact[AddressGrade], inside: Fact[bool], *, shown: bool
) -> None:
    opened = decided(standing(core_grant(), child=facts(address=address, inside_protection=inside)))
    assert isinstance(opened, Grant)
    assert opened.view.places is shown


def test_realms_and_assurance_come_first() -> None:
    told = standing(core_grant())
    assert decided(told, who=person(realm=Realm.STAFF)) is Denial.REALM
    assert decided(told, who=person(Assurance.LOW)) is Denial.ASSURANCE
    assert decided(told, actions.SEE_INBOX) is Denial.REALM


@pytest.mark.parametrize("action", [a for a in ACTIONS.values() if a.needs not in {Needs.NOTHING, Needs.SIGNED_IN}])
def test_while_the_core_is_down_words_are_kept_and_nothing_is_read(action: Action) -> None:
    who = person(realm=action.realm or Realm.FAMILY)
    answer = decided(UNAVAILABLE, action, who)
    if action.carries_in:
        assert isinstance(answer, Grant)
        assert answer.keep_only
        assert not answer.view.places
    else:
        assert answer is Denial.UNAVAILABLE


def test_asking_for_help_needs_nothing_but_a_person() -> None:
    for told in (UNAVAILABLE, standing(admitted=Known(False))):
        assert isinstance(decided(told, actions.ASK_FOR_HELP, person(Assurance.LOW), Target()), Grant)


@pytest.mark.parametrize("action", [actions.SEE_HELP_ANSWER, actions.WRITE_ON_HELP])
def test_ones_own_asking_for_help_is_ones_own(action: Action) -> None:
    target = Target(referral_id="asked")
    facts_told: tuple[tuple[Fact[bool], bool], ...] = ((Known(True), True), (Known(False), False), (UNKNOWN, False))
    for told, opens in facts_told:
        answer = decided(replace(standing(), referral_mine=told), action, person(Assurance.LOW), target)
        assert isinstance(answer, Grant) is opens


def test_staff_open_threads_the_core_opens_to_them() -> None:
    worker = person(realm=Realm.STAFF)
    target = Target(thread_id="thread")
    roles: Fact[frozenset[Relation]] = Known(frozenset({Relation.CASEWORKER}))
    base = replace(standing(), worker_roles=roles, thread_open_to_worker=Known(True))
    assert isinstance(decided(base, actions.READ_THREAD, worker, target), Grant)
    assert isinstance(decided(base, actions.SEE_INBOX, worker, Target()), Grant)
    for told in (
        replace(base, thread_open_to_worker=Known(False)),
        replace(base, thread_open_to_worker=UNKNOWN),
        replace(base, worker_roles=UNKNOWN),
        replace(base, worker_roles=Known(frozenset({Relation.MOTHER}))),
        replace(base, admitted=Known(False)),
    ):
        assert isinstance(decided(told, actions.READ_THREAD, worker, target), Denial)


def of(known: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(st.just(Missing.UNKNOWN), st.just(Missing.UNAVAILABLE), st.builds(Known, known))


@given(
    blocked=of(st.booleans()),
    address=of(st.sampled_from(AddressGrade)),
    inside=of(st.booleans()),
    age=of(st.integers(0, 30)),
    admitted=of(st.booleans()),
    relation=st.sampled_from(Relation),
    begins=st.integers(-3, 3),
    ends=st.one_of(st.none(), st.integers(-3, 3)),
    action=st.sampled_from([a for a in ACTIONS.values() if a.needs is Needs.CASE]),
)
def test_no_combination_opens_without_every_fact(  # noqa: PLR0917 one argument a fact
    blocked: Fact[bool], address: Fact[AddressGrade], inside: Fact[bool], age: Fact[int], admitted: Fact[bool],
    relation: Relation, begins: int, ends: int | None, action: Action,
) -> None:  # fmt: skip
    """Whatever the core says or leaves out: open only when admitted, granted today, not blocked, and young enough."""
    valid_to = None if ends is None else TODAY + timedelta(days=ends)
    told = standing(
        core_grant(relation=relation, valid_from=TODAY + timedelta(days=begins), valid_to=valid_to),
        child=facts(blocked=blocked, address=address, inside_protection=inside, age=age),
        admitted=admitted,
    )
    answer = decided(told, action)
    if not isinstance(answer, Grant):
        return
    assert admitted == Known(True)
    assert blocked == Known(False)
    assert begins <= 0
    assert ends is None or ends >= 0
    assert relation not in {Relation.CASEWORKER, Relation.LEADER}
    assert relation not in GUARDIANSHIP or (isinstance(age, Known) and age.value < 18)
    if answer.view.places:
        assert address != Known(AddressGrade.HIDDEN_FROM_PERSON)
        assert isinstance(address, Known)
        assert address.value is AddressGrade.OPEN or inside == Known(True)


@pytest.mark.parametrize("action", [a for a in ACTIONS.values() if a.freshness is not None])
def test_what_asks_for_a_fresh_proof_opens_for_nobody_without_one(action: Action) -> None:
    """Item 28, and issue: "actions declare assurance and freshness"."""
    told = standing(core_grant())
    fresh = timedelta(seconds=1) + action.freshness if action.freshness else timedelta()
    assert isinstance(decided(told, action), Grant)
    assert decided(told, action, replace(person(), proved_ago=fresh)) is Denial.FRESHNESS
    assert decided(told, action, replace(person(), proved_ago=None)) is Denial.FRESHNESS


def test_how_long_ago_counts_until_the_last_second() -> None:
    exactly = replace(person(), proved_ago=actions.SEE_DOCUMENT.freshness)
    assert isinstance(decided(standing(core_grant()), actions.SEE_DOCUMENT, exactly), Grant)


@pytest.mark.parametrize("action", list(ACTIONS.values()), ids=lambda action: str(action.name))
def test_help_and_writing_never_need_more_than_a_way_in(action: Action) -> None:
    """R8 and "Help": nothing that carries words in asks for a fresh or sure sign-in, a code, or a national ID."""
    if action.carries_in and action.realm is Realm.FAMILY:
        assert action.freshness is None
        assert action.assurance <= Assurance.SUBSTANTIAL
        assert action.in_person
        assert not action.own_words
    if action.name in {"ask_for_help", "see_help_answer", "write_on_help", "see_sent"}:
        assert action.assurance is Assurance.LOW


def test_a_child_let_in_by_a_worker_sees_what_the_rules_name_and_nothing_else() -> None:
    """R4: own messages and views, the plan, visits, meetings. Staff pages and documents never."""
    own = replace(core_grant(), relation=Relation.SELF)
    for action in ACTIONS.values():
        if action.needs is not Needs.CASE:
            continue
        expected = Denial.SCOPE if action in {actions.SEE_DOCUMENTS, actions.SEE_DOCUMENT} else None
        answer = decided(standing(own), action, IN_PERSON)
        assert (answer if expected else isinstance(answer, Grant)) == (expected or True), action.name
    assert decided(standing(own), actions.SEE_INBOX, IN_PERSON) is Denial.REALM


def test_nothing_new_is_open_to_a_child_let_in_by_a_worker_unless_it_says_so() -> None:
    assert not Action("new", Realm.FAMILY, Needs.CASE, Scope.PLAN).in_person


@pytest.mark.parametrize("action", list(ACTIONS.values()), ids=lambda action: str(action.name))
def test_a_code_of_ones_own_stands_before_ones_own_words_only(action: Action) -> None:
    """R20."""
    who = replace(person(realm=action.realm or Realm.FAMILY), locked=True)
    answer = decided(UNAVAILABLE, action, who)
    assert (answer is Denial.LOCKED) is action.own_words
    own = {"see_conversation", "see_news", "see_sent", "see_help_answer", "see_requests", "see_my_words", "see_trail"}
    own |= {"see_who_stays", "see_own_complaints"}
    assert action.own_words is (action.name in own)


def test_a_child_is_let_in_by_a_worker_of_its_own_cases() -> None:
    """R4; unknown denies."""
    target = Target(child_id="child")
    kari = person(realm=Realm.STAFF)
    worker: Fact[frozenset[Relation]] = Known(frozenset({Relation.CASEWORKER}))
    base = replace(standing(), worker_roles=worker, child_open_to_worker=Known(True))
    assert isinstance(decided(base, actions.ENROL_CHILD, kari, target), Grant)
    assert decided(replace(base, child_open_to_worker=Known(False)), actions.ENROL_CHILD, kari) is Denial.NO_GRANT
    assert decided(replace(base, child_open_to_worker=UNKNOWN), actions.ENROL_CHILD, kari) is Denial.UNKNOWN_FACT
    assert decided(replace(base, worker_roles=UNKNOWN), actions.ENROL_CHILD, kari) is Denial.UNKNOWN_FACT
    assert decided(replace(base, worker_roles=Known(frozenset())), actions.ENROL_CHILD, kari) is Denial.NO_GRANT
