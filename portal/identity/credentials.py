"""What a child without a national ID signs in with: four words and a PIN. Made, checked, and taken away.

Wrong tries wait and never close for good (rules.md R20). No word and no PIN is kept, only keyed and slow hashes.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, and_, select, update

from portal.identity.invitations import InvitationRefusedError, Taken, words_hash
from portal.identity.provider import Clock
from portal.identity.slow import SlowHash, keyed_hash, wait_after
from portal.store.tables import account, credential
from portal.store.unit import Store

WORDS = "words"
ISSUER = "urn:lytt:in-person"
"""The issuer of accounts that no provider vouches for, but a caseworker who met the child."""

LONGEST_PIN = 6
_EASY = frozenset({"1212", "1122", "1313", "2580", "0852", "121212", "112233", "123123", "789456", "159753", "147258"})
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_PIN = re.compile(r"[0-9]{4,6}")


class CredentialRefusedError(Exception):
    """The words, the PIN, or both do not fit; or the way in was taken away. Nobody is told which."""

    def __init__(self, account_id: str | None = None) -> None:
        super().__init__()
        self.account_id = account_id


class MustWaitError(CredentialRefusedError):
    """Too many wrong tries in a row: nothing is compared until then."""

    def __init__(self, until_utc: datetime, account_id: str) -> None:
        super().__init__(account_id)
        self.until_utc = until_utc


class EasyPinError(ValueError):
    """A PIN that somebody would guess, or none at all. It is not repeated."""


@dataclass(frozen=True)
class NewSecret:
    """A PIN on its way into the database, hashed before any transaction is open."""

    credential_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """Words and PIN did fit. Good for `Credentials.confirm` in the transaction that makes the session."""

    credential_id: str
    account_id: str
    account_subject: str = field(repr=False)
    person_id: str


@dataclass(frozen=True)
class WayIn:
    """One way in of a child, as its caseworker sees it. `made_by`: the account of who let the child in."""

    kind: str
    made_by: str
    made_at_utc: datetime
    last_used_utc: datetime | None


@dataclass(frozen=True)
class _Try:
    """A credential somebody tries to open, as it stood before. `wait_until_utc`: nothing may be compared yet."""

    opened: Opened
    secret: str = field(repr=False)
    wait_until_utc: datetime | None


class Credentials:
    """All of them. `key` is `WebSettings.credential_key`: without it the database alone leads to no PIN."""

    def __init__(self, store: Store, key: bytes, slow: SlowHash, clock: Clock) -> None:
        self._store = store
        self._key = key
        self._slow = slow
        self._clock = clock

    def prepare(self, service_id: str, pin: str) -> NewSecret:
        """Hash a new PIN. Raises `EasyPinError`."""
        if not _PIN.fullmatch(pin) or is_easy(pin):
            raise EasyPinError
        credential_id = str(uuid.uuid4())
        return NewSecret(credential_id, self._slow.of(self._pepper(service_id, credential_id, pin)))

    def subject_of(self, connection: Connection, service_id: str, person_id: str) -> str:
        """The subject of this child's account here: the one it has had before, else a new one by chance."""
        query = select(account.c.subject).where(
            account.c.service_id == service_id, account.c.issuer == ISSUER, account.c.person_id == person_id
        )
        known = connection.execute(query.order_by(account.c.created_at)).scalars().first()
        return known or str(uuid.uuid4())

    def create(self, connection: Connection, service_id: str, account_id: str, taken: Taken, new: NewSecret) -> None:
        """Make the way in of the words that were shown, in the transaction that uses the invitation up.

        Raises `InvitationRefusedError` when none were.
        """
        if not taken.words_chosen:
            raise InvitationRefusedError
        connection.execute(
            credential.insert().values(
                service_id=service_id,
                id=new.credential_id,
                account_id=account_id,
                kind=WORDS,
                lookup=taken.words_hash,
                secret=new.secret,
                made_by=taken.made_by,
                made_at=self._clock(),
                last_used_at=self._clock(),
            )
        )

    def check(self, service_id: str, typed_words: str, pin: str) -> Opened:
        """Whose words and PIN these are. One keyed hash and one slow one, whatever is wrong.

        The try is counted before it is compared, so that many at once are not one. Raises `CredentialRefusedError`
        and `MustWaitError`.
        """
        begun = self._begin_try(service_id, words_hash(self._key, service_id, typed_words))
        if begun is None:
            self._slow.matches(None, self._pepper(service_id, "", pin))
            raise CredentialRefusedError
        waits = begun.wait_until_utc
        kept = begun.secret if waits is None else None
        fits = self._slow.matches(kept, self._pepper(service_id, begun.opened.credential_id, pin))
        if waits is not None:
            raise MustWaitError(waits, begun.opened.account_id)
        if not fits:
            raise CredentialRefusedError(begun.opened.account_id)
        return begun.opened

    def confirm(self, connection: Connection, service_id: str, opened: Opened) -> None:
        """Note that it was used. Raises `CredentialRefusedError` when it was taken away meanwhile."""
        used = connection.execute(
            update(credential)
            .where(_live(service_id), credential.c.id == opened.credential_id)
            .values(last_used_at=self._clock(), failures=0, wait_until=None)
        )
        if used.rowcount != 1:
            raise CredentialRefusedError(opened.account_id)

    def ways_in(self, service_id: str, person_id: str) -> tuple[WayIn, ...]:
        """What this child can sign in with today, oldest first."""
        query = (
            select(credential.c.kind, credential.c.made_by, credential.c.made_at, credential.c.last_used_at)
            .join(account, _same_account())
            .where(_live(service_id), account.c.issuer == ISSUER, account.c.person_id == person_id)
            .order_by(credential.c.made_at)
        )
        with self._store.read() as connection:
            return tuple(WayIn(*row) for row in connection.execute(query))

    def who_have_one(self, service_id: str, person_ids: tuple[str, ...]) -> frozenset[str]:
        """Those of these children who have a way in today."""
        query = (
            select(account.c.person_id)
            .join(credential, _same_account())
            .where(_live(service_id), account.c.issuer == ISSUER, account.c.person_id.in_(person_ids))
        )
        with self._store.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def revoke(self, connection: Connection, service_id: str, person_id: str) -> tuple[str, ...]:
        """Take every way in of a child away. The accounts whose sessions must end in the same transaction."""
        query = select(account.c.id).where(
            account.c.service_id == service_id, account.c.issuer == ISSUER, account.c.person_id == person_id
        )
        accounts = tuple(connection.execute(query).scalars())
        connection.execute(
            update(credential)
            .where(_live(service_id), credential.c.account_id.in_(accounts))
            .values(revoked_at=self._clock(), secret=None)
        )
        return accounts

    def _begin_try(self, service_id: str, lookup: str) -> _Try | None:
        """The credential of these words, its try counted unless it must wait. Two tries at once are two."""
        query = (
            select(
                credential.c.id,
                credential.c.account_id,
                credential.c.secret,
                credential.c.failures,
                credential.c.wait_until,
                account.c.subject,
                account.c.person_id,
            )
            .join(account, _same_account())
            .where(_live(service_id), credential.c.kind == WORDS, credential.c.lookup == lookup)
            .with_for_update(of=credential)
        )
        now = self._clock()
        with self._store.write() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            opened = Opened(row.id, row.account_id, row.subject, row.person_id)
            if row.wait_until is not None and row.wait_until > now:
                return _Try(opened, row.secret, row.wait_until)
            failures = row.failures + 1
            connection.execute(
                update(credential)
                .where(credential.c.service_id == service_id, credential.c.id == row.id)
                .values(failures=failures, wait_until=now + wait_after(failures))
            )
            return _Try(opened, row.secret, None)

    def _pepper(self, service_id: str, credential_id: str, pin: str) -> str:
        return keyed_hash(self._key, service_id, "pin", f"{credential_id}:{pin}")


def is_easy(pin: str) -> bool:
    """Would somebody try this one first? All alike, in a row, a pattern, or a year."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return (len(steps) == 1 and steps <= {0, 1, 9}) or pin in _EASY or _YEAR.fullmatch(pin) is not None


def clean_pin(typed: str) -> str:
    """What was typed as a PIN, without spaces; digits of any keyboard become ours."""
    signs = "".join(typed[: 4 * LONGEST_PIN].split())
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in signs)


def _live(service_id: str) -> ColumnElement[bool]:
    return and_(credential.c.service_id == service_id, credential.c.revoked_at.is_(None))


def _same_account() -> ColumnElement[bool]:
    return and_(account.c.service_id == credential.c.service_id, account.c.id == credential.c.account_id)
