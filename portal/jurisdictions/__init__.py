"""What belongs to a country, as dated data: its law, whom to call, what may be asked. Nothing else knows a country."""

from __future__ import annotations

from portal.jurisdictions import no, zz
from portal.jurisdictions.calling import HelpNumber, Situation
from portal.jurisdictions.law import Certainty, Clock, DatedAge, Override, PhaseLaw, Reference, Role
from portal.jurisdictions.leaks import LeakKind, LeakPattern
from portal.jurisdictions.pack import Ages, Choice, Jurisdiction, Question, Refusal

_PACKS = {"no": no.PACK, "zz": zz.PACK}

__all__ = [
    "Ages",
    "Certainty",
    "Choice",
    "Clock",
    "DatedAge",
    "HelpNumber",
    "Jurisdiction",
    "LeakKind",
    "LeakPattern",
    "Override",
    "PhaseLaw",
    "Question",
    "Reference",
    "Refusal",
    "Role",
    "Situation",
    "UnknownJurisdictionError",
    "jurisdiction",
]


class UnknownJurisdictionError(LookupError):
    """No pack of that name."""


def jurisdiction(code: str) -> Jurisdiction:
    """The pack with this code. Raises `UnknownJurisdictionError`."""
    try:
        return _PACKS[code]
    except KeyError as error:
        raise UnknownJurisdictionError(code) from error
