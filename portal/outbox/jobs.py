"""One claimed submission, made ready to be brought to the core. Holds content; lives as long as one attempt."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.access.actions import ACTIONS, Action
from portal.access.standing import Target
from portal.domain.people import Actor, Assurance, Enrolment, Realm
from portal.domain.submission import Destination, Submission, SubmissionKind
from portal.logs import log
from portal.outbox import intake
from portal.outbox.box import SEALED_NUMBER
from portal.outbox.seal import Opener
from portal.store.crypto import SealBroken


@dataclass(frozen=True)
class Job:
    """A submission's row and everything that is needed to send it."""

    row: Mapping[str, object] = field(repr=False)
    submission: Submission
    action: Action
    target: Target


def open_job(opener: Opener, row: Mapping[str, object]) -> Job:
    """Open a row. Raises `SealBroken`."""
    kind = SubmissionKind(str(row["kind"]))
    service_id, identifier = str(row["service_id"]), str(row["id"])
    sealed = row["sealed"]
    if not isinstance(sealed, bytes):
        raise SealBroken("wiped already")
    content = opener.open(sealed, service_id, identifier, kind.value)
    place = _place(row)
    composed_at = row["composed_at"]
    action = ACTIONS[str(row["action"])]
    if row["to_intake_at"] is not None:
        kind, action, content, place = SubmissionKind.REFERRAL, intake.ACTION, intake.as_asking_for_help(content), {}
    submission = Submission(
        id=identifier,
        kind=kind,
        actor=actor_of(row),
        destination=Destination(**place),
        composed_at_utc=composed_at,  # type: ignore[arg-type]  # the column's type
        content=_with_number(opener, content, service_id, str(row["account_id"])),
    )
    return Job(row, submission, action, Target(**place))


def actor_of(row: Mapping[str, object]) -> Actor:
    """Who sent it, as the core knows them."""
    return Actor(
        service_id=str(row["receiving_service_id"]),
        realm=Realm(str(row["realm"])),
        subject=str(row["subject"]),
        assurance=Assurance(int(str(row["assurance"]))),
        enrolment=Enrolment(str(row["enrolment"])),
    )


def target_of(row: Mapping[str, object]) -> Target:
    """Where it was sent."""
    return Target(**_place(row))


def _place(row: Mapping[str, object]) -> dict[str, str | None]:
    return {name: _word(row[name]) for name in ("case_id", "thread_id", "referral_id")}


def _with_number(opener: Opener, content: dict[str, object], service_id: str, account_id: str) -> dict[str, object]:
    """Put the number in the place of its sealed form. One that cannot be opened never holds back a call for help."""
    sealed = content.pop(SEALED_NUMBER, None)
    if sealed is None:
        return content
    try:
        number = opener.open_number(service_id, account_id, base64.b64decode(str(sealed), validate=True))
    except (SealBroken, binascii.Error):
        log("outbox.number_unreadable", service=service_id)
        return content
    return {**content, "number": {"scheme": number.scheme, "value": number.value}}


def _word(value: object) -> str | None:
    return None if value is None else str(value)
