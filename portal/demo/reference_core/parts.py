"""What every route of the core needs, in one hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask import request

from portal.demo.offsets import local_day
from portal.demo.reference_core.auth import Caller, Clock, Doorkeeper
from portal.demo.reference_core.problems import Unauthenticated
from portal.demo.reference_core.schema import Database


@dataclass(frozen=True)
class Core:
    """One core at work."""

    database: Database
    clock: Clock = field(repr=False)
    doorkeeper: Doorkeeper = field(repr=False)

    def today(self) -> date:
        """The calendar day where the service is."""
        return local_day(self.clock())

    def caller(self, *, previews: bool = False) -> Caller:
        """Who acts in this request. Raises `Unauthenticated`, also for a preview where there is none."""
        found = self.doorkeeper.caller(request.headers.get("Portal-Actor", ""))
        if found.preview_of is not None and not previews:
            raise Unauthenticated
        return found
