"""A made-up right-to-left language for tests: finds text that skipped translation and layout that assumes left.

Never offered to people: only tests hand it to `Texts(extra_catalogues=...)`.
"""

import re

from portal.texts.catalogues import Catalogue
from portal.texts.locales import Locale

RIGHT_TO_LEFT = Locale("ar-XB", "rtl", "عربي تجريبي", "ar")
_PIECES = re.compile(r"%\(\w+\)[sd]|%%|[^\W\d_]+")


def wrapped(message: str) -> str:
    """The message with every word between Arabic letters; placeholders stay as they are."""
    return _PIECES.sub(lambda piece: piece[0] if piece[0].startswith("%") else f"ع{piece[0]}ش", message)


class PseudoCatalogue(Catalogue):
    """Wraps whatever the English catalogue would say."""

    def _single(self, context: str | None, message: str) -> str:
        text = super()._single(context, message)
        return text if context in ("date pattern", "time pattern") else wrapped(text)

    def _counted(self, context: str | None, singular: str, plural: str, count: int) -> str:
        return wrapped(super()._counted(context, singular, plural, count))


def right_to_left(english: Catalogue) -> Catalogue:
    """The `ar-XB` catalogue made from the English one."""
    return PseudoCatalogue(RIGHT_TO_LEFT, english.forms, english.plural)
