"""Sign-ins of those whom a caseworker let in (rules.md R4): no provider, no number, never more than *substantial*."""

from __future__ import annotations

from datetime import datetime

from portal.domain.people import Assurance, Realm
from portal.identity.sign_in import Identified

ISSUER = "urn:lytt:in-person"
PROFILE_ID = "in-person"
"""No provider has it, so signing out ends at our own page."""


def identified(service_id: str, subject: str, now: datetime, language: str, next_url: str) -> Identified:
    """Somebody who has just shown what only they have. `subject` is the account's own; `now` becomes `auth_time`."""
    return Identified(
        service_id=service_id,
        realm=Realm.FAMILY,
        profile_id=PROFILE_ID,
        issuer=ISSUER,
        subject=subject,
        provider_sid=None,
        assurance=Assurance.SUBSTANTIAL,
        auth_time_utc=now,
        number=None,
        next_url=next_url,
        language=language,
    )
