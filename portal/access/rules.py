"""The rules R0-R21 as far as the portal decides them, to be read like a policy. The first that denies wins."""

from __future__ import annotations

from datetime import date

from portal.access.actions import Action, Needs
from portal.access.grants import Denial
from portal.access.standing import AddressGrade, ChildFacts, CoreGrant, Known, Missing, Standing, Target
from portal.domain.people import FAMILY_RELATIONS, STAFF_RELATIONS, Actor, Enrolment, Relation

ADULT_AGE = 18
GUARDIANSHIP = frozenset({Relation.MOTHER, Relation.FATHER, Relation.GUARDIAN, Relation.FOSTER_CARER})


def identity(action: Action, actor: Actor) -> Denial | None:
    """Realms never mix; an action has its least assurance (rules.md, "Assurance"); R4 and R20.

    The last three are of the person's own making and can be mended by the person, so they are told apart on the
    screen. They come before any fact about a case: what they say is the same for every case there is or is not.
    """
    if action.realm is not None and action.realm is not actor.realm:
        return Denial.REALM
    if actor.enrolment is Enrolment.IN_PERSON and not action.in_person:
        return Denial.SCOPE
    if actor.assurance < action.assurance:
        return Denial.ASSURANCE
    if action.freshness is not None and (actor.proved_ago is None or actor.proved_ago > action.freshness):
        return Denial.FRESHNESS
    if action.own_words and actor.locked:
        return Denial.LOCKED
    return None


def person(action: Action, standing: Standing) -> Denial | None:
    """The core admits this person. One without any case still has a home (house.md, "The one no")."""
    if action.needs in {Needs.NOTHING, Needs.SIGNED_IN, Needs.PERSON, Needs.REFERRAL}:
        return None
    if isinstance(standing.admitted, Missing):
        return Denial.UNKNOWN_FACT
    return None if standing.admitted.value else Denial.NOT_ADMITTED


def grant_for(action: Action, standing: Standing, target: Target, today: date) -> CoreGrant | Denial:
    """R0: an active grant of the core for this case and scope, by date."""
    if isinstance(standing.grants, Missing):
        return Denial.UNKNOWN_FACT
    fitting = [
        grant
        for grant in standing.grants.value
        if grant.case_id == target.case_id and action.scope in grant.scopes and grant.relation in FAMILY_RELATIONS
    ]
    if not fitting:
        return Denial.NO_GRANT
    for grant in fitting:
        if _active(grant, today):
            return grant
    return Denial.EXPIRED


def open_cases(standing: Standing, today: date) -> frozenset[str] | Denial:
    """R0 and R15 for the home: the cases with an active grant about a child that nothing denies to this person."""
    if isinstance(standing.grants, Missing):
        return Denial.UNKNOWN_FACT
    return frozenset(
        grant.case_id
        for grant in standing.grants.value
        if grant.relation in FAMILY_RELATIONS
        and _active(grant, today)
        and child(grant, standing.child(grant.child_id)) is None
    )


def child(grant: CoreGrant, facts: ChildFacts) -> Denial | None:
    """R0 and R15: a block wins over every grant; at 18 the grants of guardians have ended."""
    if isinstance(facts.blocked, Missing):
        return Denial.UNKNOWN_FACT
    if facts.blocked.value:
        return Denial.BLOCKED
    if grant.relation in GUARDIANSHIP:
        if isinstance(facts.age, Missing):
            return Denial.UNKNOWN_FACT
        if facts.age.value >= ADULT_AGE:
            return Denial.EXPIRED
    return None


def _active(grant: CoreGrant, today: date) -> bool:
    return grant.valid_from <= today and (grant.valid_to is None or today <= grant.valid_to)


def may_see_places(facts: ChildFacts) -> bool:
    """R1, R2: places only where the address is known to be open, or the person known to be inside the protection.

    Unknown counts as outside.
    """
    if facts.address == Known(AddressGrade.OPEN):
        return True
    return facts.address == Known(AddressGrade.PROTECTED) and facts.inside_protection == Known(True)  # noqa: FBT003 the fact, not a switch


def worker(standing: Standing) -> Denial | None:
    """Staff pages are for those whom the core calls a worker or leader."""
    if isinstance(standing.worker_roles, Missing):
        return Denial.UNKNOWN_FACT
    return None if standing.worker_roles.value & STAFF_RELATIONS else Denial.NO_GRANT


def thread(standing: Standing) -> Denial | None:
    """A worker opens the threads of their own families, and those they cover."""
    denial = worker(standing)
    if denial is not None:
        return denial
    if isinstance(standing.thread_open_to_worker, Missing):
        return Denial.UNKNOWN_FACT
    return None if standing.thread_open_to_worker.value else Denial.NO_GRANT


def worker_with(standing: Standing) -> Denial | None:
    """R4: a child is let in by a worker of its own cases."""
    denial = worker(standing)
    if denial is not None:
        return denial
    if isinstance(standing.child_open_to_worker, Missing):
        return Denial.UNKNOWN_FACT
    return None if standing.child_open_to_worker.value else Denial.NO_GRANT


def referral(standing: Standing) -> Denial | None:
    """One's own asking for help is open to oneself alone."""
    if isinstance(standing.referral_mine, Missing):
        return Denial.UNKNOWN_FACT
    return None if standing.referral_mine.value else Denial.NO_GRANT
