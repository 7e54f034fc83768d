"""Files in and out of the browser: the limits shown beforehand, a file taken in, a file given out. Keeps none.

What comes with a form stays in memory until it is made anew; no file of a person ever lies on the portal's disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import IO, Any

from flask import Request, Response, request

from portal.core.errors import CoreError
from portal.domain.attachment import Attachment, FileContent
from portal.outbox.files import NewFile
from portal.texts import N_, Text
from portal.uploads.desk import MEGABYTE, Limits
from portal.uploads.refusals import Refusal, UploadRefused
from portal.uploads.sniff import DOCUMENT, MADE_AS, PICTURE, SOUND
from portal.uploads.words import sentence
from portal.web.finish import FileResponse
from portal.web.forms import FieldError
from portal.web.visit import Visit

FIELD, EVIDENCE = "file", "evidence"
KIND_OF = {media_type: kind for kind, media_type in MADE_AS.items()}
_NAMES = {
    "image/jpeg": (N_("picture"), "jpg"),
    "audio/ogg": (N_("sound"), "ogg"),
    "application/pdf": (N_("document"), "pdf"),
}
_SHOWN_INSIDE = frozenset({PICTURE, SOUND})


class MemoryRequest(Request):
    """A request whose files stay in memory; Werkzeug would write larger ones to a disk."""

    def _get_file_stream(self, *_size: Any, **_told: Any) -> IO[bytes]:  # noqa: ANN401 what Werkzeug tells about it
        return BytesIO()


@dataclass(frozen=True)
class FilesOffered:
    """What a person is told before choosing a file."""

    megabytes: int
    minutes: int
    pages: int


@dataclass(frozen=True)
class ShownFile:
    """A file of a message. Evidence has no `url`: it cannot be opened here."""

    kind: str
    evidence: bool
    kilobytes: int
    url: str | None


def offered(visit: Visit) -> FilesOffered | None:
    """What may be sent; None where the core takes no files, or cannot say whether it does."""
    limits = _limits(visit)
    if limits is None:
        return None
    return FilesOffered(limits.most_bytes // MEGABYTE, limits.most_seconds // 60, limits.most_pages)


def is_chosen() -> bool:
    """Did a file come with the form? A browser sends an empty field along for none."""
    return any(file.filename for file in request.files.getlist(FIELD))


def taken(visit: Visit, *, child: bool) -> tuple[tuple[NewFile, ...], tuple[FieldError, ...]]:
    """The file that came with the form, made anew, or what is wrong with it. As evidence it stays as it came."""
    if not is_chosen():
        return (), ()
    usual = visit.parts.uploads.limits
    try:
        return (_taken(visit),), ()
    except UploadRefused as refused:
        limits = _limits(visit) or usual
        return (), (FieldError(FIELD, sentence(refused.refusal, limits, child=child)),)


def shown_files(attachments: Iterable[Attachment], url_of: Callable[[str], str]) -> tuple[ShownFile, ...]:
    """The files of one message for a page."""
    return tuple(
        ShownFile(
            KIND_OF.get(item.media_type, DOCUMENT),
            item.evidence,
            max(1, item.size_bytes // 1000),
            None if item.evidence else url_of(item.id),
        )
        for item in attachments
    )


def given_out(visit: Visit, attachment_id: str) -> Response:
    """One file from the core, noted as seen before it leaves, under a name that tells nothing. Raises `CoreError`."""
    found = visit.core.attachment(visit.grant, attachment_id)
    visit.note_seen("attachment", attachment_id)
    response = FileResponse(found.content, mimetype=found.media_type)
    disposition = "inline" if KIND_OF[found.media_type] in _SHOWN_INSIDE else "attachment"
    response.headers.set("Content-Disposition", disposition, filename=_name(visit, found))
    response.make_conditional(request.environ, accept_ranges=True, complete_length=len(found.content))
    return response


def _taken(visit: Visit) -> NewFile:
    limits = _limits(visit)
    if limits is None:  # the words must not wait for, or fail with, a file that nobody can take
        raise UploadRefused(Refusal.NOT_SCANNED)
    content = request.files[FIELD].stream.read(limits.most_bytes + 1)
    if len(content) > limits.most_bytes:
        raise UploadRefused(Refusal.TOO_LARGE)
    made = visit.parts.uploads.take_in(content)
    if visit.form.get(EVIDENCE):
        return NewFile(made.media_type, content, evidence=True)
    if len(made.content) > limits.most_bytes:
        raise UploadRefused(Refusal.TOO_LARGE)
    return NewFile(made.media_type, made.content)


def _limits(visit: Visit) -> Limits | None:
    """The portal's or the core's, whichever is less."""
    try:
        found = visit.core.capabilities()
    except CoreError:
        return None
    if not found.attachments:
        return None
    own = visit.parts.uploads.limits
    return replace(own, most_bytes=min(own.most_bytes, found.limits.attachment_bytes))


def _name(visit: Visit, found: FileContent) -> str:
    word, ending = _NAMES[found.media_type]
    return f"{_translated(visit, word)}-{visit.today.isoformat()}.{ending}"


def _translated(visit: Visit, text: Text) -> str:
    return visit.parts.texts.translate(visit.language, text)
