"""A worker decides what a message is; the core answers with the clock, and no page of a family tells of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.demo.core_client import Answer, CoreAtWork, core_at_work

REASON = "Barnet forteller at det er redd hjemme."


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def thread(core: CoreAtWork, who: str = "sofie") -> str:
    return f"/staff/threads/{core.id('thread', 'sofie', who)}"


def decide(core: CoreAtWork, item: str, what: str = "report_of_concern", worker: str = "kari") -> Answer:
    body: dict[str, object] = {"item_id": item, "item_class": what, "reason": REASON}
    return core.put(f"{thread(core)}/classifications/{{id}}", worker, body)


def decided(core: CoreAtWork) -> Any:
    return core.get(f"{thread(core)}/pages/conversation", "kari").json["classifications"]


def test_the_clock_runs_from_the_moment_it_was_sent_through_any_delay(core: CoreAtWork) -> None:
    """Feature W2: the statutory clock."""
    pressed = core.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")  # a Friday
    core.clock.now += timedelta(days=4)
    body: dict[str, object] = {"body": "Jeg er redd hjemme", "language": "nb", "composed_at": pressed}
    item = core.put(f"/cases/{core.id('case', 'sofie')}/messages/{{id}}", "sofie", body).json["operation_id"]
    core.clock.now += timedelta(days=1)
    assert decide(core, item).json["level"] == "registered"
    (found,) = decided(core)
    assert (found["received_at"], found["look_at_by"], found["decided_by"]) == (pressed, "2026-03-13", "Kari")
    assert found["reason"] == REASON


def test_it_is_decided_anew_and_everything_stays(core: CoreAtWork) -> None:
    item = core.say("sofie", "Kan vi få en hvilestund?").json["operation_id"]
    decide(core, item)
    decide(core, item, "application", "marit")
    assert [(one["item_class"], one["decided_by"], one["look_at_by"] is None) for one in decided(core)] == [
        ("report_of_concern", "Kari", False),
        ("application", "Marit", True),
    ]


def test_nothing_a_family_reads_is_other_for_it(core: CoreAtWork) -> None:
    item = core.say("sofie", "Jeg er redd hjemme").json["operation_id"]
    pages = [(who, page) for who in ("sofie", "ingrid", "thomas") for page in ("overview", "conversation", "trail")]
    for _ in range(2):  # the first look moves the marks of what is read
        before = [core.page(who, "sofie", page).body for who, page in pages]
    changes = core.types_of_changes()
    assert decide(core, item).status == 201
    assert [core.page(who, "sofie", page).body for who, page in pages] == before
    assert core.types_of_changes() == changes


def test_only_what_the_family_wrote_in_this_thread_is_something(core: CoreAtWork) -> None:
    kari = core.put(f"{thread(core)}/messages/{{id}}", "kari", {"body": "Hei", "language": "nb"}).json["operation_id"]
    elsewhere = core.say("ingrid", "Hei").json["operation_id"]
    for item in (kari, elsewhere, core.id("thread", "sofie", "sofie"), "m-0"):
        assert decide(core, item).status == 422
    assert decided(core) == []


def test_a_worker_of_another_family_decides_nothing(core: CoreAtWork) -> None:
    item = core.say("sofie", "Jeg er redd hjemme").json["operation_id"]
    assert decide(core, item, worker="jonas").status == 404
    assert decided(core) == []
