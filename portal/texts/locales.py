"""The languages the portal knows: tag, writing direction and the language's own name for itself.

Knowing a language is not offering it: only a complete catalogue is offered (`Texts.offered`).
"""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


class UnknownLocaleError(LookupError):
    """A tag that names no language here."""


@dataclass(frozen=True, slots=True)
class Locale:
    """One language.

    `tag` is the BCP 47 tag of the `lang` attribute (WCAG 3.1.1) and of the catalogue's folder, `own_name` is shown
    in the language chooser in that language (WCAG 3.1.2), `calendar` is Babel's name for its dates.
    """

    tag: str
    direction: Direction
    own_name: str
    calendar: str


ENGLISH = Locale("en", "ltr", "English", "en_GB")

REGISTRY: dict[str, Locale] = {
    locale.tag: locale
    for locale in (
        Locale("nb", "ltr", "Norsk bokmål", "nb"),
        Locale("nn", "ltr", "Norsk nynorsk", "nn"),
        ENGLISH,
        Locale("se", "ltr", "Davvisámegiella", "se"),
        Locale("uk", "ltr", "Українська", "uk"),
        Locale("ar", "rtl", "العربية", "ar"),
        Locale("pl", "ltr", "Polski", "pl"),
        Locale("so", "ltr", "Soomaali", "so"),
        Locale("ti", "ltr", "ትግርኛ", "ti"),
    )
}


def locale_of(tag: str) -> Locale:
    """The locale with this tag; raises UnknownLocaleError."""
    try:
        return REGISTRY[tag]
    except KeyError:
        raise UnknownLocaleError(tag) from None
