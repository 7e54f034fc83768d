"""Which of a person's own things have not reached the core: what the portal owes them to say. Reads no text."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select

from portal.outbox.kinds import NOT_WRITTEN
from portal.outbox.stops import STOPPED
from portal.store.tables import submission
from portal.store.unit import Store

OVERDUE = timedelta(minutes=2)
"""Longer than this beyond the moment it should have gone, it is told even when no attempt was made."""
MOST = 50

_OWN = (
    select(submission.c.item, submission.c.sequence)
    .where(
        submission.c.service_id == bindparam("service_id"),
        submission.c.account_id == bindparam("account_id"),
        submission.c.kind.not_in([kind.value for kind in NOT_WRITTEN]),
        submission.c.accepted_at.is_(None),
        submission.c.wiped_at.is_(None),
        or_(
            and_(submission.c.rejected_at.is_not(None), submission.c.error_code != STOPPED),
            and_(
                submission.c.rejected_at.is_(None),
                or_(submission.c.attempts > 0, submission.c.next_attempt_at < bindparam("overdue")),
            ),
        ),
    )
    .order_by(submission.c.sequence.desc())
    .limit(200)
)


def undelivered_items(store: Store, service_id: str, account_id: str, now: datetime) -> tuple[str, ...]:
    """The cases, threads or referrals into which something of this account could not be brought, newest first."""
    key = {"service_id": service_id, "account_id": account_id, "overdue": now - OVERDUE}
    with store.read() as connection:
        rows = connection.execute(_OWN, key).all()
    return tuple(dict.fromkeys(row.item for row in rows))[:MOST]
