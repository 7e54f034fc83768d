"""The reference core alone: whose words are whose, and that nothing opens without a yes (rules.md R13)."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from portal.domain.people import Relation
from portal.domain.words import FamilyMember, WordsReader
from tests.demo.core_client import FRIDAY, Answer, CoreAtWork, core_at_work

SAID = "Jeg vil ha ro når jeg gjør lekser. Jeg vil ikke høre krangling gjennom veggen."
MISSED = "Jeg savner laget mer enn jeg har sagt."


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def words_ids(core: CoreAtWork) -> dict[str, str]:
    return {"goal": core.id("plan item", "sofie", "ro"), "told": core.id("said", "sofie", "handball")}


def question(core: CoreAtWork, words: str, person: str) -> str:
    return core.id("question", words_ids(core)[words], core.id("person", person))


def answer(core: CoreAtWork, who: str, question_id: str, said: str, case: str = "sofie") -> Answer:
    body: dict[str, object] = {"question_id": question_id, "answer": said, "body": "", "language": "nb"}
    path = f"/cases/{core.id('case', case)}/sharing-answers/{{id}}"
    return core.put(path, who, {**body, "assess_before_access": True})


def decide(core: CoreAtWork, words: str, person: str, decision: str, worker: str = "kari", **more: object) -> Answer:
    body: dict[str, object] = {
        "words_id": words_ids(core).get(words, words),
        "person_id": core.id("person", person),
        "decision": decision,
        "reason_code": None,
        "tell_author_from": None,
        "language": "nb",
    }
    path = f"/staff/threads/{core.id('thread', 'sofie', 'sofie')}/sharing-decisions/{{id}}"
    return core.put(path, worker, {**body, **more})


def everything_read(core: CoreAtWork, who: str) -> str:
    return "".join(
        core.page(who, "sofie", page).body.decode() for page in ("overview", "plan", "conversation", "my-words")
    )


def test_the_core_releases_nothing_without_a_yes(core: CoreAtWork) -> None:
    """Feature V5, R13: whatever a portal asks for."""
    assert decide(core, "goal", "ingrid", "release").status == 422, "not answered"
    assert answer(core, "sofie", question(core, "goal", "ingrid"), "no").status == 201
    assert decide(core, "goal", "ingrid", "release").status == 422, "a no"
    assert decide(core, "goal", "thomas", "release").status == 422, "never asked"
    assert answer(core, "sofie", question(core, "goal", "ingrid"), "yes").status == 201
    assert SAID not in everything_read(core, "ingrid")
    assert decide(core, "goal", "ingrid", "release").status == 201
    assert SAID in everything_read(core, "ingrid")
    assert SAID not in everything_read(core, "thomas")


def test_an_override_without_reason_or_day_is_none(core: CoreAtWork) -> None:
    """R13."""
    assert decide(core, "told", "ingrid", "override").status == 422
    assert decide(core, "told", "ingrid", "override", reason_code="danger").status == 422
    assert decide(core, "told", "ingrid", "override", tell_author_from="2026-03-09").status == 422
    assert MISSED not in everything_read(core, "ingrid")


def test_nobody_answers_or_is_asked_for_another(core: CoreAtWork) -> None:
    """R13, R14: what is somebody else's and what never was are one answer."""
    others, never = (answer(core, "ingrid", asked, "yes") for asked in (question(core, "goal", "ingrid"), "never"))
    assert others.status == never.status == 422
    assert others.body == never.body
    assert decide(core, "goal", "ingrid", "release").status == 422
    assert decide(core, core.id("said", "jakob", "bok"), "ingrid", "release").status == 422, "another child's words"
    assert decide(core, "told", "anne", "override", reason_code="danger", tell_author_from="2026-03-06").status == 422
    assert decide(core, "goal", "ingrid", "keep", worker="jonas").status == 404


def test_a_no_that_comes_after_the_release_ends_it(core: CoreAtWork) -> None:
    """R13: it was on its way while the worker released."""
    assert decide(core, "told", "thomas", "release").status == 201
    assert MISSED in everything_read(core, "thomas")
    core.clock.now += timedelta(days=1)
    assert answer(core, "sofie", question(core, "told", "thomas"), "no").status == 201
    assert MISSED not in everything_read(core, "thomas")
    (reader,) = item(core, words_ids(core)["told"])["readers"]
    assert reader["until"] is not None, "its author reads that it was open"


def item(core: CoreAtWork, words_id: str) -> Any:
    found = core.page("sofie", "sofie", "my-words").json["words"]
    return next(one for one in found if one["id"] == words_id)


def test_its_author_is_told_of_an_override_from_its_day_on(core: CoreAtWork) -> None:
    """R13: nothing on the page changes before."""
    before = core.page("sofie", "sofie", "my-words").body
    told = (FRIDAY + timedelta(days=4)).date().isoformat()
    assert decide(core, "goal", "ingrid", "override", reason_code="danger", tell_author_from=told).status == 201
    assert core.page("sofie", "sofie", "my-words").body == before
    core.clock.now += timedelta(days=4)
    (reader,) = item(core, words_ids(core)["goal"])["readers"]
    assert (reader["reason_code"], reader["told_from"]) == ("danger", told)


def test_one_question_for_each_thing_and_reader(core: CoreAtWork) -> None:
    path = f"/staff/threads/{core.id('thread', 'sofie', 'sofie')}/sharing-questions/{{id}}"
    body: dict[str, object] = {"person_id": core.id("person", "ingrid"), "why": "Derfor", "language": "nb"}
    assert core.put(path, "kari", {**body, "words_id": words_ids(core)["goal"]}).code == "conflict"
    key = str(uuid4())
    for _ in range(2):
        assert core.put(path, "kari", {**body, "words_id": words_ids(core)["told"]}, key).status == 201
    assert [one["answer"] for one in item(core, words_ids(core)["told"])["questions"]] == ["yes", None]


def test_a_childs_words_and_every_answer_are_marked(core: CoreAtWork, tmp_path: Path) -> None:
    """R13: to be assessed before access, also where the portal did not know that the child wrote."""
    sofies, ingrids = core.say("sofie", "Hei"), core.say("ingrid", "Hei")
    answered = answer(core, "sofie", question(core, "goal", "ingrid"), "no")
    with sqlite3.connect(tmp_path / "fjordvik.sqlite") as connection:
        marked = {row[0] for row in connection.execute("SELECT item_id FROM assess_first")}
        logged = connection.execute("SELECT what, about_id FROM sharing_log").fetchall()
    connection.close()
    assert {sofies.json["operation_id"], answered.json["operation_id"]} <= marked
    assert ingrids.json["operation_id"] not in marked
    assert logged == [("no", question(core, "goal", "ingrid"))]


def test_no_guardians_page_tells_that_the_child_was_asked_or_answered(core: CoreAtWork) -> None:
    """R13, R17: byte for byte."""
    for who in ("ingrid", "thomas"):
        everything_read(core, who)  # what was new is not new afterwards
    before = {who: everything_read(core, who) for who in ("ingrid", "thomas")}
    answer(core, "sofie", question(core, "goal", "ingrid"), "yes")
    answer(core, "sofie", question(core, "told", "thomas"), "no")
    body: dict[str, object] = {"sentence_id": core.id("sentence", "sofie", "mormor"), "right": False}
    path = f"/cases/{core.id('case', 'sofie')}/sentence-answers/{{id}}"
    mended = core.put(path, "sofie", {**body, "body": "Nei", "language": "nb", "assess_before_access": True})
    assert mended.status == 201
    assert {who: everything_read(core, who) for who in ("ingrid", "thomas")} == before


@pytest.mark.parametrize(
    ("reason", "told_from", "told"),
    [
        (None, None, True),
        ("danger", date(2026, 3, 6), True),
        ("danger", date(2026, 3, 7), False),
        ("danger", None, False),
    ],
)
def test_the_portal_tells_of_an_override_from_its_day_on_too(
    reason: str | None, told_from: date | None, *, told: bool
) -> None:
    """R13: should a core send it early."""
    reader = WordsReader(FamilyMember("Ingrid", Relation.MOTHER), FRIDAY, None, reason, told_from)
    assert reader.told_on(FRIDAY.date()) is told
