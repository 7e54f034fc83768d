"""The one decision. Called by `web.gate`, by `outbox.send` just before delivery, and before a notice.

`outbox.reconcile` asks before a writer is told that what they sent was opened or answered.

`web.preview` calls it, too: after the gate has let a worker look on, for the person the worker looks on as.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from portal.access import checks, rules
from portal.access.actions import SEE_OVERVIEW, Action, Needs
from portal.access.asked import Asked
from portal.access.grants import NOTHING, SEAL, Denial, Denied, Grant, View
from portal.access.rules import Rule
from portal.access.standing import UNAVAILABLE, Known, Standing, Target
from portal.domain.people import Actor
from portal.jurisdictions import Ages


def decide(
    action: Action,
    actor: Actor,
    standing: Standing,
    target: Target,
    today: date,
    *,
    ages: Ages,
    previewed_by: Actor | None = None,
) -> Grant | Denied:
    """May this actor do this to that target today, in the service's local calendar and by its country's ages?

    While the core cannot be asked (`standing.UNAVAILABLE`), words that are only carried in are kept;
    everything else that needs facts is denied. `previewed_by`: a worker who looks at what the actor would see.
    """
    asked = Asked(action, actor, standing, target, today, ages)
    denial = _first(rules.COMING_IN, asked)
    if denial is not None:
        return Denied(action, denial)
    if action.needs in {Needs.NOTHING, Needs.SIGNED_IN}:
        return _grant(asked)
    if standing == UNAVAILABLE:
        return _grant(asked, keep_only=True) if action.carries_in else Denied(action, Denial.UNAVAILABLE)
    denial = _first(rules.FACTS, asked)
    if denial is not None:
        return Denied(action, denial)
    if action.needs is Needs.PERSON:
        return _home(asked)
    return _grant(asked, view=how_much(asked), previewed_by=previewed_by)


def how_much(asked: Asked) -> View:
    """What the rules leave of a case for this person; nothing for what is about no case."""
    if not asked.about_case:
        return NOTHING
    return View(
        places=checks.places_open(asked),
        unnamed=checks.unnamed_open(asked),
        withheld=checks.withheld_ids(asked),
        documents=checks.documents_open(asked),
    )


def _home(asked: Asked) -> Grant | Denied:
    """The doors of those cases alone whose front this person may see."""
    if not isinstance(asked.standing.grants, Known):
        return Denied(asked.action, Denial.UNKNOWN_FACT)
    cases = {grant.case_id for grant in asked.standing.grants.value}
    doors = (replace(asked, action=SEE_OVERVIEW, target=Target(case_id=case)) for case in cases)
    return _grant(asked, cases=frozenset(str(door.target.case_id) for door in doors if _opens(door)))


def _opens(door: Asked) -> bool:
    return _first((*rules.COMING_IN, *rules.FACTS), door) is None


def _first(table: Iterable[Rule], asked: Asked) -> Denial | None:
    found = (rule.denies(asked) for rule in table if rule.denies is not None)
    return next((denial for denial in found if denial is not None), None)


def _grant(
    asked: Asked,
    *,
    keep_only: bool = False,
    view: View = NOTHING,
    cases: frozenset[str] = frozenset(),
    previewed_by: Actor | None = None,
) -> Grant:
    decided = asked.grant if asked.about_case else None
    return Grant(
        asked.action,
        asked.actor,
        asked.target,
        decided.relation if decided else None,
        decided.child_id if decided else None,
        keep_only,
        view=view,
        cases=cases,
        previewed_by=previewed_by,
        role=checks.role_here(asked),
        seal=SEAL,
    )
