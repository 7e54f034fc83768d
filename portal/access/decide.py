"""The one decision. Called by `web.gate`, by `outbox.send` just before delivery, and before a notice."""

from __future__ import annotations

from datetime import date

from portal.access import rules
from portal.access.actions import Action, Needs
from portal.access.grants import SEAL, Denial, Denied, Grant
from portal.access.standing import UNAVAILABLE, Standing, Target
from portal.domain.people import Actor, Relation


def decide(action: Action, actor: Actor, standing: Standing, target: Target, today: date) -> Grant | Denied:
    """May this actor do this to that target today, in the service's local calendar?

    While the core cannot be asked (`standing.UNAVAILABLE`), words that are only carried in are kept;
    everything else that needs facts is denied.
    """
    denial = rules.identity(action, actor)
    if denial is not None:
        return Denied(action, denial)
    if action.needs in {Needs.NOTHING, Needs.SIGNED_IN}:
        return _grant(action, actor, target)
    if standing == UNAVAILABLE:
        if action.carries_in:
            return _grant(action, actor, target, keep_only=True)
        return Denied(action, Denial.UNAVAILABLE)
    denial = rules.person(action, standing)
    if denial is not None:
        return Denied(action, denial)
    return _by_target(action, actor, standing, target, today)


def _by_target(action: Action, actor: Actor, standing: Standing, target: Target, today: date) -> Grant | Denied:
    match action.needs:
        case Needs.PERSON:
            cases = rules.open_cases(standing, today)
            if isinstance(cases, Denial):
                return Denied(action, cases)
            return _grant(action, actor, target, cases=cases)
        case Needs.CASE:
            return _case(action, actor, standing, target, today)
        case Needs.WORKER:
            denial = rules.worker(standing)
        case Needs.THREAD:
            denial = rules.thread(standing)
        case Needs.CHILD:
            denial = rules.worker_with(standing)
        case Needs.REFERRAL:
            denial = rules.referral(standing)
        case _:
            denial = None
    return Denied(action, denial) if denial is not None else _grant(action, actor, target)


def _case(action: Action, actor: Actor, standing: Standing, target: Target, today: date) -> Grant | Denied:
    core_grant = rules.grant_for(action, standing, target, today)
    if isinstance(core_grant, Denial):
        return Denied(action, core_grant)
    facts = standing.child(core_grant.child_id)
    denial = rules.child(core_grant, facts)
    if denial is not None:
        return Denied(action, denial)
    return _grant(
        action,
        actor,
        target,
        relation=core_grant.relation,
        child_id=core_grant.child_id,
        places=rules.may_see_places(facts),
    )


def _grant(
    action: Action,
    actor: Actor,
    target: Target,
    *,
    relation: Relation | None = None,
    child_id: str | None = None,
    places: bool = False,
    keep_only: bool = False,
    cases: frozenset[str] = frozenset(),
) -> Grant:
    return Grant(action, actor, target, relation, child_id, places, keep_only, cases=cases, seal=SEAL)
