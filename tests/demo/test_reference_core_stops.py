"""The core alone: what is shielded from whom, and a message that was stopped is on no page of a family. Rule R17."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.demo.core_client import Answer, CoreAtWork, core_at_work

WRONG = "Hei, Anne. Jakob kan komme i morgen."
PAGES = ("overview", "conversation", "plan")


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def reply(core: CoreAtWork, thread: str, key: str, who: str = "kari") -> Answer:
    return core.put(f"/staff/threads/{thread}/messages/{{id}}", who, {"body": WRONG, "language": "nb"}, key=key)


def stop(core: CoreAtWork, thread: str, message: str, who: str = "kari") -> Answer:
    return core.put(f"/staff/threads/{thread}/stops/{{id}}", who, {"message_id": message, "reason": ""})


def seen(core: CoreAtWork, who: str = "sofie") -> list[Any]:
    return [core.get("/me/pages/home", who).json, *(core.page(who, "sofie", page).json for page in PAGES)]


def shielded(core: CoreAtWork, child: str, who: str, worker: str = "kari") -> Any:
    return core.get(f"/staff/threads/{core.id('thread', child, who)}/shielded", worker).json


def test_a_stopped_message_leaves_every_page_as_it_was(core: CoreAtWork) -> None:
    thread, message = core.id("thread", "sofie", "sofie"), str(uuid4())
    last = core.page("sofie", "sofie", "conversation").json["messages"][-1]["id"]
    core.put(f"/staff/threads/{thread}/opened/{{id}}", "kari", {"message_id": last})
    before = seen(core)
    assert reply(core, thread, message).status == 201
    home, front, *_ = seen(core)
    assert home["cases"][0]["unread_messages"] == front["unread_messages"] == 1
    assert front["answer_due"] is None
    assert stop(core, thread, message).status == 201
    assert seen(core) == before
    told = core.get(f"/staff/threads/{thread}/pages/conversation", "kari").json
    assert [one["message_id"] for one in told["stops"]] == [message]
    assert told["messages"][-1]["body"] == WRONG, "staff still see what it was"
    assert told["answer_due"] is not None, "what it answered waits again"


def test_a_stop_may_come_before_its_message(core: CoreAtWork) -> None:
    thread, message = core.id("thread", "sofie", "sofie"), str(uuid4())
    before = core.page("sofie", "sofie", "conversation").json["messages"][:-1]
    stop(core, thread, message)
    reply(core, thread, message)
    assert core.page("sofie", "sofie", "conversation").json["messages"][:-1] == before


def test_another_reply_keeps_what_is_answered_answered(core: CoreAtWork) -> None:
    thread, wrong, right = core.id("thread", "sofie", "sofie"), str(uuid4()), str(uuid4())
    reply(core, thread, wrong)
    reply(core, thread, right)
    stop(core, thread, wrong)
    page = core.page("sofie", "sofie", "conversation").json
    assert page["messages"][-1]["id"] == right
    assert page["messages"][-2]["state"] == "answered"


def test_only_a_message_of_the_team_in_this_thread_can_be_stopped(core: CoreAtWork) -> None:
    thread, other = core.id("thread", "sofie", "sofie"), core.id("thread", "sofie", "ingrid")
    assert stop(core, thread, core.id("message", "sofie", "sofie", "0")).code == "invalid"
    assert stop(core, other, core.id("message", "sofie", "sofie", "1")).code == "invalid"
    assert stop(core, thread, core.id("message", "sofie", "sofie", "1"), "jonas").status == 404


def test_what_is_shielded_is_of_every_case_that_touches_the_person(core: CoreAtWork) -> None:
    rune = shielded(core, "jakob", "rune")
    assert rune["places_hidden"] is True
    found = {(item["kind"], item["text"]) for item in rune["items"]}
    assert {
        ("school", "Lia skole"),
        ("place", "Lia skole, rom 104"),
        ("words", "Må jeg si hvem jeg vil bo hos?"),
    } <= found
    anne = shielded(core, "jakob", "anne")
    assert anne["places_hidden"] is False
    assert {item["kind"] for item in anne["items"]} == {"words"}


def test_who_is_inside_the_protection_has_no_place_shielded_and_who_is_blocked_has(core: CoreAtWork) -> None:
    silje, kent = shielded(core, "mia", "silje"), shielded(core, "mia", "kent")
    assert silje["places_hidden"] is False
    assert kent["places_hidden"] is True
    assert "Granlia skole" in {item["text"] for item in kent["items"]}


def test_words_opened_to_a_reader_are_shielded_no_more(core: CoreAtWork) -> None:
    own = "Jeg vil ha en venn som også liker frosker."
    assert own not in {item["text"] for item in shielded(core, "emil", "ingrid")["items"]}
    assert own in {item["text"] for item in shielded(core, "emil", "thomas")["items"]}


def test_nobody_else_gets_the_list(core: CoreAtWork) -> None:
    path = f"/staff/threads/{core.id('thread', 'sofie', 'sofie')}/shielded"
    assert core.get(path, "jonas").status == core.get(path, "sofie").status == 404
