"""What a family says about its plan, and that it wants to see more, reaches the team and is answered there."""

import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.demo.core_client import Answer, CoreAtWork, core_at_work

WORDS = "Det går fint, men ikke på tirsdager."
ANSWER = "Da tar vi det på mandager."


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def comment(core: CoreAtWork, who: str, target: str = "mormor", kind: str = "measure") -> str:
    body: dict[str, object] = {
        "plan_id": core.id("plan", "sofie"),
        "plan_version": "read-yesterday",
        "target_type": kind,
        "target_id": core.id("plan item", "sofie", target),
        "body": WORDS,
        "language": "nb",
    }
    sent = core.put(f"/cases/{core.id('case', 'sofie')}/comments/{{id}}", who, body)
    assert sent.status == 201
    return str(sent.json["operation_id"])


def wish(core: CoreAtWork, who: str, body: str = "") -> str:
    path = f"/cases/{core.id('case', 'sofie')}/access-requests/{{id}}"
    return str(core.put(path, who, {"body": body, "language": "nb"}).json["operation_id"])


def thread_of(core: CoreAtWork, who: str) -> str:
    return core.id("thread", "sofie", who)


def read(core: CoreAtWork, who: str, worker: str = "kari") -> Any:
    return core.get(f"/staff/threads/{thread_of(core, who)}/pages/conversation", worker).json


def line(core: CoreAtWork, who: str, worker: str = "kari") -> Any:
    threads = core.get("/staff/pages/inbox", worker).json["threads"]
    return next(one for one in threads if one["thread_id"] == thread_of(core, who))


def waiting(core: CoreAtWork, who: str) -> dict[str, int]:
    return {kind: many for kind, many in line(core, who)["unanswered_remarks"].items() if many}


def answer(
    core: CoreAtWork, who: str, remark: str, worker: str = "kari", *, text: str = ANSWER, key: str | None = None
) -> Answer:
    path = f"/staff/threads/{thread_of(core, who)}/remarks/{remark}/answers/{{id}}"
    return core.put(path, worker, {"body": text, "language": "nb"}, key)


def opened(core: CoreAtWork, who: str, item: str) -> Answer:
    return core.put(f"/staff/threads/{thread_of(core, who)}/opened/{{id}}", "kari", {"message_id": item})


def own(core: CoreAtWork, who: str, remark: str) -> Any:
    goals = core.page(who, "sofie", "plan").json["plan"]["goals"]
    comments = [c for goal in goals for at in (goal, *goal["measures"]) for c in at["comments"]]
    return next(c for c in comments if c["id"] == remark)


def level(core: CoreAtWork, remark: str) -> tuple[str, str | None]:
    receipt = core.get(f"/receipts/{remark}").json
    return receipt["level"], receipt["seen_by"]


def test_a_comment_waits_in_the_inbox_and_stands_in_the_thread(core: CoreAtWork) -> None:
    core.put(f"/staff/threads/{thread_of(core, 'thomas')}/messages/{{id}}", "kari", {"body": "Svar", "language": "nb"})
    assert line(core, "thomas")["waiting_since"] is None
    made = comment(core, "thomas")
    assert waiting(core, "thomas") == {"comments": 1}
    assert line(core, "thomas")["waiting_since"] == "2026-03-06T09:00:00Z"
    assert (line(core, "thomas")["unopened"], line(core, "thomas")["answer_due"]) == (0, None)
    (remark,) = read(core, "thomas")["remarks"]
    assert remark == {
        "id": made,
        "kind": "comment",
        "about": remark["about"],
        "plan_version": "read-yesterday",
        "plan_had_changed": True,
        "stance": None,
        "wish": None,
        "body": WORDS,
        "at": "2026-03-06T09:00:00Z",
        "outcome": None,
        "answer": None,
        "answered_by": None,
    }
    assert "Mormor" in remark["about"] or "mormor" in remark["about"]


def test_staff_read_about_a_goal_in_an_adults_words(core: CoreAtWork) -> None:
    comment(core, "sofie", "ro", "goal")
    plan = core.page("ingrid", "sofie", "plan").json["plan"]
    assert read(core, "sofie")["remarks"][-1]["about"] == plan["goals"][0]["text"]


def test_a_wish_to_see_more_reaches_the_team_with_words_or_without(core: CoreAtWork) -> None:
    wish(core, "thomas")
    wish(core, "thomas", "Jeg vil lese referatet.")
    assert waiting(core, "thomas") == {"access_requests": 2}
    said = [(one["kind"], one["about"], one["plan_version"], one["body"]) for one in read(core, "thomas")["remarks"]]
    assert said == [("access_request", None, None, ""), ("access_request", None, None, "Jeg vil lese referatet.")]


def test_opening_a_remark_is_told_to_its_writer_and_answers_nothing(core: CoreAtWork) -> None:
    made = comment(core, "sofie")
    assert read(core, "sofie")["last_unopened_id"] == made
    assert opened(core, "sofie", made).status == 201
    assert level(core, made) == ("seen", "Kari")
    assert (own(core, "sofie", made)["state"], own(core, "sofie", made)["opened_by"]) == ("seen", "Kari")
    assert read(core, "sofie")["last_unopened_id"] is None
    assert line(core, "sofie")["unanswered_remarks"]["comments"] == 1


def test_opening_goes_up_to_what_is_named_among_messages_and_remarks(core: CoreAtWork) -> None:
    first, message, last = comment(core, "sofie"), core.say("sofie", "Hei").json["operation_id"], wish(core, "sofie")
    opened(core, "sofie", message)
    assert [level(core, one)[0] for one in (first, message, last)] == ["seen", "seen", "registered"]
    assert read(core, "sofie")["last_unopened_id"] == last


def test_an_answer_stands_beside_the_comment(core: CoreAtWork) -> None:
    made = comment(core, "sofie")
    assert answer(core, "sofie", made).status == 201
    assert level(core, made) == ("answered", "Kari")
    assert (own(core, "sofie", made)["answer"], own(core, "sofie", made)["answered_by"]) == (ANSWER, "Kari")
    assert read(core, "sofie", "marit")["remarks"][-1]["answered_by"] == "Kari"
    assert line(core, "sofie")["unanswered_remarks"]["comments"] == 0
    assert ("receipt.updated", made) in core.types_of_changes()
    assert WORDS.encode() not in core.get("/changes").body


def test_of_a_wish_its_writer_learns_that_it_is_answered_and_not_how(core: CoreAtWork) -> None:
    made = wish(core, "thomas")
    assert answer(core, "thomas", made, "marit", text="Sendt i brev.").status == 201
    assert level(core, made) == ("answered", "Marit")
    pages = [core.page("thomas", "sofie", page).body for page in ("overview", "plan", "conversation")]
    assert b"Sendt i brev" not in b"".join(pages)


def test_a_reply_in_the_thread_answers_no_remark(core: CoreAtWork) -> None:
    made = comment(core, "sofie")
    core.put(f"/staff/threads/{thread_of(core, 'sofie')}/messages/{{id}}", "kari", {"body": "Hei", "language": "nb"})
    assert level(core, made) == ("registered", None)


def test_there_is_one_answer_and_the_same_key_twice_has_one_effect(core: CoreAtWork) -> None:
    made, key = comment(core, "sofie"), str(uuid4())
    first, again = answer(core, "sofie", made, key=key), answer(core, "sofie", made, key=key)
    assert (again.status, again.json) == (first.status, first.json)
    second = answer(core, "sofie", made, "marit", text="Noe annet.")
    assert (second.status, second.code) == (409, "conflict")
    assert own(core, "sofie", made)["answer"] == ANSWER


def test_a_remark_is_answered_in_its_own_thread_by_its_own_team(core: CoreAtWork) -> None:
    made = comment(core, "sofie")
    assert answer(core, "thomas", made).status == 404
    assert answer(core, "sofie", "nothing").status == 404
    assert answer(core, "sofie", made, "jonas").status == 404
    assert answer(core, "sofie", made, "ingrid").status == 404
    assert opened(core, "thomas", made).status == 422
    assert own(core, "sofie", made)["answer"] is None


def test_too_long_an_answer_is_refused(core: CoreAtWork) -> None:
    made = comment(core, "sofie")
    limit = core.get("/capabilities").json["limits"]["comment_characters"]
    assert answer(core, "sofie", made, text="å" * (limit + 1)).status == 413
    assert answer(core, "sofie", made, text="å" * limit).status == 201


def test_nobody_else_of_the_family_learns_of_a_remark_or_its_answer(core: CoreAtWork) -> None:
    pages = [(who, page) for who in ("ingrid", "thomas") for page in ("overview", "plan")]
    before = [core.page(who, "sofie", page).body for who, page in pages]
    answer(core, "sofie", comment(core, "sofie"))
    answer(core, "sofie", wish(core, "sofie"))
    assert [core.page(who, "sofie", page).body for who, page in pages] == before
    assert all(one["body"] != WORDS for one in read(core, "ingrid")["remarks"])


@pytest.mark.parametrize("way", ["comment", "wish"])
def test_who_has_no_thread_yet_gets_one_with_the_first_remark(core: CoreAtWork, tmp_path: Path, way: str) -> None:
    with sqlite3.connect(tmp_path / "fjordvik.sqlite") as database:
        database.execute("DELETE FROM message WHERE thread_id = ?", (thread_of(core, "thomas"),))
        database.execute("DELETE FROM thread WHERE id = ?", (thread_of(core, "thomas"),))
    database.close()
    assert core.page("thomas", "sofie", "overview").status == 200
    made = comment(core, "thomas") if way == "comment" else wish(core, "thomas")
    (found,) = [
        one
        for one in core.get("/staff/pages/inbox", "kari").json["threads"]
        if (one["about"], one["with_name"]) == ("Sofie", "Thomas")
    ]
    assert sum(found["unanswered_remarks"].values()) == 1
    page = core.get(f"/staff/threads/{found['thread_id']}/pages/conversation", "kari").json
    assert [one["id"] for one in page["remarks"]] == [made]
    assert core.page("thomas", "sofie", "conversation").json["thread_id"] == found["thread_id"]


def test_a_thread_about_asking_for_help_has_no_remarks(core: CoreAtWork) -> None:
    key = str(uuid4())
    body: dict[str, object] = {"answers": [], "language": "nb"}
    core.put(f"/referrals/{key}", "unresolved:p1", body, key)
    comment(core, "sofie")
    assert core.get(f"/staff/threads/{key}/pages/conversation", "kari").json["remarks"] == []
