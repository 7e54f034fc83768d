"""Files that go with a submission: sealed beside it, named in its content, brought before it, gone with its body."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Delete, delete, exists, select

from portal.domain.attachment import ORIGINAL, OutgoingFile
from portal.outbox.seal import Opener, Sealer
from portal.store.crypto import SealBroken
from portal.store.tables import submission, submission_file
from portal.store.unit import Store

ATTACHMENTS = "attachments"
"""Key of a submission's content: what its files are."""


@dataclass(frozen=True)
class NewFile:
    """A file as it was made anew; or, as `evidence`, untouched."""

    media_type: str
    content: bytes = field(repr=False)
    evidence: bool = False


def named(submission_id: str, files: Sequence[NewFile]) -> dict[str, object]:
    """What the content says of the files. The same file with the same form has the same id, so twice is once."""
    if not files:
        return {}
    return {ATTACHMENTS: [_entry(submission_id, file) for file in files]}


def keep(connection: Connection, sealer: Sealer, service_id: str, submission_id: str, files: Sequence[NewFile]) -> None:
    """Seal them, in the transaction that keeps the submission."""
    for file in files:
        file_id = str(_entry(submission_id, file)["id"])
        sealed = sealer.seal_file(file.content, service_id, submission_id, file_id)
        row = {"service_id": service_id, "id": file_id, "submission_id": submission_id, "sealed": sealed}
        connection.execute(submission_file.insert().values(**row))


def opened(
    store: Store, opener: Opener, row: Mapping[str, object], content: Mapping[str, object]
) -> Iterator[OutgoingFile]:
    """The files of a claimed submission, one at a time. Raises `SealBroken` for one that is not there."""
    entries = content.get(ATTACHMENTS, [])
    service_id, submission_id = str(row["service_id"]), str(row["id"])
    for entry in entries if isinstance(entries, list) else []:
        sealed = _sealed(store, service_id, str(entry["id"]))
        opened_bytes = opener.open_file(sealed, service_id, submission_id, entry["id"])
        yield OutgoingFile(entry["id"], entry["media_type"], entry["sha256"], entry["evidence"], opened_bytes)


def wiped_of(service_id: str, submission_id: str) -> Delete:
    """Removes the files of one submission, whose body goes in the same transaction."""
    return delete(submission_file).where(
        submission_file.c.service_id == service_id, submission_file.c.submission_id == submission_id
    )


def wiped() -> Delete:
    """Removes the files of every submission whose body is gone."""
    gone = exists().where(
        submission.c.service_id == submission_file.c.service_id,
        submission.c.id == submission_file.c.submission_id,
        submission.c.wiped_at.is_not(None),
    )
    return delete(submission_file).where(gone)


def _sealed(store: Store, service_id: str, file_id: str) -> bytes:
    found = select(submission_file.c.sealed).where(
        submission_file.c.service_id == service_id, submission_file.c.id == file_id
    )
    with store.read() as connection:
        sealed = connection.execute(found).scalar()
    if not isinstance(sealed, bytes):
        raise SealBroken("wiped already")
    return sealed


def _entry(submission_id: str, file: NewFile) -> dict[str, object]:
    sha256 = hashlib.sha256(file.content).hexdigest()
    return {
        "id": str(uuid.uuid5(uuid.UUID(submission_id), f"{sha256} {file.evidence}")),
        "media_type": ORIGINAL if file.evidence else file.media_type,
        "sha256": sha256,
        "bytes": len(file.content),
        "evidence": file.evidence,
    }
