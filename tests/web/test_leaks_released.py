"""What is about to be opened to somebody, and what already stands on their pages, is compared with what is shielded

from them: words somebody said, why it is asked, plan texts, titles. Feature W4.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.audit.events import Event
from portal.demo.reference_core import core_id
from portal.demo.story import DEFAULT_STORY
from portal.store.tables import audit_event, submission
from tests.house import House, build
from tests.inspector import HTML, Browser, parsed
from tests.web.test_staff_remarks import Down, plain

SERVICE = "fjordvik"
SAID = "Jeg vil bytte fra Lia skole, og ikke si det til noen."
"""What Jakob has told a worker. His father may not know the school."""
WHY = "Because it would be good for him to know."
SHIELDED_FROM_RUNE = "Shielded from Rune"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """The demonstration, in which Jakob has said something that tells where he is, and says yes to everything."""
    story = json.loads(DEFAULT_STORY.read_text("utf-8"))
    case = next(one for service in story["services"] for one in service["cases"] if one["key"] == "jakob")
    case["said"] += [
        {"key": "school", "person": "jakob", "text": SAID, "at": "-2d 12:00"},
        {"key": "missed", "person": "rune", "text": "Jeg savner ham.", "at": "-2d 12:00"},
    ]
    asked = {"words": "said school", "person": "rune", "worker": "jonas", "why": "Han spør.", "at": "-1d 12:00"}
    case["asked"] = [*case.get("asked", []), asked | {"answered": {"answer": "yes", "at": "-1d 14:00"}}]
    file = tmp_path / "story.json"
    file.write_text(json.dumps(story, ensure_ascii=False), "utf-8")
    return build(tmp_path / "house", file)


def sharing() -> str:
    return f"/staff/threads/{core_id(SERVICE, 'thread', 'jakob', 'jakob')}/sharing"


def pair(who: str = "rune") -> dict[str, str]:
    return {"words_id": core_id(SERVICE, "said", "jakob", "school"), "person_id": core_id(SERVICE, "person", who)}


def decide(jonas: Browser, decision: str, page: TestResponse | None = None, **more: str) -> TestResponse:
    page = page or jonas.get(sharing())
    return jonas.submit(page, {**pair(), "decision": decision, **more}, f"{sharing()}/decisions")


def found(page: TestResponse) -> list[str]:
    return [(quote.text or "") for quote in parsed(page).iter(f"{HTML}q")]


def warned(page: TestResponse) -> dict[str, str]:
    """The mark of what was shown, as the form sends it along."""
    fields = [field for field in parsed(page).iter(f"{HTML}input") if field.get("name") == "warned"]
    return {"warned": fields[0].get("value") or ""}


def waiting(house: House) -> int:
    with house.parts.store.read() as connection:
        return len(connection.execute(select(submission.c.id)).all())


def acknowledged(house: House) -> list[tuple[str, str | None]]:
    query = select(audit_event.c.outcome, audit_event.c.item).where(audit_event.c.event == Event.ACKNOWLEDGED.value)
    with house.parts.store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def rune_reads(house: House) -> str:
    return plain(house.signed_in("rune", language="en").get(f"/cases/{core_id(SERVICE, 'case', 'jakob')}/plan"))


@pytest.mark.parametrize("decision", ["release", "override"])
def test_words_that_tell_a_place_are_not_opened_unseen(house: House, decision: str) -> None:
    jonas = house.signed_in("jonas", language="en")
    more = {"reason": "danger", "tell_from": "2026-11-19"} if decision == "override" else {}
    page = decide(jonas, decision, None, **more)
    assert page.status_code == 422
    assert SHIELDED_FROM_RUNE in plain(page)
    assert "Lia" in found(page)
    assert waiting(house) == 0
    house.deliver()
    assert "Lia" not in rune_reads(house)


def test_they_are_opened_only_with_a_reason_and_that_is_written_down(house: House) -> None:
    jonas = house.signed_in("jonas", language="en")
    page = decide(jonas, "release")
    again = decide(jonas, "release", page, **warned(page))
    assert again.status_code == 422, "a tick is not enough without a reason, nor nothing at all"
    again = decide(jonas, "release", page, send_anyway="yes", **warned(page))
    assert again.status_code == 422
    told = decide(jonas, "release", page, send_anyway="yes", anyway_reason="He knows the school.", **warned(page))
    assert told.status_code == 303
    assert {outcome for outcome, _ in acknowledged(house)} >= {"school"}
    assert "Lia" not in json.dumps(acknowledged(house))
    house.deliver()
    assert house.parts.box.waiting(SERVICE, "nobody", "nothing") == ()


def test_words_that_tell_nothing_are_opened_as_ever(house: House) -> None:
    jonas = house.signed_in("jonas", language="en")
    assert decide(jonas, "keep").status_code == 303
    assert acknowledged(house) == []


def test_why_it_is_asked_is_compared_with_what_its_author_may_not_know(house: House) -> None:
    kari = house.signed_in("kari", language="en")
    thread = f"/staff/threads/{core_id(SERVICE, 'thread', 'jakob', 'rune')}/sharing"
    page = kari.get(thread)
    actions = [form.get("action") for form in parsed(page).iter(f"{HTML}form")]
    assert f"{thread}/questions" in actions
    form = next(one for one in parsed(page).iter(f"{HTML}form") if one.get("action") == f"{thread}/questions")
    hidden = {field.get("name") or "": field.get("value") or "" for field in form.iter(f"{HTML}input")}
    refused = kari.post(f"{thread}/questions", hidden | {"body": "Han går på Lia skole."})
    assert refused.status_code == 422
    assert found(refused) == ["Lia", "Lia skole"]
    assert "Han går på Lia skole." in plain(refused), "nothing is lost"
    assert waiting(house) == 0


def test_nothing_is_asked_or_opened_while_nobody_knows_what_is_shielded(house: House) -> None:
    jonas = house.signed_in("jonas", language="en")
    page = jonas.get(sharing())
    with Down(house):
        assert decide(jonas, "release", page).status_code == 503
    assert waiting(house) == 0


def preview(child: str, who: str, page: str = "") -> str:
    return f"/staff/preview/{core_id(SERVICE, 'case', child)}/{core_id(SERVICE, 'person', who)}{page}"


def test_whoever_looks_on_reads_what_a_page_tells_that_it_should_not(tmp_path: Path) -> None:
    """A place in a goal of the plan, which bears no mark: the core lets it through, and the worker sees it first."""
    story = json.loads(DEFAULT_STORY.read_text("utf-8"))
    case = next(one for service in story["services"] for one in service["cases"] if one["key"] == "jakob")
    case["next_steps"][0]["text"] = {"child": "Vi ses.", "adult": "Vi snakkes om Lia skole."}
    file = tmp_path / "story.json"
    file.write_text(json.dumps(story, ensure_ascii=False), "utf-8")
    house = build(tmp_path / "house", file)
    jonas = house.signed_in("jonas", language="en")
    page = jonas.get(preview("jakob", "rune"))
    assert "This page tells Rune what is shielded" in plain(page)
    assert found(page) == ["Lia", "Lia skole"]
    assert "This page tells" not in plain(jonas.get(preview("jakob", "anne")))


def test_no_page_of_the_story_tells_anybody_what_is_shielded(tmp_path: Path) -> None:
    """Features Y1 and Y2 with other eyes: the linter reads every page that can be looked at, as each of the family."""
    house = build(tmp_path)
    looked = 0
    for child, worker in (("jakob", "jonas"), ("mia", "kari"), ("leila", "kari"), ("sofie", "kari")):
        browser = house.signed_in(worker, language="en")
        case = next(one for one in house.story.service(SERVICE).cases if one.key == child)
        for grant in case.grants:
            first = browser.get(preview(child, grant.person))
            assert first.status_code == 200
            ways = [a.get("href") or "" for a in parsed(first).iter(f"{HTML}a")]
            for path in dict.fromkeys(way for way in ways if way.startswith(preview(child, grant.person))):
                page = plain(browser.get(path))
                assert "what is shielded" not in page, path
                looked += 1
    assert looked > 50
