"""Writes and checks the journal. Never swallows a failure: no row, no page, no receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import Connection, bindparam, select, update

from portal.audit.chain import START, Chain, Head
from portal.audit.events import Entry, Event, Sight
from portal.store.tables import audit_event, audit_head, seen_mark
from portal.store.unit import Store, insert

SEEN_EVERY = timedelta(minutes=15)
"""One row per session, item and quarter of an hour (house.md, "Rules that hold everywhere")."""

_SEEN_LATELY = select(seen_mark.c.at).where(
    seen_mark.c.service_id == bindparam("service_id"),
    seen_mark.c.session_hash == bindparam("session_hash"),
    seen_mark.c.item == bindparam("item"),
    seen_mark.c.at > bindparam("since"),
)
_BATCH = (
    select(audit_event)
    .where(audit_event.c.service_id == bindparam("service_id"), audit_event.c.sequence > bindparam("after"))
    .order_by(audit_event.c.sequence)
    .limit(1000)
)
_HEAD = select(audit_head).where(audit_head.c.service_id == bindparam("service_id"))
_HEAD_LOCKED = _HEAD.with_for_update()


class Journal:
    """One chain of rows per service. `clock` gives UTC."""

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        self.chain = Chain(key)
        self._clock = clock

    def record(self, connection: Connection, entry: Entry) -> int:
        """Write one row in the caller's transaction and return its number, which grows in the order of commits."""
        before = self._locked_head(connection, entry.service_id)
        account = entry.account_id
        row: dict[str, object] = {
            "service_id": entry.service_id,
            "sequence": before.sequence + 1,
            "at": self._clock(),
            "event": entry.event.value,
            "realm": entry.realm.value if entry.realm else None,
            "actor": self.chain.actor(entry.service_id, account) if account else None,
            "action": entry.action,
            "outcome": entry.outcome,
            "item": entry.item,
            "previous_hash": before.hash,
        }
        after = Head(before.sequence + 1, self.chain.row(row))
        connection.execute(audit_event.insert().values(**row, hash=after.hash))
        connection.execute(
            update(audit_head)
            .where(audit_head.c.service_id == entry.service_id)
            .values(**asdict(after), proof=self.chain.head(entry.service_id, after))
        )
        return after.sequence

    def seen(self, store: Store, sight: Sight) -> None:
        """Note that somebody sees an item: one select when it is noted already. Raises whatever hinders it."""
        now = self._clock()
        key = {"service_id": sight.service_id, "session_hash": sight.session_hash, "item": sight.item}
        with store.read() as connection:
            if connection.execute(_SEEN_LATELY, {**key, "since": now - SEEN_EVERY}).first():
                return
        with store.write() as connection:
            mark = insert(connection, seen_mark).values(**key, at=now)
            mark = mark.on_conflict_do_update(
                index_elements=list(key), set_={"at": now}, where=seen_mark.c.at <= now - SEEN_EVERY
            )
            marked = connection.execute(mark.returning(seen_mark.c.at)).first()
            if marked is not None:  # else another request of this session was quicker
                self.record(
                    connection,
                    Entry(sight.service_id, Event.SEEN, sight.realm, sight.account_id, sight.action, item=sight.item),
                )

    def head(self, connection: Connection, service_id: str) -> Head:
        """Where the chain of a service ends, to be kept outside (the core) as an anchor."""
        row = connection.execute(_HEAD, {"service_id": service_id}).first()
        return Head(row.sequence, row.hash) if row else Head(0, START)

    def verify(self, connection: Connection, service_id: str, anchor: Head | None = None) -> int | None:
        """The number of the first row that was changed, removed or cut off; None when the chain is whole.

        `anchor`: a head that was kept outside earlier; it finds even a database put back as a whole.
        """
        before = Head(0, START)
        for row in _rows(connection, service_id):
            expected = self.chain.row(row)
            linked = row["sequence"] == before.sequence + 1 and row["previous_hash"] == before.hash
            if not linked or not compare_digest(expected, str(row["hash"])):
                return before.sequence + 1
            before = Head(before.sequence + 1, expected)
            if anchor and anchor.sequence == before.sequence and anchor.hash != before.hash:
                return before.sequence
        if anchor and anchor.sequence > before.sequence:
            return before.sequence + 1
        return self._cut(connection, service_id, before)

    def _cut(self, connection: Connection, service_id: str, last: Head) -> int | None:
        row = connection.execute(_HEAD, {"service_id": service_id}).first()
        if row is None:
            return None if last.sequence == 0 else last.sequence + 1
        proven = compare_digest(self.chain.head(service_id, last), row.proof)
        return None if proven and Head(row.sequence, row.hash) == last else last.sequence + 1

    def _locked_head(self, connection: Connection, service_id: str) -> Head:
        row = connection.execute(_HEAD_LOCKED, {"service_id": service_id}).first()
        if row is None:
            start = Head(0, START)
            connection.execute(
                insert(connection, audit_head)
                .values(service_id=service_id, **asdict(start), proof=self.chain.head(service_id, start))
                .on_conflict_do_nothing()
            )
            row = connection.execute(_HEAD_LOCKED, {"service_id": service_id}).one()
        return Head(row.sequence, row.hash)


def _rows(connection: Connection, service_id: str) -> Iterator[dict[str, object]]:
    after: object = 0
    while batch := connection.execute(_BATCH, {"service_id": service_id, "after": after}).mappings().all():
        yield from map(dict, batch)
        after = batch[-1]["sequence"]


__all__ = ["Entry", "Event", "Head", "Journal", "Sight"]
