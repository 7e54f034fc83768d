"""Two processes that are killed in the middle of their work: one puts submissions in, the other delivers them.

The count-th time it comes to its moment a process sends itself SIGKILL; with the moment "-" it goes on until somebody
else kills it. Its clock is some minutes ahead, so that leases of those killed before have run out. The core is a log.
"""

from __future__ import annotations

import os
import signal
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection

from portal.access import actions
from portal.access.grants import Grant
from portal.access.standing import Target
from portal.audit.events import Entry
from portal.audit.journal import Journal
from portal.core.errors import OutcomeUnknown
from portal.domain.delivery import Receipt
from portal.domain.submission import Submission, SubmissionKind
from portal.jurisdictions import jurisdiction
from portal.outbox.box import Box, NewSubmission
from portal.outbox.drafts import Drafts
from portal.outbox.seal import Opener, Sealer
from portal.outbox.send import Worker
from portal.store.unit import Store, create_engine_for
from tests.fakes.gateway import FakeGateway
from tests.fakes.letterbox import AUDIT_KEY, CHILD, DRAFT_KEYS, SERVICE, grant_for

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
LANES = 5
LOSES_EVERY = 7


def form_key(number: int) -> str:
    """The id the form of the nth press came with."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, str(number)))


class Death:
    """Comes at the given moment, the given time it is reached."""

    def __init__(self, moment: str, count: int) -> None:
        self.moment = moment
        self.left = count

    def at(self, moment: str) -> None:
        """Die here, if it is time."""
        if moment == self.moment:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalJournal(Journal):
    """Dies inside a transaction, after the audit row and before the rest."""

    death: Death

    def record(self, connection: Connection, entry: Entry) -> int:
        """Write, then perhaps die."""
        sequence = super().record(connection, entry)
        self.death.at("inside")
        return sequence


class LogCore(FakeGateway):
    """Writes what it takes into a log, each key once, with one write that no kill can halve; loses every 7th answer."""

    log: Path
    death: Death

    def deliver(self, grant: Grant, submission: Submission) -> Receipt:
        """Take in once, however often it is sent."""
        self.death.at("before")
        receipt = super().deliver(grant, submission)
        with self.log.open("a+", encoding="utf-8", buffering=1) as log:
            log.seek(0)
            if submission.id not in log.read():
                log.write(f"{submission.id} {submission.content['body']}\n")
        self.death.at("stored")
        if len(self.attempts) % LOSES_EVERY == 0:
            raise OutcomeUnknown
        return receipt


def submit(store: Store, folder: Path, journal: MortalJournal, clock: ShiftedClock) -> None:
    """Press send again and again; write down each number whose receipt was shown."""
    box = Box(store, Sealer(KEY.public_key()), journal, Drafts(store, DRAFT_KEYS, clock), clock)
    shown = folder / "shown"
    number = len(shown.read_text().splitlines()) if shown.exists() else 0
    while True:
        grant = grant_for(actions.WRITE_MESSAGE, Target(case_id=f"case-{number % LANES}"))
        content = {"body": str(number), "language": "nb"}
        box.accept(grant, NewSubmission(form_key(number), SubmissionKind.MESSAGE, content), CHILD)
        journal.death.at("kept")
        with shown.open("a") as file:
            file.write(f"{number}\n")
        number += 1


def deliver(store: Store, folder: Path, journal: MortalJournal, clock: ShiftedClock) -> None:
    """Deliver for ever."""
    worker = make_worker(store, folder, journal, clock)
    while True:
        worker.run_once()


def make_worker(store: Store, folder: Path, journal: MortalJournal, clock: ShiftedClock) -> Worker:
    """A worker for the core of the folder."""
    core = LogCore(SERVICE)
    core.log, core.death = folder / "core", journal.death
    return Worker(
        store,
        Opener(KEY),
        {SERVICE: core},
        journal,
        clock,
        timezones={SERVICE: UTC},
        ages={SERVICE: jurisdiction("no").ages},
        random=lambda: 0.01,
    )


class ShiftedClock:
    """The real clock, some minutes ahead."""

    def __init__(self, minutes: int) -> None:
        self.ahead = timedelta(minutes=minutes)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Life:
    """One process's: `what` it does, where, how it ends, and what time it has, in minutes ahead."""

    what: str
    url: str
    folder: Path
    moment: str
    count: int
    minutes: int


def live(life: Life) -> None:
    """Until killed."""
    clock = ShiftedClock(life.minutes)
    journal = MortalJournal(AUDIT_KEY, clock)
    journal.death = Death(life.moment, life.count)
    run = {"submit": submit, "deliver": deliver}[life.what]
    run(Store(create_engine_for(life.url)), life.folder, journal, clock)
