"""Why a file was not taken, as types. Free of texts, so that the confined child can use it too (`words` has those)."""

from enum import StrEnum


class Refusal(StrEnum):
    """Each has a sentence for the person in `words`."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_HEAVY = "too_heavy"
    LOCKED = "locked"
    BROKEN = "broken"
    OFFICE = "office"
    FILM = "film"
    PICTURE_KIND = "picture_kind"
    OTHER_KIND = "other_kind"
    HARMFUL = "harmful"
    NOT_SCANNED = "not_scanned"
    BUSY = "busy"


class UploadRefused(Exception):
    """A file was not taken, and nothing of it is kept. Never carries a byte or the name of it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
