"""One person's session at one service: who acts, how surely, until when. Its repr holds no secret."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.domain.people import Actor, Realm

SECRET_BYTES = 32
"""256 bits, for tokens, states and secrets alike."""


@dataclass(frozen=True)
class Lifetime:
    """A session ends after this time without a request, and after that time in any case.

    `shared_idle`: without a request on a computer that others use, too.
    """

    idle: timedelta
    absolute: timedelta
    shared_idle: timedelta = timedelta(minutes=3)


LIFETIMES: Mapping[Realm, Lifetime] = {
    Realm.FAMILY: Lifetime(timedelta(minutes=30), timedelta(minutes=120)),
    Realm.STAFF: Lifetime(timedelta(minutes=15), timedelta(minutes=480)),
}


@dataclass(frozen=True)
class Session:
    """A live session. `token_hash` is the SHA-256 of the cookie's value; the value itself is kept nowhere.

    `core_asked` is False when the core could not be asked at sign-in who this is: what it would show is not known.
    `shared`: the person said that others use this computer, too. `previous_sign_in_utc`: the last time before this one.
    Whether the person's own code still stands before what they have written is `actor.locked`.
    """

    service_id: str
    realm: Realm
    token_hash: str = field(repr=False)
    account_id: str
    actor: Actor
    profile_id: str
    auth_time_utc: datetime
    csrf_secret: bytes = field(repr=False)
    sealed_number: bytes | None = field(repr=False)
    core_asked: bool
    language: str | None
    shared: bool
    previous_sign_in_utc: datetime | None
    created_at_utc: datetime
    last_seen_utc: datetime
    idle_until_utc: datetime
    absolute_until_utc: datetime


@dataclass(frozen=True)
class OwnSession:
    """One of a person's live sessions, as they see it. `handle` names it in a form and opens nothing."""

    handle: str
    current: bool
    shared: bool
    created_at_utc: datetime
    last_seen_utc: datetime


def handle_of(token_hash: str) -> str:
    """A hash of the hash: neither the cookie's value nor the key of the row can be found from it."""
    return hashlib.sha256(b"handle\n" + token_hash.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class IdleExpired:
    """A session that ended by waiting, not by anybody's will: it may still save one draft for its own person.

    It shows nothing and opens nothing (house.md, "A POST on an expired session"). `locked`: the person's own code had
    not been typed in it.
    """

    service_id: str
    realm: Realm
    token_hash: str = field(repr=False)
    account_id: str
    csrf_secret: bytes = field(repr=False)
    ended_at_utc: datetime
    locked: bool = False
