"""What the journal can say. Only words of ours and opaque ids; there is no field for content."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.people import Realm, Relation


class NotOfStaffError(ValueError):
    """A row of somebody who does not work here was about to be made findable by what it was about."""


class Event(StrEnum):
    """What happened. The values are stored and never change their meaning."""

    SEEN = "seen"
    DENIED = "denied"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    STEPPED_UP = "stepped_up"
    ENROLMENT_BEGUN = "enrolment_begun"
    ENROLLED = "enrolled"
    ENROLMENT_ENDED = "enrolment_ended"
    CREDENTIAL_REFUSED = "credential_refused"
    CODE_SET = "code_set"
    CODE_REMOVED = "code_removed"
    CODE_REFUSED = "code_refused"
    LIMITED = "limited"
    KEPT = "kept"
    ACKNOWLEDGED = "acknowledged"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    TO_INTAKE = "to_intake"
    NEEDS_ATTENTION = "needs_attention"
    WIPED = "wiped"


@dataclass(frozen=True)
class Entry:
    """One thing to write down.

    `account_id` is stored only as a keyed hash; `action` is the name of an `access.Action`, `outcome` "ok", the value
    of a `Denial` or `CoreError.code`, or what kind of thing was acknowledged; `item` an opaque id: a case, thread,
    referral or submission. `role` and `about` (the opaque id of a thread or case) are for staff alone: by `about` a
    family finds who has looked at what is theirs, and what has none is found by nobody. Raises `NotOfStaffError`.
    """

    service_id: str
    event: Event
    realm: Realm | None = None
    account_id: str | None = None
    action: str | None = None
    outcome: str = "ok"
    item: str | None = None
    role: Relation | None = None
    about: str | None = None

    def __post_init__(self) -> None:
        """What anybody in a family does is never to be found by somebody else of it (rules.md R17)."""
        if self.realm is not Realm.STAFF and (self.role is not None or self.about is not None):
            raise NotOfStaffError("only staff's rows have a role and say what they were about")


@dataclass(frozen=True)
class Sight:
    """Somebody is about to see an item. `session_hash` is the hash under which the session is stored.

    `role` and `about` as in `Entry`.
    """

    service_id: str
    session_hash: str
    realm: Realm
    account_id: str
    action: str
    item: str
    role: Relation | None = None
    about: str | None = None
