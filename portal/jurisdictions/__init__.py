"""What belongs to a country, as dated data: whom to call and what may be asked. Nothing else knows a country."""

from __future__ import annotations

from portal.jurisdictions import no
from portal.jurisdictions.pack import Choice, HelpNumber, Jurisdiction, Question, Reference

_PACKS = {"no": no.PACK}

__all__ = ["Choice", "HelpNumber", "Jurisdiction", "Question", "Reference", "UnknownJurisdictionError", "jurisdiction"]


class UnknownJurisdictionError(LookupError):
    """No pack of that name."""


def jurisdiction(code: str) -> Jurisdiction:
    """The pack with this code. Raises `UnknownJurisdictionError`."""
    try:
        return _PACKS[code]
    except KeyError as error:
        raise UnknownJurisdictionError(code) from error
