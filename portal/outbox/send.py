"""The delivery worker: decides anew, sends with one key for every attempt, records the core's word. Drops nothing."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from portal.access.actions import Needs
from portal.access.decide import decide
from portal.access.grants import Denial, Denied
from portal.access.standing import UNAVAILABLE, Standing
from portal.audit.journal import Journal
from portal.core.errors import (
    Conflict,
    CoreError,
    Forbidden,
    Gone,
    InProgress,
    Invalid,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    Unavailable,
)
from portal.core.gateway import Gateway
from portal.core.wire_submission import body_digest
from portal.jurisdictions import Ages
from portal.logs import log
from portal.outbox import files, queue
from portal.outbox.intake import is_childs
from portal.outbox.jobs import Job, open_job
from portal.outbox.levels import only_arrived
from portal.outbox.outcomes import Delivered, Later, Outcome, Recorder, Refused, ToIntake
from portal.outbox.seal import Opener
from portal.store.crypto import SealBroken
from portal.store.unit import Store

DEFINITE = (Invalid, Forbidden, NotFound, Gone, Conflict, NotSupported)
"""The core has understood and says no; trying again would not help. `TooLarge` is a kind of `Invalid`."""

ENDED = (Forbidden, NotFound, Gone)
"""The kinds of those by which a core says that somebody may not bring it there (any more)."""

NOT_KNOWN = frozenset({Denial.UNKNOWN_FACT, Denial.UNAVAILABLE})
"""Denials for want of facts: not sent, but asked again later."""

NOT_OURS = "digest_differs"
"""The core holds something under this id that it does not say is this, so nothing it says of that is about this."""

ROUNDS = 50
"""Rows of one service in one pass, so that a full service does not keep the others waiting."""

_RANDOM = secrets.SystemRandom()


@dataclass(frozen=True)
class _Core:
    gateway: Gateway
    timezone: tzinfo
    ages: Ages


class Worker:
    """Delivers what is due. Several may run at once, on one database. `timezones` and `ages` are the services' own."""

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
        random: Callable[[], float] = _RANDOM.random,
    ) -> None:
        self._store = store
        self._opener = opener
        self._cores = {key: _Core(gateway, timezones[key], ages[key]) for key, gateway in gateways.items()}
        self._clock = clock
        self._recorder = Recorder(store, journal, clock, random)

    def run_once(self) -> int:
        """Make at most one attempt for each due head of a lane; how many were made. Raises only `StoreError`."""
        attempts = 0
        down: dict[str, Later] = {}
        for service_id in queue.services_with_work(self._store, self._clock()):
            started = self._clock()
            for _ in range(ROUNDS):
                claimed = queue.claim(self._store, service_id, self._cores.keys(), started)
                if claimed is None:
                    break
                receiver = str(claimed.row["receiving_service_id"])
                outcome = down.get(receiver) or self._attempt(claimed)
                if isinstance(outcome, Later) and outcome.core_down:
                    down[receiver] = outcome  # its other rows wait without another time limit running out
                self._recorder.record(claimed, outcome)
                attempts += 1
        return attempts

    def _attempt(self, claimed: queue.Claim) -> Outcome:
        try:
            job = open_job(self._opener, claimed.row)
            return self._bring(job)
        except SealBroken:  # of its words or of a file
            return Later("sealed", attention=True)
        except Exception as error:  # noqa: BLE001 one row must never stop the letterbox; it waits, and people are told
            log("outbox.fault", level=logging.ERROR, error=error, service=str(claimed.row["receiving_service_id"]))
            return Later("fault", attention=True)

    def _bring(self, job: Job) -> Outcome:
        core = self._cores[job.submission.actor.service_id]
        try:
            return self._send(core, job)
        except ENDED as error:
            return self._unless_arrived(core, job, self._no_right(job, error.code), ask=False)
        except DEFINITE as error:
            return self._unless_arrived(core, job, Refused(error.code), ask=isinstance(error, Conflict))
        except OutcomeUnknown as error:
            return self._unless_arrived(core, job, Later(error.code), ask=True)
        except Unavailable as error:
            down = not isinstance(error, InProgress)
            return Later(error.code, retry_after=timedelta(seconds=error.retry_after or 0), core_down=down)
        except CoreError as error:
            return Later(error.code)

    def _send(self, core: _Core, job: Job) -> Outcome:
        standing = self._standing(core, job)
        today = self._clock().astimezone(core.timezone).date()
        decision = decide(job.action, job.submission.actor, standing, job.target, today, ages=core.ages)
        if isinstance(decision, Denied):
            return self._denied(core, job, decision, standing)
        if decision.keep_only:
            return Later("unavailable")
        for file in files.opened(self._store, self._opener, job.row, job.submission.content):
            core.gateway.deliver_file(decision, job.submission, file)
        return Delivered(core.gateway.deliver(decision, job.submission))

    def _standing(self, core: _Core, job: Job) -> Standing:
        """Facts as they are now; a right may have ended since the person wrote."""
        if job.action.needs in {Needs.NOTHING, Needs.SIGNED_IN}:
            return UNAVAILABLE  # no fact is needed, so none that is missing can hold back a call for help
        return core.gateway.standing(job.submission.actor, job.target)

    def _denied(self, core: _Core, job: Job, decision: Denied, standing: Standing) -> Outcome:
        code = decision.denial.value
        if decision.denial in NOT_KNOWN:
            return Later(code)
        otherwise = self._no_right(job, code, standing)
        outcome = self._unless_arrived(core, job, otherwise, ask=False)
        if isinstance(outcome, Delivered) and not isinstance(otherwise, ToIntake):
            return Delivered(only_arrived(outcome.receipt))  # what became of it after that is not told any more
        return outcome

    def _no_right(self, job: Job, code: str, standing: Standing | None = None) -> Outcome:
        """Not sent, and its writer is told; but a child's words are never dropped for it."""
        if job.row["to_intake_at"] is None and is_childs(job.row, standing):
            return ToIntake(code)
        return Refused(code)

    def _unless_arrived(self, core: _Core, job: Job, otherwise: Outcome, *, ask: bool) -> Outcome:
        """An earlier attempt, or this one, may have arrived although its answer was lost: the core knows."""
        if not ask and job.row["attempts"] == 1:
            return otherwise
        try:
            receipt = core.gateway.receipt(job.submission.id)
        except NotFound:
            return otherwise
        except CoreError as error:
            return Later(error.code)
        if receipt.sha256 == body_digest(job.submission):
            return Delivered(receipt)
        if receipt.sha256 is None and isinstance(otherwise, Later):
            return otherwise  # sent again, the same words under the same key are answered with their own receipt
        # Somebody else's under the same id, or nobody can say whose: how far that has come is told to nobody here
        return Later(NOT_OURS, attention=True)
