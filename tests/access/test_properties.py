"""Whatever a core says or leaves out: nothing that R0-R21 forbid gets a grant, and what is not known widens none.

The oracle is written from the rules of the house and knows nothing of `portal.access.checks`.
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings

from portal.access import actions
from portal.access.actions import Needs
from portal.access.grants import NOTHING, Grant, View
from portal.access.standing import UNAVAILABLE, AddressGrade, ChildFacts, CoreGrant, Known, WithheldReason
from portal.domain.people import Assurance, Enrolment, Realm, Relation
from portal.jurisdictions import jurisdiction
from tests.access.worlds import NO, YES, Question, questions, replace_action, unknowns

MANY = settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
ADULT = {"no": 18, "zz": 20}
PARENTS = {Relation.MOTHER, Relation.FATHER}
INSTEAD = PARENTS | {Relation.GUARDIAN, Relation.FOSTER_CARER}
FAMILY = INSTEAD | {Relation.SELF, Relation.LAWYER, Relation.SPOKESPERSON}
OWN_WORDS = {"see_conversation", "see_news", "see_sent", "see_help_answer", "see_requests", "see_my_words"}
OWN_WORDS |= {"see_own_complaints"}
HELP = {"ask_for_help", "see_help_answer", "write_on_help", "see_sent"}
RELEASED = {
    "see_overview",
    "see_plan",
    "see_documents",
    "see_document",
    "see_decisions",
    "see_requests",
    "see_my_words",
    "see_own_complaints",
    "see_rights",
    "see_trail",
}


def forbidden_coming_in(question: Question) -> str | None:
    """What the rules say about the person, whatever the case."""
    action, who = question.action, question.actor
    if action.realm is not None and who.realm is not action.realm:
        return "realms"
    if who.enrolment is Enrolment.IN_PERSON and (
        action.name in {"see_documents", "see_document"} or action.realm is Realm.STAFF
    ):
        return "R4"
    least = {"see_document": Assurance.HIGH}.get(action.name, Assurance.SUBSTANTIAL)
    if action.realm is Realm.STAFF and action.needs is not Needs.SIGNED_IN:
        least = Assurance.HIGH
    if action.needs in {Needs.NOTHING, Needs.SIGNED_IN} or action.name in HELP:
        least = Assurance.LOW
    if who.assurance < least:
        return "assurance"
    if action.name == "see_document" and (who.proved_ago is None or who.proved_ago > timedelta(minutes=5)):
        return "freshness"
    return "R20" if who.locked and action.name in OWN_WORDS else None


def forbidden_by_case(question: Question, given_: CoreGrant, facts: ChildFacts) -> str | None:
    """What the rules say about one grant of the core and the child it is for."""
    name, relation, today = question.action.name, given_.relation, question.today
    family = relation in FAMILY and given_.case_id == "case" and question.action.scope in given_.scopes
    over = given_.valid_from > today or (given_.valid_to is not None and given_.valid_to < today)
    young = isinstance(facts.age, Known) and facts.age.value < ADULT[question.country]
    held = isinstance(facts.responsibility, Known) and facts.responsibility.value.held
    told = name == "see_decisions" and relation in PARENTS | {Relation.GUARDIAN}
    reasons = {
        "R0 grant": not family,
        "R0 dates": over,
        "R0 block": facts.blocked != NO,
        "R9": told and facts.danger != NO,
        "R10": relation in PARENTS and not held and facts.party != YES,
        "R11": name in RELEASED and not isinstance(facts.withheld, Known),
        "R14": name == "choose_who_stays" and relation is not Relation.SELF,
        "R15": relation in INSTEAD and not young,
        "R16 foster carer": relation is Relation.FOSTER_CARER and name in {"see_documents", "see_document"},
        "R16 time": relation in {Relation.LAWYER, Relation.SPOKESPERSON} and given_.valid_to is None,
    }
    return next((reason for reason, against in reasons.items() if against), None)


def forbidden_by_facts(question: Question, decided: Grant) -> str | None:
    """What the rules say with the facts of the core, about the grant that was given."""
    standing, needs = question.standing, question.action.needs
    if needs in {Needs.NOTHING, Needs.SIGNED_IN, Needs.PERSON}:
        return None
    if needs is Needs.REFERRAL:
        return None if standing.referral_mine == YES else "R21"
    if standing.admitted != YES:
        return "R0 admitted"
    if needs is not Needs.CASE:
        return forbidden_to_staff(question)
    if not isinstance(standing.grants, Known):
        return "R0 unknown"
    about = {one.child_id: one for one in standing.children}
    ways = [
        forbidden_by_case(question, one, about.get(one.child_id, ChildFacts(one.child_id)))
        for one in standing.grants.value
        if (one.relation, one.child_id) == (decided.relation, decided.child_id)
    ]
    return None if None in ways else f"no way in: {ways}"


def forbidden_to_staff(question: Question) -> str | None:
    """Staff see what belongs to their own families."""
    standing = question.standing
    roles = standing.worker_roles
    if not (isinstance(roles, Known) and roles.value & {Relation.CASEWORKER, Relation.LEADER}):
        return "no worker"
    if question.action.name in {"see_complaints", "answer_complaint"} and Relation.LEADER not in roles.value:
        return "no leader"
    theirs = {
        Needs.WORKER: YES,
        Needs.THREAD: standing.thread_open_to_worker,
        Needs.CHILD: standing.child_open_to_worker,
        Needs.WORKERS_CASE: standing.case_open_to_worker,
    }
    return None if theirs[question.action.needs] == YES else "not theirs"


def too_wide(question: Question, decided: Grant) -> str | None:
    """R1, R2, R6, R7, R9, R11, R12, R16: what the view opens beyond the rules."""
    if question.action.needs is not Needs.CASE:
        return None if decided.view == NOTHING else "a view of no case"
    about = {one.child_id: one for one in question.standing.children}
    facts = about.get(decided.child_id or "", ChildFacts(""))
    inside = facts.address == Known(AddressGrade.PROTECTED) and facts.inside_protection == YES
    if decided.view.places and not (facts.address == Known(AddressGrade.OPEN) or inside):
        return "R1, R2"
    documents = question.action.name in {"see_documents", "see_document"}
    if decided.view.unnamed and (decided.relation is Relation.FOSTER_CARER or (documents and facts.party != YES)):
        return "R6, R7, R9, R16"
    withheld = decided.view.withheld
    if withheld is None:
        return None
    if not isinstance(facts.withheld, Known):
        return "R11 not known"
    over = {
        one.item_id
        for one in facts.withheld.value
        if one.reason is WithheldReason.HARM or one.investigation_open is not False
    }
    return None if over <= withheld else "R11, R12"


class Count:
    """How often the rules said yes, so that a property about yeses is not proven by noes alone."""

    yes = 0


def test_nothing_that_is_forbidden_gets_a_grant() -> None:
    """Feature Y1, Y2, Y3: R0, R1, R2, R4, R6, R7, R9-R12, R14-R16, R20, R21 and the realms, for any family."""
    count = Count()

    @MANY
    @given(questions())
    def holds(question: Question) -> None:
        decided = question.answer()
        if not isinstance(decided, Grant):
            return
        count.yes += 1
        assert forbidden_coming_in(question) is None
        assert forbidden_by_facts(question, decided) is None
        assert too_wide(question, decided) is None

    holds()
    assert count.yes > 80


def test_the_home_shows_the_doors_of_open_cases_alone() -> None:
    """R0, R10, R15: a door that would not open is not there."""
    count = Count()

    @settings(MANY, max_examples=150)
    @given(questions())
    def holds(question: Question) -> None:
        decided = replace_action(question, actions.SEE_HOME).answer()
        if not isinstance(decided, Grant):
            return
        through = replace_action(question, actions.SEE_OVERVIEW).answer()
        assert ("case" in decided.cases) is isinstance(through, Grant)
        count.yes += "case" in decided.cases

    holds()
    assert count.yes > 3


def test_what_is_not_known_never_opens_more() -> None:
    """Unknown means no (house.md): take any one fact away, and there is no new grant and no wider view."""
    count = Count()

    @settings(MANY, max_examples=150)
    @given(questions())
    def holds(question: Question) -> None:
        before = question.answer()
        for less in unknowns(question):
            after = less.answer()
            if not isinstance(after, Grant) or less.standing == UNAVAILABLE:
                continue
            assert isinstance(before, Grant), (before, less.standing)
            assert within(after.view, before.view)
            assert after.cases <= before.cases
            count.yes += 1

    holds()
    assert count.yes > 200


def within(view: View, wider: View) -> bool:
    """Does the first open nothing that the second does not? Not knowing what is withheld opens nothing."""
    hides = view.withheld is None or (wider.withheld is not None and view.withheld >= wider.withheld)
    return hides and view.places <= wider.places and view.unnamed <= wider.unnamed


@settings(MANY, max_examples=150)
@given(questions())
def test_while_the_core_is_away_nothing_is_read(question: Question) -> None:
    """Words are kept, without a view, a case or a relation; the rules about the person hold all the same."""
    away = Question(question.action, question.actor, UNAVAILABLE, question.target)
    decided = away.answer()
    about_nobody = question.action.needs in {Needs.NOTHING, Needs.SIGNED_IN}
    expected = forbidden_coming_in(away) is None and (question.action.carries_in or about_nobody)
    assert isinstance(decided, Grant) is expected
    if isinstance(decided, Grant):
        assert (decided.view, decided.cases, decided.relation) == (NOTHING, frozenset(), None)
        assert decided.keep_only is not about_nobody


@settings(MANY, max_examples=150)
@given(questions())
def test_a_sibling_is_another_person(question: Question) -> None:
    """R13, R0: what is known about one child, or blocked for it, opens nothing of another's."""
    decided = question.answer()
    others = tuple(
        one for one in question.standing.children if isinstance(decided, Grant) and one.child_id != decided.child_id
    )
    for other in others:
        assert isinstance(decided, Grant)
        changed = question.known(other.child_id, blocked=YES, party=NO, danger=YES).answer()
        assert isinstance(changed, Grant)
        assert (changed.view, changed.child_id) == (decided.view, decided.child_id)


def test_the_age_is_that_of_the_day() -> None:
    """R15: dates belong to the country; the oracle's two ages are those of the two packs."""
    assert {code: jurisdiction(code).ages.adult.on(date(2026, 11, 19)) for code in ADULT} == ADULT
