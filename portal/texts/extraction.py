"""Finds every text in code and templates. The mapping translations/babel.cfg says where and how to look.

Deterministic: no dates, no line numbers, sorted, so that two runs give the same bytes.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tokenize import TokenError

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po
from jinja2 import TemplateSyntaxError

SEARCHED = ("portal", "templates")
# function -> which arguments are texts, "c" marks the context (Babel's notation)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "N_": None,
    "NP_": ((1, "c"), 2),
}
_HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: lytt\\n"
{language}"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


class ExtractionError(ValueError):
    """A template or module that cannot be read; names it and says why."""


def extract(root: Path) -> Catalog:
    """All texts under the checkout's root as a template catalogue; raises ExtractionError."""
    catalog = Catalog(project="lytt", fuzzy=False)
    for path, message, context in _found(root):
        catalog.add(message, locations=[(path, 0)], context=context)
    return catalog


def written(catalog: Catalog) -> bytes:
    """The catalogue as the bytes of its file, with the header that other gettext tools expect."""
    body = BytesIO()
    write_po(body, catalog, width=0, sort_output=True, omit_header=True)
    language = ""
    if catalog.locale_identifier is not None:
        language = f'"Language: {catalog.locale_identifier}\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n'
    return (_HEADER.format(language=language).encode() + body.getvalue()).rstrip() + b"\n"


def _found(root: Path) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    with (root / "translations" / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call] # Babel leaves it untyped
    reading = [""]  # the file being read, for the error
    files = extract_from_dir(
        root,
        methods,
        options,
        KEYWORDS,
        callback=lambda path, _method, _options: reading.append(path),
        # the patterns would suffice; this keeps us from walking through the virtual environment
        directory_filter=lambda path: Path(path).relative_to(root.absolute()).parts[0] in SEARCHED,
    )
    try:
        for path, _, message, _, context in files:
            yield path, message, context
    except (TemplateSyntaxError, SyntaxError, TokenError, UnicodeDecodeError) as error:
        raise ExtractionError(f"{reading[-1]}: {error}") from error
