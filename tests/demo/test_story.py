"""The story: a bad file is refused with the path of the fault; the default one keeps the words of the house."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.demo.offsets import Birth, Day, Moment, add_working_days, age_on, with_weekdays
from portal.demo.story import DEFAULT_STORY, StoryError, load_story, story_from
from portal.texts.lix import forbidden, lix

ANCHOR = date(2026, 3, 6)  # a Friday


def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DEFAULT_STORY.read_text(encoding="utf-8"))
    return loaded


def texts_of(value: Any, key: str) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get(key), str):
            yield value[key]
        for below in value.values():
            yield from texts_of(below, key)
    elif isinstance(value, list):
        for below in value:
            yield from texts_of(below, key)


def child_texts(case: dict[str, Any]) -> list[str]:
    own_thread = [thread for thread in case["threads"] if thread["person"] == case["child"]]
    from_workers = [m["text"] for thread in own_thread for m in thread["messages"] if m["from"] != case["child"]]
    answers = [c["answer"]["text"] for c in case["comments"] if c["person"] == case["child"] and "answer" in c]
    written = list(texts_of(case, "child"))[1:]  # the first is the key of the child, no text
    return [with_weekdays(text, ANCHOR) for text in [*written, *from_workers, *answers]]


def cases() -> list[Any]:
    return [pytest.param(case, id=case["key"]) for service in document()["services"] for case in service["cases"]]


def test_who_can_sign_in() -> None:
    people = {person.key: person for person in load_story(DEFAULT_STORY).people_for_sign_in()}
    assert {"emil", "mia"}.isdisjoint(people)  # no electronic ID
    assert (people["sofie"].age, people["jakob"].age, people["leila"].age) == (15, 13, 17)
    assert (people["kari"].scheme, people["kari"].assurance, people["kari"].service) == ("staff", "high", "fjordvik")
    assert people["oskar"].value == "27861251727"
    assert people["oskar"].value not in repr(people["oskar"])


def test_the_story_has_the_people_every_rule_needs() -> None:
    story = load_story(DEFAULT_STORY)
    fjordvik = story.service("fjordvik")
    assert {story.person(case.child).birth.age for case in fjordvik.cases} >= {9, 13, 15, 17}
    assert [worker.role for worker in fjordvik.workers].count("caseworker") >= 2
    assert any(case.address.hidden_from for case in fjordvik.cases)
    protected = [case for case in fjordvik.cases if case.address.grade == "protected"]
    assert protected[0].address.inside
    assert protected[0].blocks
    known = {grant.person for service in story.services for case in service.cases for grant in case.grants}
    assert {person.key for person in story.people} - known == {"mats"}


@pytest.mark.parametrize("case", cases())
def test_what_a_child_reads_is_easy_and_uses_no_office_words(case: dict[str, Any]) -> None:
    texts = child_texts(case)
    assert lix("\n".join(texts)) <= 30
    assert [word for text in texts for word in forbidden(text)] == []


@pytest.mark.parametrize("case", cases())
def test_what_an_adult_reads_is_easy_enough(case: dict[str, Any]) -> None:
    assert lix("\n".join(with_weekdays(text, ANCHOR) for text in texts_of(case, "adult"))) <= 40


def test_no_title_tells_a_place() -> None:
    for service in document()["services"]:
        for case in service["cases"]:
            words = {word for place in texts_of(case, "place") for word in re.findall(r"[A-ZÆØÅ]\w{3,}", place)}
            kept = [item for item in case["next_steps"] if not item.get("bears_place")]
            kept += [{"title": item["title"]} for item in case["appointments"]]
            told = " ".join(text for item in kept for name in ("child", "adult") for text in texts_of(item, name))
            assert not {word for word in words - {"Hjemme", "Shirin"} if word in told}, case["key"]


FAULTS: dict[str, tuple[list[Any], Any, str]] = {
    "a real number": (["people", 0, "pid"], "14071152269", "$.people[0].pid"),
    "a missing name": (["people", 1, "first_name"], "", "$.people[1].first_name"),
    "a bad age": (["people", 0, "birth"], "2011-02-03", "$.people[0].birth"),
    "a bad day": (["services", 0, "cases", 0, "phase_since"], "soon", "$.services[0].cases[0].phase_since"),
    "nobody's grant": (["services", 0, "cases", 0, "grants", 1, "person"], "nils", "$.services[0].cases[0].grants"),
    "no such team": (["services", 1, "workers", 0, "team"], "fjell", "$.services[1].workers[0].team"),
    "covering oneself": (["services", 0, "workers", 1, "cover"], "jonas", "$.services[0].workers[1].cover"),
    "a stranger's thread": (["services", 0, "cases", 0, "threads", 0, "person"], "mats", "threads"),
    "a comment on nothing": (["services", 0, "cases", 0, "comments", 0, "target"], "x", "comments[0].target"),
    "a key twice": (["people", 1, "key"], "sofie", "'sofie' stands twice"),
    "an unknown field": (["people", 0, "address"], "Lia 3", "$.people[0]"),
    "speaking for nobody": (["services", 0, "cases", 0, "grants", 3, "represents"], "mats", "grants[3].represents"),
    "the same phase twice": (
        ["services", 0, "cases", 0, "phases"],
        [{"phase": "plan", "since": "-16d", "text": {"child": "a", "adult": "a"}}],
        "cases[0].phases",
    ),
    "readable until before the end": (
        ["services", 0, "cases", 0, "closing"],
        {"on": "+2d", "readable_until": "+1d", "file": {"child": "a", "adult": "a"}},
        "closing.readable_until",
    ),
    "an audience of strangers": (["services", 0, "cases", 0, "next_steps", 0, "only_for"], ["mats"], "only_for"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_by_its_path(name: str, tmp_path: Path) -> None:
    where, value, expected = FAULTS[name]
    story = document()
    holder: Any = story
    for step in where[:-1]:
        holder = holder[step]
    holder[where[-1]] = value
    path = tmp_path / "story.json"
    path.write_text(json.dumps(story), encoding="utf-8")
    with pytest.raises(StoryError) as refusal:
        load_story(path)
    assert expected in str(refusal.value)


def test_what_is_no_story_is_refused(tmp_path: Path) -> None:
    (tmp_path / "story.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoryError, match=r"^\$: is not JSON"):
        load_story(tmp_path / "story.json")
    with pytest.raises(StoryError, match=r"^\$: cannot be read"):
        load_story(tmp_path / "nowhere.json")
    with pytest.raises(StoryError, match=r"^\$"):
        story_from([])


@pytest.mark.parametrize(
    ("text", "age", "turns_on", "turning"),
    [("turns 18 in 20d", 17, date(2026, 3, 26), 18), ("15y 120d", 15, date(2026, 11, 6), 16)],
)
def test_ages_are_told_from_the_day_of_loading(text: str, age: int, turns_on: date, turning: int) -> None:
    birth = Birth.parse(text)
    born = birth.on(ANCHOR)
    assert birth.age == age_on(born, ANCHOR) == age
    assert age_on(born, turns_on) == turning
    assert age_on(born, date.fromordinal(turns_on.toordinal() - 1)) == turning - 1


def test_days_and_moments() -> None:
    assert Day.parse("+1wd").on(ANCHOR) == date(2026, 3, 9)
    assert Day.parse("-1wd").on(date(2026, 3, 9)) == ANCHOR
    assert Day.parse("-12d").on(ANCHOR) == date(2026, 2, 22)
    assert Moment.parse("+1wd 14:30").on(ANCHOR) == datetime(2026, 3, 9, 13, 30, tzinfo=UTC)
    assert Moment.parse("+30d 14:30").on(ANCHOR) == datetime(2026, 4, 5, 12, 30, tzinfo=UTC)
    assert add_working_days(date(2026, 3, 7), 3) == date(2026, 3, 11)
    assert with_weekdays("Vi ses på {+1wd}.", ANCHOR) == "Vi ses på mandag."
    assert Birth(12, 0).on(date(2024, 2, 29)) == date(2012, 2, 29)
    assert Birth(13, 0).on(date(2024, 2, 29)) == date(2011, 2, 28)
