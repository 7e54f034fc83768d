"""Every word a person reads, in the person's language: catalogues, folded templates, human dates.

Free of Flask and of case content: it never stores, logs or guesses at what people wrote.
"""

from portal.texts.catalogues import Catalogue
from portal.texts.dates import Dates, NaiveTimeError
from portal.texts.locales import Locale, UnknownLocaleError
from portal.texts.message import N_, NP_, Text
from portal.texts.texts import Texts

__all__ = [
    "NP_",
    "N_",
    "Catalogue",
    "Dates",
    "Locale",
    "NaiveTimeError",
    "Text",
    "Texts",
    "UnknownLocaleError",
]
