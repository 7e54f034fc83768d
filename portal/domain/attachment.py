"""Files that go with what a person sends: pictures, sounds, documents, each made anew; or an untouched original."""

from __future__ import annotations

from dataclasses import dataclass, field

MEDIA_TYPES = frozenset({"image/jpeg", "audio/ogg", "application/pdf"})
"""What may be read again; whatever was sent is made into one of these."""
ORIGINAL = "application/octet-stream"
"""What is for the core's evidence place: nobody says what it is, and no page ever shows it."""
MOST_BYTES = 16 << 20
"""No core is asked for more, and none is believed to send more."""


@dataclass(frozen=True)
class Attachment:
    """A file of a message, as its reader sees it. `evidence`: it was laid aside and cannot be read here by anybody."""

    id: str
    media_type: str
    size_bytes: int
    evidence: bool


@dataclass(frozen=True)
class FileContent:
    """What a file holds. Lives as long as one request or one attempt."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class OutgoingFile:
    """A file on its way to the core, under an id of its own. `sha256` in lower-case hex."""

    id: str
    media_type: str
    sha256: str
    evidence: bool
    content: bytes = field(repr=False)
