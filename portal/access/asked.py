"""One question put to the rules: who wants to do what to whom, with the facts there are on this day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.access.actions import Action, Needs
from portal.access.standing import ChildFacts, CoreGrant, Known, Standing, Target
from portal.domain.people import FAMILY_RELATIONS, Actor
from portal.jurisdictions import Ages


@dataclass(frozen=True)
class Asked:
    """What a rule looks at. `today` is the day in the service's local calendar, `ages` are its country's."""

    action: Action
    actor: Actor
    standing: Standing
    target: Target
    today: date
    ages: Ages

    @property
    def about_case(self) -> bool:
        """Is it about one case of a family?"""
        return self.action.needs is Needs.CASE

    @property
    def fitting(self) -> tuple[CoreGrant, ...]:
        """The core's grants for this case and scope, those that are over among them; those that hold first."""
        grants = self.standing.grants
        if not isinstance(grants, Known):
            return ()
        fitting = (
            grant
            for grant in grants.value
            if grant.case_id == self.target.case_id
            and self.action.scope in grant.scopes
            and grant.relation in FAMILY_RELATIONS
        )
        return tuple(sorted(fitting, key=lambda grant: not grant.holds_on(self.today)))

    @property
    def grant(self) -> CoreGrant | None:
        """The grant that is decided on."""
        return next(iter(self.fitting), None)

    @property
    def facts(self) -> ChildFacts:
        """The facts about the child of that grant."""
        return self.standing.child(self.grant.child_id) if self.grant else ChildFacts("")
