"""Takes in what a person sends: sealed row and audit row in one transaction, then a receipt. Never opens anything."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select
from sqlalchemy.exc import IntegrityError

from portal.access.grants import Grant
from portal.audit.events import Entry, Event
from portal.audit.journal import Journal
from portal.domain.delivery import DeliveryState
from portal.domain.people import UNRESOLVED_PREFIX, Realm, Relation
from portal.domain.submission import SubmissionKind
from portal.outbox import files
from portal.outbox.drafts import Drafts
from portal.outbox.errors import DifferentContent, FormKeyTaken, FormKeyUnfit, GrantDoesNotFit
from portal.outbox.files import NewFile
from portal.outbox.kinds import ACTION_OF, NOT_WRITTEN, item_of, lane_of
from portal.outbox.seal import Sealer, canonical
from portal.store.tables import account, submission
from portal.store.unit import Store

SEALED_NUMBER = "sealed_number"
"""Key of a referral's content: base64 of `Sealer.seal_number`; the worker puts `number` in its place."""

_SHOWN = (
    submission.c.id,
    submission.c.kind,
    submission.c.item,
    submission.c.target_id,
    submission.c.composed_at,
    submission.c.state,
    submission.c.seen_by,
    submission.c.receiving_service_id,
    submission.c.to_intake_at,
)
_OWN = (
    select(*_SHOWN)
    .where(
        submission.c.service_id == bindparam("service_id"),
        submission.c.account_id == bindparam("account_id"),
        submission.c.kind.not_in([kind.value for kind in NOT_WRITTEN]),
    )
    .order_by(submission.c.sequence.desc())
    .limit(200)
)
_WAITING = _OWN.where(
    submission.c.item == bindparam("item"), submission.c.registered_at.is_(None), submission.c.wiped_at.is_(None)
)
_BY_ID = select(submission).where(
    submission.c.service_id == bindparam("service_id"), submission.c.id == bindparam("id")
)
_PSEUDONYM = select(account.c.pseudonym).where(
    account.c.service_id == bindparam("service_id"), account.c.id == bindparam("id")
)

Along = Callable[[Connection, str], None]
"""Writes something in the transaction that keeps a submission; told the id it is kept under."""


@dataclass(frozen=True)
class NewSubmission:
    """What a form brings. `id` came with the form, so that sending it twice is sending it once.

    `content` as in `domain.Submission`, a referral's with `SEALED_NUMBER`. `receiving_service_id` is another service
    for a referral that goes there. `draft_key` names the draft that ends with it; `files` go with it.
    `along` writes what belongs to it in the same transaction, and is told the id it is kept under.
    """

    id: str
    kind: SubmissionKind
    content: Mapping[str, object] = field(repr=False)
    target_id: str | None = None
    receiving_service_id: str | None = None
    draft_key: str | None = None
    files: tuple[NewFile, ...] = ()
    along: Along | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Kept:
    """The portal's own receipt: kept, not yet sent. `at_utc` is the moment the person pressed send (rules.md R21)."""

    id: str
    at_utc: datetime


@dataclass(frozen=True)
class SentItem:
    """Something this account has sent: kind, time and state, never the text. `item`: its case, thread or referral.

    `to_intake`: it went to those who take in new requests, because it could not be brought where it was written.
    """

    id: str
    kind: SubmissionKind
    item: str
    target_id: str | None
    composed_at_utc: datetime
    state: DeliveryState
    seen_by: str | None
    receiving_service_id: str
    to_intake: bool = False


class Box:
    """The letterbox of the web process. `clock` gives UTC."""

    def __init__(
        self, store: Store, sealer: Sealer, journal: Journal, drafts: Drafts, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._journal = journal
        self._drafts = drafts
        self._clock = clock

    def accept(self, grant: Grant, new: NewSubmission, account_id: str) -> Kept:
        """Keep a submission until it is delivered; the same id twice gives the same receipt.

        Raises the kinds of `OutboxError` and of `StoreError`; then nothing was kept.
        """
        _check(grant, new)
        new = replace(new, content={**new.content, **files.named(new.id, new.files)})
        service_id = grant.actor.service_id
        content = {key: value for key, value in new.content.items() if key != SEALED_NUMBER}
        place = [new.kind.value, item_of(new.id, grant.target), new.receiving_service_id]
        fingerprint = self._journal.chain.fingerprint(service_id, canonical([*place, content]))
        try:
            with self._store.write() as connection:
                known = _known(connection, service_id, new.id)
                if known is None:
                    return self._keep(connection, grant, new, account_id, fingerprint)
        except IntegrityError:
            # The same form came twice at the same moment, and the other was quicker
            with self._store.read() as connection:
                known = _known(connection, service_id, new.id)
            if known is None:
                raise
        return _same(known, account_id, fingerprint)

    def sent(self, service_id: str, account_id: str) -> tuple[SentItem, ...]:
        """The last 200 things this account has sent, newest first."""
        with self._store.read() as connection:
            rows = connection.execute(_OWN, {"service_id": service_id, "account_id": account_id}).mappings().all()
        return tuple(_sent(row) for row in rows)

    def waiting(self, service_id: str, account_id: str, item: str) -> tuple[SentItem, ...]:
        """What this account has sent in a case, thread or referral and no page of the core shows yet, newest first."""
        key = {"service_id": service_id, "account_id": account_id, "item": item}
        with self._store.read() as connection:
            rows = connection.execute(_WAITING, key).mappings().all()
        return tuple(_sent(row) for row in rows)

    def _keep(
        self, connection: Connection, grant: Grant, new: NewSubmission, account_id: str, fingerprint: str
    ) -> Kept:
        now = self._clock()
        actor, target = grant.actor, grant.target
        service_id, action = actor.service_id, grant.action.name
        about = target.about if actor.realm is Realm.STAFF else None
        entry = Entry(
            service_id, Event.KEPT, actor.realm, account_id, action, item=new.id, role=grant.role, about=about
        )
        sequence = self._journal.record(connection, entry)
        item = item_of(new.id, target)
        connection.execute(
            submission.insert().values(
                service_id=service_id,
                id=new.id,
                sequence=sequence,
                kind=new.kind.value,
                lane=lane_of(new.kind, item, account_id),
                item=item,
                account_id=account_id,
                realm=actor.realm.value,
                subject=_subject(connection, grant, new, account_id),
                assurance=actor.assurance.value,
                enrolment=actor.enrolment.value,
                action=action,
                receiving_service_id=new.receiving_service_id or service_id,
                case_id=target.case_id,
                thread_id=target.thread_id,
                referral_id=target.referral_id,
                target_id=new.target_id,
                composed_at=now,
                of_child=None if grant.keep_only else grant.relation is Relation.SELF,
                sealed=self._sealer.seal(dict(new.content), service_id, new.id, new.kind.value),
                fingerprint=fingerprint,
                state=DeliveryState.KEPT.value,
                next_attempt_at=now,
            )
        )
        files.keep(connection, self._sealer, service_id, new.id, new.files)
        if new.along is not None:
            new.along(connection, new.id)
        if new.draft_key is not None:
            self._drafts.delete(connection, service_id, account_id, new.draft_key)
        return Kept(new.id, now)


def _check(grant: Grant, new: NewSubmission) -> None:
    if grant.action is not ACTION_OF[new.kind]:
        raise GrantDoesNotFit("not the action of this kind")
    if grant.previewed_by is not None:
        raise GrantDoesNotFit("whoever previews writes nothing")
    elsewhere = new.receiving_service_id not in {None, grant.actor.service_id}
    if elsewhere and new.kind is not SubmissionKind.REFERRAL:
        raise GrantDoesNotFit("only asking for help goes to another service")
    try:
        fit = str(uuid.UUID(new.id)) == new.id
    except ValueError:
        fit = False
    if not fit:
        raise FormKeyUnfit("not a UUID")


def _subject(connection: Connection, grant: Grant, new: NewSubmission, account_id: str) -> str:
    """Another service's core does not know the person by this core's id."""
    if new.receiving_service_id in {None, grant.actor.service_id}:
        return grant.actor.subject
    key = {"service_id": grant.actor.service_id, "id": account_id}
    return f"{UNRESOLVED_PREFIX}{connection.execute(_PSEUDONYM, key).scalar_one()}"


def _known(connection: Connection, service_id: str, identifier: str) -> RowMapping | None:
    return connection.execute(_BY_ID, {"service_id": service_id, "id": identifier}).mappings().first()


def _same(known: RowMapping, account_id: str, fingerprint: str) -> Kept:
    if known["account_id"] != account_id:
        raise FormKeyTaken("used by another account")
    if known["fingerprint"] != fingerprint:
        raise DifferentContent("used for other words")
    return Kept(known["id"], known["composed_at"])


def _sent(row: RowMapping) -> SentItem:
    return SentItem(
        id=row["id"],
        kind=SubmissionKind(row["kind"]),
        item=row["item"],
        target_id=row["target_id"],
        composed_at_utc=row["composed_at"],
        state=DeliveryState(row["state"]),
        seen_by=row["seen_by"],
        receiving_service_id=row["receiving_service_id"],
        to_intake=row["to_intake_at"] is not None,
    )
