"""Files over the wire: each brought in under its own id, before what it belongs to; read as bytes, never kept."""

from __future__ import annotations

from portal.access import actions
from portal.access.grants import Grant
from portal.core.client import CoreClient, Request
from portal.core.errors import CoreFault
from portal.core.guard import GrantMisuseError, for_delivery, for_reading, path_uuid, path_word
from portal.core.signing import LOOK
from portal.core.wire_attachments import ATTACHMENTS
from portal.core.wire_shapes import closed, identifier
from portal.core.wire_system import digest
from portal.domain.attachment import MEDIA_TYPES, ORIGINAL, FileContent, OutgoingFile
from portal.domain.submission import Submission


def deliver(client: CoreClient, service_id: str, grant: Grant, submission: Submission, file: OutgoingFile) -> None:
    """Bring one file of a submission in. Raises `GrantMisuseError` when the submission does not name it."""
    for_delivery(grant, service_id, submission)
    named = submission.content.get(ATTACHMENTS)
    if not isinstance(named, list) or not any((one["id"], one["sha256"]) == (file.id, file.sha256) for one in named):
        raise GrantMisuseError
    path = f"/{'evidence' if file.evidence else 'attachments'}/{path_uuid(file.id)}"
    media_type = ORIGINAL if file.evidence else file.media_type
    request = Request("PUT", path, submission.actor, body=file.content, key=file.id, media_type=media_type, large=True)
    kept = closed(client.ask(request), "id", "sha256")
    if (identifier(kept["id"]), digest(kept["sha256"])) != (file.id, file.sha256):
        raise CoreFault


def read(client: CoreClient, service_id: str, grant: Grant, attachment_id: str) -> FileContent:
    """One file of a message that the acting person may read. Raises `NotFound` for every reason against it."""
    checked = for_reading(grant, service_id, actions.SEE_CONVERSATION, actions.READ_THREAD)
    if checked.previewed_by is not None:
        raise GrantMisuseError
    if checked.action is actions.READ_THREAD:
        place = f"/staff/threads/{path_word(checked.target.thread_id)}"
    else:
        place = f"/cases/{path_word(checked.target.case_id)}"
    path = f"{place}/attachments/{path_uuid(attachment_id)}"
    media_type, content = client.fetch(Request("GET", path, checked.actor, purpose=LOOK, large=True))
    if media_type not in MEDIA_TYPES:
        raise CoreFault
    return FileContent(media_type, content)
