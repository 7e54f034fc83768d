"""The translators' tool: finds every text, loses no translation, and names what is wrong."""

from pathlib import Path

import pytest

from portal.texts.__main__ import main
from portal.texts.upkeep import catalogue_path, faults

CFG = Path(__file__).parents[2] / "translations" / "babel.cfg"
CODE = 'TITLE = N_("Your plan")\nLINE = NP_("child", "Your plan")\nprint(_("Hello %(name)s"))\n'
PAGE = "{{ _('Leave now') }} {{ ngettext('%(num)s day', '%(num)s days', n) }} {{ pgettext('child', 'Next') }}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("portal/demo", "templates/family", "translations", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "translations" / "babel.cfg").write_text(CFG.read_text())
    (tmp_path / "portal" / "code.py").write_text(CODE)
    (tmp_path / "portal" / "demo" / "story.py").write_text('_("Only in the demo")\n')
    (tmp_path / "elsewhere" / "code.py").write_text('_("Elsewhere")\n')
    (tmp_path / "templates" / "family" / "page.html").write_text(PAGE)
    return tmp_path


def norwegian(root: Path) -> str:
    return catalogue_path(root, "nb").read_text(encoding="utf-8")


def translate(root: Path, source: str, target: str) -> None:
    content = norwegian(root)
    before = f'msgid "{source}"\nmsgstr ""'
    assert before in content
    catalogue_path(root, "nb").write_text(
        content.replace(before, f'msgid "{source}"\nmsgstr "{target}"'), encoding="utf-8"
    )


def complete(root: Path) -> None:
    main(["update"], root)
    for source, target in (("Your plan", "Planen din"), ("Hello %(name)s", "Hei %(name)s"), ("Leave now", "Gå")):
        translate(root, source, target)
    translate(root, "Next", "Neste")
    content = (
        norwegian(root)
        .replace('msgstr[0] ""', 'msgstr[0] "Én dag"')
        .replace('msgstr[1] ""', 'msgstr[1] "%(num)s dager"')
    )
    catalogue_path(root, "nb").write_text(content, encoding="utf-8")


def test_extraction_finds_texts_of_code_and_templates_but_not_of_the_demo(root: Path) -> None:
    assert main(["extract"], root) == 0
    template = (root / "translations" / "messages.pot").read_text()

    assert template.count('msgid "Your plan"') == 2
    assert 'msgctxt "child"\nmsgid "Next"' in template
    assert 'msgid "%(num)s day"\nmsgid_plural "%(num)s days"' in template
    assert "#: templates/family/page.html\n" in template
    assert "demo" not in template
    assert "Elsewhere" not in template


def test_extraction_is_deterministic(root: Path) -> None:
    path = root / "translations" / "messages.pot"
    main(["extract"], root)
    first = path.read_bytes()
    (root / "portal" / "code.py").write_text("\n\n\n" + CODE)  # line numbers do not count
    main(["extract"], root)

    assert path.read_bytes() == first
    assert b"-Date" not in first
    sources = [line for line in first.decode().splitlines() if line.startswith("msgid ")]
    assert sources == sorted(sources)


def test_update_keeps_an_editors_english(root: Path) -> None:
    main(["extract"], root)
    main(["update"], root)
    path = root / "translations/en/LC_MESSAGES/messages.po"
    before = path.read_text("utf-8")
    path.write_text(before.replace('msgstr "Your plan"', 'msgstr "The plan for you"'), "utf-8")
    main(["update"], root)
    assert 'msgstr "The plan for you"' in path.read_text("utf-8")


def test_update_fills_english_and_lists_what_norwegian_lacks(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["update"], root) == 1
    lines = capsys.readouterr().err.splitlines()

    assert "nb: missing: 'Your plan'" in lines
    assert "nb: missing: 'Your plan' (child)" in lines
    assert not [line for line in lines if line.startswith("en")]
    assert 'msgstr "Leave now"' in catalogue_path(root, "en").read_text()


def test_a_complete_set_passes(root: Path) -> None:
    complete(root)
    assert faults(root) == []
    assert main(["check"], root) == 0


def test_a_translation_survives_while_its_text_is_away(root: Path) -> None:
    complete(root)
    page = root / "templates" / "family" / "page.html"
    page.write_text(PAGE.replace("Leave now", "Go"))
    main(["update"], root)
    assert '#~ msgid "Leave now"' in norwegian(root)
    assert "nb: obsolete: 'Leave now' (`update --prune` drops it)" in faults(root)

    page.write_text(PAGE)
    main(["update", "--prune"], root)
    assert faults(root) == []
    assert 'msgid "Leave now"\nmsgstr "Gå"' in norwegian(root)


def test_pruning_drops_what_is_no_longer_used(root: Path) -> None:
    complete(root)
    (root / "templates" / "family" / "page.html").write_text(PAGE.replace("Leave now", "Your plan"))
    assert main(["update", "--prune"], root) == 0
    assert "Leave now" not in norwegian(root)
    assert faults(root) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('msgstr "Gå"', 'msgstr ""', "nb: missing: 'Leave now'"),
        ('msgstr[0] "Én dag"', 'msgstr[0] ""', "nb: missing: '%(num)s day'"),
        ('msgid "Leave now"\n', '#, fuzzy\nmsgid "Leave now"\n', "nb: fuzzy: 'Leave now'"),
        ("Hei %(name)s", "Hei %(navn)s", "nb: placeholders differ: 'Hello %(name)s'"),
        ("Hei %(name)s", "Hei", "nb: placeholders differ: 'Hello %(name)s'"),
        ('msgid "Leave now"\n', 'msgid "Go"\n', "nb: obsolete: 'Go' (`update --prune` drops it)"),
    ],
)
def test_check_names_each_fault(root: Path, before: str, after: str, fault: str) -> None:
    complete(root)
    content = norwegian(root)
    assert before in content
    catalogue_path(root, "nb").write_text(content.replace(before, after, 1), encoding="utf-8")

    assert fault in faults(root)
    assert main(["check"], root) == 1


def test_check_names_a_stale_template_markup_and_an_absent_catalogue(root: Path) -> None:
    complete(root)
    (root / "portal" / "code.py").write_text(CODE + '_("<b>New</b>")\n')
    catalogue_path(root, "en").unlink()
    found = faults(root)

    assert "messages.pot is stale: run `python -m portal.texts extract`" in found
    assert "markup in a text: '<b>New</b>'" in found
    assert "nb: missing: '<b>New</b>'" in found
    assert "en: no catalogue" in found


@pytest.mark.parametrize(("path", "content"), [("templates/family/page.html", "{% if %}"), ("portal/code.py", "_('a")])
def test_a_file_that_cannot_be_read_is_named(
    root: Path, capsys: pytest.CaptureFixture[str], path: str, content: str
) -> None:
    (root / path).write_text(content)
    assert main(["extract"], root) == 1
    assert path in capsys.readouterr().err
