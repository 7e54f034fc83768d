"""The door to every language: renders templates and translates texts. Knows nothing of requests or people."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jinja2_fragments import render_block

from portal.texts.catalogues import Catalogue, load, source_catalogue, template_keys
from portal.texts.dates import Dates
from portal.texts.environment import LocaleEnvironment, build, plain_text
from portal.texts.locales import ENGLISH, REGISTRY, Locale, UnknownLocaleError
from portal.texts.message import Text


class Texts:
    """Templates and catalogues of one installation; several may live side by side.

    `template_folders`: searched in order. `translations`: the folder with messages.pot and one folder per language.
    `shared_globals`: functions every template may call (they reach macros too).
    `extra_catalogues`: further languages made in code; they count as complete.
    Raises CatalogueError when a catalogue cannot be read.
    """

    def __init__(
        self,
        template_folders: Sequence[Path],
        translations: Path,
        *,
        shared_globals: Mapping[str, object] | None = None,
        extra_catalogues: Iterable[Catalogue] = (),
    ) -> None:
        written = _written(translations)
        extra = tuple(extra_catalogues)
        keys = template_keys(translations / "messages.pot") if written else frozenset()
        catalogues = {item.locale.tag: item for item in (source_catalogue(), *written, *extra)}
        self._environments = {
            tag: build(item, template_folders, shared_globals or {}) for tag, item in catalogues.items()
        }
        complete = {item.locale.tag for item in written if not item.missing(keys)}
        self._offered = complete | {ENGLISH.tag} | {item.locale.tag for item in extra}

    @property
    def locales(self) -> tuple[Locale, ...]:
        """Every language with a catalogue, complete or not."""
        return tuple(environment.catalogue.locale for environment in self._environments.values())

    @property
    def offered(self) -> tuple[Locale, ...]:
        """The languages a person may choose: those whose catalogue lacks no text."""
        return tuple(locale for locale in self.locales if locale.tag in self._offered)

    def environment(self, tag: str) -> LocaleEnvironment:
        """The Jinja environment of a language; raises UnknownLocaleError."""
        try:
            return self._environments[tag]
        except KeyError:
            raise UnknownLocaleError(tag) from None

    def catalogue(self, tag: str) -> Catalogue:
        """The catalogue of a language; raises UnknownLocaleError."""
        return self.environment(tag).catalogue

    def dates(self, tag: str) -> Dates:
        """Human dates in a language; raises UnknownLocaleError."""
        return Dates(self.catalogue(tag))

    def render(self, tag: str, template_name: str, context: Mapping[str, object]) -> str:
        """A whole page; raises UnknownLocaleError and Jinja's own errors (TemplateNotFound, UndefinedError)."""
        return self.environment(tag).get_template(template_name).render(context)

    def render_block(self, tag: str, template_name: str, block: str, context: Mapping[str, object]) -> str:
        """One block of a page, for live content; raises jinja2_fragments.BlockNotFoundError as well.

        Only the block runs: it imports the components it uses itself, the page's own imports do not reach it.
        """
        return str(render_block(self.environment(tag), template_name, block, context))

    def translate(self, tag: str, text: Text) -> str:
        """A Text as plain text (a notice, a file name); KeyError names a missing value."""
        return plain_text(self.catalogue(tag), text)


def _written(translations: Path) -> tuple[Catalogue, ...]:
    paths = ((locale, translations / tag / "LC_MESSAGES" / "messages.po") for tag, locale in REGISTRY.items())
    return tuple(load(path, locale) for locale, path in paths if path.is_file())
