"""Catalogues: read from .po files, fall back to English, and are offered only when complete."""

from pathlib import Path

import pytest

from portal.texts import Catalogue, Texts
from portal.texts.catalogues import CatalogueError, load
from portal.texts.locales import REGISTRY, UnknownLocaleError, locale_of
from portal.texts.pseudo import right_to_left

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
PLURAL = '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"\n'
MESSAGES = """
msgid "Plan"
msgstr "Planen"

#, fuzzy
msgid "Visit"
msgstr "Besøk?"

msgid "Meeting"
msgstr ""

msgctxt "child"
msgid "Plan"
msgstr "Planen din"

msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] "%(num)s dzień"
msgstr[1] "%(num)s dni"
msgstr[2] "%(num)s dnia"

msgid "%(num)s week"
msgid_plural "%(num)s weeks"
msgstr[0] "%(num)s tydzień"
msgstr[1] ""
msgstr[2] ""

#~ msgid "Old"
#~ msgstr "Gammel"
"""


def write(folder: Path, tag: str, content: str) -> Path:
    path = folder / tag / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture
def polish(tmp_path: Path) -> Catalogue:
    return load(write(tmp_path, "pl", HEADER + PLURAL + MESSAGES), REGISTRY["pl"])


def test_texts_with_and_without_context(polish: Catalogue) -> None:
    assert polish.gettext("Plan") == "Planen"
    assert polish.pgettext("child", "Plan") == "Planen din"


@pytest.mark.parametrize("message", ["Visit", "Meeting", "Old", "Never seen"])
def test_fuzzy_empty_obsolete_and_unknown_texts_fall_back_to_english(polish: Catalogue, message: str) -> None:
    assert polish.gettext(message) == message
    assert polish.pgettext("child", message) == message


@pytest.mark.parametrize(("count", "form"), [(1, "dzień"), (2, "dni"), (5, "dnia"), (12, "dnia"), (22, "dni")])
def test_plural_forms_follow_the_catalogues_rule(polish: Catalogue, count: int, form: str) -> None:
    assert polish.ngettext("%(num)s day", "%(num)s days", count) == f"%(num)s {form}"


def test_unknown_and_half_translated_plurals_fall_back_to_english(polish: Catalogue) -> None:
    assert [polish.ngettext("%(num)s week", "%(num)s weeks", count) for count in (1, 2)] == [
        "%(num)s week",
        "%(num)s weeks",
    ]
    assert [polish.npgettext("child", "one", "many", count) for count in (0, 1, 2)] == ["many", "one", "many"]


def test_only_complete_languages_are_offered(tmp_path: Path) -> None:
    entry = '\nmsgid "{}"\nmsgstr "{}"\n'
    (tmp_path / "messages.pot").write_text(HEADER + entry.format("Plan", "") + entry.format("Visit", ""))
    write(tmp_path, "nb", HEADER + entry.format("Plan", "Plan") + entry.format("Visit", "Besøk"))
    write(tmp_path, "pl", HEADER + entry.format("Plan", "Plan"))
    texts = Texts([], tmp_path)

    assert {locale.tag for locale in texts.locales} == {"nb", "pl", "en"}
    assert {locale.tag for locale in texts.offered} == {"nb", "en"}
    assert "ar-XB" not in REGISTRY


@pytest.mark.parametrize("content", ['msgid "a\n', 'nonsense "a"\n'])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    with pytest.raises(CatalogueError, match=r"messages\.po of nb"):
        load(write(tmp_path, "nb", content), REGISTRY["nb"])


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        load(tmp_path / "messages.po", REGISTRY["nb"])


def test_every_language_names_itself_and_its_direction() -> None:
    assert {tag for tag, locale in REGISTRY.items() if locale.direction == "rtl"} == {"ar"}
    assert list(REGISTRY) == ["nb", "nn", "en", "se", "uk", "ar", "pl", "so", "ti"]
    assert locale_of("nb").own_name == "Norsk bokmål"
    with pytest.raises(UnknownLocaleError):
        locale_of("ar-XB")


def test_the_pseudo_language_wraps_words_and_keeps_placeholders() -> None:
    pseudo = right_to_left(Catalogue(REGISTRY["en"]))

    assert pseudo.locale.direction == "rtl"
    assert pseudo.gettext("Hello %(name)s, 100%% now") == "عHelloش %(name)s, 100%% عnowش"
    assert pseudo.ngettext("%(num)s day", "%(num)s days", 2) == "%(num)s عdaysش"
    assert pseudo.pgettext("date pattern", "d MMMM") == "d MMMM"
