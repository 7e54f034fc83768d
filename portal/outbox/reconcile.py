"""Compares what the portal promised with what the core holds, and wipes a body only when the two are the same."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Connection, select, update

from portal.access.decide import decide
from portal.access.grants import Grant
from portal.audit.events import Entry, Event
from portal.audit.journal import Journal
from portal.core.errors import CoreError, CoreFault, Invalid, NotFound
from portal.core.gateway import Gateway
from portal.core.wire_submission import body_digest
from portal.domain.delivery import DeliveryState, Receipt
from portal.domain.people import Realm
from portal.domain.submission import SubmissionKind
from portal.jurisdictions import Ages
from portal.logs import log
from portal.outbox import files, marks
from portal.outbox.feed import read_feed
from portal.outbox.jobs import actor_of, open_job, target_of
from portal.outbox.kinds import ACTION_OF, NEVER_REFUSED
from portal.outbox.levels import advance, is_registered, only_arrived, refused, tells_more
from portal.outbox.outcomes import LONGEST_PAUSE, RECEIPT_EVERY, REJECTED_BY_CORE
from portal.outbox.purge import purge
from portal.outbox.seal import Opener
from portal.store.crypto import SealBroken
from portal.store.tables import submission
from portal.store.unit import Store

RECEIPTS = 100
"""Receipts asked of one core in one pass."""
PURGE_EVERY = timedelta(minutes=5)

Row = Mapping[str, object]


class Reconciler:
    """One pass over every core: the feed, the receipts that are due, and what has served its time."""

    def __init__(
        self,
        store: Store,
        opener: Opener,
        gateways: Mapping[str, Gateway],
        journal: Journal,
        clock: Callable[[], datetime],
        *,
        timezones: Mapping[str, tzinfo],
        ages: Mapping[str, Ages],
    ) -> None:
        self._store = store
        self._opener = opener
        self._gateways = gateways
        self._journal = journal
        self._clock = clock
        self._timezones = timezones
        self._ages = ages
        self._purged_at: datetime | None = None

    def run_once(self) -> int:
        """One pass; how many changes and receipts were taken in. A core that is down waits. Raises `StoreError`."""
        taken = 0
        for service_id, gateway in self._gateways.items():
            try:
                taken += read_feed(self._store, service_id, gateway, self._clock())
                taken += self._ask(service_id, gateway)
            except CoreError as error:
                log("outbox.not_reconciled", service=service_id, code=error.code)
        now = self._clock()
        if self._purged_at is None or abs(now - self._purged_at) >= PURGE_EVERY:
            purge(self._store, now)
            self._purged_at = now
        return taken

    def _ask(self, service_id: str, gateway: Gateway) -> int:
        due = (
            select(submission)
            .where(
                submission.c.receiving_service_id == service_id,
                submission.c.accepted_at.is_not(None),
                submission.c.next_attempt_at <= self._clock(),
            )
            .order_by(submission.c.next_attempt_at)
            .limit(RECEIPTS)
        )
        with self._store.read() as connection:
            rows = [dict(row) for row in connection.execute(due).mappings()]
        for row in rows:
            try:
                self._write(row, self._compared(row, gateway))
            except CoreError:  # it would meet every other row too; this one goes to the end of the queue
                self._write(row, {"next_attempt_at": self._clock() + RECEIPT_EVERY})
                raise
        return len(rows)

    def _compared(self, row: Row, gateway: Gateway) -> dict[str, object]:
        """What to set after asking for one receipt. Raises the kinds of `CoreError` that are not about this row."""
        now = self._clock()
        try:
            receipt = gateway.receipt(str(row["id"]))
            if refused(row, receipt):
                return self._given_up(row)
            if tells_more(row, receipt) and not self._may_know(row, gateway):
                receipt = only_arrived(receipt)
            values = advance(row, receipt)
        except NotFound:
            return self._alarm(row, "not_at_the_core")
        except CoreFault as error:
            return self._alarm(row, error.code)
        if not is_registered(row, values):
            return {**values, "next_attempt_at": now + RECEIPT_EVERY}
        if row["reconciled_at"] is not None:
            return {**values, "next_attempt_at": None}
        return self._matched(row, values, receipt)

    def _may_know(self, row: Row, gateway: Gateway) -> bool:
        """May its writer still be told who opened it, and that there is an answer (rules.md R0, R17)?

        Whoever was blocked meanwhile would read in it that there is a case, and who works in it. A child always may.
        Raises the kinds of `CoreError`.
        """
        of_case = row["case_id"] is not None and row["to_intake_at"] is None
        if not of_case or row["of_child"] or row["realm"] != Realm.FAMILY.value:
            return True
        service_id, actor, target = str(row["receiving_service_id"]), actor_of(row), target_of(row)
        action = ACTION_OF[SubmissionKind(str(row["kind"]))]
        today = self._clock().astimezone(self._timezones[service_id]).date()
        standing = gateway.standing(actor, target)
        return isinstance(decide(action, actor, standing, target, today, ages=self._ages[service_id]), Grant)

    def _given_up(self, row: Row) -> dict[str, object]:
        if SubmissionKind(str(row["kind"])) in NEVER_REFUSED:
            return self._alarm(row, REJECTED_BY_CORE)
        state = DeliveryState.REJECTED.value
        values = {"state": state, "rejected_at": self._clock(), "error_code": REJECTED_BY_CORE}
        return {**values, "next_attempt_at": None}

    def _matched(self, row: Row, values: dict[str, object], receipt: Receipt) -> dict[str, object]:
        now = self._clock()
        if receipt.sha256 is None:  # a core that cannot say what it holds: the body stays, and we ask again
            return {**values, "next_attempt_at": now + LONGEST_PAUSE}
        try:
            ours = body_digest(open_job(self._opener, row).submission)
        except (SealBroken, Invalid):
            return {**values, **self._alarm(row, "unreadable")}
        if ours != receipt.sha256:
            return self._alarm(row, "digest_differs")  # what is told of something else is not taken over
        return {**values, "next_attempt_at": None, "reconciled_at": now, "sealed": None, "wiped_at": now}

    def _alarm(self, row: Row, code: str) -> dict[str, object]:
        now = self._clock()
        if row["attention_since"] is None:
            log("outbox.needs_attention", level=logging.ERROR, service=str(row["service_id"]), code=code)
        return {
            "state": DeliveryState.NEEDS_ATTENTION.value,
            "error_code": code,
            "attention_since": row["attention_since"] or now,
            "next_attempt_at": now + LONGEST_PAUSE,
        }

    def _write(self, row: Row, values: Mapping[str, object]) -> None:
        with self._store.write() as connection:
            changed = connection.execute(
                update(submission)
                .where(
                    submission.c.service_id == row["service_id"],
                    submission.c.id == row["id"],
                    # Another pass or the feed may have been quicker; what is due then is asked again
                    submission.c.next_attempt_at == row["next_attempt_at"],
                )
                .values(**values)
                .returning(submission.c.id)
            ).first()
            if changed is not None:
                if values.get("wiped_at") is not None:
                    connection.execute(files.wiped_of(str(row["service_id"]), str(row["id"])))
                self._note(connection, row, values)

    def _note(self, connection: Connection, row: Row, values: Mapping[str, object]) -> None:
        event, outcome = _event(row, values)
        if event is not None:
            service_id, account_id = str(row["service_id"]), str(row["account_id"])
            realm, item = Realm(str(row["realm"])), str(row["id"])
            self._journal.record(
                connection, Entry(service_id, event, realm, account_id, str(row["action"]), outcome, item)
            )
        if values.get("state", row["state"]) != row["state"]:
            marks.bump(connection, str(row["service_id"]), str(row["account_id"]), self._clock())


def _event(row: Row, values: Mapping[str, object]) -> tuple[Event | None, str]:
    """What of a change belongs into the journal, and how it ended."""
    if values.get("wiped_at") is not None:
        return Event.WIPED, "ok"
    if values.get("state") == DeliveryState.REJECTED.value:
        return Event.REJECTED, str(values["error_code"])
    if values.get("state") == DeliveryState.NEEDS_ATTENTION.value and row["attention_since"] is None:
        return Event.NEEDS_ATTENTION, str(values["error_code"])
    return None, ""
