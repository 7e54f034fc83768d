"""The plan in the core: what may be chosen about it, and what it keeps of the version that was read."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from portal.demo.reference_core.schema import Database
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


# --- what is new since somebody looked ---


def news(core: CoreAtWork, who: str, case: str = "sofie") -> Any:
    return core.page(who, case, "plan").json["news"]


def told(found: Any) -> list[tuple[str | None, str | None]]:
    """What it said before and what it says now."""
    return [((one["before"] or {}).get("text"), (one["now"] or {}).get("text")) for one in found["items"]]


def test_what_is_new_was_changed_or_taken_out_since_this_person_looked(core: CoreAtWork) -> None:
    """Feature P4: a readable difference, in the words for this reader."""
    assert told(news(core, "sofie")) == [
        ("En dag i uka kan du gjøre lekser hos mormor.", "To dager i uka kan du gjøre lekser hos mormor."),
        ("Mandager kan du få hjelp med lekser på biblioteket.", None),
    ]
    assert told(news(core, "ingrid"))[1] == ("Mandager får Sofie hjelp med lekser på biblioteket.", None)
    assert "biblioteket" not in str(plan(core, "sofie"))


def test_it_stays_the_whole_day_and_is_no_news_the_day_after(core: CoreAtWork) -> None:
    first = news(core, "sofie")
    assert news(core, "sofie") == first
    core.clock.now += timedelta(days=1)
    assert news(core, "sofie") is None


def test_who_never_looked_is_told_of_no_difference(core: CoreAtWork) -> None:
    assert news(core, "thomas") is None


@pytest.mark.parametrize("purpose", ["poll", None])
def test_a_page_that_asks_by_itself_has_not_looked(core: CoreAtWork, purpose: str | None) -> None:
    path = f"/cases/{core.id('case', 'sofie')}/pages/plan"
    for _ in range(2):
        assert core.send("GET", path, "sofie", purpose=purpose).json["news"]
        core.clock.now += timedelta(days=1)
    assert news(core, "sofie")


def at_the_core(folder: Path, statement: str, *values: object) -> None:
    with Database(folder / "fjordvik.sqlite").write() as connection:
        connection.execute(statement, values)


def test_what_is_withheld_today_tells_nothing_by_being_gone(core: CoreAtWork, tmp_path: Path) -> None:
    """R11, R17: it was never there, neither before nor now."""
    for key in ("mormor", "biblioteket"):
        values = (core.id("plan item", "sofie", key), core.id("person", "sofie"), core.id("person", "sofie"))
        at_the_core(
            tmp_path, "INSERT INTO withheld VALUES (?, ?, ?, 'harm', 'leader', '2026-09-01', NULL, NULL)", *values
        )
    assert news(core, "sofie") is None
    assert len(news(core, "ingrid")["items"]) == 2


def test_an_earlier_wording_that_tells_a_place_is_not_told_to_whom_places_are_hidden_from(
    core: CoreAtWork, tmp_path: Path
) -> None:
    """R2, R17: the wording of today is there as something new, and nothing of the one before."""
    at_the_core(tmp_path, "UPDATE item_before SET bears_place = 1, text_adult = 'Hos mormor i Lia.'")
    at_the_core(
        tmp_path, "INSERT INTO hidden_from VALUES (?, ?)", core.id("person", "sofie"), core.id("person", "ingrid")
    )
    assert told(news(core, "ingrid"))[0] == (None, "To dager i uka gjør Sofie lekser hos mormor.")
    assert "Lia" not in str(core.page("ingrid", "sofie", "plan").json)


def test_words_about_what_was_taken_out_meanwhile_are_taken_in(core: CoreAtWork) -> None:
    gone = core.id("plan item", "sofie", "biblioteket")
    said = comment(core, "sofie", body="Jeg ville gjerne dit.", target_type="measure", target_id=gone)
    assert said.status == 201
    thread = core.get(f"/staff/threads/{core.id('thread', 'sofie', 'sofie')}/pages/conversation", "kari").json
    assert "Jeg ville gjerne dit." in [remark["body"] for remark in thread["remarks"]]


# --- how each of them sees the plan as a whole ---


def statement(core: CoreAtWork, who: str, text: str) -> str:
    """Say how one sees the plan; the id of what was said."""
    assert comment(core, who, body=text, target_type="plan", target_id=core.id("plan", "sofie")).status == 201
    return str(plan(core, who)["comments"][-1]["id"])


def shared_with(core: CoreAtWork, who: str) -> list[str]:
    return [one["body"] for one in core.page(who, "sofie", "plan").json["shared_words"]]


def release(core: CoreAtWork, words_id: str, author: str, reader: str) -> None:
    """Asked, answered with yes, released."""
    thread, case = core.id("thread", "sofie", author), core.id("case", "sofie")
    pair = {"words_id": words_id, "person_id": core.id("person", reader), "language": "nb"}
    question: dict[str, object] = {**pair, "why": "Til møtet."}
    asked = core.put(f"/staff/threads/{thread}/sharing-questions/{{id}}", "kari", question)
    assert asked.status == 201
    said: dict[str, object] = {"question_id": asked.json["operation_id"], "answer": "yes", "body": "", "language": "nb"}
    said["assess_before_access"] = True
    assert core.put(f"/cases/{case}/sharing-answers/{{id}}", author, said).status == 201
    decision: dict[str, object] = {**pair, "decision": "release", "reason_code": None, "tell_author_from": None}
    assert core.put(f"/staff/threads/{thread}/sharing-decisions/{{id}}", "kari", decision).status == 201


def test_how_somebody_sees_the_plan_is_read_by_others_only_after_their_yes(core: CoreAtWork) -> None:
    """Feature P5: statements stand beside each other, each let read by its author."""
    said = statement(core, "sofie", "Planen er grei, men den går for fort.")
    assert "Planen er grei, men den går for fort." not in shared_with(core, "ingrid")
    words = core.page("sofie", "sofie", "my-words").json["words"]
    assert [(one["kind"], one["about"]) for one in words if one["id"] == said] == [("statement", None)]
    release(core, said, "sofie", "ingrid")
    assert "Planen er grei, men den går for fort." in shared_with(core, "ingrid")
    assert "Planen er grei, men den går for fort." not in shared_with(core, "thomas")


def test_that_somebody_said_it_anew_tells_others_nothing_until_that_is_released(core: CoreAtWork) -> None:
    """R13, R17: the older one neither goes nor changes before its author has said yes to the newer one."""
    release(core, statement(core, "sofie", "Først så jeg det slik."), "sofie", "ingrid")
    before = core.page("ingrid", "sofie", "plan").json
    newer = statement(core, "sofie", "Nå ser jeg det annerledes.")
    assert core.page("ingrid", "sofie", "plan").json == before
    release(core, newer, "sofie", "ingrid")
    assert "Nå ser jeg det annerledes." in shared_with(core, "ingrid")
    assert "Først så jeg det slik." not in shared_with(core, "ingrid")


def test_a_statement_about_another_plan_is_refused(core: CoreAtWork) -> None:
    foreign = comment(core, "sofie", body="Hei", target_type="plan", target_id=core.id("plan", "emil"))
    assert foreign.status == 422
