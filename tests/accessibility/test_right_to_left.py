"""Every page in a made-up language from right to left: it turns round, and no text of ours has skipped translation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, cast
from xml.etree.ElementTree import Element

import pytest
from werkzeug.test import TestResponse

from portal.demo.reference_core import core_id
from portal.demo.story import DEFAULT_STORY
from portal.settings import data_folder
from portal.texts import Texts
from portal.texts.catalogues import source_catalogue
from portal.texts.locales import REGISTRY
from portal.texts.pseudo import PseudoCatalogue
from tests.accessibility.visits import Place, places
from tests.house import House, build
from tests.inspector import HTML, Browser, parsed

SERVICE = "fjordvik"
LANGUAGE = "ar"
WORD = re.compile(r"[^\W\d_]{2,}")
SAME_EVERYWHERE = {"English", "Navnet", "ikke", "kjent"}
"""A language in its own name, and what the core of the demonstration says instead of a name."""
PLACES = tuple(place for place in places() if not place.press and place.core == "ok")


@dataclass
class Reader:
    """Opens places in the made-up language, without any process or browser."""

    house: House
    known: dict[str, str] = field(default_factory=dict)

    def browser(self, key: str) -> Browser:
        """A browser of this person, or of nobody."""
        return self.house.signed_in(key, language=LANGUAGE) if key else self.house.browser(language=LANGUAGE)

    def prepare(self) -> None:
        """As in `Visitor.prepare`."""
        mats = self.browser("mats")
        begun = mats.submit(mats.get("/ask-for-help"), {"who": "child"}, "/ask-for-help")
        assert begun.status_code == 303
        sent = mats.submit(mats.get("/ask-for-help/check"), {}, "/ask-for-help/send")
        self.known["receipt"] = sent.headers["Location"]
        self.house.deliver()
        self.known["asked"] = self._link(mats.get("/sent"), "/asked/")
        self.known["asked-thread"] = self._link(self.browser("kari").get("/staff"), "/staff/threads/")
        shirin = self.browser("shirin")
        shirin.submit(shirin.get("/account/code"), {"new_code": "4711", "again": "4711"}, "/account/code")
        leila = self.browser("leila")
        leila.submit(leila.get("/ask-for-help"), {"who": "child"}, "/ask-for-help")
        leila.submit(leila.get("/ask-for-help/safe_now"), {"choice": "no"}, "/ask-for-help/safe_now")

    def _link(self, page: TestResponse, begins: str) -> str:
        links = (link.get("href") or "" for link in parsed(page).iter(f"{HTML}a"))
        return next(url for url in links if url.startswith(begins))

    def open(self, place: Place) -> TestResponse:
        """The inspected answer for this place."""
        ways: dict[str, Callable[..., str]] = {
            "case": lambda child: f"/cases/{core_id(SERVICE, 'case', child)}",
            "child": lambda child: core_id(SERVICE, "person", child),
            "case-id": lambda child: core_id(SERVICE, "case", child),
            "person": lambda person: core_id(SERVICE, "person", person),
            **{
                kind: partial(core_id, SERVICE, kind)
                for kind in ("document", "message", "decision", "wish", "complaint", "view")
            },
            "thread": lambda child, person: f"/staff/threads/{core_id(SERVICE, 'thread', child, person)}",
        }

        def id_of(found: re.Match[str]) -> str:
            kind, *keys = found[1].split(":")
            return ways[kind](*keys) if kind in ways else self.known[kind]

        return self.browser(place.person).get(re.sub(r"\{([^}]+)\}", id_of, place.path))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    english = source_catalogue()
    pseudo = PseudoCatalogue(REGISTRY[LANGUAGE], english.forms, english.plural)
    texts = Texts([data_folder("templates")], data_folder("translations"), extra_catalogues=[pseudo])
    house = build(tmp_path_factory.mktemp("house"), texts=texts)
    services = cast("dict[str, Any]", house.parts.settings.services)
    services[SERVICE] = replace(services[SERVICE], languages=("en", LANGUAGE))
    found = Reader(house)
    found.prepare()
    return found


def our_texts(element: Element, *, ours: bool = True) -> Iterator[str]:
    """What we say on the page; not what the core says (it has a language of its own) or people (`dir=auto`)."""
    mine = ours and element.get("lang", LANGUAGE) == LANGUAGE and element.get("dir") != "auto"
    mine = mine and element.tag not in {f"{HTML}style", f"{HTML}script"}
    if mine and element.text:
        yield element.text
    for child in element:
        yield from our_texts(child, ours=mine)
        if mine and child.tail:
            yield child.tail


def told_by_others(services: Path) -> set[str]:
    """Words that are not ours to translate: the story's Norwegian and what the service says of itself."""
    english = {"en"}

    def without_english(found: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in found.items() if key not in english}

    story = json.loads(DEFAULT_STORY.read_text("utf-8"), object_hook=without_english)
    return {*WORD.findall(str(story)), *WORD.findall(services.read_text("utf-8")), *SAME_EVERYWHERE}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page(reader: Reader, place: Place) -> None:
    page = reader.open(place)
    assert page.status_code == place.status
    root = parsed(page)
    assert (root.get("lang"), root.get("dir")) == (LANGUAGE, "rtl")
    story = told_by_others(reader.house.plan.folder / "services.toml")
    said = [word for text in our_texts(root) for word in WORD.findall(text)]
    skipped = {word for word in said if word.isascii() and word not in story}
    assert skipped == set()
    assert any(word.startswith("ع") for word in said)
