"""What a person is told about a file that was not taken: what to do now, never a code or a reproach."""

from __future__ import annotations

from collections.abc import Mapping

from portal.texts import N_, NP_, Text
from portal.uploads.desk import MEGABYTE, Limits
from portal.uploads.refusals import Refusal

_SENTENCES: Mapping[Refusal, tuple[Text, Text]] = {
    Refusal.EMPTY: (
        N_("The file was empty. Choose it once more."),
        NP_("child", "The file was empty. Choose it once more."),
    ),
    Refusal.TOO_LARGE: (
        N_("The file is too large. It can be %(megabytes)s MB at most. Try a smaller picture or a shorter recording."),
        NP_("child", "The file is too big. Try a smaller picture or a shorter recording."),
    ),
    Refusal.TOO_LONG: (
        N_("The recording is too long. It can be %(minutes)s minutes at most. You can send several."),
        NP_("child", "The recording is too long. Make it shorter, or send more than one."),
    ),
    Refusal.TOO_MANY_PAGES: (
        N_("The document has too many pages. It can have %(pages)s at most. You can divide it."),
        NP_("child", "It has too many pages. Send a few at a time."),
    ),
    Refusal.TOO_MANY_PIXELS: (
        N_("The picture is too large. Take a picture of it with your phone's camera and send that one."),
        NP_("child", "The picture is too big. Take a photo of it and send that."),
    ),
    Refusal.TOO_HEAVY: (
        N_("We could not open the file safely. Try a picture of it, or tell it in words."),
        NP_("child", "We could not open the file. Try a photo of it, or write it."),
    ),
    Refusal.LOCKED: (
        N_("The document is locked with a password. Save it without a password, or take a picture of it."),
        NP_("child", "The file has a password. Take a photo of it, or write it."),
    ),
    Refusal.BROKEN: (
        N_("We could not open the file. It may be damaged. Choose it once more, or take a picture of it."),
        NP_("child", "We could not open the file. Try again, or take a photo of it."),
    ),
    Refusal.OFFICE: (
        N_(
            "We do not take files from Word, Excel and the like: they can carry hidden things along. "
            "Open it, choose Print or Save as, choose PDF, and send the PDF."
        ),
        NP_("child", "We can not open this kind of file. Make it a PDF, or take a photo of it."),
    ),
    Refusal.FILM: (
        N_("We do not take films. Send a picture or a sound recording, or tell in words what it shows."),
        NP_("child", "We can not take films. Send a photo or a sound, or write it."),
    ),
    Refusal.PICTURE_KIND: (
        N_("We do not take this kind of picture. Take a picture of the screen and send that, or save it as JPEG."),
        NP_("child", "We can not open this kind of picture. Take a screenshot of it and send that."),
    ),
    Refusal.OTHER_KIND: (
        N_("We do not take this kind of file. You can send pictures, sound recordings and PDF documents."),
        NP_("child", "We can not open this kind of file. You can send a photo, a sound or a PDF."),
    ),
    Refusal.HARMFUL: (
        N_("Our scanner says that this file may do harm. We have thrown it away. Take a picture of it instead."),
        NP_("child", "This file can hurt a computer. We have thrown it away. Take a photo of it instead."),
    ),
    Refusal.NOT_SCANNED: (
        N_("We cannot check files just now, so we did not take it. Send your words now, and the file later."),
        NP_("child", "We can not take files right now. Send your words now, and the file later."),
    ),
    Refusal.BUSY: (
        N_("We could not take the file just now. Wait a little and choose it once more."),
        NP_("child", "We could not take the file right now. Wait a little and try again."),
    ),
}


def sentence(refusal: Refusal, limits: Limits, *, child: bool) -> Text:
    """What to say about this file, to a child or to an adult."""
    return _SENTENCES[refusal][child].with_(
        megabytes=limits.most_bytes // MEGABYTE, minutes=limits.most_seconds // 60, pages=limits.most_pages
    )
