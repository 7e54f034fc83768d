"""Every component in every state, inside the real layouts: valid, labelled, one h1, the same order everywhere.

With LOOK_OUT set to a folder the pages are also written there, to be looked at. Sends nothing anywhere.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError
from markupsafe import Markup

from portal.texts import N_, Text
from portal.texts.catalogues import source_catalogue
from portal.texts.environment import build

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.html"))
STYLE = Markup((ROOT / "static/css/portal.css").read_text(encoding="utf-8"))  # noqa: S704 our own file
HTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class Field:
    """A form token."""

    name: str = "csrf_token"
    value: str = "masked"


@dataclass(frozen=True)
class Language:
    """One language to choose."""

    tag: str
    own_name: str
    direction: str
    url: str
    current: bool


@dataclass(frozen=True)
class Item:
    """One entry of the navigation."""

    text: str
    url: str
    current: bool


@dataclass(frozen=True)
class Number:
    """One number to call."""

    name: str
    number: str
    tel: str
    hours: str


@dataclass(frozen=True)
class Chrome:
    """What the web layer gives to every page; invented values."""

    language: str = "en"
    direction: str = "ltr"
    languages: tuple[Language, ...] = (
        Language("nb", "Norsk bokmål", "ltr", "?language=nb", current=False),
        Language("en", "English", "ltr", "?language=en", current=True),
    )
    service_name: str = "Lytt"
    title_suffix: str = "Lytt"
    title_prefix_error: bool = False
    inline_css: Markup | None = None
    css_url: str = "/static/css/portal.css"
    js_url: str = "/static/js/portal.js"
    htmx_url: str | None = None
    icon_url: str = "/static/icons/icon.svg"
    home_url: str = "/"
    help_url: str = "/help"
    leave_url: str = "/leave"
    privacy_url: str = "/privacy"
    accessibility_url: str = "/accessibility"
    sign_in_url: str | None = None
    sign_out_url: str | None = "/sign-out"
    csrf_field: Field | None = Field()
    session: None = None
    signed_in_name: str | None = "Jonas"
    navigation: tuple[Item, ...] = (
        Item("Start", "/", current=True),
        Item("Messages", "/messages", current=False),
        Item("My plan", "/plan", current=False),
    )
    numbers: tuple[Number, ...] = (
        Number("Talk to an adult now", "116 111", "116111", "All day and night"),
        Number("Lytt, office", "12 34 56 78", "+4712345678", "Weekdays 9-15"),
        Number("In danger? Police", "112", "112", "All day and night"),
    )
    banner: str | Text | None = "Invented people. Nothing here is real."
    realm: str = "family"
    preview: None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong, and at which field."""

    field_id: str
    text: str | Text


@dataclass(frozen=True)
class Page:
    """What layouts/question.html asks of a page."""

    title: str = "Are you safe?"
    back_url: str | None = "/back"
    post_url: str = "/answer"
    errors: tuple[Problem, ...] = ()


def environment() -> Environment:
    """A plain environment as strict as the web layer's, with texts left as they are."""

    def identity(text: str, **values: object) -> str:
        return text % values if values else text

    made = Environment(
        loader=FileSystemLoader([ROOT / "templates", SAMPLES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_=identity, gettext=identity)
    made.filters["t"] = lambda text: text
    return made


def sample(name: str, chrome: Chrome | None = None, page: Page | None = None) -> str:
    """One sample page as html; written to LOOK_OUT when that is set."""
    chrome = chrome or Chrome(
        inline_css=STYLE,
        title_prefix_error=name in {"everything", "question"},
        htmx_url="/static/js/htmx-4.0.1.min.js" if name == "conversation" else None,
    )
    field_id = "safe" if name == "question" else "who"
    page = page or Page(errors=(Problem(field_id, "Choose one, or skip this question"),))
    html = environment().get_template(f"{name}.html").render(chrome=chrome, page=page)
    if (folder := os.environ.get("LOOK_OUT")) and chrome.inline_css is not None:
        (Path(folder) / f"{name}-{chrome.language}.html").write_text(html, encoding="utf-8")
    return html


def arabic() -> Chrome:
    """A right-to-left reader, nobody signed in, the style as a file."""
    return Chrome(
        language="ar",
        direction="rtl",
        languages=(
            Language("nb", "Norsk bokmål", "ltr", "?language=nb", current=False),
            Language("ar", "العربية", "rtl", "?language=ar", current=True),
        ),
        inline_css=STYLE,
        sign_in_url="/sign-in",
        sign_out_url=None,
        signed_in_name=None,
        navigation=(),
        banner=None,
        realm="public",
    )


def parse(html: str) -> Any:
    """The tree of a page; raises html5lib's ParseError on the first fault."""
    return html5lib.HTMLParser(strict=True).parse(html)


def all_of(tree: Any, test: Callable[[Any], bool]) -> list[Any]:
    """Elements of the tree that pass the test, in order."""
    return [element for element in tree.iter() if isinstance(element.tag, str) and test(element)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("chrome", [None, arabic()], ids=["en", "ar"])
def test_page_is_valid_labelled_and_has_one_heading(name: str, chrome: Chrome | None) -> None:
    tree = parse(sample(name, chrome))
    assert len(tree.findall(f".//{HTML}h1")) == 1
    ids = [element.get("id") for element in all_of(tree, lambda element: "id" in element.attrib)]
    assert len(ids) == len(set(ids))
    for element in all_of(tree, lambda _: True):
        for attribute in ("for", "aria-describedby", "aria-labelledby"):
            assert set(element.get(attribute, "").split()) <= set(ids), (element.tag, attribute)
        if element.get("href", "").startswith("#"):
            assert element.get("href")[1:] in ids
    named = {label.get("for") for label in tree.findall(f".//{HTML}label")}
    fields = all_of(tree, lambda element: element.tag in {f"{HTML}input", f"{HTML}textarea"})
    assert {field.get("id") for field in fields if field.get("type") != "hidden"} <= named
    landmarks = {f"{HTML}{tag}" for tag in ("nav", "aside", "section")}
    for landmark in all_of(tree, lambda element: element.tag in landmarks):
        assert landmark.get("aria-label") or landmark.get("aria-labelledby")
    for button in tree.findall(f".//{HTML}button"):
        assert button.get("type") == "submit"


@pytest.mark.parametrize("name", NAMES)
def test_leave_help_and_status_stand_in_the_same_order_on_every_page(name: str) -> None:
    html = sample(name)
    frame = (
        'class="skip"',
        "data-leave",
        "<header>",
        'class="nav"',
        'id="status"',
        "<main",
        "help-heading",
        "<footer>",
    )
    places = [html.index(mark) for mark in frame]
    assert places == sorted(places)
    assert '<a class="btn" href="/leave"' in html


def test_every_component_is_shown() -> None:
    sources = [*SAMPLES.glob("*.html"), *(ROOT / "templates").rglob("*.html")]
    everything = "".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(r"components/(\w+)\.html", everything))
    assert used == {path.stem for path in (ROOT / "templates/components").glob("*.html")}


def test_what_people_write_is_escaped_and_keeps_its_direction() -> None:
    html = sample("everything")
    assert "&lt;b&gt;not bold&lt;/b&gt;" in html
    assert "<b>not bold" not in html
    assert 'dir="auto"' in html[html.index('id="important"') - 80 : html.index('id="important"') + 200]


def test_a_field_points_to_its_limit_its_readers_and_its_error() -> None:
    tree = parse(sample("conversation"))
    box = tree.find(f".//{HTML}textarea[@id='text']")
    assert box.get("aria-describedby").split() == ["text-reads", "text-limit"]
    tree = parse(sample("everything"))
    box = tree.find(f".//{HTML}textarea[@id='important']")
    assert box.get("aria-invalid") == "true"
    assert box.get("aria-describedby").split() == ["important-hint", "important-limit", "important-error"]


def test_errors_come_first_with_focus_and_in_the_title() -> None:
    html = sample("question")
    assert "<title>Error: Are you safe? \u2013 Lytt</title>" in html
    assert html.index("data-errors") < html.index("<h1>")
    calm = sample("question", Chrome(), Page(back_url=None))
    assert "<title>Are you safe? \u2013 Lytt</title>" in calm
    assert "data-errors" not in calm
    assert 'class="tap back"' not in calm


@pytest.mark.parametrize("component", ["text_field", "text_area"])
def test_the_label_may_be_the_heading_and_still_names_its_field(component: str) -> None:
    source = '{% from "components/' + component + '.html" import ' + component + " %}"
    template = environment().from_string(source + "{{ " + component + '("name", "Who are you?", heading=true) }}')
    assert '<h1><label for="name">Who are you?</label></h1>' in template.render()


def test_an_unknown_delivery_state_is_an_error_not_a_guess() -> None:
    template = environment().from_string(
        '{% from "components/delivery_state.html" import delivery_state %}{{ delivery_state(state) }}'
    )
    assert "We keep it safe, not sent yet" in template.render(state="kept")
    with pytest.raises(UndefinedError):
        template.render(state="lost")


def test_a_withheld_place_leaves_no_gap() -> None:
    template = environment().from_string(
        '{% from "components/appointment.html" import appointment %}'
        '{{ appointment("Visit", "28", "Nov", "Saturday", "2026-11-28T10:00:00Z", place=place) }}'
    )
    assert 'class="muted"' in template.render(place="At school")
    assert 'class="muted"' not in template.render(place=None)


def test_components_take_our_texts_in_the_real_environment() -> None:
    folders = [ROOT / "templates", SAMPLES]
    made = build(source_catalogue(), folders, {})
    errors = (Problem("safe", N_("Try again")),)
    html = made.get_template("question.html").render(chrome=Chrome(banner=N_("Start")), page=Page(errors=errors))
    assert "Try again</a>" in html
    assert '<p class="banner warm">Start</p>' in html
    for name in NAMES:
        parse(made.get_template(f"{name}.html").render(chrome=Chrome(), page=Page()))


def test_only_pages_with_live_content_load_htmx() -> None:
    assert "htmx" in sample("conversation")
    assert "htmx" not in sample("home")
