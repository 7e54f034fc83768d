"""What a provider has ended before our session was there: whoever comes late finds the tombstone and no session.

Holds no number: a subject, which may be one, lies here only as a hash.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from http import HTTPStatus

from sqlalchemy import Connection, delete

from portal.identity.errors import SignInError
from portal.identity.sign_in import Identified
from portal.store.tables import dead_provider_session
from portal.store.unit import insert

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_table = dead_provider_session


def bury(connection: Connection, service_id: str, issuer: str, provider_sid: str, at_utc: datetime) -> None:
    """No session grows from this session at the provider any more."""
    connection.execute(
        insert(connection, _table)
        .values(service_id=service_id, issuer=issuer, provider_sid=provider_sid, at=at_utc)
        .on_conflict_do_nothing()
    )


def bury_subject(connection: Connection, service_id: str, issuer: str, subject: str, at_utc: datetime) -> None:
    """No session grows from a sign-in of this subject up to then, by the provider's clock."""
    place = {"service_id": service_id, "issuer": issuer, "provider_sid": _of_subject(subject)}
    grave = insert(connection, _table).values(**place, at=at_utc)
    connection.execute(
        grave.on_conflict_do_update(index_elements=list(place), set_={"at": at_utc}, where=_table.c.at < at_utc)
    )


def refuse_dead(connection: Connection, who: Identified, now: datetime) -> None:
    """A sign-out at the provider is either seen here, or waits until our session is there for it to end.

    Holding the tombstone's place until the caller's transaction ends makes it so, alike on both engines.
    Raises `SignInError` "signed_out_meanwhile".
    """
    _refuse_dead_subject(connection, who)
    if who.provider_sid is None:
        return
    place = {"service_id": who.service_id, "issuer": who.issuer, "provider_sid": who.provider_sid}
    held = connection.execute(
        insert(connection, _table).values(**place, at=now).on_conflict_do_nothing().returning(_table.c.at)
    )
    if held.first() is None:
        raise _signed_out_meanwhile()
    connection.execute(delete(_table).filter_by(**place))


def _refuse_dead_subject(connection: Connection, who: Identified) -> None:
    """By the time of signing in: the same person may come again after signing out."""
    place = {"service_id": who.service_id, "issuer": who.issuer, "provider_sid": _of_subject(who.subject)}
    held = insert(connection, _table).values(**place, at=_NEVER)
    held_at = connection.execute(
        held.on_conflict_do_update(index_elements=list(place), set_={"at": _table.c.at}).returning(_table.c.at)
    ).scalar_one()
    if who.auth_time_utc <= held_at:
        raise _signed_out_meanwhile()
    connection.execute(delete(_table).filter_by(**place, at=_NEVER))


def _of_subject(subject: str) -> str:
    return "subject:" + hashlib.sha256(subject.encode("utf-8", "replace")).hexdigest()


def _signed_out_meanwhile() -> SignInError:
    return SignInError("signed_out_meanwhile", HTTPStatus.FORBIDDEN)
