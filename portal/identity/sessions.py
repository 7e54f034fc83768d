"""Sessions in the database: made, read, prolonged, ended. A cookie's value that is not known is never taken over."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, or_, select, update

from portal.domain.people import Actor, Assurance, Enrolment, Realm
from portal.identity import tombstones
from portal.identity.accounts import Account
from portal.identity.errors import SignInError
from portal.identity.provider import Clock
from portal.identity.session import (
    LIFETIMES,
    SECRET_BYTES,
    IdleExpired,
    Lifetime,
    OwnSession,
    Session,
    handle_of,
)
from portal.identity.sign_in import Identified
from portal.store.tables import session
from portal.store.unit import Store, insert

__all__ = ["IdleExpired", "NewSession", "Session", "Sessions", "hash_token"]

TOUCH_PAUSE = timedelta(seconds=60)
DRAFT_RIGHT = timedelta(hours=24)
TOKEN_LENGTH = 43  # 256 bits as URL-safe base64 without padding

_READ = select(session).where(
    session.c.service_id == bindparam("service"),
    session.c.token_hash == bindparam("hash"),
    session.c.realm == bindparam("realm"),
)


LifetimeOf = Callable[[str, Realm], Lifetime]
"""How long sessions last at a service, by its id, in a realm."""


@dataclass(frozen=True)
class NewSession:
    """What a finished sign-in puts into a session. `sealed_number` opens for the delivery worker only.

    `locked`: a code of the person's own choice stands before what they have written.
    """

    account: Account
    identified: Identified
    sealed_number: bytes | None = field(default=None, repr=False)
    enrolment: Enrolment = Enrolment.EID
    locked: bool = False


class Sessions:
    """All sessions of an installation. Changes take the caller's transaction, so that the journal stands in it too."""

    def __init__(self, store: Store, clock: Clock, lifetime: LifetimeOf = lambda _, realm: LIFETIMES[realm]) -> None:
        self._store = store
        self._clock = clock
        self._lifetime = lifetime

    def create(self, connection: Connection, new: NewSession, replaced_token: str | None = None) -> str:
        """The new cookie's value. The token this browser had before in this realm dies in the same transaction.

        Raises `SignInError` "signed_out_meanwhile" when the provider ended its session before ours began.
        """
        now, who = self._clock(), new.identified
        tombstones.refuse_dead(connection, who, now)
        if replaced_token is not None:
            mine = and_(session.c.token_hash == hash_token(replaced_token), session.c.realm == who.realm)
            self._revoke(connection, who.service_id, mine, "replaced")
        token = secrets.token_urlsafe(SECRET_BYTES)
        lifetime = self._lifetime(who.service_id, who.realm)
        connection.execute(
            insert(connection, session).values(
                service_id=who.service_id,
                token_hash=hash_token(token),
                realm=who.realm,
                account_id=new.account.id,
                subject=new.account.subject,
                issuer=who.issuer,
                provider_sid=who.provider_sid,
                provider_subject=who.subject,
                profile_id=who.profile_id,
                assurance=who.assurance,
                auth_time=who.auth_time_utc,
                csrf_secret=secrets.token_bytes(SECRET_BYTES),
                language=who.language,
                sealed_number=new.sealed_number,
                core_asked=new.account.asked,
                created_at=now,
                last_seen_at=now,
                idle_until=now + min(lifetime.shared_idle if who.shared else lifetime.idle, lifetime.absolute),
                absolute_until=now + lifetime.absolute,
                enrolment=new.enrolment,
                shared=who.shared,
                locked=new.locked,
                previous_sign_in_at=new.account.previous_sign_in_utc,
            )
        )
        return token

    def read(self, service_id: str, realm: Realm, token: str | None) -> Session | IdleExpired | None:
        """The session behind a cookie's value in one select; None when there is none or it was ended."""
        if token is None or len(token) != TOKEN_LENGTH:
            return None
        with self._store.read() as connection:
            return self._read(connection, service_id, realm, token)

    def stepping_up(self, connection: Connection, who: Identified, token: str | None) -> Session | None:
        """The session that steps up, still open and of the account that was to prove who it is; None for all others.

        Else whatever is open in another person's session would open this one. The caller holds the account
        (`Accounts.bind`), so a code set at the same moment is seen.
        """
        if who.step_up_for is None or token is None:
            return None
        found = self._read(connection, who.service_id, who.realm, token)
        return found if isinstance(found, Session) and found.account_id == who.step_up_for else None

    def _read(self, connection: Connection, service_id: str, realm: Realm, token: str) -> Session | IdleExpired | None:
        values = {"service": service_id, "hash": hash_token(token), "realm": realm}
        row = connection.execute(_READ, values).one_or_none()
        if row is None or row.revoked_at is not None:
            return None
        now = self._clock()
        if now < row.idle_until:
            return _session(row, now)
        if now < row.idle_until + DRAFT_RIGHT and not row.draft_right_used:
            realm, until = Realm(row.realm), row.idle_until
            return IdleExpired(
                row.service_id, realm, row.token_hash, row.account_id, row.csrf_secret, until, row.locked
            )
        return None

    def touch(self, current: Session, *, polling: bool = False) -> None:
        """The person is still there: wait anew. Written at most once a minute; a poll never prolongs."""
        now = self._clock()
        if polling or now - current.last_seen_utc < TOUCH_PAUSE:
            return
        lifetime = self._lifetime(current.service_id, current.realm)
        idle = lifetime.shared_idle if current.shared else lifetime.idle
        idle_until = min(now + idle, current.absolute_until_utc)
        with self._store.write() as connection:
            connection.execute(
                update(session).where(_live(current, now)).values(last_seen_at=now, idle_until=idle_until)
            )

    def rotate(self, connection: Connection, current: Session, *, keep_forms: bool = False) -> str:
        """A new cookie's value for the same session; the old one is dead at once. Changes the form secret too,

        unless `keep_forms`: what is half written in another tab can still be sent.

        One statement on the one row: an ending that comes at the same time hits either the old value or the new.
        Raises `SignInError` "session_ended" when it was ended meanwhile.
        """
        token = secrets.token_urlsafe(SECRET_BYTES)
        renewed = connection.execute(
            update(session)
            .where(_live(current, self._clock()))
            .values(
                token_hash=hash_token(token),
                csrf_secret=current.csrf_secret if keep_forms else secrets.token_bytes(SECRET_BYTES),
            )
        )
        if renewed.rowcount != 1:
            raise SignInError("session_ended")
        return token

    def revoke(self, connection: Connection, current: Session | IdleExpired, reason: str) -> int:
        """End one session. How many were still open: 0 or 1.

        Also one that another request has just given a new value while it kept its forms: it is the same session.
        """
        its_forms = and_(session.c.account_id == current.account_id, session.c.csrf_secret == current.csrf_secret)
        same = or_(session.c.token_hash == current.token_hash, its_forms)
        return self._revoke(connection, current.service_id, same, reason)

    def revoke_by_provider(
        self, connection: Connection, service_id: str, issuer: str, provider_sid: str
    ) -> tuple[str, ...]:
        """End what grew from one session at the provider, and what is just about to grow from it. Whose they were."""
        tombstones.bury(connection, service_id, issuer, provider_sid, self._clock())
        return self._end(connection, service_id, _grown_from(issuer, provider_sid), "provider")

    def revoke_by_subject(
        self, connection: Connection, service_id: str, issuer: str, subject: str, at_utc: datetime
    ) -> tuple[str, ...]:
        """End all that a subject of the provider has here, and what grows from a sign-in up to `at_utc`."""
        tombstones.bury_subject(connection, service_id, issuer, subject, at_utc)
        theirs = and_(session.c.issuer == issuer, session.c.provider_subject == subject)
        return self._end(connection, service_id, theirs, "provider")

    def knows(self, service_id: str, issuer: str, provider_sid: str) -> bool:
        """Did anything here grow from this session at the provider?"""
        found = select(session.c.realm).where(session.c.service_id == service_id, _grown_from(issuer, provider_sid))
        with self._store.read() as connection:
            return connection.execute(found.limit(1)).first() is not None

    def of_the_same_person(self, current: Session) -> tuple[OwnSession, ...]:
        """The live sessions of this person, the one asked from first, then the last used."""
        found = select(session.c.token_hash, session.c.shared, session.c.created_at, session.c.last_seen_at).where(
            _of_person(current), session.c.revoked_at.is_(None), session.c.idle_until > self._clock()
        )
        with self._store.read() as connection:
            rows = connection.execute(found.order_by(session.c.last_seen_at.desc())).all()
        listed = [
            OwnSession(
                handle=handle_of(row.token_hash),
                current=row.token_hash == current.token_hash,
                shared=row.shared,
                created_at_utc=row.created_at,
                last_seen_utc=row.last_seen_at,
            )
            for row in rows
        ]
        return tuple(sorted(listed, key=lambda own: not own.current))

    def revoke_other(self, connection: Connection, current: Session, handle: str, reason: str) -> int:
        """End another session of the same person, by its handle. How many that were: 0 or 1."""
        others = connection.execute(select(session.c.token_hash).where(_others(current))).scalars()
        meant = [token_hash for token_hash in others if handle_of(token_hash) == handle]
        return self._revoke(connection, current.service_id, session.c.token_hash.in_(meant), reason)

    def revoke_others(self, connection: Connection, current: Session, reason: str) -> int:
        """End every session of this person but the one asked from."""
        return self._revoke(connection, current.service_id, _others(current), reason)

    def revoke_person(self, connection: Connection, service_id: str, person_id: str, reason: str) -> int:
        """End every session in which this person of the core acts, whatever they signed in with."""
        return self._revoke(connection, service_id, session.c.subject == person_id, reason)

    def revoke_all(self, connection: Connection, service_id: str, account_id: str, reason: str) -> int:
        """End every session of an account at this service."""
        return self._revoke(connection, service_id, session.c.account_id == account_id, reason)

    def use_draft_right(self, expired: IdleExpired) -> bool:
        """`take_draft_right` in a transaction of its own."""
        with self._store.write() as connection:
            return self.take_draft_right(connection, expired)

    def take_draft_right(self, connection: Connection, expired: IdleExpired) -> bool:
        """Take the one right to save a draft, in the transaction that saves it; False when it is gone.

        Of two requests at the same time one gets it; a save that fails gives it back.
        """
        now = self._clock()
        taken = connection.execute(
            update(session)
            .where(
                session.c.service_id == expired.service_id,
                session.c.token_hash == expired.token_hash,
                session.c.revoked_at.is_(None),
                session.c.draft_right_used.is_(False),
                session.c.idle_until <= now,
                session.c.idle_until > now - DRAFT_RIGHT,
            )
            .values(draft_right_used=True)
        )
        return bool(taken.rowcount == 1)

    def _revoke(self, connection: Connection, service_id: str, which: ColumnElement[bool], reason: str) -> int:
        return len(self._end(connection, service_id, which, reason))

    def _end(self, connection: Connection, service_id: str, which: ColumnElement[bool], reason: str) -> tuple[str, ...]:
        """The accounts of the sessions that were still open, one for each session."""
        ended = connection.execute(
            update(session)
            .where(session.c.service_id == service_id, session.c.revoked_at.is_(None), which)
            .values(revoked_at=self._clock(), revoke_reason=reason, sealed_number=None)
            .returning(session.c.account_id)
        )
        return tuple(ended.scalars())


def hash_token(token: str) -> str:
    """What the database knows of a cookie's value: a leak of it opens no session."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _live(current: Session, now: datetime) -> ColumnElement[bool]:
    return and_(
        session.c.service_id == current.service_id,
        session.c.token_hash == current.token_hash,
        session.c.revoked_at.is_(None),
        session.c.idle_until > now,
    )


def _grown_from(issuer: str, provider_sid: str) -> ColumnElement[bool]:
    return and_(session.c.issuer == issuer, session.c.provider_sid == provider_sid)


def _of_person(current: Session) -> ColumnElement[bool]:
    """Of the same account, or of another (words from a caseworker, a national ID) that is the same to the core."""
    same = or_(session.c.account_id == current.account_id, session.c.subject == current.actor.subject)
    return and_(session.c.service_id == current.service_id, session.c.realm == current.realm, same)


def _others(current: Session) -> ColumnElement[bool]:
    return and_(_of_person(current), session.c.token_hash != current.token_hash)


def _session(row: Row[Any], now: datetime) -> Session:
    realm = Realm(row.realm)
    actor = Actor(
        row.service_id,
        realm,
        row.subject,
        Assurance(row.assurance),
        enrolment=Enrolment(row.enrolment),
        proved_ago=now - row.auth_time,
        locked=row.locked,
    )
    return Session(
        service_id=row.service_id,
        realm=realm,
        token_hash=row.token_hash,
        account_id=row.account_id,
        actor=actor,
        profile_id=row.profile_id,
        auth_time_utc=row.auth_time,
        csrf_secret=row.csrf_secret,
        sealed_number=row.sealed_number,
        core_asked=row.core_asked,
        language=row.language,
        shared=row.shared,
        previous_sign_in_utc=row.previous_sign_in_at,
        created_at_utc=row.created_at,
        last_seen_utc=row.last_seen_at,
        idle_until_utc=row.idle_until,
        absolute_until_utc=row.absolute_until,
    )
