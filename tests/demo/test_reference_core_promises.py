"""A worker who has no answer yet says by when one comes; that promise counts, and it is no answer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.demo.core_client import Answer, CoreAtWork, core_at_work


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def thread(core: CoreAtWork) -> str:
    return core.id("thread", "sofie", "sofie")


def write(core: CoreAtWork, promised: str | None = None, days: int | None = None) -> Answer:
    """A worker's message into Sofie's thread, perhaps with a promise."""
    day = (core.clock.now + timedelta(days=days)).date().isoformat() if days is not None else promised
    told = {} if day is None else {"answer_promised_for": day}
    path = f"/staff/threads/{thread(core)}/messages/{{id}}"
    return core.put(path, "kari", {"body": "Jeg har lest dette.", "language": "nb", **told})


def due(core: CoreAtWork) -> Any:
    return core.get(f"/staff/threads/{thread(core)}/pages/conversation", "kari").json["answer_due"]


def states(core: CoreAtWork) -> list[str]:
    messages = core.page("sofie", "sofie", "conversation").json["messages"]
    return [one["state"] for one in messages if one["mine"]]


def test_a_promise_moves_the_day_and_answers_nothing(core: CoreAtWork) -> None:
    """Feature W3: the holding answer sets the promised day in the core."""
    core.say("sofie", "Når kommer du?")
    assert write(core, days=6).status == 201
    assert due(core) == "2026-03-12"
    assert core.page("sofie", "sofie", "conversation").json["answer_due"] == "2026-03-12"
    assert states(core)[-1] == "seen"
    write(core)
    assert (due(core), states(core)[-1]) == (None, "answered")


def test_what_comes_after_a_promise_is_not_covered_by_it(core: CoreAtWork) -> None:
    core.say("sofie", "Når kommer du?")
    write(core, days=10)
    core.say("sofie", "Det haster litt")
    assert due(core) == "2026-03-11"  # three working days after Friday


def test_a_promise_that_went_to_the_wrong_person_promises_nothing(core: CoreAtWork) -> None:
    core.say("sofie", "Når kommer du?")
    before = due(core)
    sent = write(core, days=6)
    body: dict[str, object] = {"message_id": sent.json["operation_id"], "reason": ""}
    core.put(f"/staff/threads/{thread(core)}/stops/{{id}}", "kari", body)
    assert due(core) == before


@pytest.mark.parametrize("days", [-1, 15, 400])
def test_no_day_that_is_over_or_far_off_can_be_promised(core: CoreAtWork, days: int) -> None:
    core.say("sofie", "Når kommer du?")
    before = due(core)
    assert write(core, days=days).status == 422
    assert due(core) == before


def test_a_promise_delayed_on_its_way_still_counts(core: CoreAtWork) -> None:
    core.say("sofie", "Når kommer du?")
    day = (core.clock.now + timedelta(days=1)).date().isoformat()
    pressed = core.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    core.clock.now += timedelta(days=3)
    path = f"/staff/threads/{thread(core)}/messages/{{id}}"
    body: dict[str, object] = {"body": "Lest.", "language": "nb", "answer_promised_for": day, "composed_at": pressed}
    assert core.put(path, "kari", body).status == 201
    assert due(core) == day
