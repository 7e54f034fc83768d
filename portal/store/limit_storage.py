"""Counters of rate limits in the portal's own database. Knows keys (hashes) and counts, never what is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from limits.storage import Storage
from sqlalchemy import ColumnElement, case, delete, select
from sqlalchemy.exc import SQLAlchemyError

from portal.store.tables import limit_window
from portal.store.unit import Store, StoreError, insert


class DatabaseStorage(Storage):
    """Keys are `service id/hash`. Every failure is `limits.errors.StorageError`."""

    STORAGE_SCHEME = None

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        super().__init__(wrap_exceptions=True)
        self._store = store
        self._clock = clock

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """What the database can say."""
        return (StoreError, SQLAlchemyError)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter, in one statement so that two at once are two; anew after `expiry` seconds."""
        now = self._clock()
        service_id, hashed = _parts(key)
        over = limit_window.c.expires_at <= now
        until = now + timedelta(seconds=expiry)
        with self._store.write() as connection:
            added = insert(connection, limit_window).values(
                service_id=service_id, key=hashed, count=amount, expires_at=until
            )
            statement = added.on_conflict_do_update(
                index_elements=["service_id", "key"],
                set_={
                    "count": case((over, amount), else_=limit_window.c.count + amount),
                    "expires_at": case((over, until), else_=limit_window.c.expires_at),
                },
            ).returning(limit_window.c.count)
            return int(connection.execute(statement).scalar_one())

    def get(self, key: str) -> int:
        """The counter's value; 0 when there is none."""
        with self._store.read() as connection:
            found = connection.execute(
                select(limit_window.c.count).where(*_here(key), limit_window.c.expires_at > self._clock())
            ).scalar_one_or_none()
        return found or 0

    def get_expiry(self, key: str) -> float:
        """When the counter ends, in seconds since 1970; now when there is none."""
        with self._store.read() as connection:
            found = connection.execute(select(limit_window.c.expires_at).where(*_here(key))).scalar_one_or_none()
        return (found or self._clock()).timestamp()

    def check(self) -> bool:
        """Does the database answer?"""
        self.get("none/none")
        return True

    def reset(self) -> int:
        """Forget all counters; how many there were."""
        with self._store.write() as connection:
            return connection.execute(delete(limit_window)).rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._store.write() as connection:
            connection.execute(delete(limit_window).where(*_here(key)))


def _parts(key: str) -> tuple[str, str]:
    service_id, _, hashed = key.partition("/")
    return service_id, hashed


def _here(key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    service_id, hashed = _parts(key)
    return limit_window.c.service_id == service_id, limit_window.c.key == hashed
