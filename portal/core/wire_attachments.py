"""Files of a message as they come over the wire: what each is and how large, never what it holds or was called."""

from __future__ import annotations

from portal.core.errors import CoreFault
from portal.core.wire_shapes import closed, count, each, identifier, text, truth
from portal.domain.attachment import MEDIA_TYPES, ORIGINAL, Attachment

ATTACHMENTS = "attachments"
"""The member of a message, and of an asking for help."""


def attachments(value: object) -> tuple[Attachment, ...]:
    """Those of one message or asking for help."""
    return each(_attachment, value)


def _attachment(value: object) -> Attachment:
    fields = closed(value, "id", "media_type", "bytes", "evidence")
    evidence, media_type = truth(fields["evidence"]), text(fields["media_type"])
    if media_type not in ({ORIGINAL} if evidence else MEDIA_TYPES):
        raise CoreFault
    return Attachment(identifier(fields["id"]), media_type, count(fields["bytes"]), evidence)
