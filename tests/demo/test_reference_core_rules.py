"""The core decides again for itself: parties, relations, representation, what is withheld, closing and moving."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.demo.reference_core.schema import Database
from tests.demo.core_client import CoreAtWork, core_at_work
from tests.demo.test_reference_core_documents import titles
from tests.demo.test_reference_core_pages import with_story

PAGES = ("overview", "plan", "conversation", "documents")
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def child_facts(core: CoreAtWork, who: str, case: str) -> Any:
    return core.get(f"/me/standing?case_id={core.id('case', case)}", who).json["children"][0]


def has_nothing(core: CoreAtWork, who: str, case: str) -> bool:
    pages = {core.page(who, case, page).body for page in PAGES}
    nothing = {core.get(f"/cases/no-such-case/pages/{page}", who).body for page in PAGES}
    home = core.get("/me/pages/home", who).json["cases"]
    return pages == nothing and all(card["case_id"] != core.id("case", case) for card in home)


# --- parties (R6, R7, R10) ---


def kind(word: str) -> Change:
    return lambda cases: cases["jakob"].update(kind=word)


def by_tribunal(cases: dict[str, Any]) -> None:
    cases["jakob"]["grants"][0]["basis"] = "tribunal"


@pytest.mark.parametrize(
    ("change", "party"),
    [(kind("ordinary"), False), (kind("behaviour"), True), (kind("trafficking"), True), (by_tribunal, True)],
)
def test_a_child_of_13_is_a_party_only_by_the_kind_of_case_or_the_tribunal(
    tmp_path: Path, change: Change, *, party: bool
) -> None:
    """R6: and then reads what was written since, whoever it was written for."""
    core = with_story(tmp_path, change)
    assert child_facts(core, "jakob", "jakob")["party"] == {"state": "known", "value": party}
    assert ("Brev til mamma og pappa" in titles(core, "jakob", "jakob")) is party


def test_what_was_written_before_the_tribunal_spoke_does_not_appear(tmp_path: Path) -> None:
    def since_yesterday(cases: dict[str, Any]) -> None:
        cases["jakob"]["grants"][0] |= {"basis": "tribunal", "from": "-1d"}

    core = with_story(tmp_path, since_yesterday)
    assert titles(core, "jakob", "jakob") == ["Brev til deg fra Jonas"]


def test_the_age_of_a_party_is_reached_on_a_birthday(core: CoreAtWork) -> None:
    def party() -> bool:
        return bool(child_facts(core, "jakob", "jakob")["party"]["value"])

    core.clock.now += timedelta(days=365 + 284)  # 13 years and 80 days on the day of loading
    assert (party(), core.page("jakob", "jakob", "documents").status) == (False, 200)
    core.clock.now += timedelta(days=2)
    assert party()


def test_a_parent_without_responsibility_has_nothing(core: CoreAtWork) -> None:
    """R10."""
    assert has_nothing(core, "omid", "leila")
    assert core.say("omid", "Hei", "leila").status == 404
    facts = child_facts(core, "omid", "leila")
    assert facts["responsibility"] == {"state": "known", "value": {"held": False, "source": "court"}}
    assert facts["party"]["value"] is False


def test_nobody_waits_for_words_from_a_parent_who_is_not_let_in(core: CoreAtWork) -> None:
    names = {line["with_name"] for line in core.get("/staff/pages/inbox", "kari").json["threads"]}
    assert "Omid" not in names
    assert {"Bjørg", "Henrik"} <= names


def test_a_parent_whom_the_service_assessed_as_a_party_is_one(core: CoreAtWork) -> None:
    """R10."""
    assert child_facts(core, "pal", "nora")["party"]["value"] is True
    assert titles(core, "pal", "nora") == ["Brev om at hjelpen er over", "Hva vi har gjort sammen"]
    assert titles(core, "nora", "nora") == ["Brev om at vi er ferdige"]


def test_responsibility_that_is_not_known_opens_nothing(core: CoreAtWork, tmp_path: Path) -> None:
    with Database(tmp_path / "fjordvik.sqlite").write() as connection:
        connection.execute("DELETE FROM responsibility WHERE person_id = ?", (core.id("person", "shirin"),))
    assert has_nothing(core, "shirin", "leila")
    assert child_facts(core, "shirin", "leila")["responsibility"] == {"state": "unknown"}


# --- danger (R9) ---


def test_where_telling_is_dangerous_no_decision_is_told(core: CoreAtWork) -> None:
    """R9: the letter stays; the decision is not there, in the list or by its address."""
    assert titles(core, "idris", "adam") == ["Brev om hjelpen"]
    assert titles(core, "sara", "adam") == ["Vedtak om hjelp til Adam", "Brev om hjelpen"]
    assert titles(core, "adam", "adam") == ["Vi hjelper deg videre", "Brev om hjelpen"]
    path = f"/cases/{core.id('case', 'adam')}/documents/{core.id('document', 'adam', 'vedtak')}"
    assert core.get(path, "idris").body == core.get("/cases/no-such-case/documents/none", "idris").body
    assert child_facts(core, "idris", "adam")["danger"]["value"] is True


# --- what is withheld (R11, R12) ---


def test_a_representative_reads_what_harms_whom_it_is_withheld_from(core: CoreAtWork) -> None:
    """R11: for Thomas it is not there, and nothing says so; his lawyer reads it."""
    title = "Notat fra samtalen med mormor"
    assert title in titles(core, "henrik", "sofie")
    assert title not in titles(core, "thomas", "sofie")
    assert child_facts(core, "henrik", "sofie")["withheld"]["value"] == []
    (withheld,) = child_facts(core, "thomas", "sofie")["withheld"]["value"]
    assert (withheld["reason"], withheld["assessor"]) == ("harm", "leader")
    assert withheld["review_on"] == "2026-05-05"


def test_what_is_withheld_from_a_client_is_withheld_from_the_lawyer(core: CoreAtWork) -> None:
    """R12: an open investigation; it names the lawyer, and is not there for him either."""
    for who in ("rune", "henrik"):
        assert "Brev fra politiet" not in titles(core, who, "jakob")
        items = {item["item_id"] for item in child_facts(core, who, "jakob")["withheld"]["value"]}
        assert core.id("document", "jakob", "politi") in items


def test_a_withholding_ends_with_its_investigation(core: CoreAtWork) -> None:
    """R12."""
    steps = [step["text"] for step in core.page("rune", "jakob", "overview").json["next_steps"]]
    assert "Jonas snakker med deg om det legen skrev til oss." in steps
    withheld = {item["item_id"]: item for item in child_facts(core, "rune", "jakob")["withheld"]["value"]}
    assert withheld[core.id("step", "jakob", "helse")]["investigation_open"] is False


# --- foster carers, lawyers (R16) ---


def test_a_foster_carer_sees_what_names_her_and_nothing_else(core: CoreAtWork) -> None:
    """R16."""
    overview, plan = core.page("bjorg", "leila", "overview").json, core.page("bjorg", "leila", "plan").json["plan"]
    assert [goal["text"] for goal in plan["goals"]] == ["Leila skal ha det fint hos deg så lenge hun bor der."]
    assert len(plan["goals"][0]["measures"]) == 1
    assert (overview["next_steps"], overview["appointments"], overview["documents"]) == ([], [], False)
    assert overview["phase_text"].startswith("Leila bor hos deg.")
    thread = core.page("bjorg", "leila", "conversation").json
    assert [message["author_name"] for message in thread["messages"]] == ["Bjørg", "Kari"]


def test_a_foster_carer_whom_no_phase_names_reads_of_none(tmp_path: Path) -> None:
    core = with_story(tmp_path, lambda cases: cases["leila"].pop("phases"))
    page = core.page("bjorg", "leila", "overview").json
    assert (page["phase"], page["phase_text"]) == ("unknown", "Her står det som er skrevet til deg.")
    assert "phase_changed" not in {change["kind"] for change in page["changes"]}


def test_a_lawyer_speaks_for_a_time_that_is_set(core: CoreAtWork) -> None:
    """R16."""
    assert core.page("henrik", "sofie", "overview").status == 200
    assert core.page("henrik", "sofie", "plan").status == 404  # no such scope
    core.clock.now += timedelta(days=46)
    assert core.page("henrik", "sofie", "overview").status == 404


def test_a_lawyer_without_an_end_has_nothing(tmp_path: Path) -> None:
    """R16: whatever else would cut it short, such as the client's own end."""
    endless = with_story(tmp_path, lambda cases: cases["sofie"]["grants"][3].pop("to"))
    assert has_nothing(endless, "henrik", "sofie")
    standing = endless.get(f"/me/standing?case_id={endless.id('case', 'sofie')}", "henrik").json
    assert standing["grants"]["value"][0]["valid_to"] is None


@pytest.mark.parametrize(
    "change",
    [
        lambda cases: cases["sofie"].update(blocks=["thomas"]),
        lambda cases: cases["sofie"]["grants"][2].update(to="-1d"),
        lambda cases: cases["sofie"]["grants"][2].update(responsibility=False),
    ],
    ids=["blocked", "over", "without responsibility"],
)
def test_what_closes_the_case_to_a_client_closes_it_to_the_lawyer(tmp_path: Path, change: Change) -> None:
    core = with_story(tmp_path, change)
    assert has_nothing(core, "thomas", "sofie")
    assert has_nothing(core, "henrik", "sofie")


def test_a_place_hidden_from_a_client_is_hidden_from_the_lawyer(core: CoreAtWork) -> None:
    """R2."""
    assert child_facts(core, "henrik", "jakob")["address"]["value"] == "hidden_from_person"
    assert {one["place"] for one in core.page("henrik", "jakob", "overview").json["appointments"]} == {None}
    assert "Team" not in core.page("henrik", "jakob", "overview").json["worker"]["team"]


def test_a_lawyer_is_a_party_where_the_client_is_one(tmp_path: Path) -> None:
    def speak_for_the_child(cases: dict[str, Any]) -> None:
        cases["jakob"]["grants"][3]["represents"] = "jakob"

    assert child_facts(with_story(tmp_path, speak_for_the_child), "henrik", "jakob")["party"]["value"] is False


def test_a_lawyer_of_a_party_is_one(core: CoreAtWork) -> None:
    assert child_facts(core, "henrik", "jakob")["party"]["value"] is True
    assert "Brev om undersøkelsen" in titles(core, "henrik", "jakob")


# --- closing and moving (R18) ---


def test_whoever_writes_to_a_closed_case_reaches_the_intake(core: CoreAtWork) -> None:
    """R18: it does not bounce; whoever receives is named before anything is written, and finds it."""
    page = core.page("nora", "nora", "conversation").json
    assert page["closing"]["goes_to"] == "Team Fjell"
    assert page["readers"] == ["Eline", "Jonas", "Kari", "Marit"]
    receipt = core.say("nora", "Jeg trenger hjelp igjen.", "nora")
    assert (receipt.status, receipt.json["level"]) == (201, "registered")
    thread = core.id("thread", "nora", "nora")
    inbox = core.get("/staff/pages/inbox", "kari").json["threads"]
    assert [line["about"] for line in inbox if line["thread_id"] == thread] == ["Nora"]
    assert core.get(f"/staff/threads/{thread}/pages/conversation", "kari").status == 200
    others = core.get(f"/staff/threads/{core.id('thread', 'nora', 'pal')}/pages/conversation", "kari")
    assert others.status == 404  # who has not written is not handed over


def test_before_it_closes_nothing_goes_elsewhere(core: CoreAtWork) -> None:
    page = core.page("sara", "adam", "overview").json
    assert (page["closing"]["closed_on"], page["closing"]["goes_to"]) == ("2026-04-05", None)
    core.say("sara", "Når flytter vi?", "adam")
    assert core.id("thread", "adam", "sara") not in {
        line["thread_id"] for line in core.get("/staff/pages/inbox", "kari").json["threads"]
    }


def test_a_closed_case_is_readable_for_a_time_and_words_on_their_way_still_arrive(core: CoreAtWork) -> None:
    """R18."""
    core.clock.now += timedelta(days=80)
    assert core.page("nora", "nora", "overview").json["closing"]["readable_until"] == "2026-05-25"
    core.clock.now += timedelta(days=1)
    assert has_nothing(core, "nora", "nora")
    assert core.get("/me/standing", "nora").json["grants"]["value"][0]["valid_to"] == "2026-05-25"
    assert core.say("nora", "Er det noen der?", "nora").status == 201
    assert core.say("sofie", "Hei", "nora").status == 404


def test_a_move_is_told_with_both_contacts_and_not_to_whom_places_are_hidden_from(core: CoreAtWork) -> None:
    """R18, R2: where a child moves to is a place."""
    page = core.page("adam", "adam", "overview").json
    moving = page["moving"]
    assert (moving["to_service"], moving["phone"], moving["greeted"]) == ("Lillevik kommune", "55 00 00 20", False)
    assert page["worker"]["first_name"] == "Eline"
    father = core.page("idris", "adam", "overview").json
    assert (father["moving"], father["closing"]) == (None, None)  # nor that, and when, the work ends before a move
    for name in PAGES:
        told = core.page("idris", "adam", name).body.decode()
        assert not [word for word in ("Lillevik", "flytt", "Sigrid") if word in told]
    core.clock.now += timedelta(days=30)
    assert core.page("idris", "adam", "overview").json["closing"]["goes_to"] == "Fjordvik kommune"


# --- phases and their clocks (R17) ---


def test_each_stands_in_the_latest_phase_that_is_there_for_them(core: CoreAtWork) -> None:
    """R17: phase, text and clock; the father's stand as they were."""
    mother, father = (core.page(who, "adam", "overview").json for who in ("sara", "idris"))
    assert (mother["phase"], father["phase"]) == ("review", "support")
    assert mother["clock"] == {"label": "Vi har gått gjennom hjelpen", "by": "2026-03-24", "late_reason": None}
    assert father["clock"] is None
    since = [change["at"] for change in father["changes"] if change["kind"] == "phase_changed"]
    assert since == ["2025-12-06T08:00:00Z"]
    assert core.page("jakob", "jakob", "overview").json["clock"]["label"] == "Da vet vi mer om hvordan du har det"


def test_that_somebody_else_works_with_one_is_told_to_whom_it_is_for(tmp_path: Path) -> None:
    def hand_over(cases: dict[str, Any]) -> None:
        cases["sofie"]["worker_changes"] = [{"worker": "marit", "at": "-1d", "only_for": ["sofie"]}]

    core = with_story(tmp_path, hand_over)
    told, not_told = (core.page(who, "sofie", "overview").json for who in ("sofie", "ingrid"))
    assert (told["worker"]["first_name"], not_told["worker"]["first_name"]) == ("Marit", "Kari")
    assert "worker_changed" in {change["kind"] for change in told["changes"]}
    assert "worker_changed" not in {change["kind"] for change in not_told["changes"]}
