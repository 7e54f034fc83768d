"""The adapter in a preview: the worker asks, in whose name is said, and nothing is ever written so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from joserfc import jwt

from portal.access import actions
from portal.access.decide import decide
from portal.access.grants import Grant
from portal.access.standing import Target
from portal.core.errors import CoreFault
from portal.core.guard import GrantMisuseError
from portal.core.transport import Call
from portal.domain.people import Actor, Assurance, Enrolment, Realm, Relation
from portal.domain.preview import CasePerson
from portal.domain.submission import Submission, SubmissionKind
from portal.jurisdictions import jurisdiction
from tests.contract.adapter_samples import CASE, OPERATION, OTHER_CASE, PERSON, sample
from tests.contract.scripted_core import (
    ACTOR_KEY,
    SERVICE,
    STAFF,
    ScriptedCore,
    destination,
    gateway,
    grant,
    ok,
    standing,
    validated,
)
from tests.fakes.clock import ManualClock

LOOKING_ON = Target(case_id=CASE, person_id=PERSON)


def looked_on(action: actions.Action, **worker: Any) -> Grant:
    """The grant under which somebody's page is read for a worker."""
    person = Actor(SERVICE, Realm.FAMILY, PERSON, Assurance.HIGH, proved_ago=timedelta())
    by = Actor(**{**vars(STAFF), **worker})
    today, ages = date(2031, 3, 4), jurisdiction("no").ages
    made = decide(action, person, standing(), Target(case_id=CASE), today, ages=ages, previewed_by=by)
    assert isinstance(made, Grant)
    return made


def claims(call: Call) -> dict[str, Any]:
    return dict(jwt.decode(call.headers["Portal-Actor"], ACTOR_KEY, algorithms=["Ed25519"]).claims)


def test_a_page_is_asked_for_by_the_worker_who_says_as_whom() -> None:
    core = ScriptedCore(validated(ok(sample("PlanView"))))
    gateway(core).plan(looked_on(actions.SEE_PLAN), "nb")
    told = claims(core.calls[0])
    assert (told["sub"], told["realm"], told["loa"]) == (STAFF.subject, "staff", "high")
    assert (told["purpose"], told["preview_of"]) == ("preview", PERSON)


def test_nobody_is_looked_on_as_when_somebody_reads_for_themselves() -> None:
    core = ScriptedCore(validated(ok(sample("PlanView"))))
    gateway(core).plan(grant(actions.SEE_PLAN, Target(case_id=CASE)), "nb")
    assert "preview_of" not in claims(core.calls[0])


def test_a_worker_of_another_service_looks_at_nothing() -> None:
    core = ScriptedCore()
    with pytest.raises(GrantMisuseError):
        gateway(core).plan(looked_on(actions.SEE_PLAN, service_id="lillevik"), "nb")
    assert core.calls == []


def test_a_person_of_a_case_comes_with_their_own_standing() -> None:
    core = ScriptedCore(validated(ok(sample("CasePersonStanding"))))
    person, facts, shielded = gateway(core).case_person(grant(actions.PREVIEW, LOOKING_ON))
    assert person == CasePerson(PERSON, "Sofie", Relation.SELF, Enrolment.EID)
    assert facts.child("child-17").child_id == "child-17"
    assert shielded.places_hidden
    assert [item.text for item in shielded.items] == ["Lia skole"]
    assert core.calls[0].path == f"/staff/cases/{CASE}/people/{PERSON}"
    assert claims(core.calls[0])["sub"] == STAFF.subject


def another(**changes: object) -> dict[str, Any]:
    told = sample("CasePersonStanding")
    told["person"] |= changes
    return told


def of_another_case() -> dict[str, Any]:
    told = sample("CasePersonStanding")
    told["standing"]["grants"]["value"][0]["case_id"] = OTHER_CASE
    return told


@pytest.mark.parametrize("told", [another(person_id="person-2"), another(relation="leader"), of_another_case()])
def test_somebody_else_than_asked_for_is_a_fault(told: dict[str, Any]) -> None:
    with pytest.raises(CoreFault):
        gateway(ScriptedCore(ok(told))).case_person(grant(actions.PREVIEW, LOOKING_ON))


def test_people_of_whom_one_stands_twice_are_a_fault() -> None:
    told = sample("CasePeople")
    told["people"] *= 2
    with pytest.raises(CoreFault):
        gateway(ScriptedCore(ok(told))).case_people(grant(actions.PREVIEW, Target(case_id=CASE)), "nb")


def test_only_a_worker_who_may_look_on_asks_for_people() -> None:
    core = ScriptedCore()
    for action in (actions.SEE_CHILDREN, actions.SEE_INBOX):
        with pytest.raises(GrantMisuseError):
            gateway(core).case_people(grant(action, Target(case_id=CASE)), "nb")
        with pytest.raises(GrantMisuseError):
            gateway(core).case_person(grant(action, LOOKING_ON))
    assert core.calls == []


def test_nothing_is_delivered_for_somebody_looked_on_as() -> None:
    may = looked_on(actions.WRITE_MESSAGE)
    content: dict[str, object] = {"body": "Hei", "language": "nb"}
    core = ScriptedCore()
    new = Submission(OPERATION, SubmissionKind.MESSAGE, may.actor, destination(may.target), ManualClock()(), content)
    with pytest.raises(GrantMisuseError):
        gateway(core).deliver(may, new)
    assert core.calls == []
