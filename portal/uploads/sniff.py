"""What a file is, by its first bytes alone: neither its name nor what the browser says of it is ever asked."""

from dataclasses import dataclass

from portal.uploads.refusals import Refusal, UploadRefused

PICTURE, SOUND, DOCUMENT = "picture", "sound", "document"

JPEG, OPUS, PDF = "image/jpeg", "audio/ogg", "application/pdf"
MADE_AS = {PICTURE: JPEG, SOUND: OPUS, DOCUMENT: PDF}
"""What each kind is made into; nothing else is ever sent on."""


@dataclass(frozen=True)
class Format:
    """A kind, and the one decoder that may look at it (a name of Pillow, FFmpeg or "PDF")."""

    kind: str
    decoder: str


_STARTS = (
    (b"\xff\xd8\xff", Format(PICTURE, "JPEG")),
    (b"\x89PNG\r\n\x1a\n", Format(PICTURE, "PNG")),
    (b"GIF87a", Format(PICTURE, "GIF")),
    (b"GIF89a", Format(PICTURE, "GIF")),
    (b"%PDF-", Format(DOCUMENT, "PDF")),
    (b"OggS", Format(SOUND, "ogg")),
    (b"fLaC", Format(SOUND, "flac")),
    (b"ID3", Format(SOUND, "mp3")),
    (b"#!AMR", Format(SOUND, "amr")),
    (b"\x1aE\xdf\xa3", Format(SOUND, "matroska")),
    (b"\xff\xf1", Format(SOUND, "aac")),
    (b"\xff\xf9", Format(SOUND, "aac")),
    *((bytes((0xFF, second)), Format(SOUND, "mp3")) for second in (0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3)),
)
_RIFF = {b"WEBP": Format(PICTURE, "WEBP"), b"WAVE": Format(SOUND, "wav")}
_STILL_BRANDS = (b"hei", b"hev", b"mif1", b"msf1", b"avi")
_OFFICE_MEMBERS = (b"[Content_Types].xml", b"_rels/.rels", b"word/", b"xl/", b"ppt/", b"docProps/", b"mimetypeapplic")
_OLD_OFFICE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
_OTHER_PICTURES = (b"II*\0", b"MM\0*", b"BM", b"\0\0\x01\0", b"8BPS", b"\xff\x0a")
_FIRST_MEMBER = 200


def sniff(content: bytes) -> Format:
    """The format of a file. Raises `UploadRefused` for every kind that is not taken."""
    if not content:
        raise UploadRefused(Refusal.EMPTY)
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    if content[:4] == b"RIFF" and content[8:12] in _RIFF:
        return _RIFF[content[8:12]]
    if content[4:8] == b"ftyp" and not content[8:12].startswith(_STILL_BRANDS):
        return Format(SOUND, "mp4")
    raise UploadRefused(_not_taken(content))


def _not_taken(content: bytes) -> Refusal:
    head = content[:_FIRST_MEMBER]
    if content.startswith(_OLD_OFFICE) or (head[:4] == b"PK\3\4" and any(one in head for one in _OFFICE_MEMBERS)):
        return Refusal.OFFICE
    if content.startswith(_OTHER_PICTURES) or content[4:8] == b"ftyp":
        return Refusal.PICTURE_KIND
    if head[:4] == b"RIFF" and content[8:12] == b"AVI ":
        return Refusal.FILM
    return Refusal.OTHER_KIND
