"""The real catalogues: nothing missing, stale or fuzzy, and children are written to in easy words."""

from collections import defaultdict
from pathlib import Path

import pytest

from portal.texts import Texts
from portal.texts.catalogues import forms_of, read
from portal.texts.lix import forbidden, lix, sentences, words
from portal.texts.upkeep import catalogue_path, faults

ROOT = Path(__file__).parents[2]
# LIX says little of fewer words than this: such screens are read together
ENOUGH_WORDS = 30
HARDEST_LIX = 30
LONGEST_SENTENCE = 15


def childrens_texts(tag: str) -> dict[str, list[str]]:
    """The texts with the context "child" by the file of their screen."""
    screens: dict[str, list[str]] = defaultdict(list)
    for item in read(catalogue_path(ROOT, tag), tag):
        if item.context == "child":
            for path, _ in item.locations:
                screens[path].extend(forms_of(item))
    return dict(screens)


def screens_to_read(texts: dict[str, list[str]]) -> dict[str, str]:
    """One text per screen, the small ones together; every text ends its sentence."""
    joined: dict[str, str] = defaultdict(str)
    for path, parts in texts.items():
        whole = "\n".join(parts)
        joined[path if len(words(whole)) >= ENOUGH_WORDS else "small screens"] += whole + "\n"
    return dict(joined)


def test_the_catalogues_are_complete() -> None:
    assert faults(ROOT) == []


def test_children_read_easy_norwegian() -> None:
    screens = screens_to_read(childrens_texts("nb"))
    hard = {path: round(lix(text)) for path, text in screens.items() if words(text) and lix(text) > HARDEST_LIX}
    assert screens
    assert hard == {}


@pytest.mark.parametrize("tag", ["nb", "en"])
def test_children_read_short_sentences(tag: str) -> None:
    parts = [part for texts in childrens_texts(tag).values() for text in texts for part in sentences(text)]
    assert parts
    assert [part for part in parts if len(words(part)) > LONGEST_SENTENCE] == []


@pytest.mark.parametrize("tag", ["nb", "en"])
def test_childrens_pages_avoid_the_words_of_offices_and_of_pity(tag: str) -> None:
    said = {text: forbidden(text) for texts in childrens_texts(tag).values() for text in texts if forbidden(text)}
    assert said == {}


def test_every_template_compiles_with_its_texts_folded() -> None:
    environment = Texts([ROOT / "templates"], ROOT / "translations").environment("nb")
    names = environment.list_templates(extensions=["html", "txt"])
    assert "layouts/base.html" in names
    assert [name for name in names if environment.get_template(name).name != name] == []
