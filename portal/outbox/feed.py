"""Reads a core's change feed: moves marks, and says whose receipts are to be asked again. Reads no case text."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from portal.core.errors import CursorExpired
from portal.core.gateway import Gateway
from portal.core.wire_submission import is_uuid
from portal.domain.capability import CoreChange
from portal.domain.delivery import DeliveryState
from portal.outbox import marks
from portal.store.tables import change_cursor, change_mark, submission
from portal.store.unit import Store, insert

PAGE = 200
MOST_PAGES = 20
"""In one pass of one service; the rest comes with the next pass."""

# Their entity is a thread or a referral of one person. Others would tell one reader what only another may see.
_MARKING = frozenset({"message.added", "referral.updated"})
_STILL_OPEN = tuple(state.value for state in (DeliveryState.ACCEPTED, DeliveryState.REGISTERED, DeliveryState.SEEN))


def read_feed(store: Store, service_id: str, gateway: Gateway, now: datetime) -> int:
    """Take in what is new since last time; how many changes. Raises `CoreError` and `StoreError`."""
    taken = 0
    for _ in range(MOST_PAGES):
        cursor = _cursor(store, service_id)
        try:
            page = gateway.changes(cursor, PAGE)
        except CursorExpired:
            _start_again(store, service_id, now)
            break
        if page.items or page.next_cursor != cursor:
            with store.write() as connection:
                _take_in(connection, service_id, page.items, now)
                _remember(connection, service_id, page.next_cursor, now)
        taken += len(page.items)
        if not page.more:
            break
    return taken


def _cursor(store: Store, service_id: str) -> str | None:
    with store.read() as connection:
        return connection.execute(
            select(change_cursor.c.cursor).where(change_cursor.c.service_id == service_id)
        ).scalar()


def _take_in(connection: Connection, service_id: str, changes: Collection[CoreChange], now: datetime) -> None:
    # Sorted, so that two readers of one feed take their rows in the same order and never wait for each other
    for item in sorted({change.entity_id for change in changes if change.entity_id and change.type in _MARKING}):
        marks.bump(connection, service_id, item, now)
    receipts = {
        change.entity_id
        for change in changes
        if change.type == "receipt.updated" and change.entity_id and is_uuid(change.entity_id)
    }
    if receipts:
        connection.execute(
            update(submission)
            .where(
                submission.c.receiving_service_id == service_id,
                submission.c.id.in_(receipts),
                submission.c.accepted_at.is_not(None),
            )
            .values(next_attempt_at=now)
        )


def _remember(connection: Connection, service_id: str, cursor: str, now: datetime) -> None:
    values = {"cursor": cursor, "at": now}
    connection.execute(
        insert(connection, change_cursor)
        .values(service_id=service_id, **values)
        .on_conflict_do_update(index_elements=["service_id"], set_=values)
    )


def _start_again(store: Store, service_id: str, now: datetime) -> None:
    """The feed has forgotten where we were: everything may be new."""
    with store.write() as connection:
        connection.execute(delete(change_cursor).where(change_cursor.c.service_id == service_id))
        connection.execute(
            update(change_mark)
            .where(change_mark.c.service_id == service_id)
            .values(version=change_mark.c.version + 1, at=now)
        )
        connection.execute(
            update(submission)
            .where(submission.c.receiving_service_id == service_id, submission.c.state.in_(_STILL_OPEN))
            .values(next_attempt_at=now)
        )
