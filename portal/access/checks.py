"""What each rule looks at. Every check gives a reason against it, or None; what is not known is a reason against it."""

from __future__ import annotations

from portal.access.actions import Needs, Scope
from portal.access.asked import Asked
from portal.access.grants import Denial, Documents
from portal.access.standing import AddressGrade, Fact, Known, Missing
from portal.domain.people import (
    GUARDIANSHIP,
    PARENTS,
    REPRESENTATIVES,
    STAFF_RELATIONS,
    Enrolment,
    Realm,
    Relation,
)

TOLD_OF_DECISIONS = PARENTS | {Relation.GUARDIAN}
YES = Known(True)  # noqa: FBT003 the fact, not a switch


# Of the person and how it came in. They look at no fact about any case, so what they say is the same for every case.


def own_realm(asked: Asked) -> Denial | None:
    """Families and staff have worlds of their own."""
    realm = asked.action.realm
    return Denial.REALM if realm is not None and realm is not asked.actor.realm else None


def let_in_person(asked: Asked) -> Denial | None:
    """Whoever was let in by a worker does only what is open to that."""
    in_person = asked.actor.enrolment is Enrolment.IN_PERSON
    return Denial.SCOPE if in_person and not asked.action.in_person else None


def sure_enough(asked: Asked) -> Denial | None:
    """An action has its least assurance."""
    return Denial.ASSURANCE if asked.actor.assurance < asked.action.assurance else None


def fresh_enough(asked: Asked) -> Denial | None:
    """Some need a proof of a moment ago."""
    freshness, proved = asked.action.freshness, asked.actor.proved_ago
    return Denial.FRESHNESS if freshness is not None and (proved is None or proved > freshness) else None


def own_code(asked: Asked) -> Denial | None:
    """The code of one's own stands before what one has written."""
    return Denial.LOCKED if asked.action.own_words and asked.actor.locked else None


# Of a family and a case


def admitted(asked: Asked) -> Denial | None:
    """The core admits this person. One without any case still has a home (house.md, "The one no")."""
    if asked.action.needs in {Needs.PERSON, Needs.REFERRAL}:
        return None
    return _must_be_so(asked.standing.admitted, Denial.NOT_ADMITTED)


def granted(asked: Asked) -> Denial | None:
    """An active grant of the core for this case and scope, by date."""
    if not asked.about_case:
        return None
    if isinstance(asked.standing.grants, Missing):
        return Denial.UNKNOWN_FACT
    if asked.grant is None:
        return Denial.NO_GRANT
    return None if asked.grant.holds_on(asked.today) else Denial.EXPIRED


def not_blocked(asked: Asked) -> Denial | None:
    """A block wins over every grant."""
    return _must_not_be_so(asked.facts.blocked, Denial.BLOCKED) if asked.about_case else None


def own_space(asked: Asked) -> Denial | None:
    """What is for the child alone is for nobody who acts for it."""
    relations = asked.action.relations
    if relations is None or asked.grant is None:
        return None
    return None if asked.grant.relation in relations else Denial.NOT_ENTITLED


def of_age(asked: Asked) -> Denial | None:
    """From the day on which the child is an adult the grants of everybody who stood in for it have ended."""
    if asked.grant is None or asked.grant.relation not in GUARDIANSHIP:
        return None
    age = asked.facts.age
    if isinstance(age, Missing):
        return Denial.UNKNOWN_FACT
    return Denial.EXPIRED if age.value >= asked.ages.adult.on(asked.today) else None


def told_of_decisions(asked: Asked) -> Denial | None:
    """Whoever has responsibility is told of decisions, unless that is dangerous."""
    if asked.grant is None or not asked.action.decisions or asked.grant.relation not in TOLD_OF_DECISIONS:
        return None
    return _must_not_be_so(asked.facts.danger, Denial.NOT_ENTITLED)


def responsible(asked: Asked) -> Denial | None:
    """A parent without parental responsibility sees nothing, unless the service assessed that parent as a party."""
    if asked.grant is None or asked.grant.relation not in PARENTS or asked.facts.party == YES:
        return None
    held = asked.facts.responsibility
    if isinstance(held, Missing):
        return Denial.UNKNOWN_FACT
    return None if held.value.held else Denial.NOT_ENTITLED


def withheld_is_known(asked: Asked) -> Denial | None:
    """Nothing that was released is shown while it is not known what is withheld."""
    if not (asked.about_case and asked.action.shows_items):
        return None
    return Denial.UNKNOWN_FACT if isinstance(asked.facts.withheld, Missing) else None


def only_their_part(asked: Asked) -> Denial | None:
    """Foster carers read no documents; whoever speaks for somebody does so for a time that is set."""
    if asked.grant is None:
        return None
    if asked.grant.relation is Relation.FOSTER_CARER and asked.action.scope is Scope.DOCUMENTS:
        return Denial.NOT_ENTITLED
    no_end = asked.grant.relation in REPRESENTATIVES and asked.grant.valid_to is None
    return Denial.NOT_ENTITLED if no_end else None


def own_referral(asked: Asked) -> Denial | None:
    """One's own asking for help is open to oneself alone."""
    if asked.action.needs is not Needs.REFERRAL:
        return None
    return _must_be_so(asked.standing.referral_mine, Denial.NO_GRANT)


# Of staff


def works_here(asked: Asked) -> Denial | None:
    """Staff pages are for those whom the core calls a worker or leader."""
    if asked.action.needs not in {Needs.WORKER, Needs.THREAD, Needs.CHILD, Needs.WORKERS_CASE}:
        return None
    roles = asked.standing.worker_roles
    if isinstance(roles, Missing):
        return Denial.UNKNOWN_FACT
    return None if roles.value & (asked.action.relations or STAFF_RELATIONS) else Denial.NO_GRANT


def own_families(asked: Asked) -> Denial | None:
    """A worker opens what belongs to their own families; threads also of those they cover."""
    standing = asked.standing
    fact = {
        Needs.THREAD: standing.thread_open_to_worker,
        Needs.CHILD: standing.child_open_to_worker,
        Needs.WORKERS_CASE: standing.case_open_to_worker,
    }.get(asked.action.needs)
    return None if fact is None else _must_be_so(fact, Denial.NO_GRANT)


# How much is opened


def places_open(asked: Asked) -> bool:
    """Places only where the address is known to be open, or the person known to be inside the protection.

    Unknown counts as outside.
    """
    facts = asked.facts
    if facts.address == Known(AddressGrade.OPEN):
        return True
    return facts.address == Known(AddressGrade.PROTECTED) and facts.inside_protection == YES


def unnamed_open(asked: Asked) -> bool:
    """Whether what bears no name of this reader is open: documents to parties only, to foster carers nothing."""
    if asked.grant is None or asked.grant.relation is Relation.FOSTER_CARER:
        return False
    return asked.action.scope is not Scope.DOCUMENTS or asked.facts.party == YES


def documents_open(asked: Asked) -> Documents:
    """Which documents this person can read here, whatever the action is that asks."""
    grant = asked.grant
    if grant is None or grant.relation is Relation.FOSTER_CARER or Scope.DOCUMENTS not in grant.scopes:
        return Documents.NONE
    if asked.actor.enrolment is Enrolment.IN_PERSON:
        return Documents.NONE
    return Documents.ALL if asked.facts.party == YES else Documents.NAMED


def role_here(asked: Asked) -> Relation | None:
    """As what somebody works here; a leader who also has families of their own acts as the leader."""
    roles = asked.standing.worker_roles
    if asked.actor.realm is not Realm.STAFF or isinstance(roles, Missing):
        return None
    return next((role for role in (Relation.LEADER, Relation.CASEWORKER) if role in roles.value), None)


def withheld_ids(asked: Asked) -> frozenset[str] | None:
    """The items that are absent for this person today; None when that is not known."""
    withheld = asked.facts.withheld
    if isinstance(withheld, Missing):
        return None  # a form that could not be taken in is shown again with its page (`withheld_is_known`)
    return frozenset(item.item_id for item in withheld.value if item.holds)


def _must_be_so(fact: Fact[bool], otherwise: Denial) -> Denial | None:
    if isinstance(fact, Missing):
        return Denial.UNKNOWN_FACT
    return None if fact.value else otherwise


def _must_not_be_so(fact: Fact[bool], otherwise: Denial) -> Denial | None:
    if isinstance(fact, Missing):
        return Denial.UNKNOWN_FACT
    return otherwise if fact.value else None
