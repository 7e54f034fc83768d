"""Passkeys of children without a national ID (WebAuthn Level 3): asked for, kept, used, each challenge once.

Makes no account and no session, and never says why it refuses: unknown, taken away and wrong are one answer.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Connection, and_, delete, select, update
from webauthn import generate_authentication_options, generate_registration_options, options_to_json
from webauthn.helpers import bytes_to_base64url, generate_challenge
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.identity.passkey_answers import (
    ALGORITHMS,
    KnownKey,
    NewPasskey,
    PasskeyError,
    RelyingParty,
    key_of_nobody,
    new_passkey,
    read_assertion,
    verified_count,
)
from portal.identity.provider import Clock
from portal.identity.sessions import hash_token
from portal.store.tables import account, credential, passkey_challenge
from portal.store.unit import Store, insert

KIND = "passkey"
CHALLENGE_LIFE = timedelta(minutes=5)
_WAITING = int(CHALLENGE_LIFE.total_seconds() * 1000)


class Purpose(StrEnum):
    """What a challenge is for: one of the two never serves the other."""

    MAKE = "make"
    USE = "use"


@dataclass(frozen=True)
class UsedPasskey:
    """A passkey that has just signed our challenge, and whose it is: the subject of the account, the person's id."""

    id: str
    account_subject: str = field(repr=False)
    person_id: str
    counted_before: int
    sign_count: int


@dataclass(frozen=True)
class _Kept:
    """A passkey that is kept and not taken away."""

    id: str
    account_subject: str = field(repr=False)
    person_id: str
    key: KnownKey


class Passkeys:
    """All passkeys of an installation. `key` is the one that hashes the other secrets of these children."""

    def __init__(self, store: Store, key: bytes, clock: Clock) -> None:
        self._store = store
        self._key = key
        self._clock = clock
        self._of_nobody = KnownKey(key_of_nobody(), 0, b"")

    def ask_new(self, party: RelyingParty, browser_secret: str, person_id: str) -> str:
        """What the browser needs to make a passkey, as JSON (§5.4). The challenge is good once, in this browser."""
        options = generate_registration_options(
            rp_id=party.host,
            rp_name=party.name,
            user_id=self._user_handle(party.service_id, person_id),
            user_name=party.name,
            user_display_name=party.name,
            challenge=self._challenge(party, browser_secret, Purpose.MAKE),
            timeout=_WAITING,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            supported_pub_key_algs=ALGORITHMS,
        )
        return options_to_json(options)

    def made(self, party: RelyingParty, browser_secret: str | None, answer: str) -> NewPasskey:
        """The passkey in a browser's answer. The challenge is used up whatever comes of it. Raises `PasskeyError`."""
        return new_passkey(party, self._take(party, browser_secret, Purpose.MAKE), answer)

    def keep(self, connection: Connection, service_id: str, new: NewPasskey, account_id: str, made_by: str) -> None:
        """Keep it for an account, in the caller's transaction. Raises `PasskeyError` when its id is known already."""
        kept = connection.execute(
            insert(connection, credential)
            .values(
                service_id=service_id,
                id=str(uuid.uuid4()),
                account_id=account_id,
                kind=KIND,
                lookup=new.lookup,
                public_key=new.public_key,
                sign_count=new.sign_count,
                made_by=made_by,
                made_at=self._clock(),
            )
            .on_conflict_do_nothing(index_elements=["service_id", "kind", "lookup"])
            .returning(credential.c.id)
        )
        if kept.first() is None:
            raise PasskeyError("known_already")

    def ask(self, party: RelyingParty, browser_secret: str) -> str:
        """What the browser needs to use a passkey, as JSON (§5.5). Nobody is named: the device knows whose it is."""
        options = generate_authentication_options(
            rp_id=party.host,
            challenge=self._challenge(party, browser_secret, Purpose.USE),
            timeout=_WAITING,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def used(self, party: RelyingParty, browser_secret: str | None, answer: str) -> UsedPasskey:
        """The passkey in a browser's answer. The challenge is used up whatever comes of it. Raises `PasskeyError`.

        The same work is done for a passkey that is unknown, taken away or of another service.
        """
        challenge = self._take(party, browser_secret, Purpose.USE)
        given = read_assertion(answer)
        kept = self._find(party.service_id, bytes_to_base64url(given.raw_id))
        count = verified_count(party, challenge, given, self._of_nobody if kept is None else kept.key)
        if kept is None:
            raise PasskeyError("unknown")
        return UsedPasskey(kept.id, kept.account_subject, kept.person_id, kept.key.sign_count, count)

    def open(self, connection: Connection, service_id: str, used: UsedPasskey) -> None:
        """Let it in, in the transaction that makes the session. Raises `PasskeyError`.

        One statement on the one row: taking the passkey away at the same time comes before, and there is no session,
        or after, and ends it. A counter that moved meanwhile was moved by a copy.
        """
        found = connection.execute(
            update(credential)
            .where(
                credential.c.service_id == service_id,
                credential.c.id == used.id,
                credential.c.revoked_at.is_(None),
                credential.c.sign_count == used.counted_before,
            )
            .values(sign_count=used.sign_count, last_used_at=self._clock())
        )
        if found.rowcount != 1:
            raise PasskeyError("taken_away")

    def _find(self, service_id: str, lookup: str) -> _Kept | None:
        same = and_(account.c.service_id == credential.c.service_id, account.c.id == credential.c.account_id)
        wanted = (
            select(
                credential.c.id,
                account.c.subject,
                credential.c.public_key,
                credential.c.sign_count,
                account.c.person_id,
            )
            .join(account, same)
            .where(
                credential.c.service_id == service_id,
                credential.c.kind == KIND,
                credential.c.lookup == lookup,
                credential.c.revoked_at.is_(None),
            )
        )
        with self._store.read() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            return None
        handle = self._user_handle(service_id, row.person_id)
        return _Kept(row.id, row.subject, row.person_id, KnownKey(row.public_key, row.sign_count, handle))

    def _challenge(self, party: RelyingParty, browser_secret: str, purpose: Purpose) -> bytes:
        """A new challenge for this browser; the one it had before for this purpose is dead."""
        challenge = generate_challenge()
        given = {"challenge": challenge, "expires_at": self._clock() + CHALLENGE_LIFE}
        place = {"service_id": party.service_id, "browser_hash": hash_token(browser_secret), "purpose": purpose}
        with self._store.write() as connection:
            connection.execute(
                insert(connection, passkey_challenge)
                .values(**place, **given)
                .on_conflict_do_update(index_elements=list(place), set_=given)
            )
        return challenge

    def _take(self, party: RelyingParty, browser_secret: str | None, purpose: Purpose) -> bytes:
        """The challenge of this browser, and never again (§13.4.3)."""
        with self._store.write() as connection:
            row = connection.execute(
                delete(passkey_challenge)
                .where(
                    passkey_challenge.c.service_id == party.service_id,
                    passkey_challenge.c.browser_hash == hash_token(browser_secret or ""),
                    passkey_challenge.c.purpose == purpose,
                )
                .returning(passkey_challenge.c.challenge, passkey_challenge.c.expires_at)
            ).one_or_none()
        if row is None or row.expires_at <= self._clock():
            raise PasskeyError("challenge")
        return bytes(row.challenge)

    def _user_handle(self, service_id: str, person_id: str) -> bytes:
        """Random to everybody but us (§14.6.1), and the same for one child: a new passkey replaces the old one on a

        device, so that a child is never asked which of two to take.
        """
        message = f"{service_id}\x1fuser handle\x1f{person_id}".encode()
        return hmac.new(self._key, message, hashlib.sha256).digest()
