"""The reference core projects every page for the acting person and decides for itself what that person may see."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.demo.reference_core import core_id
from portal.demo.story import DEFAULT_STORY
from tests.demo.core_client import Clock, CoreAtWork, config, core_at_work

PAGES = ("overview", "plan", "conversation")
PLACES_OF_JAKOB = ("Lia", "Familiehuset", "Torget", "Team Fjell", "55 00 00 11")
PLACES_OF_MIA = ("Granlia",)


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def with_story(tmp_path: Path, change: Any) -> CoreAtWork:
    """A core of the default story with one thing changed in its first service."""
    story = json.loads(DEFAULT_STORY.read_text(encoding="utf-8"))
    change({case["key"]: case for case in story["services"][0]["cases"]})
    path = tmp_path / "story.json"
    path.write_text(json.dumps(story), encoding="utf-8")
    return CoreAtWork(config(tmp_path, story=path), Clock())


def everything_for(core: CoreAtWork, who: str, case: str) -> bytes:
    answers = [core.page(who, case, page) for page in PAGES]
    assert {answer.status for answer in answers} == {200}
    return b"".join(answer.body for answer in answers)


def test_a_child_reads_its_own_case_in_its_own_words(core: CoreAtWork) -> None:
    page = core.page("sofie", "sofie", "overview").json
    assert page["reader"] == {"first_name": "Sofie", "relation": "self"}
    assert page["phase_text"] == "Vi lager en plan sammen med deg. Ingenting er bestemt ennå."
    assert page["next_steps"][0]["by"] == "2026-03-11"
    assert page["worker"]["first_name"] == "Kari"
    assert page["team"] == ["Kari", "Marit"]
    assert page["appointments"][0]["starts_at"] == "2026-03-12T13:30:00Z"
    assert page["answer_due"] == "2026-03-10"  # asked on Thursday evening
    assert page["changes"][0]["kind"] == "appointment_updated"


def test_a_guardian_reads_the_same_case_in_an_adults_words(core: CoreAtWork) -> None:
    page = core.page("ingrid", "sofie", "overview").json
    assert "sammen med dere" in page["phase_text"]
    assert [step["text"][:9] for step in page["next_steps"]] == ["Dere får "]  # the other is the child's own
    assert len(page["appointments"]) == 1


@pytest.mark.parametrize("who", ["jakob", "anne", "rune", "oskar", "mats", "kari", "unresolved:p1"])
@pytest.mark.parametrize("page", PAGES)
def test_another_familys_case_is_not_there(core: CoreAtWork, who: str, page: str) -> None:
    theirs, nothing = core.page(who, "sofie", page), core.get(f"/cases/no-such-case/pages/{page}", who)
    assert theirs.status == 404
    assert (theirs.body, theirs.headers) == (nothing.body, nothing.headers)


def test_each_child_of_a_guardian_stands_apart(core: CoreAtWork) -> None:
    cards = core.get("/me/pages/home", "ingrid").json["cases"]
    assert [(card["child"]["first_name"], card["unread_messages"]) for card in cards] == [("Sofie", 1), ("Emil", 0)]


def test_a_stranger_has_a_home_without_cases(core: CoreAtWork) -> None:
    assert core.get("/me/pages/home", "unresolved:p1").json == {
        "content_language": "nb",
        "first_name": None,
        "cases": [],
    }


def test_the_other_service_knows_only_its_own(core: CoreAtWork, tmp_path: Path) -> None:
    lillevik = core_at_work(tmp_path, "lillevik")
    assert lillevik.page("oskar", "oskar", "overview").status == 200
    assert lillevik.get("/me/pages/home", "sofie").json["cases"] == []
    assert core.get("/me/pages/home", "oskar").json["first_name"] is None


# --- places ---


def test_no_place_for_whom_the_address_is_hidden_from(core: CoreAtWork) -> None:
    mothers, fathers = everything_for(core, "anne", "jakob"), everything_for(core, "rune", "jakob")
    for word in PLACES_OF_JAKOB:
        assert word.encode() in mothers
        assert word.encode() not in fathers
    visit = core.page("rune", "jakob", "overview").json["appointments"]
    assert [(one["place"], one["kind"]) for one in visit] == [(None, "visit")]


def test_inside_the_protection_everything_is_served(core: CoreAtWork) -> None:
    assert b"Granlia" in everything_for(core, "silje", "mia")
    assert b"Granlia" in everything_for(core, "mia", "mia")


def test_outside_the_protection_no_place_is_served(tmp_path: Path) -> None:
    def add_grandmother(cases: dict[str, Any]) -> None:
        cases["mia"]["grants"].append({"person": "grethe", "relation": "guardian", "from": "-9d", "basis": "guardian"})

    core = with_story(tmp_path, add_grandmother)
    assert b"Granlia" not in everything_for(core, "grethe", "mia")
    assert core.page("grethe", "mia", "plan").json["plan"]["goals"][0]["measures"] == []


def test_an_unknown_grade_counts_as_outside(tmp_path: Path) -> None:
    def forget_grade(cases: dict[str, Any]) -> None:
        cases["mia"]["address"]["grade"] = "unknown"

    core = with_story(tmp_path, forget_grade)
    assert b"Granlia" not in everything_for(core, "silje", "mia")
    facts = core.get("/me/standing", "silje").json["children"][0]
    assert facts["address"] == {"state": "unknown"}


# --- blocks, dates, ages, scopes, assurance ---


def test_a_block_wins_over_a_grant(core: CoreAtWork) -> None:
    assert {core.page("kent", "mia", page).status for page in PAGES} == {404}
    assert core.get("/me/pages/home", "kent").json["cases"] == []
    facts = core.get("/me/standing", "kent").json
    assert facts["grants"]["value"]
    assert facts["children"][0]["blocked"] == {"state": "known", "value": True}


def test_a_grant_that_is_over_opens_nothing(core: CoreAtWork) -> None:
    assert {core.page("grethe", "leila", page).status for page in PAGES} == {404}


def test_a_grant_that_has_not_begun_opens_nothing(tmp_path: Path) -> None:
    def later(cases: dict[str, Any]) -> None:
        cases["sofie"]["grants"][1]["from"] = "+1d"

    core = with_story(tmp_path, later)
    assert core.page("ingrid", "sofie", "overview").status == 404
    core.clock.now += timedelta(days=1)
    assert core.page("ingrid", "sofie", "overview").status == 200


def test_guardians_grants_end_at_midnight_before_18(core: CoreAtWork) -> None:
    core.clock.now += timedelta(days=19, hours=13)  # 23:00 where the service is, the evening before
    assert core.page("shirin", "leila", "overview").status == 200
    assert core.get("/me/standing", "shirin").json["grants"]["value"][0]["valid_to"] == "2026-03-25"
    core.clock.now += timedelta(hours=1)
    assert core.page("shirin", "leila", "overview").status == 404
    assert core.page("leila", "leila", "overview").status == 200
    assert core.get("/me/standing", "leila").json["children"][0]["age"] == {"state": "known", "value": 18}


def test_a_scope_opens_its_own_pages_only(tmp_path: Path) -> None:
    def narrow(cases: dict[str, Any]) -> None:
        cases["sofie"]["grants"][2]["scopes"] = ["overview"]

    core = with_story(tmp_path, narrow)
    assert [core.page("thomas", "sofie", page).status for page in PAGES] == [200, 404, 404]
    page = core.page("thomas", "sofie", "overview").json
    assert (page["answer_due"], page["unread_messages"]) == (None, 0)
    assert core.say("thomas", "Hei").status == 404


def test_low_assurance_reads_no_case(core: CoreAtWork) -> None:
    assert {core.page("sofie", "sofie", page, loa="low").status for page in PAGES} == {404}
    assert core.get("/me/pages/home", "sofie", "low").json["cases"] == []
    assert core.get("/staff/pages/inbox", "kari", "substantial").status == 404


# --- secrets within a family ---


def test_nobody_reads_anothers_thread(core: CoreAtWork) -> None:
    threads = {who: core.page(who, "sofie", "conversation").json for who in ("sofie", "ingrid", "thomas")}
    assert len({thread["thread_id"] for thread in threads.values()}) == 3
    assert ["klokka tre" in json.dumps(thread) for thread in threads.values()] == [False, False, True]
    assert all(message["mine"] for message in threads["thomas"]["messages"])


def test_own_words_are_shown_only_where_released(core: CoreAtWork) -> None:
    def words(who: str, case: str) -> str | None:
        said = core.page(who, case, "plan").json["plan"]["goals"][0]["own_words"]
        text: str | None = said["text"] if said else None
        return text

    assert words("sofie", "sofie") is not None
    assert words("ingrid", "sofie") is None
    assert words("ingrid", "emil") is not None
    assert words("thomas", "emil") is None


def test_siblings_have_separate_secrets(core: CoreAtWork) -> None:
    assert core.page("sofie", "emil", "plan").status == 404
    assert core.page("emil", "sofie", "conversation").status == 404


def test_comments_are_ones_own_with_their_answer(core: CoreAtWork) -> None:
    def comments(who: str) -> list[tuple[str, str | None, str]]:
        goals = core.page(who, "sofie", "plan").json["plan"]["goals"]
        found = [c for goal in goals for m in goal["measures"] for c in m["comments"]]
        return [(c["state"], c["answered_by"], c["body"][:8]) for c in found]

    assert comments("sofie") == [("answered", "Kari", "Det er f")]
    assert comments("ingrid") == [("registered", None, "Kan vi t")]
    assert comments("thomas") == []


def test_versions_and_time_stamps_come_from_what_one_sees(core: CoreAtWork, tmp_path: Path) -> None:
    def plan(who: str) -> Any:
        return core.page(who, "leila", "plan").json["plan"]

    before = plan("leila"), plan("shirin")
    with sqlite3.connect(tmp_path / "fjordvik.sqlite") as database:
        database.execute(
            "UPDATE measure SET state = 'done', updated_at = '2026-03-06T08:00:00Z' WHERE id = ?",
            (core.id("plan item", "leila", "penger"),),  # only Leila sees it
        )
    database.close()
    after = plan("leila"), plan("shirin")
    assert after[0]["version"] != before[0]["version"]
    assert after[0]["updated_at"] == "2026-03-06T08:00:00Z"
    assert after[1] == before[1]
    kinds = [change["kind"] for change in core.page("shirin", "leila", "overview").json["changes"]]
    assert kinds[0] != "plan_updated"


def test_a_case_without_a_plan_has_a_page_that_says_so(core: CoreAtWork) -> None:
    assert core.page("jakob", "jakob", "plan").json["plan"] is None


def test_being_given_the_conversation_is_reading_it(core: CoreAtWork) -> None:
    assert core.page("ingrid", "sofie", "overview").json["unread_messages"] == 1
    core.page("ingrid", "sofie", "conversation")
    assert core.page("ingrid", "sofie", "overview").json["unread_messages"] == 0


@pytest.mark.parametrize("purpose", ["poll", None])
def test_a_page_that_lies_open_reads_nothing(core: CoreAtWork, purpose: str | None) -> None:
    path = f"/cases/{core.id('case', 'sofie')}/pages/conversation"
    polled = core.send("GET", path, "ingrid", purpose=purpose)
    assert core.page("ingrid", "sofie", "overview").json["unread_messages"] == 1
    assert core.get("/me/pages/home", "ingrid").json["cases"][0]["unread_messages"] == 1
    assert core.send("GET", path, "ingrid").json == polled.json


def test_a_purpose_of_ones_own_making_is_not_believed(core: CoreAtWork) -> None:
    path = f"/cases/{core.id('case', 'sofie')}/pages/conversation"
    assert core.send("GET", path, "ingrid", purpose="glance").status == 401


# --- standing ---


def test_standing_tells_of_the_target_only(core: CoreAtWork) -> None:
    everything = core.get("/me/standing", "ingrid").json
    one = core.get(f"/me/standing?case_id={core.id('case', 'emil')}", "ingrid").json
    none = core.get(f"/me/standing?case_id={core.id('case', 'jakob')}", "ingrid").json
    unknown = core.get("/me/standing?case_id=no-such-case", "ingrid").json
    assert len(everything["grants"]["value"]) == len(everything["children"]) == len(everything["relations"]) == 2
    assert [grant["child_id"] for grant in one["grants"]["value"]] == [core.id("person", "emil")]
    assert none == unknown
    assert (none["grants"], none["children"]) == ({"state": "known", "value": []}, [])


def test_standing_of_family_strangers_and_staff(core: CoreAtWork) -> None:
    def facts(who: str, query: str = "") -> Any:
        return core.get(f"/me/standing{query}", who).json

    thread = f"?thread_id={core.id('thread', 'jakob', 'jakob')}"
    assert facts("sofie")["admitted"]["value"] is True
    assert facts("sofie")["children"][0]["party"] == {"state": "known", "value": True}
    assert facts("jakob")["children"][0]["party"] == {"state": "known", "value": False}
    assert facts("rune")["children"][0]["address"] == {"state": "known", "value": "hidden_from_person"}
    assert facts("unresolved:p1")["admitted"]["value"] is False
    assert facts("kari")["worker_roles"] == {"state": "known", "value": ["caseworker"]}
    assert facts("kari")["thread_open_to_worker"] == {"state": "unknown"}
    assert facts("kari", thread)["thread_open_to_worker"]["value"] is True
    assert facts("sofie", thread)["thread_open_to_worker"]["value"] is False
    assert facts("kari", "?thread_id=none")["thread_open_to_worker"]["value"] is False
    assert core.send("GET", "/me/standing?thread_id=a&case_id=b", "kari").status == 422


def test_what_is_withheld_is_a_fact_for_the_portal_and_on_no_page(tmp_path: Path) -> None:
    def withhold(cases: dict[str, Any]) -> None:
        item = {"person": "thomas", "item": "document handball", "reason": "harm", "assessor": "leader"}
        cases["sofie"]["withheld"] = [{**item, "review": "+30d"}]

    core = with_story(tmp_path, withhold)
    (withheld,) = core.get("/me/standing", "thomas").json["children"][0]["withheld"]["value"]
    assert (withheld["item_id"], withheld["reason"]) == (core_id("fjordvik", "document", "sofie", "handball"), "harm")
    assert (withheld["assessor"], withheld["investigation_open"]) == ("leader", None)
    assert withheld["item_id"].encode() not in everything_for(core, "thomas", "sofie")
    assert b"harm" not in everything_for(core, "thomas", "sofie")
    assert core.get("/me/standing", "ingrid").json["children"][0]["withheld"] == {"state": "known", "value": []}


# --- staff ---


def lines(core: CoreAtWork, who: str) -> list[tuple[str, str, str | None]]:
    threads = core.get("/staff/pages/inbox", who).json["threads"]
    return [(line["about"], line["with_name"], line["covering_for"]) for line in threads]


def test_a_worker_has_the_threads_of_own_and_covered_families(core: CoreAtWork) -> None:
    assert lines(core, "kari")[:7] == [  # who has waited longest stands first
        ("Jakob", "Anne", "Jonas"),  # an appeal
        ("Leila", "Shirin", None),
        ("Jakob", "Rune", "Jonas"),
        ("Sofie", "Thomas", None),
        ("Sofie", "Sofie", None),  # a view
        ("Jakob", "Jakob", "Jonas"),
        ("Sofie", "Ingrid", None),  # a comment on the plan
    ]
    assert {about for about, _, _ in lines(core, "jonas")} == {"Jakob"}
    assert {about for about, _, _ in lines(core, "marit")} >= {"Sofie", "Emil", "Jakob", "Leila", "Mia"}


def test_covering_ends_when_the_colleague_is_back(core: CoreAtWork) -> None:
    core.clock.now += timedelta(days=7)  # away until Thursday
    assert "Jakob" not in {about for about, _, _ in lines(core, "kari")}
    readers = core.page("jakob", "jakob", "conversation").json
    assert readers["readers"] == ["Jonas", "Marit"]
    assert readers["worker"]["away_until"] is None


def test_who_covers_is_told_before_anything_is_written(core: CoreAtWork) -> None:
    page = core.page("jakob", "jakob", "conversation").json
    assert page["readers"] == ["Jonas", "Kari", "Marit"]
    assert (page["worker"]["away_until"], page["worker"]["cover_first_name"]) == ("2026-03-12", "Kari")


def test_nobody_waits_for_words_from_whom_cannot_read_them(core: CoreAtWork) -> None:
    names = {name for _, name, _ in lines(core, "marit")}
    assert {"Emil", "Kent", "Grethe", "Mia"}.isdisjoint(names)


def test_staff_read_a_thread_without_opening_it(core: CoreAtWork) -> None:
    path = f"/staff/threads/{core.id('thread', 'sofie', 'sofie')}/pages/conversation"
    first, again = core.get(path, "kari").json, core.get(path, "marit").json
    assert first["last_unopened_id"] == core.id("visit wish", "sofie", "oftere")
    assert again["last_unopened_id"] == first["last_unopened_id"]
    assert [message["mine"] for message in first["messages"]] == [False, True, False]
    assert first["referral"] is None
    assert core.get(path, "jonas").status == 404
    assert core.get(path, "sofie").status == 404
