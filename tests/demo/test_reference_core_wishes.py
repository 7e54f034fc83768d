"""What the core tells of wishes to see more, decisions and appeals, to whom, and what it takes in."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from portal.demo.reference_core.reasons import REASONS
from portal.jurisdictions import jurisdiction
from tests.demo.core_client import Answer, CoreAtWork, core_at_work

TEXT = "Jeg er uenig."


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def appeal(core: CoreAtWork, who: str, case: str, about: str, *, text: str = "", key: str | None = None) -> Answer:
    body: dict[str, object] = {"about_id": about, "body": text, "language": "nb"}
    return core.put(f"/cases/{core.id('case', case)}/appeals/{{id}}", who, body, key)


def wish(core: CoreAtWork, who: str, case: str = "sofie", text: str = "") -> str:
    path = f"/cases/{core.id('case', case)}/access-requests/{{id}}"
    return str(core.put(path, who, {"body": text, "language": "nb"}).json["operation_id"])


def answered(core: CoreAtWork, who: str, remark: str, case: str = "sofie", **said: object) -> Answer:
    path = f"/staff/threads/{core.id('thread', case, who)}/remarks/{remark}/answers/{{id}}"
    return core.put(path, "kari", {"body": "Svaret.", "language": "nb", **said})


def requests(core: CoreAtWork, who: str, case: str) -> Any:
    return core.page(who, case, "requests").json["requests"]


def decisions(core: CoreAtWork, who: str, case: str) -> Any:
    return core.page(who, case, "decisions").json["decisions"]


def law(code: str) -> str:
    pack = jurisdiction("no")
    return pack.references[next(each.reference for each in pack.refusals if each.code == code)].title


def database(folder: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(folder / "fjordvik.sqlite") as connection:
        connection.execute(statement, values)
    connection.close()


def test_a_wish_waits_with_the_day_of_its_answer_and_nobody_else_has_it(core: CoreAtWork) -> None:
    made = wish(core, "ingrid", text="Alt om meg.")
    (found,) = requests(core, "ingrid", "sofie")
    assert (found["id"], found["state"], found["answer"], found["answer_by"]) == (
        made,
        "registered",
        None,
        "2026-03-20",
    )
    assert all(made not in core.page(who, "sofie", "requests").body.decode() for who in ("sofie", "thomas"))


@pytest.mark.parametrize(("outcome", "reason"), [("yes", None), ("partly", "privacy"), ("no", "protection")])
def test_staff_answer_a_wish_and_its_writer_reads_why_and_how_to_appeal(
    core: CoreAtWork, outcome: str, reason: str | None
) -> None:
    made = wish(core, "ingrid")
    said = {"outcome": outcome} | ({"reason_code": reason} if reason else {})
    assert answered(core, "ingrid", made, **said).status == 201
    (found,) = requests(core, "ingrid", "sofie")
    answer = found["answer"]
    assert (answer["outcome"], answer["text"], answer["answered_by"]) == (outcome, "Svaret.", "Kari")
    assert answer["reason"] == (REASONS[reason].adult if reason else None)
    assert answer["legal_basis"] == (law(reason) if reason else None)
    assert found["appeal_way"] == (None if reason is None else {"by": "2026-03-27", "how": found["appeal_way"]["how"]})
    thread = core.get(f"/staff/threads/{core.id('thread', 'sofie', 'ingrid')}/pages/conversation", "marit").json
    assert thread["remarks"][-1]["outcome"] == outcome


@pytest.mark.parametrize(
    "said",
    [
        {"outcome": "no"},
        {"outcome": "yes", "reason_code": "privacy"},
        {"outcome": "no", "reason_code": "because"},
        {"outcome": "upheld"},
        {"reason_code": "privacy"},
    ],
)
def test_an_answer_that_does_not_fit_is_refused(core: CoreAtWork, said: dict[str, Any]) -> None:
    assert answered(core, "ingrid", wish(core, "ingrid"), **said).status == 422


def test_an_answer_given_elsewhere_tells_its_writer_that_alone(core: CoreAtWork) -> None:
    made = wish(core, "ingrid")
    answered(core, "ingrid", made)
    (found,) = requests(core, "ingrid", "sofie")
    assert set(found["answer"].values()) == {None}
    assert found["appeal_way"] is None


def test_every_reason_of_the_pack_has_words_and_a_law() -> None:
    assert {refusal.code for refusal in jurisdiction("no").refusals} == set(REASONS)
    assert all(law(code) for code in REASONS)


def test_an_appeal_counts_from_the_moment_of_pressing_and_reaches_the_team(core: CoreAtWork) -> None:
    about, key = core.id("wish", "emil", "alt"), str(uuid4())
    first, again = appeal(core, "thomas", "emil", about, key=key), appeal(core, "thomas", "emil", about, key=key)
    assert (first.status, again.json) == (201, first.json)
    (found,) = requests(core, "thomas", "emil")
    (sent,) = found["appeals"]
    assert (sent["id"], sent["at"], sent["result"], sent["text"]) == (key, "2026-03-06T09:00:00Z", None, None)
    thread = core.id("thread", "emil", "thomas")
    page = core.get(f"/staff/threads/{thread}/pages/conversation", "kari").json
    assert (page["remarks"][-1]["kind"], page["remarks"][-1]["about"]) == ("appeal", None)
    lines = core.get("/staff/pages/inbox", "kari").json["threads"]
    assert [one["unanswered_remarks"]["appeals"] for one in lines if one["thread_id"] == thread] == [1]
    assert answered(core, "thomas", key, "emil", outcome="changed").status == 201
    (done,) = requests(core, "thomas", "emil")[0]["appeals"]
    assert (done["result"], done["text"], done["answer_by"]) == ("changed", "Svaret.", None)


def test_only_what_is_ones_own_can_be_appealed_against(core: CoreAtWork) -> None:
    refused, decision = core.id("wish", "emil", "alt"), core.id("decision", "emil", "mormor")
    waiting = wish(core, "ingrid", "emil")
    for who, case, about in (
        ("ingrid", "emil", refused),
        ("sofie", "sofie", refused),
        ("sofie", "sofie", decision),
        ("ingrid", "emil", waiting),
        ("ingrid", "emil", "nothing"),
    ):
        answer = appeal(core, who, case, about)
        assert (answer.status, answer.json["code"]) == (422, "invalid"), (who, about)
    assert appeal(core, "rune", "emil", decision).status == 404


def test_a_child_of_nine_is_told_of_a_decision_about_moving_and_may_appeal(core: CoreAtWork) -> None:
    """R8."""
    (found,) = decisions(core, "emil", "emil")
    assert found["about_moving"]
    assert found["appeal_way"]["by"] == "2026-03-23"
    assert found["explanation"].startswith("Fra ")
    assert found["document_id"] is None
    assert appeal(core, "emil", "emil", found["id"], text=TEXT).status == 201
    (mine,) = decisions(core, "emil", "emil")[0]["appeals"]
    assert mine["body"] == TEXT
    assert decisions(core, "ingrid", "emil")[0]["appeals"] == [], "R13: nobody else learns of it"


def test_a_young_child_is_told_of_other_decisions_and_does_not_appeal_alone(core: CoreAtWork, tmp_path: Path) -> None:
    database(tmp_path, "UPDATE decision SET moving = 0")
    (found,) = decisions(core, "emil", "emil")
    assert found["appeal_way"] is None
    assert appeal(core, "emil", "emil", found["id"]).status == 422


def test_who_is_not_told_of_decisions_gets_nothing_and_appeals_against_none(core: CoreAtWork, tmp_path: Path) -> None:
    """R9."""
    decision = core.id("decision", "emil", "mormor")
    database(tmp_path, "INSERT INTO danger VALUES (?, ?)", core.id("person", "emil"), core.id("person", "thomas"))
    assert core.page("thomas", "emil", "decisions").status == 404
    assert core.page("thomas", "emil", "overview").json["decisions"] is False
    assert appeal(core, "thomas", "emil", decision).status == 422
    assert core.page("ingrid", "emil", "overview").json["decisions"] is True


def test_the_text_is_linked_for_who_reads_it_there(core: CoreAtWork, tmp_path: Path) -> None:
    document = core.id("document", "sofie", "handball")
    assert [one["document_id"] for one in decisions(core, "ingrid", "sofie")] == [document]
    database(
        tmp_path,
        "INSERT INTO withheld (item_id, person_id, child_id, reason, assessor) VALUES (?, ?, ?, 'harm', 'leader')",
        *(document, core.id("person", "ingrid"), core.id("person", "sofie")),
    )
    assert [one["document_id"] for one in decisions(core, "ingrid", "sofie")] == [None]


def test_the_answer_is_the_same_whatever_there_is_for_others(core: CoreAtWork, tmp_path: Path) -> None:
    """R11, R17: the day, the reason and every byte of a refusal depend on the wish and the answer alone."""
    made = wish(core, "ingrid")
    answered(core, "ingrid", made, outcome="no", reason_code="protection")
    before = core.page("ingrid", "sofie", "requests").body
    for everything in ("DELETE FROM document", "DELETE FROM next_step", "DELETE FROM decision", "DELETE FROM message"):
        database(tmp_path, everything)
    assert core.page("ingrid", "sofie", "requests").body == before


def test_a_refusal_names_nothing_that_is_withheld(core: CoreAtWork) -> None:
    story = json.dumps({code: [said.child, said.adult] for code, said in REASONS.items()}, ensure_ascii=False)
    for who, case in (("thomas", "emil"), ("anne", "jakob"), ("sofie", "sofie")):
        story += core.page(who, case, "requests").body.decode()
    for title in ("Notat fra samtalen", "Brev om undersøkelsen", "Referat fra samtalen"):
        assert title not in story
    assert not any(character.isdigit() for said in REASONS.values() for character in said.child + said.adult)
