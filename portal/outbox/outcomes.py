"""How an attempt ended, and writing that down: state, audit row and mark in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.audit.events import Entry, Event
from portal.audit.journal import Journal
from portal.core.errors import CoreFault
from portal.domain.delivery import DeliveryState, Receipt
from portal.domain.people import Realm
from portal.domain.submission import SubmissionKind
from portal.logs import log
from portal.outbox import marks, queue
from portal.outbox.kinds import NEVER_REFUSED
from portal.outbox.levels import advance, is_registered, refused
from portal.store.unit import Store

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
ATTENTION_AFTER = 8
"""Attempts; with these pauses about four minutes."""
RECEIPT_EVERY = timedelta(minutes=1)
REJECTED_BY_CORE = "rejected_by_core"


@dataclass(frozen=True)
class Delivered:
    """The core has it."""

    receipt: Receipt


@dataclass(frozen=True)
class Later:
    """Not delivered, or not known to be: again after a pause. `attention` calls people at once."""

    code: str
    retry_after: timedelta = timedelta()
    attention: bool = False
    core_down: bool = False


@dataclass(frozen=True)
class Refused:
    """The core, or the portal's own rules, said no. The body stays sealed for a while so that nothing is lost."""

    code: str


@dataclass(frozen=True)
class ToIntake:
    """A child's words that may not be brought where they were written: from now on they go to the intake."""

    code: str


Outcome = Delivered | Later | Refused | ToIntake


def pause(attempts: int, random: Callable[[], float]) -> timedelta:
    """Exponential with full jitter, from `FIRST_PAUSE` to `LONGEST_PAUSE`; `random` gives [0, 1)."""
    if attempts > ATTENTION_AFTER:
        return LONGEST_PAUSE
    longest: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return longest * random()


class Recorder:
    """Writes outcomes. A worker whose lease has passed on writes nothing."""

    def __init__(
        self, store: Store, journal: Journal, clock: Callable[[], datetime], random: Callable[[], float]
    ) -> None:
        self._store = store
        self._journal = journal
        self._clock = clock
        self._random = random

    def record(self, claimed: queue.Claim, outcome: Outcome) -> None:
        """Write one outcome. Raises only `StoreError`; then the lease runs out and somebody tries again."""
        row = claimed.row
        if isinstance(outcome, Delivered) and refused(row, outcome.receipt):
            outcome = Refused(REJECTED_BY_CORE)
        if isinstance(outcome, Refused) and SubmissionKind(str(row["kind"])) in NEVER_REFUSED:
            outcome = Later(outcome.code, attention=True)
        match outcome:
            case Delivered(receipt):
                self._delivered(claimed, receipt)
            case Refused(code):
                self._rejected(claimed, code)
            case ToIntake(code):
                self._to_intake(claimed, code)
            case _:
                self._later(claimed, outcome)

    def _delivered(self, claimed: queue.Claim, receipt: Receipt) -> None:
        try:
            values = advance(claimed.row, receipt)
        except CoreFault as error:
            self._later(claimed, Later(error.code))
            return
        now = self._clock()
        next_at = now if is_registered(claimed.row, values) else now + RECEIPT_EVERY
        with self._store.write() as connection:
            if queue.settle(connection, claimed, {**values, "next_attempt_at": next_at}):
                self._note(connection, claimed, Event.DELIVERED, "ok")

    def _rejected(self, claimed: queue.Claim, code: str) -> None:
        values = {"state": DeliveryState.REJECTED.value, "rejected_at": self._clock(), "error_code": code}
        with self._store.write() as connection:
            settled = queue.settle(connection, claimed, {**values, "next_attempt_at": None})
            if settled:
                self._note(connection, claimed, Event.REJECTED, code)
        if settled:
            _tell("outbox.rejected", claimed, code)

    def _to_intake(self, claimed: queue.Claim, code: str) -> None:
        now = self._clock()
        with self._store.write() as connection:
            if queue.settle(connection, claimed, {"to_intake_at": now, "next_attempt_at": now, "error_code": code}):
                self._note(connection, claimed, Event.TO_INTAKE, code)

    def _later(self, claimed: queue.Claim, outcome: Later) -> None:
        now = self._clock()
        attempts = int(str(claimed.row["attempts"]))
        wait = max(pause(attempts, self._random), min(outcome.retry_after, LONGEST_PAUSE))
        values: dict[str, object] = {"next_attempt_at": now + wait, "error_code": outcome.code}
        call = (attempts >= ATTENTION_AFTER or outcome.attention) and claimed.row["attention_since"] is None
        if call:
            values |= {"state": DeliveryState.NEEDS_ATTENTION.value, "attention_since": now}
        with self._store.write() as connection:
            settled = queue.settle(connection, claimed, values)
            if settled and call:
                self._note(connection, claimed, Event.NEEDS_ATTENTION, outcome.code)
        if settled and call:
            _tell("outbox.needs_attention", claimed, outcome.code)

    def _note(self, connection: Connection, claimed: queue.Claim, event: Event, code: str) -> None:
        row = claimed.row
        service_id, account_id = str(row["service_id"]), str(row["account_id"])
        realm, action, item = Realm(str(row["realm"])), str(row["action"]), str(row["id"])
        self._journal.record(connection, Entry(service_id, event, realm, account_id, action, code, item))
        marks.bump(connection, service_id, account_id, self._clock())


def _tell(event: str, claimed: queue.Claim, code: str) -> None:
    """Call people: an operator's alarm listens to these two events."""
    row = claimed.row
    log(
        event,
        level=logging.ERROR,
        service=str(row["service_id"]),
        kind=str(row["kind"]),
        code=code,
        attempt=int(str(row["attempts"])),
    )
