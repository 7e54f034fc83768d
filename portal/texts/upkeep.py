"""Keeps the translators' files in step with the code, and says what is wrong with them. Translates nothing itself."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from portal.texts.catalogues import Key, forms_of, key_of, read
from portal.texts.extraction import extract, written
from portal.texts.folding import PLACEHOLDER
from portal.texts.locales import ENGLISH, REGISTRY

# what a translation must keep: values of ours, and those a script fills in
_KEPT = re.compile(rf"{PLACEHOLDER.pattern}|\{{\w+\}}")
REQUIRED = ("nb", "en")


def template_path(root: Path) -> Path:
    """Where the extracted texts lie."""
    return root / "translations" / "messages.pot"


def catalogue_path(root: Path, tag: str) -> Path:
    """Where one language's texts lie."""
    return root / "translations" / tag / "LC_MESSAGES" / "messages.po"


def tags(root: Path) -> list[str]:
    """The languages kept: the required ones and every other that has a file."""
    return [tag for tag in REGISTRY if tag in REQUIRED or catalogue_path(root, tag).is_file()]


def write_template(root: Path) -> None:
    """Write messages.pot from code and templates; raises ExtractionError."""
    template_path(root).write_bytes(written(extract(root)))


def update(root: Path, tag: str, *, prune: bool = False) -> list[str]:
    """Bring one language's file in step with messages.pot; returns the texts that still lack a translation.

    Translations are kept; texts no longer used stay as `#~` until `prune`. What English lacks is filled
    with its source; an editor's wording stays.
    Raises CatalogueError.
    """
    path = catalogue_path(root, tag)
    old = read(path, tag) if path.is_file() else Catalog(locale=tag)
    new = _merged(read(template_path(root)), old, tag)
    if prune:
        new.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(new))
    return [_shown(key_of(item)) for item in _messages(new) if not forms_of(item)]


def faults(root: Path) -> list[str]:
    """Everything that keeps the catalogues from being complete, one sentence each; empty when all is well.

    Raises ExtractionError and CatalogueError.
    """
    template = extract(root)
    path = template_path(root)
    stale = not path.is_file() or path.read_bytes() != written(template)
    found = ["messages.pot is stale: run `python -m portal.texts extract`"] if stale else []
    found.extend(f"markup in a text: {_shown(key)}" for key in _keys(template) if "<" in key[1])
    for tag in tags(root):
        if not catalogue_path(root, tag).is_file():
            found.append(f"{tag}: no catalogue")
            continue
        found.extend(f"{tag}: {fault}" for fault in _faults_of(read(catalogue_path(root, tag), tag), template))
    return found


def _merged(template: Catalog, old: Catalog, tag: str) -> Catalog:
    kept = {key_of(item): item for item in (*old.obsolete.values(), *_messages(old))}
    new = Catalog(locale=tag, fuzzy=False)
    for item in _messages(template):
        before = kept.pop(key_of(item), None)
        string = _kept(before, item)
        if tag == ENGLISH.tag and not any(string if isinstance(string, (list, tuple)) else (string,)):
            string = _source(item, new.num_plurals)
        fuzzy = before is not None and before.fuzzy and tag != ENGLISH.tag
        new.add(item.id, string, locations=item.locations, context=item.context, flags={"fuzzy"} if fuzzy else ())
    for key, item in sorted(kept.items(), key=lambda entry: (entry[0][1], entry[0][0] or "")):
        if forms_of(item):
            new.obsolete[key[1] if key[0] is None else (key[1], key[0])] = item
    return new


def _kept(before: Message | None, item: Message) -> str | tuple[str, ...] | list[str] | None:
    """The translation there was, unless a text became plural or stopped being so."""
    same_kind = before is not None and isinstance(before.id, str) == isinstance(item.id, str)
    return before.string if before is not None and same_kind else None


def _source(item: Message, plurals: int) -> str | tuple[str, ...]:
    return item.id if isinstance(item.id, str) else tuple(item.id)[:plurals]


def _faults_of(catalog: Catalog, template: Catalog) -> Iterator[str]:
    wanted = _keys(template)
    present = {key_of(item): item for item in _messages(catalog)}
    yield from (f"missing: {_shown(key)}" for key in wanted if key not in present or not forms_of(present[key]))
    yield from (f"fuzzy: {_shown(key)}" for key, item in present.items() if item.fuzzy)
    gone = [key for key in present if key not in wanted]
    gone.extend(key_of(item) for item in catalog.obsolete.values())
    yield from (f"obsolete: {_shown(key)} (`update --prune` drops it)" for key in gone)
    yield from (f"placeholders differ: {_shown(key)}" for key, item in present.items() if not _same_placeholders(item))


def _same_placeholders(item: Message) -> bool:
    sources = (item.id,) if isinstance(item.id, str) else tuple(item.id)
    full = _placeholders(sources[-1])
    # a plural form for exactly one may spell the number out
    spared = {"%(num)s", "%(num)d"} if len(sources) > 1 else set()
    return all(_placeholders(form) | spared == full | spared for form in forms_of(item))


def _shown(key: Key) -> str:
    context, text = key
    return repr(text) if context is None else f"{text!r} ({context})"


def _placeholders(text: str) -> set[str]:
    return {match[0] for match in _KEPT.finditer(text)}


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (item for item in catalog if item.id)


def _keys(catalog: Catalog) -> dict[Key, None]:
    """The keys in order, each once."""
    return dict.fromkeys(sorted(_keys_of(_messages(catalog)), key=lambda key: (key[1], key[0] or "")))


def _keys_of(messages: Iterable[Message]) -> list[Key]:
    return [key_of(item) for item in messages]
