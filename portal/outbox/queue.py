"""Who may take which row when: only the head of a lane, for a while, with a token. Nothing overtakes."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, exists, or_, select, update

from portal.store.tables import submission
from portal.store.unit import Store

LEASE = timedelta(seconds=60)
"""Longer than one attempt can take with every time limit of the core's client; then another worker may try."""

_earlier = submission.alias("earlier")
_UNDELIVERED = and_(submission.c.accepted_at.is_(None), submission.c.rejected_at.is_(None))
_IS_HEAD = ~exists().where(
    _earlier.c.service_id == submission.c.service_id,
    _earlier.c.lane == submission.c.lane,
    _earlier.c.sequence < submission.c.sequence,
    _earlier.c.accepted_at.is_(None),
    _earlier.c.rejected_at.is_(None),
)


@dataclass(frozen=True)
class Claim:
    """A row that is ours until the lease ends, and the token that proves it."""

    row: Mapping[str, object] = field(repr=False)
    token: str = field(repr=False)


def services_with_work(store: Store, now: datetime) -> list[str]:
    """Services where something is due, in one read, so that an idle worker costs next to nothing."""
    due = select(submission.c.service_id).where(submission.c.next_attempt_at <= now, _UNDELIVERED).distinct()
    with store.read() as connection:
        return list(connection.execute(due).scalars())


def claim(store: Store, service_id: str, receivers: Collection[str], now: datetime) -> Claim | None:
    """Take the next due head of a lane, or None when there is none. Counts the attempt, even if we die in it."""
    heads = (
        select(submission.c.id)
        .where(
            submission.c.service_id == service_id,
            submission.c.receiving_service_id.in_(receivers),
            submission.c.next_attempt_at <= now,
            _UNDELIVERED,
            or_(submission.c.lease_until.is_(None), submission.c.lease_until <= now),
            _IS_HEAD,
        )
        .order_by(submission.c.next_attempt_at, submission.c.sequence)
        .limit(1)
        .with_for_update(skip_locked=True, of=submission)
    )
    token = secrets.token_hex(16)
    with store.write() as connection:
        identifier = connection.execute(heads).scalar()
        if identifier is None:
            return None
        taken = connection.execute(
            update(submission)
            .where(submission.c.service_id == service_id, submission.c.id == identifier)
            .values(lease_token=token, lease_until=now + LEASE, attempts=submission.c.attempts + 1)
            .returning(*submission.c)
        )
        return Claim(dict(taken.mappings().one()), token)


def settle(connection: Connection, claimed: Claim, values: Mapping[str, object]) -> bool:
    """Set columns and give the row back; False, and nothing changed, when the lease was lost to another worker."""
    changed = connection.execute(
        update(submission)
        .where(
            submission.c.service_id == claimed.row["service_id"],
            submission.c.id == claimed.row["id"],
            submission.c.lease_token == claimed.token,
        )
        .values(**values, lease_token=None, lease_until=None)
        .returning(submission.c.id)
    )
    return changed.first() is not None
