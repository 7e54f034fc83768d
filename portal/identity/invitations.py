"""The code with which a caseworker lets a child in: eight digits, ten minutes, once, in one browser.

The database knows a keyed hash of it only. It makes no account and no session itself.
"""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from portal.identity import words
from portal.identity.provider import Clock
from portal.identity.session import SECRET_BYTES
from portal.identity.sessions import hash_token
from portal.identity.slow import keyed_hash
from portal.store.tables import credential, invitation
from portal.store.unit import Store, insert

LIFE = timedelta(minutes=10)
"""For typing the code; and from then on once more for the words and the PIN."""

KEPT_AFTERWARDS = timedelta(days=1)
DIGITS = 8
_TRIES = 20


class InvitationRefusedError(Exception):
    """Not this code, not in this browser, not any more, or not yet: nobody is told which."""


@dataclass(frozen=True)
class NewInvitation:
    """What the caseworker is shown, once."""

    code: str = field(repr=False)
    expires_at_utc: datetime


@dataclass(frozen=True)
class Taken:
    """An invitation whose code was typed in this browser. `words_chosen`: the four words have been shown."""

    id: str
    person_id: str
    made_by: str
    passkey_allowed: bool
    words_hash: str | None = field(repr=False)

    @property
    def words_chosen(self) -> bool:
        """May a PIN be chosen now?"""
        return self.words_hash is not None


class Invitations:
    """All invitations. `key` hashes codes and words (`WebSettings.credential_key`)."""

    def __init__(self, store: Store, key: bytes, clock: Clock) -> None:
        self._store = store
        self._key = key
        self._clock = clock

    def create(
        self, connection: Connection, service_id: str, person_id: str, made_by: str, *, passkey_allowed: bool = False
    ) -> NewInvitation:
        """A new code for this child; an older open one is dead from now on. `made_by`: the worker's account."""
        now = self._clock()
        self.revoke(connection, service_id, person_id)
        connection.execute(
            delete(invitation).where(
                invitation.c.service_id == service_id, invitation.c.expires_at < now - KEPT_AFTERWARDS
            )
        )
        expires_at = now + LIFE
        for _ in range(_TRIES):
            code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
            made = insert(connection, invitation).values(
                service_id=service_id,
                id=str(uuid.uuid4()),
                person_id=person_id,
                code_hash=self._code_hash(service_id, code),
                passkey_allowed=passkey_allowed,
                made_by=made_by,
                made_at=now,
                expires_at=expires_at,
            )
            if connection.execute(made.on_conflict_do_nothing().returning(invitation.c.id)).first() is not None:
                return NewInvitation(code, expires_at)
        raise InvitationRefusedError  # every draw was in use: something is very wrong, so nobody is let in

    def take(self, connection: Connection, service_id: str, code: str, browser_secret: str | None) -> str:
        """Bind the code to the browser it was typed in: the secret this browser must bring from now on.

        Of two browsers at once one gets it; the one that has it may type it again. Raises `InvitationRefusedError`.
        """
        fitting = and_(self._open(service_id), invitation.c.code_hash == self._code_hash(service_id, digits(code)))
        if browser_secret is not None:
            again = select(invitation.c.id).where(fitting, invitation.c.browser_hash == hash_token(browser_secret))
            if connection.execute(again).first() is not None:
                return browser_secret
        secret = secrets.token_urlsafe(SECRET_BYTES)
        taken = connection.execute(
            update(invitation)
            .where(fitting, invitation.c.browser_hash.is_(None))
            .values(browser_hash=hash_token(secret), expires_at=self._clock() + LIFE)
        )
        if taken.rowcount != 1:
            raise InvitationRefusedError
        return secret

    def show_words(
        self, connection: Connection, service_id: str, browser_secret: str, language: str
    ) -> tuple[str, ...]:
        """Four words, chosen anew each time; the last ones shown are good. Raises `InvitationRefusedError`."""
        for _ in range(_TRIES):
            chosen = words.choose(language)
            lookup = words_hash(self._key, service_id, " ".join(chosen))
            known = select(credential.c.id).where(credential.c.service_id == service_id, credential.c.lookup == lookup)
            if connection.execute(known).first() is not None:
                continue
            shown = connection.execute(
                update(invitation).where(self._in_browser(service_id, browser_secret)).values(words_hash=lookup)
            )
            if shown.rowcount == 1:
                return chosen
            break
        raise InvitationRefusedError

    def find(self, service_id: str, browser_secret: str | None) -> Taken:
        """The open invitation of this browser. Raises `InvitationRefusedError`."""
        with self._store.read() as connection:
            return self._find(connection, service_id, browser_secret)

    def use(self, connection: Connection, service_id: str, browser_secret: str | None) -> Taken:
        """Use it up, in the transaction that makes the way in. Raises `InvitationRefusedError`."""
        found = self._find(connection, service_id, browser_secret)
        used = connection.execute(
            update(invitation)
            .where(self._open(service_id), invitation.c.id == found.id, invitation.c.words_hash == found.words_hash)
            .values(used_at=self._clock())
        )
        if used.rowcount != 1:
            raise InvitationRefusedError
        return found

    def revoke(self, connection: Connection, service_id: str, person_id: str) -> int:
        """Kill the open invitations of a child. How many there were."""
        killed = connection.execute(
            update(invitation)
            .where(self._open(service_id), invitation.c.person_id == person_id)
            .values(revoked_at=self._clock())
        )
        return int(killed.rowcount)

    def open_until(self, service_id: str, person_id: str) -> datetime | None:
        """Until when a code of this child is good, in UTC; None when there is none."""
        query = select(invitation.c.expires_at).where(self._open(service_id), invitation.c.person_id == person_id)
        with self._store.read() as connection:
            return connection.execute(query.order_by(invitation.c.expires_at.desc())).scalars().first()

    def _find(self, connection: Connection, service_id: str, browser_secret: str | None) -> Taken:
        if not browser_secret:
            raise InvitationRefusedError
        query = select(
            invitation.c.id,
            invitation.c.person_id,
            invitation.c.made_by,
            invitation.c.passkey_allowed,
            invitation.c.words_hash,
        ).where(self._in_browser(service_id, browser_secret))
        row = connection.execute(query).one_or_none()
        if row is None:
            raise InvitationRefusedError
        return Taken(row.id, row.person_id, row.made_by, row.passkey_allowed, row.words_hash)

    def _in_browser(self, service_id: str, browser_secret: str) -> ColumnElement[bool]:
        return and_(self._open(service_id), invitation.c.browser_hash == hash_token(browser_secret))

    def _open(self, service_id: str) -> ColumnElement[bool]:
        return and_(
            invitation.c.service_id == service_id,
            invitation.c.used_at.is_(None),
            invitation.c.revoked_at.is_(None),
            invitation.c.expires_at > self._clock(),
        )

    def _code_hash(self, service_id: str, code: str) -> str:
        return keyed_hash(self._key, service_id, "invitation", code)


def digits(typed: str) -> str:
    """What was typed as a code, without spaces and strokes, on any keyboard; empty when it cannot be one."""
    found = "".join(str(unicodedata.decimal(sign)) for sign in typed[: 4 * DIGITS] if sign.isdecimal())
    return found if len(found) == DIGITS else ""


def words_hash(key: bytes, service_id: str, typed: str) -> str:
    """Under which four words are found again, however they were typed."""
    return keyed_hash(key, service_id, "words", words.as_typed(typed))
