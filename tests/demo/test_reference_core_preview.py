"""The core decides for itself who may look on as whom, and looking on leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo.core_client import ACTOR_KEY, Answer, CoreAtWork, core_at_work, sign

PAGES = ("overview", "plan", "documents", "conversation")


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def looked_on(core: CoreAtWork, path: str, worker: str, person: str, **claims: object) -> Answer:
    """One read of a worker as somebody, with claims as a test wants them."""
    told: dict[str, object] = {"sub": core.id("worker", worker), "realm": "staff", "loa": "high", "purpose": "preview"}
    told |= {"preview_of": core.id("person", person)} | claims
    headers = {"Authorization": core.bearer(), "Portal-Actor": sign(ACTOR_KEY, core.claims(**told))}
    response = core.app.test_client().get(path, headers=headers)
    return Answer(response.status_code, dict(response.headers), response.get_data())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("person", ["sofie", "ingrid", "thomas"])
def test_the_page_is_the_one_that_person_gets(core: CoreAtWork, page: str, person: str) -> None:
    path = f"/cases/{core.id('case', 'sofie')}/pages/{page}"
    seen = looked_on(core, path, "kari", person)
    assert seen.json == core.get(path, person).json


def test_one_let_in_by_a_worker_gets_no_documents_here_either(core: CoreAtWork) -> None:
    assert looked_on(core, f"/cases/{core.id('case', 'mia')}/pages/plan", "kari", "mia").status == 200
    assert looked_on(core, f"/cases/{core.id('case', 'mia')}/pages/documents", "kari", "mia").status == 404


@pytest.mark.parametrize(
    ("worker", "case", "person"),
    [
        ("kari", "jakob", "jakob"),  # Kari covers, and that is not enough
        ("jonas", "sofie", "sofie"),
        ("kari", "sofie", "rune"),  # not of this case
        ("kari", "mia", "kent"),  # of this case, and blocked: what he would get
        ("kari", "leila", "grethe"),  # over
    ],
)
def test_who_may_not_gets_what_is_not_there(core: CoreAtWork, worker: str, case: str, person: str) -> None:
    for page in PAGES:
        answer = looked_on(core, f"/cases/{core.id('case', case)}/pages/{page}", worker, person)
        assert (answer.status, answer.code) == (404, "not_found")


def test_nothing_is_read_begun_or_told_by_looking_on(core: CoreAtWork) -> None:
    """Emil has a message that he has not read; his father has no thread yet."""
    case = core.id("case", "sofie")
    core.say("sofie", "Hei")
    thread = core.id("thread", "sofie", "sofie")
    core.put(f"/staff/threads/{thread}/messages/{{id}}", "kari", {"body": "Svar", "language": "nb"})
    changes, news = core.types_of_changes(), core.page("sofie", "sofie", "overview").json["unread_messages"]
    assert news > 0
    for person in ("sofie", "thomas", "ingrid"):
        assert looked_on(core, f"/cases/{case}/pages/conversation", "kari", person).status == 200
    assert core.page("sofie", "sofie", "overview").json["unread_messages"] == news
    assert core.types_of_changes() == changes


@pytest.mark.parametrize(
    "claims",
    [
        {"purpose": "look"},
        {"purpose": "poll"},
        {"purpose": None},
        {"realm": "family"},
        {"preview_of": None},
        {"preview_of": ""},
        {"preview_of": 7},
        {"preview_of": "p" * 200},
    ],
)
def test_a_word_that_does_not_fit_the_others_is_not_believed(core: CoreAtWork, claims: dict[str, object]) -> None:
    path = f"/cases/{core.id('case', 'sofie')}/pages/plan"
    assert looked_on(core, path, "kari", "sofie", **claims).status == 401


@pytest.mark.parametrize(
    "path",
    ["/me/standing", "/me/pages/home", "/staff/pages/inbox", "/staff/pages/children", "/staff/cases/{case}/people"],
)
def test_nothing_but_the_pages_of_a_case_is_looked_at(core: CoreAtWork, path: str) -> None:
    assert looked_on(core, path.format(case=core.id("case", "sofie")), "kari", "sofie").status == 401


def test_a_write_as_somebody_else_is_refused(core: CoreAtWork) -> None:
    told = {"sub": core.id("worker", "kari"), "realm": "staff", "loa": "high", "purpose": "preview"}
    told["preview_of"] = core.id("person", "sofie")
    headers = {"Authorization": core.bearer(), "Portal-Actor": sign(ACTOR_KEY, core.claims(**told))}
    key = "6f2c1f0e-3b1c-4f0a-9a51-0a7c1d2e3f40"
    body = core.composed({"body": "Hei", "language": "nb"})
    path = f"/cases/{core.id('case', 'sofie')}/messages/{key}"
    answer = core.app.test_client().put(path, headers={**headers, "Idempotency-Key": key}, json=body)
    assert answer.status_code == 401


def test_the_people_of_a_case_are_those_with_a_grant_blocked_and_over_ones_among_them(core: CoreAtWork) -> None:
    def people(case: str, who: str = "kari") -> list[tuple[str, str, str]]:
        answer = core.get(f"/staff/cases/{core.id('case', case)}/people", who)
        return [(one["first_name"], one["relation"], one["enrolment"]) for one in answer.json["people"]]

    assert people("mia")[0] == ("Mia", "self", "in_person")
    assert ("Kent", "father", "eid") in people("mia")
    assert ("Grethe", "guardian", "eid") in people("leila")
    for who, case in (("kari", "jakob"), ("jonas", "sofie"), ("sofie", "sofie")):
        assert core.get(f"/staff/cases/{core.id('case', case)}/people", who).status == 404


def test_the_standing_of_one_of_them_is_the_one_that_person_has(core: CoreAtWork) -> None:
    case, person = core.id("case", "jakob"), core.id("person", "rune")
    told = core.get(f"/staff/cases/{case}/people/{person}", "jonas").json
    assert told["standing"] == core.get(f"/me/standing?case_id={case}", "rune").json
    assert told["person"]["relation"] == "father"
    assert core.get(f"/staff/cases/{case}/people/{person}", "kari").status == 404
    assert core.get(f"/staff/cases/{case}/people/{core.id('person', 'sofie')}", "jonas").status == 404
