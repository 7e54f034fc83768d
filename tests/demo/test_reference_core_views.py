"""What a family thinks reaches the team alone, waits for an influence answer, and gets one or the day of one."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.demo.core_client import FRIDAY, Answer, CoreAtWork, core_at_work

WORDS = "Jeg vil ikke ha møtet på skolen."
HEARD, CHANGED = "Du vil ikke ha møtet på skolen.", "Møtet blir hos mormor."


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def said(words: str = WORDS) -> dict[str, object]:
    return {
        "occasion": {"code": "meeting", "text": "Et møte"},
        "answers": [
            {"question": {"code": "said", "text": "Hva vil du si?"}, "chosen": [], "words": words},
            {
                "question": {"code": "feeling", "text": "Hvordan har du det?"},
                "chosen": [{"code": "unsure", "text": "Usikker"}],
                "words": "",
            },
        ],
        "language": "nb",
    }


def give(core: CoreAtWork, who: str, words: str = WORDS) -> str:
    sent = core.put(f"/cases/{core.id('case', 'sofie')}/views/{{id}}", who, said(words))
    assert sent.status == 201, sent.json
    return str(sent.json["operation_id"])


def thread_of(core: CoreAtWork, who: str) -> str:
    return core.id("thread", "sofie", who)


def read(core: CoreAtWork, who: str, view: str) -> Any:
    """The view as the worker reads it."""
    page = core.get(f"/staff/threads/{thread_of(core, who)}/pages/conversation", "kari").json
    return next(one for one in page["views"] if one["id"] == view)


def mine(core: CoreAtWork, who: str) -> dict[str, Any]:
    page = core.get(f"/cases/{core.id('case', 'sofie')}/pages/my-words", who).json
    return {one["id"]: one for one in page["words"]}


def waiting(core: CoreAtWork, who: str) -> int:
    threads = core.get("/staff/pages/inbox", "kari").json["threads"]
    line = next(one for one in threads if one["thread_id"] == thread_of(core, who))
    return int(line["unanswered_remarks"]["views"])


def answer(core: CoreAtWork, who: str, view: str, worker: str = "kari", **changed: str) -> Answer:
    path = f"/staff/threads/{thread_of(core, who)}/views/{view}/answers/{{id}}"
    body = {"heard": HEARD, "changed": CHANGED, "not_changed": "", "language": "nb"}
    return core.put(path, worker, {**body, **changed})


def later(core: CoreAtWork, who: str, view: str, days: int = 3) -> Answer:
    path = f"/staff/threads/{thread_of(core, who)}/views/{view}/later/{{id}}"
    until = (FRIDAY.date() + timedelta(days=days)).isoformat()
    return core.put(path, "kari", {"reason": "Vi må spørre mormor først.", "until": until, "language": "nb"})


def level(core: CoreAtWork, view: str) -> str:
    return str(core.get(f"/receipts/{view}", None).json["level"])


def test_the_team_reads_it_and_it_waits_for_an_answer(core: CoreAtWork) -> None:
    """Feature V1: in one format, however it was said."""
    before = waiting(core, "sofie")
    view = give(core, "sofie")
    found = read(core, "sofie", view)
    assert [one["question"]["code"] for one in found["answers"]] == ["said", "feeling"]
    assert (found["answers"][0]["words"], found["influence"], found["later"]) == (WORDS, None, None)
    assert waiting(core, "sofie") == before + 1
    assert level(core, view) == "registered"


def test_nobody_else_of_the_family_learns_of_it(core: CoreAtWork) -> None:
    """R13, R17: no page of a mother, father or grandmother changes by a byte."""
    case = core.id("case", "sofie")
    pages = ("overview", "plan", "conversation", "my-words", "decisions", "trail", "documents")
    paths = [f"/cases/{case}/pages/{page}" for page in pages]

    def read_by_others() -> list[bytes]:
        return [core.get(path, who).body for path in paths for who in ("ingrid", "thomas")]

    read_by_others()  # what was new to them is read
    before = read_by_others()
    view = give(core, "sofie")
    answer(core, "sofie", view)
    assert read_by_others() == before


def test_its_writer_reads_the_influence_answer_with_it(core: CoreAtWork) -> None:
    """Feature V2."""
    view = give(core, "sofie")
    assert answer(core, "sofie", view).status == 201
    found = mine(core, "sofie")[view]
    assert WORDS in found["body"]
    assert (found["influence"]["heard"], found["influence"]["changed"]) == (HEARD, CHANGED)
    assert level(core, view) == "answered"
    assert answer(core, "sofie", view).code == "conflict", "a view has one answer"


def test_putting_it_off_needs_a_day_within_seven(core: CoreAtWork) -> None:
    """Feature V2: the writer reads the day, and not the reason."""
    view = give(core, "sofie")
    assert [later(core, "sofie", view, days).status for days in (8, -1)] == [422, 422]
    assert later(core, "sofie", view, 7).status == 201
    found = mine(core, "sofie")[view]
    assert found["answer_until"] == (FRIDAY.date() + timedelta(days=7)).isoformat()
    assert "mormor" not in str(found["influence"])
    assert level(core, view) == "seen", "put off is not answered"
    assert later(core, "sofie", view, 3).code == "conflict", "only once"
    answer(core, "sofie", view)
    assert mine(core, "sofie")[view]["answer_until"] is None
    assert later(core, "sofie", view, 3).code == "conflict"


def test_an_answer_says_what_it_changed_or_why_not(core: CoreAtWork) -> None:
    """Feature V2."""
    view = give(core, "sofie")
    assert answer(core, "sofie", view, changed="").code == "invalid"
    assert answer(core, "sofie", view, changed="", not_changed="Dommeren bestemmer det.").status == 201


def test_a_view_is_answered_in_its_own_thread_and_in_no_other_way(core: CoreAtWork) -> None:
    view = give(core, "sofie")
    elsewhere = f"/staff/threads/{thread_of(core, 'ingrid')}/views/{view}/answers/{{id}}"
    body: dict[str, object] = {"heard": HEARD, "changed": CHANGED, "not_changed": "", "language": "nb"}
    assert core.put(elsewhere, "kari", body).status == 404
    as_remark = f"/staff/threads/{thread_of(core, 'sofie')}/remarks/{view}/answers/{{id}}"
    assert core.put(as_remark, "kari", {"body": HEARD, "language": "nb"}).status == 404
    assert answer(core, "sofie", view, "ingrid").status == 404, "a parent is no worker"


def test_nobody_gives_a_view_in_a_case_that_is_not_theirs(core: CoreAtWork) -> None:
    case = core.id("case", "sofie")
    assert core.put(f"/cases/{case}/views/{{id}}", "jakob", said()).status == 404
    assert core.put(f"/cases/{case}/views/{{id}}", "sofie", said("")).status == 422
    assert core.put(f"/cases/{case}/views/{{id}}", "sofie", said("x" * 4001)).status == 413
