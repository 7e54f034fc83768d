"""Messages that went to the wrong person: hidden at once, and not sent any more if they still wait. Reads no text."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, exists, or_, select, update

from portal.audit.events import Entry, Event
from portal.audit.journal import Journal
from portal.domain.delivery import DeliveryState
from portal.domain.people import Realm
from portal.domain.submission import SubmissionKind
from portal.outbox import marks
from portal.store.tables import stopped_message, submission
from portal.store.unit import Store, insert

STOPPED = "stopped"
"""Why a reply that still waited was not sent: its sender, or a colleague, has stopped it."""

_IN_THREAD = select(stopped_message).where(
    stopped_message.c.service_id == bindparam("service_id"), stopped_message.c.thread_id == bindparam("thread_id")
)
_ON_THEIR_WAY = select(
    exists().where(
        submission.c.service_id == bindparam("service_id"),
        submission.c.kind == SubmissionKind.STOP_MESSAGE.value,
        submission.c.registered_at.is_(None),
        submission.c.rejected_at.is_(None),
        submission.c.attention_since.is_(None),
    )
)


@dataclass(frozen=True)
class Stopped:
    """One stopped message. `never_sent`: it never left the portal, so nobody can have read it."""

    message_id: str
    by_account: str
    at_utc: datetime
    never_sent: bool


class Stops:
    """What is stopped, by service and thread. `clock` gives UTC."""

    def __init__(self, store: Store, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._journal = journal
        self._clock = clock

    def hiding(
        self, service_id: str, thread_id: str, message_id: str, account_id: str
    ) -> Callable[[Connection, str], None]:
        """Hides a message in the transaction that keeps the stop for the core. What is stopped stays as it was."""

        def hide(connection: Connection, submission_id: str) -> None:
            never_sent = self._hold_back(connection, service_id, thread_id, message_id)
            row = {
                "service_id": service_id,
                "thread_id": thread_id,
                "message_id": message_id,
                "submission_id": submission_id,
                "account_id": account_id,
                "never_sent": never_sent,
                "at": self._clock(),
            }
            connection.execute(insert(connection, stopped_message).values(**row).on_conflict_do_nothing())

        return hide

    def in_thread(self, service_id: str, thread_id: str) -> tuple[Stopped, ...]:
        """What is stopped in a thread; in one read, and nearly always nothing."""
        with self._store.read() as connection:
            rows = connection.execute(_IN_THREAD, {"service_id": service_id, "thread_id": thread_id}).mappings().all()
        return tuple(
            Stopped(str(row["message_id"]), str(row["account_id"]), row["at"], bool(row["never_sent"])) for row in rows
        )

    def on_their_way(self, service_id: str) -> bool:
        """Is there a stop the core may not know of yet, so that what it counts may count a hidden message?"""
        with self._store.read() as connection:
            return bool(connection.execute(_ON_THEIR_WAY, {"service_id": service_id}).scalar())

    def _hold_back(self, connection: Connection, service_id: str, thread_id: str, message_id: str) -> bool:
        """Take a reply that still waits out of its queue; True when it was never tried.

        One that is being brought to the core at this moment is left alone: the core hides it.
        """
        if not _is_ours(message_id):
            return False
        now = self._clock()
        row = (
            connection.execute(
                update(submission)
                .where(
                    submission.c.service_id == service_id,
                    submission.c.id == message_id,
                    submission.c.thread_id == thread_id,
                    submission.c.kind == SubmissionKind.REPLY.value,
                    submission.c.accepted_at.is_(None),
                    submission.c.rejected_at.is_(None),
                    or_(submission.c.lease_until.is_(None), submission.c.lease_until <= now),
                )
                .values(
                    state=DeliveryState.REJECTED.value,
                    rejected_at=now,
                    error_code=STOPPED,
                    next_attempt_at=None,
                    lease_token=None,
                    lease_until=None,
                )
                .returning(submission.c.account_id, submission.c.realm, submission.c.action, submission.c.attempts)
            )
            .mappings()
            .first()
        )
        if row is None:
            return False
        self._note(connection, service_id, message_id, row)
        return bool(row["attempts"] == 0)

    def _note(self, connection: Connection, service_id: str, message_id: str, row: RowMapping) -> None:
        account_id, realm = str(row["account_id"]), Realm(row["realm"])
        entry = Entry(service_id, Event.REJECTED, realm, account_id, row["action"], STOPPED, message_id)
        self._journal.record(connection, entry)
        marks.bump(connection, service_id, account_id, self._clock())


def _is_ours(message_id: str) -> bool:
    """Only what the portal has named itself can wait in it."""
    try:
        return str(uuid.UUID(message_id)) == message_id
    except ValueError:
        return False
