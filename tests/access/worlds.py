"""One question in which everything is allowed, and strategies that draw any other: families, dates, facts, actors."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from portal.access.actions import ACTIONS, Action, Needs, Scope
from portal.access.decide import decide
from portal.access.grants import Denied, Grant
from portal.access.standing import (
    AddressGrade,
    ChildFacts,
    CoreGrant,
    Known,
    Missing,
    Responsibility,
    ResponsibilitySource,
    Standing,
    Target,
    WithheldItem,
    WithheldReason,
)
from portal.domain.people import Actor, Assurance, Enrolment, Realm, Relation
from portal.jurisdictions import jurisdiction

TODAY = date(2026, 11, 19)
YES, NO = Known(value=True), Known(value=False)
CHILD, SIBLING = "the-child", "the-sibling"


@dataclass(frozen=True)
class Question:
    """Everything `decide` is asked with."""

    action: Action
    actor: Actor
    standing: Standing
    target: Target
    country: str = "no"
    today: date = TODAY

    def answer(self) -> Grant | Denied:
        """What the rules say."""
        ages = jurisdiction(self.country).ages
        return decide(self.action, self.actor, self.standing, self.target, self.today, ages=ages)

    def known(self, child: str = CHILD, **facts: object) -> Question:
        """The same, with other facts about a child."""
        children = tuple(
            replace(one, **facts) if one.child_id == child else one  # type: ignore[arg-type]
            for one in self.standing.children
        )
        return replace(self, standing=replace(self.standing, children=children))


def actor(**changes: Any) -> Actor:
    """A person who has just signed in as surely as there is."""
    whole = Actor("fjordvik", Realm.FAMILY, "person", Assurance.HIGH, proved_ago=timedelta(seconds=9))
    return replace(whole, **changes)


def grant(relation: Relation = Relation.MOTHER, **changes: Any) -> CoreGrant:
    """A core's grant that holds today for everything."""
    last = TODAY + timedelta(days=30)
    whole = CoreGrant("case", CHILD, relation, frozenset(Scope), TODAY - timedelta(days=30), last, "decision")
    return replace(whole, **changes)


def child(child_id: str = CHILD) -> ChildFacts:
    """A child about whom nothing stands in the way."""
    held = Known(Responsibility(held=True, source=ResponsibilitySource.REGISTER))
    open_ = Known(AddressGrade.OPEN)
    return ChildFacts(child_id, NO, open_, NO, Known(9), YES, Known(()), held, NO)


def allowed(action: Action, *grants: CoreGrant) -> Question:
    """A question the rules say yes to."""
    target = {
        Needs.CASE: Target(case_id="case"),
        Needs.WORKERS_CASE: Target(case_id="case", person_id="person"),
        Needs.THREAD: Target(thread_id="thread"),
        Needs.REFERRAL: Target(referral_id="referral"),
        Needs.CHILD: Target(child_id=CHILD),
    }.get(action.needs, Target())
    relation = Relation.SELF if action.relations else Relation.MOTHER
    roles = Known(frozenset({Relation.CASEWORKER, Relation.LEADER}))
    standing = Standing(YES, Known(grants or (grant(relation),)), (child(),), roles, YES, YES, YES, YES)
    return Question(action, actor(realm=action.realm or Realm.FAMILY), standing, target)


def fact(usual: object, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what allows, so that everything else is tried alone, too; else anything, or nothing known."""
    return st.one_of(
        st.just(Known(usual)),
        st.just(Known(usual)),
        st.just(Known(usual)),
        st.builds(Known, other),
        st.sampled_from(Missing),
    )


ITEMS = st.builds(
    WithheldItem,
    st.sampled_from(["one", "two", "three"]),
    st.sampled_from(WithheldReason),
    st.sampled_from([None, "leader"]),
    st.sampled_from([None, TODAY - timedelta(days=1), TODAY + timedelta(days=1)]),
    st.sampled_from([None, True, False]),
)
_OPEN = Responsibility(held=True, source=ResponsibilitySource.COURT)
_HELD = st.builds(Responsibility, st.booleans(), st.sampled_from(ResponsibilitySource))


def children(child_id: str) -> st.SearchStrategy[ChildFacts]:
    """What a core may say about one child."""
    return st.builds(
        ChildFacts,
        st.just(child_id),
        blocked=fact(usual=False, other=st.booleans()),
        address=fact(AddressGrade.OPEN, st.sampled_from(AddressGrade)),
        inside_protection=fact(usual=False, other=st.booleans()),
        age=fact(9, st.integers(0, 22)),
        party=fact(usual=True, other=st.booleans()),
        withheld=fact((), st.lists(ITEMS, max_size=3).map(tuple)),
        responsibility=fact(_OPEN, _HELD),
        danger=fact(usual=False, other=st.booleans()),
    )


_DAYS = st.integers(-2, 2).map(lambda days: TODAY + timedelta(days=days))
_BEFORE, _AFTER = TODAY - timedelta(days=9), TODAY + timedelta(days=9)
GRANTS = st.builds(
    CoreGrant,
    st.sampled_from(["case", "case", "case", "other"]),
    st.sampled_from([CHILD, CHILD, SIBLING]),
    st.sampled_from([*Relation, *Relation, Relation.SELF, Relation.MOTHER]),
    st.one_of(st.just(frozenset(Scope)), st.frozensets(st.sampled_from(Scope))),
    st.one_of(st.just(_BEFORE), st.just(_BEFORE), _DAYS),
    st.one_of(st.just(None), st.just(_AFTER), st.just(_AFTER), _DAYS),
    st.sampled_from(["decision", "tribunal"]),
)
_STAFF_FACT = fact(usual=True, other=st.booleans())
STANDINGS = st.builds(
    Standing,
    admitted=fact(usual=True, other=st.booleans()),
    grants=fact((grant(),), st.lists(GRANTS, max_size=3).map(tuple)) | st.builds(Known, st.tuples(GRANTS)),
    children=st.tuples(children(CHILD), children(SIBLING)) | st.tuples(children(CHILD)),
    worker_roles=fact(frozenset({Relation.CASEWORKER}), st.frozensets(st.sampled_from(Relation), max_size=2)),
    thread_open_to_worker=_STAFF_FACT,
    referral_mine=_STAFF_FACT,
    child_open_to_worker=_STAFF_FACT,
    case_open_to_worker=_STAFF_FACT,
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Anybody who wants anything."""
    action = draw(st.sampled_from(list(ACTIONS.values())))
    realm = draw(st.sampled_from([action.realm or Realm.FAMILY] * 4 + list(Realm)))
    who = actor(
        realm=realm,
        assurance=draw(st.sampled_from([Assurance.HIGH, Assurance.HIGH, *Assurance])),
        enrolment=draw(st.sampled_from([Enrolment.EID, Enrolment.EID, *Enrolment])),
        proved_ago=draw(st.sampled_from([timedelta(0), timedelta(minutes=5), timedelta(minutes=6), None])),
        locked=draw(st.sampled_from([False, False, True])),
    )
    return Question(
        action, who, draw(STANDINGS), allowed(action).target, country=draw(st.sampled_from(["no", "no", "zz"]))
    )


def unknowns(question: Question) -> list[Question]:
    """The same question, each time with one of its facts gone."""
    standing = question.standing
    found = []
    for name in (one.name for one in fields(Standing) if one.name != "children"):
        if isinstance(getattr(standing, name), Known):
            found += [replace(standing, **{name: missing}) for missing in Missing]  # type: ignore[arg-type]
    asked = [replace(question, standing=one) for one in found]
    for one in standing.children:
        for name in (each.name for each in fields(ChildFacts) if each.name != "child_id"):
            if isinstance(getattr(one, name), Known):
                asked += [question.known(one.child_id, **{name: missing}) for missing in Missing]
    return asked


def replace_action(question: Question, action: Action) -> Question:
    """The same person and facts, about something else."""
    return replace(question, action=action, target=allowed(action).target)
