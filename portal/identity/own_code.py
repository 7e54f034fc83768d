"""The optional code before what somebody has written (rules.md R20). Never closes help, writing or the way in.

A try is counted before it is compared, and for the person: many at once, or from many sessions, are many tries.
Whatever somebody signed in with (a national ID, or words from a caseworker), it is the same code.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, or_, select, update

from portal.domain.people import Realm
from portal.identity.provider import Clock
from portal.identity.session import IdleExpired, Session
from portal.identity.slow import SlowHash, keyed_hash, wait_after
from portal.outbox.drafts import APART, Drafts
from portal.store.tables import account, own_code, session
from portal.store.unit import Store, insert

_MARK_LENGTH = 16


class CodeRefused(Exception):
    """Not the code, or not compared at all. `wait`: how long nothing is compared from now; zero: try again at once."""

    def __init__(self, wait: timedelta, *, compared: bool) -> None:
        super().__init__("compared" if compared else "waiting")
        self.wait = wait
        self.compared = compared


@dataclass(frozen=True)
class Proof:
    """The code was right, or there was none: good for one change, as long as it is still the same."""

    kept: str | None = field(repr=False)


class OwnCodes:
    """The codes of all people. Changes take the caller's transaction, so that the journal stands in it too."""

    def __init__(self, store: Store, drafts: Drafts, clock: Clock, slow: SlowHash, key: bytes) -> None:
        self._store = store
        self._drafts = drafts
        self._clock = clock
        self._slow = slow
        self._key = key

    def is_set(self, connection: Connection, service_id: str, account_id: str) -> bool:
        """Does a code stand before what this account's person has written? Asked when a session begins."""
        mine = own_code.c.account_id.in_(_same_person(service_id, account_id))
        kept = select(own_code.c.secret).where(
            own_code.c.service_id == service_id, mine, own_code.c.secret.is_not(None)
        )
        return connection.execute(kept.limit(1)).first() is not None

    def prove(self, current: Session, code: str, *, needless_without: bool = False) -> Proof:
        """One try with this code. Where none is set, the right answer is to leave it empty.

        `needless_without`: where none is set, anything is right, because nothing is there to be opened. A try at no
        code is counted and made to wait like any other, so that trying does not tell whether there is one.
        Raises `CodeRefused`.
        """
        now = self._clock()
        with self._store.write() as connection:
            mine = _of(current.service_id, _hold(connection, current).holder)
            row = connection.execute(select(own_code).where(mine)).one()
            waits = row.wait_until is not None and row.wait_until > now
            if not waits:
                failures = row.failures + 1
                wait = wait_after(failures)
                connection.execute(update(own_code).where(mine).values(failures=failures, wait_until=now + wait))
        if waits:
            raise CodeRefused(row.wait_until - now, compared=False)
        right = self._slow.matches(row.secret, self._keyed(current.service_id, code))
        if right or (row.secret is None and (needless_without or not code)):
            return Proof(row.secret)
        raise CodeRefused(wait, compared=True)

    def open(self, connection: Connection, current: Session, proof: Proof) -> None:
        """Nothing stands before it in this session any more. Raises `CodeRefused` when the code was changed meanwhile.

        What was begun before it was open joins what lies there (`draft_place`).
        """
        held = _hold(connection, current)
        _spend(connection, held, proof, proof.kept)
        _lock(connection, current.service_id, _this(current), locked=False)
        self._drafts.rejoin(connection, current.service_id, current.account_id)

    def set(self, connection: Connection, current: Session, proof: Proof, kept: str) -> None:
        """A new code, by its slow hash: asked for in every other session from now on, and not in this one.

        Raises `CodeRefused` when the code was changed meanwhile.
        """
        held = _hold(connection, current)
        _spend(connection, held, proof, kept)
        others = and_(session.c.account_id.in_(held.accounts), session.c.token_hash != current.token_hash)
        _lock(connection, current.service_id, others, locked=True)
        _lock(connection, current.service_id, _this(current), locked=False)
        mine = _of(current.service_id, held.holder)
        connection.execute(update(own_code).where(mine).values(set_at=self._clock()))
        self._drafts.rejoin(connection, current.service_id, current.account_id)

    def slow_hash(self, service_id: str, code: str) -> str:
        """What is kept of a code; made outside a transaction, because it takes its time."""
        return self._slow.of(self._keyed(service_id, code))

    def _keyed(self, service_id: str, code: str) -> str:
        """Four digits fall to anybody who has the database, however slow the hash is; not without the key."""
        return keyed_hash(self._key, service_id, "own_code", code)

    def remove(self, connection: Connection, current: Session, proof: Proof) -> bool:
        """No code any more; was there one? Raises `CodeRefused` when it was changed meanwhile."""
        held = _hold(connection, current)
        _spend(connection, held, proof, None)
        for account_id in held.accounts:
            self._forget(connection, current.service_id, account_id)
        return proof.kept is not None

    def reset(self, connection: Connection, service_id: str, person_id: str) -> int:
        """Take away the codes of a person who has met their worker; how many there were.

        Their sessions are to end before (`Sessions.revoke_person`): one may lie open in other hands, and is not to open
        of itself what the code stood before.
        """
        theirs = (account.c.service_id == service_id, account.c.person_id == person_id)
        held = select(account.c.id).where(*theirs).order_by(account.c.id).with_for_update()
        codes = 0
        for account_id in connection.execute(held).scalars().all():
            row = connection.execute(select(own_code.c.secret).where(_of(service_id, account_id))).first()
            codes += row is not None and row.secret is not None
            self._forget(connection, service_id, account_id)
        return codes

    def _forget(self, connection: Connection, service_id: str, account_id: str) -> None:
        """Without a code nothing is locked: whoever waits before one would wait for ever."""
        connection.execute(delete(own_code).where(_of(service_id, account_id)))
        _lock(connection, service_id, session.c.account_id == account_id, locked=False)
        self._drafts.rejoin(connection, service_id, account_id)


def draft_place(current: Session | IdleExpired, key: str) -> str:
    """Where a draft lies: while the code has not been typed, apart from older ones and for this session alone.

    So a locked session neither shows, nor sends, nor overwrites what was begun before it; and whoever writes in it
    can go on writing from page to page.
    """
    locked = current.actor.locked if isinstance(current, Session) else current.locked
    if not locked:
        return key
    mark = hashlib.sha256(b"drafts" + current.csrf_secret).hexdigest()[:_MARK_LENGTH]
    return f"{key}{APART}{mark}"


def _of(service_id: str, account_id: str) -> ColumnElement[bool]:
    return and_(own_code.c.service_id == service_id, own_code.c.account_id == account_id)


def _this(current: Session) -> ColumnElement[bool]:
    return session.c.token_hash == current.token_hash


@dataclass(frozen=True)
class _Held:
    """A person's accounts, held until the transaction ends, and the one of them whose row holds the code."""

    service_id: str
    accounts: tuple[str, ...]
    holder: str


def _same_person(service_id: str, account_id: str) -> Select[str]:
    """The ids of this account and of every other account of the person whom the core knows behind it."""
    one = account.alias()
    person = select(one.c.person_id).where(one.c.service_id == service_id, one.c.id == account_id).scalar_subquery()
    known = and_(account.c.person_id == person, account.c.realm == Realm.FAMILY)
    return select(account.c.id).where(account.c.service_id == service_id, or_(account.c.id == account_id, known))


def _hold(connection: Connection, current: Session) -> _Held:
    """One change of a person's code at a time, and none while a session of theirs begins (which holds its account).

    Accounts may turn out to be one person's only later: whichever of them has a code holds it for all.
    """
    service_id = current.service_id
    found = _same_person(service_id, current.account_id).order_by(account.c.id).with_for_update()
    accounts = tuple(connection.execute(found).scalars())
    has_code = select(own_code.c.account_id).where(
        own_code.c.service_id == service_id, own_code.c.account_id.in_(accounts), own_code.c.secret.is_not(None)
    )
    holder = connection.execute(has_code.order_by(own_code.c.account_id)).scalars().first() or accounts[0]
    new = {"service_id": service_id, "account_id": holder}
    connection.execute(insert(connection, own_code).values(new).on_conflict_do_nothing())
    return _Held(service_id, accounts, holder)


def _spend(connection: Connection, held: _Held, proof: Proof, kept: str | None) -> None:
    same = own_code.c.secret.is_(None) if proof.kept is None else own_code.c.secret == proof.kept
    spent = connection.execute(
        update(own_code).where(_of(held.service_id, held.holder), same).values(secret=kept, failures=0, wait_until=None)
    )
    if spent.rowcount != 1:
        raise CodeRefused(timedelta(), compared=True)


def _lock(connection: Connection, service_id: str, which: ColumnElement[bool], *, locked: bool) -> None:
    connection.execute(
        update(session)
        .where(session.c.service_id == service_id, session.c.revoked_at.is_(None), which)
        .values(locked=locked)
    )
