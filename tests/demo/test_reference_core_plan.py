"""The plan in the core: what may be chosen about it, and what it keeps of the version that was read."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.demo.core_client import Answer, CoreAtWork, core_at_work


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def plan(core: CoreAtWork, who: str, case: str = "sofie") -> Any:
    return core.page(who, case, "plan").json["plan"]


def comment(core: CoreAtWork, who: str, *, good: bool = True, **said: object) -> Answer:
    body = {
        "plan_id": core.id("plan", "sofie"),
        "plan_version": plan(core, who)["version"],
        "target_type": "goal",
        "target_id": core.id("plan item", "sofie", "ro"),
        "body": "",
        "language": "nb",
    }
    path, key = f"/cases/{core.id('case', 'sofie')}/comments/", str(uuid4())
    return core.send("PUT", path + key, who, body=core.composed({**body, **said}), key=key, good=good)


def test_a_choice_needs_no_words_and_nothing_at_all_is_refused(core: CoreAtWork) -> None:
    assert comment(core, "ingrid", stance="disagree").status == 201
    assert comment(core, "ingrid", good=False).status == 422
    assert comment(core, "ingrid", stance="furious", good=False).status == 422
    (said,) = plan(core, "ingrid")["goals"][0]["comments"]
    assert (said["stance"], said["body"], said["plan_had_changed"]) == ("disagree", "", False)


def test_the_core_says_that_the_plan_had_changed_for_its_writer(core: CoreAtWork) -> None:
    comment(core, "ingrid", body="Dette leste jeg i går.", plan_version="read-yesterday")
    assert plan(core, "ingrid")["goals"][0]["comments"][0]["plan_had_changed"] is True


def test_a_choice_without_words_adds_no_empty_text_to_what_is_shielded(core: CoreAtWork) -> None:
    """Every text there is compared with what a worker writes: an empty one would be found in all of them."""
    comment(core, "ingrid", stance="agree")
    thread = core.id("thread", "sofie", "thomas")
    items = core.get(f"/staff/threads/{thread}/shielded", "kari").json["items"]
    assert items
    assert all(item["text"] for item in items)
