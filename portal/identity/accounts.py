"""Who has ever signed in: per service, by issuer and subject. Never by number, never by e-mail."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from http import HTTPStatus

from sqlalchemy import Connection, select

from portal.domain.people import UNRESOLVED_PREFIX
from portal.identity.errors import SignInError
from portal.identity.provider import Clock
from portal.identity.sign_in import Identified
from portal.store.tables import account
from portal.store.unit import insert


class Unresolved(Enum):
    """Why there is no person id: the core knows nobody by this number, or could not be asked just now."""

    NOBODY = "nobody"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Account:
    """One person at one service. `subject` is what the core is told about who acts. `previous_sign_in_utc`: before now.

    `asked`: the core has said who this is, or that it knows nobody by this number; now or at an earlier sign-in.
    """

    id: str
    subject: str
    pseudonym: str
    asked: bool = True
    previous_sign_in_utc: datetime | None = field(default=None, compare=False)


class Accounts:
    """Accounts come into being at the first sign-in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def bind(self, connection: Connection, who: Identified, person: str | Unresolved) -> Account:
        """The account of (service, issuer, subject), made now or known before, in the caller's transaction.

        `person` is the core's id, or why there is none: a core that was not asked leaves what it said before.
        Raises `SignInError` "realm" when this identity belongs to the other realm.
        """
        now = self._clock()
        before = connection.execute(
            select(account.c.last_sign_in_at).where(
                account.c.service_id == who.service_id,
                account.c.issuer == who.issuer,
                account.c.subject == who.subject,
            )
        ).scalar_one_or_none()
        person_id = person if isinstance(person, str) else None
        new = insert(connection, account).values(
            service_id=who.service_id,
            id=str(uuid.uuid4()),
            realm=who.realm,
            issuer=who.issuer,
            subject=who.subject,
            person_id=person_id,
            pseudonym=str(uuid.uuid4()),
            created_at=now,
            last_sign_in_at=now,
        )
        known = {"last_sign_in_at": now} | ({} if person is Unresolved.NOT_ASKED else {"person_id": person_id})
        row = connection.execute(
            new.on_conflict_do_update(
                index_elements=["service_id", "issuer", "subject"], set_=known, where=account.c.realm == who.realm
            ).returning(account.c.id, account.c.person_id, account.c.pseudonym)
        ).one_or_none()
        if row is None:
            raise SignInError("realm", HTTPStatus.FORBIDDEN)
        asked = person is not Unresolved.NOT_ASKED or row.person_id is not None
        subject = row.person_id or f"{UNRESOLVED_PREFIX}{row.pseudonym}"
        return Account(row.id, subject, row.pseudonym, asked, before)
