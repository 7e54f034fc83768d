"""Writes and checks the journal. Never swallows a failure: no row, no page, no receipt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, tzinfo
from hmac import compare_digest

from sqlalchemy import Connection, bindparam, select, update

from portal.audit.chain import START, Chain, Head
from portal.audit.events import Entry, Event, Sight
from portal.domain.people import Relation
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
    .where(
        audit_event.c.service_id == bindparam("service_id"),
        audit_event.c.sequence > bindparam("after"),
        audit_event.c.sequence <= bindparam("upto"),
    )
    .order_by(audit_event.c.sequence)
    .limit(1000)
)
_LAST = 2**63 - 1
_LOOKED_AT = select(audit_event.c.at, audit_event.c.role, audit_event.c.action).where(
    audit_event.c.service_id == bindparam("service_id"),
    audit_event.c.about.in_(bindparam("about", expanding=True)),
    audit_event.c.at >= bindparam("since"),
    audit_event.c.event == Event.SEEN.value,
    audit_event.c.role.is_not(None),
)
_HEAD = select(audit_head).where(audit_head.c.service_id == bindparam("service_id"))
_HEAD_LOCKED = _HEAD.with_for_update()


@dataclass(frozen=True)
class _End:
    sequence: int
    hash: str
    proof: str


@dataclass(frozen=True)
class Looked:
    """Somebody of the staff has looked, on a local calendar day; `action` is the name of an `access.Action`."""

    day: date
    role: Relation
    action: str


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
            "role": entry.role.value if entry.role else None,
            "about": entry.about,
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
                self.record(connection, _seen(sight))

    def head(self, connection: Connection, service_id: str) -> Head:
        """Where the chain of a service ends, to be kept outside (the core) as an anchor."""
        row = connection.execute(_HEAD, {"service_id": service_id}).first()
        return Head(row.sequence, row.hash) if row else Head(0, START)

    def looked_at(
        self, store: Store, service_id: str, about: Collection[str], since: datetime, timezone: tzinfo
    ) -> frozenset[Looked]:
        """On which days staff has seen something of these threads or cases, and as what; nobody of a family is in it.

        One statement, by an index; held in memory is one entry a day, role and action.
        """
        asked = {"service_id": service_id, "about": list(about), "since": since}
        with store.read() as connection:
            return frozenset(
                Looked(row.at.astimezone(timezone).date(), Relation(row.role), row.action)
                for row in connection.execute(_LOOKED_AT, asked)
            )

    def verify(self, connection: Connection, service_id: str, anchor: Head | None = None) -> int | None:
        """The number of the first row that was changed, removed or cut off; None when the chain is whole.

        `anchor`: a head that was kept outside earlier; it finds even a database put back as a whole. What is written
        meanwhile is left for the next time. Memory is bounded, however long the chain is.
        """
        end = self._end(connection, service_id)
        before = Head(0, START)
        for row in _rows(connection, service_id, end.sequence if end else None):
            if not self._follows(before, row):
                return before.sequence + 1
            before = Head(before.sequence + 1, str(row["hash"]))
            if anchor and anchor.sequence == before.sequence and anchor.hash != before.hash:
                return before.sequence
        if anchor and anchor.sequence > before.sequence:
            return before.sequence + 1
        return self._cut(service_id, end, before)

    def verify_since(self, connection: Connection, service_id: str, anchor: Head) -> int | None:
        """As `verify`, for the rows after a head that was verified when it was brought outside."""
        end = self._end(connection, service_id)
        before = anchor
        for row in _rows(connection, service_id, end.sequence if end else None, anchor.sequence):
            if not self._follows(before, row):
                return before.sequence + 1
            before = Head(before.sequence + 1, str(row["hash"]))
        return self._cut(service_id, end, before)

    def _follows(self, before: Head, row: Mapping[str, object]) -> bool:
        linked = row["sequence"] == before.sequence + 1 and row["previous_hash"] == before.hash
        return linked and compare_digest(self.chain.row(row), str(row["hash"]))

    def _end(self, connection: Connection, service_id: str) -> _End | None:
        row = connection.execute(_HEAD, {"service_id": service_id}).first()
        return _End(row.sequence, row.hash, row.proof) if row else None

    def _cut(self, service_id: str, end: _End | None, last: Head) -> int | None:
        if end is None:
            return None if last.sequence == 0 else last.sequence + 1
        proven = compare_digest(self.chain.head(service_id, last), end.proof)
        return None if proven and Head(end.sequence, end.hash) == last else last.sequence + 1

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


def _seen(sight: Sight) -> Entry:
    return Entry(
        sight.service_id,
        Event.SEEN,
        sight.realm,
        sight.account_id,
        sight.action,
        item=sight.item,
        role=sight.role,
        about=sight.about,
    )


def _rows(connection: Connection, service_id: str, upto: int | None, after: int = 0) -> Iterator[Mapping[str, object]]:
    """In order, a thousand at a time; `upto` is the last number, None for all there are."""
    asked = {"service_id": service_id, "after": after, "upto": _LAST if upto is None else upto}
    while batch := connection.execute(_BATCH, asked).mappings().all():
        yield from map(dict, batch)
        asked["after"] = batch[-1]["sequence"]


__all__ = ["Entry", "Event", "Head", "Journal", "Looked", "Sight"]
