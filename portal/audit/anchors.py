"""Brings the end of every journal to its core, once an hour, and holds the journal against what the core keeps.

Whoever can change the portal's database cannot change what the core was told before. Never sends a row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.audit.chain import START, Head
from portal.audit.journal import Journal
from portal.core.errors import UNREACHABLE, Conflict, CoreError, NotFound
from portal.core.gateway import Gateway
from portal.logs import log
from portal.store.tables import audit_anchor
from portal.store.unit import Store, insert

EVERY = timedelta(hours=1)
"""How much could be cut off unnoticed by somebody who also has the journal's key (house.md, "Simple first")."""
TURN = timedelta(minutes=5)
"""How long one worker has for it, before another tries."""
AGAIN = timedelta(minutes=1)
"""After a core could not be asked."""


@dataclass(frozen=True)
class Finding:
    """How one service's journal stands. `broken`: the first row that is not as it was, None when all are.

    `rows`: how many there are. `anchor`: the number of the row up to which the core vouches, 0 before it was first
    told; None when it could not be asked, and then `why` is its error's code.
    """

    service_id: str
    rows: int
    broken: int | None
    anchor: int | None
    why: str = ""


class Anchors:
    """Of all services. Several workers may run at once, on one database. `clock` gives UTC."""

    def __init__(
        self, store: Store, journal: Journal, gateways: Mapping[str, Gateway], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._journal = journal
        self._gateways = gateways
        self._clock = clock

    def send_due(self) -> None:
        """Bring the heads that are due. A core that is down is asked again soon. Raises `StoreError`."""
        with self._store.read() as connection:
            due_at = {row.service_id: row.due_at for row in connection.execute(select(audit_anchor))}
        now = self._clock()
        for service_id, gateway in self._gateways.items():
            if (service_id not in due_at or due_at[service_id] <= now) and self._has_turn(service_id, now):
                self._due(service_id, now + self._bring(service_id, gateway))

    def check(self, service_id: str) -> Finding:
        """Verify one journal from its first row, against the core's anchor when it can be had. Raises `StoreError`."""
        why = ""
        anchor: Head | None = None
        try:
            anchor = _latest(self._gateways[service_id])
        except CoreError as error:
            why = error.code
        with self._store.read() as connection:
            rows = self._journal.head(connection, service_id).sequence
            broken = self._journal.verify(connection, service_id, anchor)
        return Finding(service_id, rows, broken, anchor.sequence if anchor else None, why)

    def _has_turn(self, service_id: str, now: datetime) -> bool:
        """Only one of two workers moves what is due; if it dies meanwhile, the next one comes after `TURN`."""
        with self._store.write() as connection:
            turn = insert(connection, audit_anchor).values(service_id=service_id, due_at=now + TURN)
            turn = turn.on_conflict_do_update(
                index_elements=["service_id"], set_={"due_at": now + TURN}, where=audit_anchor.c.due_at <= now
            )
            return connection.execute(turn.returning(audit_anchor.c.due_at)).first() is not None

    def _due(self, service_id: str, at: datetime) -> None:
        with self._store.write() as connection:
            connection.execute(update(audit_anchor).where(audit_anchor.c.service_id == service_id).values(due_at=at))

    def _bring(self, service_id: str, gateway: Gateway) -> timedelta:
        """Bring one head, after holding what came since against the last one. How long until the next time."""
        try:
            before = _latest(gateway)
            with self._store.read() as connection:
                head = self._journal.head(connection, service_id)  # before verifying, so that it is verified, too
                broken = self._journal.verify_since(connection, service_id, before)
            if broken is not None:
                log("journal.broken", level=logging.ERROR, service=service_id, count=broken)
            elif head.sequence > before.sequence:
                gateway.keep_head(head.sequence, head.hash)
        except Conflict:
            log("journal.anchor_differs", level=logging.ERROR, service=service_id)
        except CoreError as error:
            log("journal.not_anchored", service=service_id, code=error.code)
            return AGAIN if isinstance(error, UNREACHABLE) else EVERY
        return EVERY


def _latest(gateway: Gateway) -> Head:
    """What the core holds; the start of the chain before it was first told. Raises `CoreError`."""
    try:
        kept = gateway.latest_head()
    except NotFound:
        return Head(0, START)
    return Head(kept.sequence, kept.hash)


def said(finding: Finding) -> str:
    """One line for whoever verifies."""
    if finding.anchor is None:
        compared = f"NOT held against its core, which could not be asked ({finding.why})"
    elif finding.anchor == 0:
        compared = "its core has not kept any part of it yet"
    else:
        compared = f"its core vouches for the rows up to {finding.anchor}"
    state = f"whole, {finding.rows} rows" if finding.broken is None else f"BROKEN at row {finding.broken}"
    return f"{finding.service_id}: {state}; {compared}"
