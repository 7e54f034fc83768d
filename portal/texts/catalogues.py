"""Catalogues read straight from the translators' .po files: no compiled copies that can go stale.

A missing or fuzzy text falls back to the English source, never to an empty place on the page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from portal.texts.locales import ENGLISH, Locale

Key = tuple[str | None, str]
Forms = tuple[str, ...]


class CatalogueError(ValueError):
    """A catalogue file that cannot be read as one; names the file."""


def english_plural(count: int) -> int:
    """English plural rule: 0 for one, 1 for all else."""
    return 0 if count == 1 else 1


@dataclass(frozen=True)
class Catalogue:
    """All texts of one language: (context, source text) -> its forms (one, or one per plural form)."""

    locale: Locale
    forms: Mapping[Key, Forms] = field(default_factory=dict, repr=False)
    plural: Callable[[int], int] = english_plural

    def gettext(self, message: str) -> str:
        """The text in this language, or the English source."""
        return self._single(None, message)

    def pgettext(self, context: str, message: str) -> str:
        """As gettext for a text with a context ("child", "time pattern")."""
        return self._single(context, message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form for this count (CLDR plural rules), or the English one."""
        return self._counted(None, singular, plural, count)

    def npgettext(self, context: str, singular: str, plural: str, count: int) -> str:
        """As ngettext for a text with a context."""
        return self._counted(context, singular, plural, count)

    def missing(self, keys: frozenset[Key]) -> frozenset[Key]:
        """Those of the keys this catalogue has no text for."""
        return keys - self.forms.keys()

    def _single(self, context: str | None, message: str) -> str:
        forms = self.forms.get((context, message))
        return forms[0] if forms else message

    def _counted(self, context: str | None, singular: str, plural: str, count: int) -> str:
        forms = self.forms.get((context, singular))
        if forms is None:
            return (singular, plural)[english_plural(count)]
        return forms[self.plural(count)]


def read(path: Path, locale_tag: str | None = None) -> Catalog:
    """Babel's view of a .po or .pot file; raises CatalogueError when missing or broken."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=locale_tag, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        raise CatalogueError(f"cannot read {path.name} of {locale_tag or 'the template'}") from error


def key_of(message: Message) -> Key:
    """(context, source text) of a message; a plural text is known by its singular."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def forms_of(message: Message) -> Forms:
    """The translated forms of a message; empty when any is missing."""
    string = message.string or ()
    forms = (string,) if isinstance(string, str) else tuple(string)
    return forms if forms and all(forms) else ()


def load(path: Path, locale: Locale) -> Catalogue:
    """The catalogue of one language; fuzzy and empty entries are as good as absent. Raises CatalogueError."""
    source = read(path, locale.tag)
    forms = {key_of(item): forms_of(item) for item in source if item.id and not item.fuzzy and forms_of(item)}
    return Catalogue(locale, forms, c2py(source.plural_expr))


def template_keys(path: Path) -> frozenset[Key]:
    """Every text of the .pot file; raises CatalogueError."""
    return frozenset(key_of(item) for item in read(path) if item.id)


def source_catalogue() -> Catalogue:
    """English as written in the code."""
    return Catalogue(ENGLISH)
