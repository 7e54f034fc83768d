"""Templates in every language: folded, escaped, and loud about what could not be translated."""

from pathlib import Path

import pytest
from jinja2 import TemplateAssertionError, UndefinedError
from jinja2.compiler import CodeGenerator
from jinja2_fragments import BlockNotFoundError
from markupsafe import Markup

from portal.texts import N_, NP_, Catalogue, Texts, UnknownLocaleError
from portal.texts.environment import build
from portal.texts.locales import REGISTRY
from portal.texts.pseudo import right_to_left

NB = Catalogue(
    REGISTRY["nb"],
    {
        (None, "Messages"): ("Meldinger",),
        ("child", "Messages"): ("Beskjeder",),
        (None, "Tom & Kari's plan"): ("Planen til Tom & Kari's <b>",),
        (None, "Hello %(name)s"): ("Hei, %(name)s & co",),
        (None, "%(num)s new"): ("%(num)s ny", "%(num)s nye"),
        ("child", "%(num)s new"): ("%(num)s fersk", "%(num)s ferske"),
    },
)
PAGE = """\
<h1 title="{{ _('Messages') }}">{{ _("Tom & Kari's plan") }}</h1>
{% block list %}
{% from "part.html" import greeting %}
{% for name in names %}
  {{ greeting(name) }} {{ ngettext('%(num)s new', '%(num)s new', names|length) }} {{ pgettext('child', 'Messages') }}
{% endfor %}
{% endblock %}
{{ gettext('Messages')|upper }} {{ _('Messages') if names else _('Not ' 'translated') }}
{{ npgettext('child', '%(num)s new', '%(num)s new', 1) }} {{ t(text) }} {{ text|t }}
{{ locale.tag }} {{ locale.direction }}
"""
PART = "{% macro greeting(name) %}<p>{{ _('Hello %(name)s', name=name) }}</p>{% endmacro %}"
HOSTILE = "<script>alert('x')</script>"
CONTEXT = {"names": ["Ada", HOSTILE], "text": N_("Hello %(name)s").with_(name=HOSTILE)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "part.html").write_text(PART)
    return tmp_path


@pytest.fixture
def texts(folder: Path) -> Texts:
    return Texts([folder], folder, extra_catalogues=[NB])


def refused(source: str) -> str:
    with pytest.raises(TemplateAssertionError) as caught:
        build(NB, [], {}).from_string(source)
    return str(caught.value)


@pytest.mark.parametrize("tag", ["nb", "en", "ar-XB"])
def test_folded_page_is_byte_identical_to_the_unfolded(folder: Path, tag: str) -> None:
    english = Texts([folder], folder).catalogue("en")
    catalogue = {"nb": NB, "en": english, "ar-XB": right_to_left(english)}[tag]
    folded, unfolded = build(catalogue, [folder], {}), build(catalogue, [folder], {})
    unfolded.code_generator_class = CodeGenerator  # type: ignore[assignment] # the plain one of Jinja

    page = folded.get_template("page.html").render(CONTEXT)

    assert page.encode() == unfolded.get_template("page.html").render(CONTEXT).encode()
    assert len(page) > 300


def test_literals_are_gone_from_the_compiled_page(folder: Path) -> None:
    source = "{{ _('Messages') }} {{ pgettext('child', 'Messages') }} {% set x = gettext('Messages') %}"
    compiled = build(NB, [folder], {}).compile(source, raw=True)

    assert "Meldinger" in compiled
    assert "Beskjeder" in compiled
    assert "gettext" not in compiled


def test_a_page_speaks_the_chosen_language(texts: Texts) -> None:
    page = texts.render("nb", "page.html", CONTEXT)

    assert '<h1 title="Meldinger">Planen til Tom &amp; Kari&#39;s &lt;b&gt;</h1>' in page
    assert "2 nye Beskjeder" in page
    assert "1 fersk" in page
    assert "MELDINGER Meldinger" in page
    assert "nb ltr" in page


def test_a_hostile_name_comes_out_escaped_everywhere(texts: Texts) -> None:
    page = texts.render("nb", "page.html", CONTEXT)

    assert "<script>" not in page
    # in the loop's greeting, in t(text) and in text|t
    assert page.count("Hei, &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; co") == 3


def test_markup_enters_a_sentence_through_a_placeholder(texts: Texts) -> None:
    template = texts.environment("nb").from_string("{{ _('Hello %(name)s', name=link) }}")
    assert template.render(link=Markup("<a>Ada</a>")) == "Hei, <a>Ada</a> &amp; co"


def test_a_text_forgotten_untranslated_is_an_error(texts: Texts) -> None:
    with pytest.raises(TypeError, match="write t"):
        texts.environment("nb").from_string("{{ text }}").render(text=N_("Messages"))


def test_somebodys_own_words_are_not_translated(texts: Texts) -> None:
    assert texts.environment("nb").from_string("{{ t(words) }}").render(words="Messages") == "Messages"


def test_an_undefined_name_is_an_error(texts: Texts) -> None:
    with pytest.raises(UndefinedError, match="nothing"):
        texts.environment("nb").from_string("{{ nothing }}").render()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ _(name) }}", "literal"),
        ("{{ _('a' ~ name) }}", "literal"),
        ("{{ _(*names) }}", "literal"),
        ("{{ ngettext('one', 'many') }}", "literal"),
        ("{{ pgettext('child') }}", "literal"),
        ("{{ _('Hello %(name)s') }}", "placeholder"),
        ("{% for _ in names %}{% endfor %}", "translating function"),
        ("{% set gettext = 1 %}", "translating function"),
        ("{% autoescape false %}{{ name }}{% endautoescape %}", "escaping"),
        ("{{ name|safe }}", "unescaped"),
        ("{{ page.body|safe }}", "unescaped"),
    ],
)
def test_templates_that_could_not_be_translated_or_escaped_do_not_compile(source: str, reason: str) -> None:
    assert reason in refused(source)


def test_our_own_stylesheet_goes_out_as_it_is(texts: Texts) -> None:
    template = texts.environment("nb").from_string("{{ chrome.inline_css|safe }}")
    assert template.render(chrome={"inline_css": "a>b{}"}) == "a>b{}"


def test_one_block_renders_alone(texts: Texts) -> None:
    block = texts.render_block("nb", "page.html", "list", {"names": ["Ada"]})

    assert "1 ny" in block
    assert "<h1" not in block
    with pytest.raises(BlockNotFoundError):
        texts.render_block("nb", "page.html", "absent", {})


def test_texts_live_side_by_side(tmp_path: Path) -> None:
    rendered = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(f"{name} {{{{ _('Messages') }}}} {{{{ whose() }}}}")
        texts = Texts([tmp_path / name], tmp_path, extra_catalogues=[NB], shared_globals={"whose": name.upper})
        rendered.append(texts.render("nb", "page.html", {}))
    assert rendered == ["one Meldinger ONE", "two Meldinger TWO"]


def test_templates_are_compiled_once(texts: Texts) -> None:
    environment = texts.environment("nb")
    assert environment.get_template("page.html") is environment.get_template("page.html")
    assert texts.environment("en").get_template("page.html") is not environment.get_template("page.html")


def test_an_unknown_language_is_an_error(texts: Texts) -> None:
    with pytest.raises(UnknownLocaleError):
        texts.render("xx", "page.html", CONTEXT)


def test_texts_made_in_code_translate_outside_pages(texts: Texts) -> None:
    greeting = N_("Hello %(name)s").with_(name=N_("Messages"))

    assert texts.translate("nb", greeting) == "Hei, Meldinger & co"
    assert texts.translate("nb", NP_("child", "Messages")) == "Beskjeder"
    assert texts.translate("en", N_("Hello %(name)s") % {"name": "<Ada>"}) == "Hello <Ada>"
    with pytest.raises(KeyError, match="placeholder"):
        texts.translate("nb", N_("Hello %(name)s"))


def test_a_text_never_shows_its_values() -> None:
    text = N_("Hello %(name)s").with_(name="Ada Secret")
    assert "Secret" not in repr(text) + str(text)


def test_upper_first_changes_nothing_else(texts: Texts) -> None:
    template = texts.environment("nb").from_string(
        "{{ 'på Torsdag'|upper_first }} {{ _('Hello %(name)s', name=x)|upper_first }}"
    )
    assert template.render(x="<") == "På Torsdag Hei, &lt; &amp; co"
