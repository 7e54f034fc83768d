"""One Jinja environment per language: always escaping, strict about undefined names, texts folded in.

A translation is plain text: it is escaped like everything else. Markup comes in through a placeholder only.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from portal.texts.catalogues import Catalogue
from portal.texts.dates import Dates
from portal.texts.folding import PLACEHOLDER, FoldingGenerator
from portal.texts.message import Text


class LocaleEnvironment(Environment):
    """A Jinja environment that speaks one language; `catalogue` is set once, when it is built."""

    code_generator_class = FoldingGenerator
    catalogue: Catalogue


def filled(message: str, values: Mapping[str, object]) -> Markup:
    """The escaped message with its values, each escaped unless it is markup already; KeyError names a missing one."""
    return escape(message) % values


def plain_text(catalogue: Catalogue, text: Text) -> str:
    """A Text in the catalogue's language as plain text, for what is not a page; KeyError names a missing value."""
    message = _translated(catalogue, text)
    if not text.values:
        return _whole(message)
    values = {name: plain_text(catalogue, v) if isinstance(v, Text) else v for name, v in text.values}
    return message % values


def build(
    catalogue: Catalogue, template_folders: Sequence[Path], shared_globals: Mapping[str, object]
) -> LocaleEnvironment:
    """The environment of one language. Templates are compiled at first use and kept; files are not watched."""
    environment = LocaleEnvironment(
        loader=FileSystemLoader([str(folder) for folder in template_folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,  # every template stays compiled
    )
    environment.catalogue = catalogue
    translate = _translator(catalogue)
    environment.filters.update(t=translate, upper_first=upper_first)
    environment.globals.update(shared_globals)
    environment.globals.update(_functions(catalogue))
    environment.globals.update(t=translate, locale=catalogue.locale, dates=Dates(catalogue))
    return environment


def upper_first(text: str) -> str:
    """The text with a capital first letter and nothing else changed ("Today at 14:05")."""
    return type(text)(text[:1].upper() + text[1:])


def _functions(catalogue: Catalogue) -> dict[str, Callable[..., str]]:
    def gettext(message: str, /, **values: object) -> str:
        translated = catalogue.gettext(message)
        return filled(translated, values) if values else _whole(translated)

    def pgettext(context: str, message: str, /, **values: object) -> str:
        translated = catalogue.pgettext(context, message)
        return filled(translated, values) if values else _whole(translated)

    def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
        return filled(catalogue.ngettext(singular, plural, num), {"num": num, **values})

    def npgettext(context: str, singular: str, plural: str, num: int, /, **values: object) -> str:
        return filled(catalogue.npgettext(context, singular, plural, num), {"num": num, **values})

    return {
        "_": gettext,
        "gettext": gettext,
        "pgettext": pgettext,
        "ngettext": ngettext,
        "npgettext": npgettext,
    }


def _translator(catalogue: Catalogue) -> Callable[[Text | str], str]:
    def translate(text: Text | str) -> str:
        """A Text in this language; a string is somebody's own words or a name, and stays as it is."""
        if isinstance(text, str):
            return text
        message = _translated(catalogue, text)
        if not text.values:
            return _whole(message)
        return filled(message, {name: translate(v) if isinstance(v, Text) else v for name, v in text.values})

    return translate


def _translated(catalogue: Catalogue, text: Text) -> str:
    if text.context is None:
        return catalogue.gettext(text.msgid)
    return catalogue.pgettext(text.context, text.msgid)


def _whole(message: str) -> str:
    """The message, sure that no placeholder is left standing on the page."""
    if PLACEHOLDER.search(message):
        raise KeyError("a placeholder without its value")
    return message
