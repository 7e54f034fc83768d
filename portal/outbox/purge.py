"""Removes by the clock what has served its time. Never a submission that has not been delivered."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, update

from portal.outbox import files
from portal.store.tables import (
    dead_provider_session,
    draft,
    limit_window,
    logged_jti,
    passkey_challenge,
    seen_mark,
    session,
    sign_in,
    stopped_message,
    submission,
)
from portal.store.unit import Store

REJECTED_BODY_LIVES = timedelta(days=30)
"""So that nothing is lost by a mistake, ours or the core's; the person is told that it was not delivered."""
ENDED_SESSION_LIVES = timedelta(hours=24)
"""It may still save one draft for its own person (house.md, "A POST on an expired session")."""
TOMBSTONE_LIVES = timedelta(days=7)
"""Longer than any session: a sign-out at the provider also ends what is created late under the same sid."""
SEEN_MARK_LIVES = timedelta(days=1)
STOP_LIVES = timedelta(days=30)
"""After that the core's own hiding is enough, once the core has said that it has the stop."""

_CORE_HAS_THE_STOP = exists().where(
    submission.c.service_id == stopped_message.c.service_id,
    submission.c.id == stopped_message.c.submission_id,
    submission.c.registered_at.is_not(None),
)


def purge(store: Store, now: datetime) -> None:
    """Remove what is over. Raises `StoreError`."""
    ended = now - ENDED_SESSION_LIVES
    statements = (
        delete(draft).where(draft.c.expires_at <= now),
        delete(sign_in).where(sign_in.c.expires_at <= now),
        delete(passkey_challenge).where(passkey_challenge.c.expires_at <= now),
        delete(logged_jti).where(logged_jti.c.expires_at <= now),
        delete(limit_window).where(limit_window.c.expires_at <= now),
        delete(seen_mark).where(seen_mark.c.at <= now - SEEN_MARK_LIVES),
        delete(dead_provider_session).where(dead_provider_session.c.at <= now - TOMBSTONE_LIVES),
        delete(stopped_message).where(stopped_message.c.at <= now - STOP_LIVES, _CORE_HAS_THE_STOP),
        delete(session).where(
            or_(
                session.c.idle_until <= ended,
                session.c.absolute_until <= ended,
                session.c.revoked_at <= ended,
            )
        ),
        update(submission)
        .where(submission.c.rejected_at <= now - REJECTED_BODY_LIVES, submission.c.wiped_at.is_(None))
        .values(sealed=None, wiped_at=now),
        files.wiped(),
    )
    with store.write() as connection:
        for statement in statements:
            connection.execute(statement)
