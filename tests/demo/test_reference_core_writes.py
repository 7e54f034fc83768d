"""What people send reaches the record once, whatever happens on the way, and its receipt tells how far it has come."""

import hashlib
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from portal.demo.reference_core import ConfigurationRefused
from tests.demo.core_client import Answer, Clock, CoreAtWork, config, core_at_work

HELP: dict[str, object] = {"answers": [{"question": "what", "answer": "Jeg tør ikke gå hjem."}], "language": "nb"}
WORDS = "Kan vi snakke i morgen?"


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def last(core: CoreAtWork, who: str, case: str = "sofie") -> Any:
    return core.page(who, case, "conversation").json["messages"][-1]


def staff(core: CoreAtWork, thread: str, who: str = "kari") -> Any:
    return core.get(f"/staff/threads/{thread}/pages/conversation", who).json


def reply(core: CoreAtWork, thread: str, text: str = "Hei!", who: str = "kari") -> Answer:
    return core.put(f"/staff/threads/{thread}/messages/{{id}}", who, {"body": text, "language": "nb"})


def opened(core: CoreAtWork, thread: str, message: str, who: str = "kari") -> Answer:
    return core.put(f"/staff/threads/{thread}/opened/{{id}}", who, {"message_id": message})


def comment(core: CoreAtWork, who: str, target: str, **changes: object) -> Answer:
    case = core.id("case", "sofie")
    body = {
        "plan_id": core.id("plan", "sofie"),
        "plan_version": "read-yesterday",
        "target_type": "measure",
        "target_id": core.id("plan item", "sofie", target),
        "body": "Det går fint.",
        "language": "nb",
    }
    return core.put(f"/cases/{case}/comments/{{id}}", who, {**body, **changes})


# --- the whole round ---


def test_a_message_is_registered_opened_and_answered(core: CoreAtWork) -> None:
    key = str(uuid4())
    receipt = core.say("sofie", WORDS, key=key)
    assert receipt.status == 201
    assert (receipt.json["operation_id"], receipt.json["level"], receipt.json["seen_by"]) == (key, "registered", None)
    assert (last(core, "sofie")["body"], last(core, "sofie")["state"]) == (WORDS, "registered")

    thread = core.id("thread", "sofie", "sofie")
    assert staff(core, thread)["last_unopened_id"] == key
    assert opened(core, thread, key).status == 201
    assert (last(core, "sofie")["state"], last(core, "sofie")["opened_by"]) == ("seen", "Kari")
    assert staff(core, thread)["last_unopened_id"] is None
    assert core.page("sofie", "sofie", "overview").json["answer_due"] is not None

    answer = reply(core, thread, "Ja, klokka ti.", "marit")
    written = core.page("sofie", "sofie", "conversation").json["messages"]
    assert [(one["state"], one["opened_by"], one["mine"]) for one in written[-2:]] == [
        ("answered", "Kari", True),
        ("registered", None, False),
    ]
    assert core.get(f"/receipts/{answer.json['operation_id']}").json["level"] == "registered"
    assert core.get(f"/receipts/{key}").json["level"] == "answered"
    assert core.page("sofie", "sofie", "overview").json["answer_due"] is None


def test_nobody_else_learns_of_it(core: CoreAtWork) -> None:
    before = [core.page(who, "sofie", page).body for who in ("ingrid", "thomas") for page in ("overview", "plan")]
    core.say("sofie", WORDS)
    reply(core, core.id("thread", "sofie", "sofie"), "Ja.")
    comment(core, "sofie", "samtaler")
    core.clock.now += timedelta(minutes=5)
    after = [core.page(who, "sofie", page).body for who in ("ingrid", "thomas") for page in ("overview", "plan")]
    assert after == before


def test_opening_goes_up_to_the_message_named(core: CoreAtWork) -> None:
    first, second = core.say("sofie", "En.").json["operation_id"], core.say("sofie", "To.").json["operation_id"]
    opened(core, core.id("thread", "sofie", "sofie"), first)
    assert [core.get(f"/receipts/{one}").json["level"] for one in (first, second)] == ["seen", "registered"]


def test_a_level_never_goes_back(core: CoreAtWork) -> None:
    key, thread = core.say("sofie", WORDS).json["operation_id"], core.id("thread", "sofie", "sofie")
    reply(core, thread)
    opened(core, thread, key, "marit")
    assert (core.get(f"/receipts/{key}").json["level"], core.get(f"/receipts/{key}").json["seen_by"]) == (
        "answered",
        "Kari",
    )


def test_an_answer_is_due_three_working_days_after_it_came(core: CoreAtWork) -> None:
    core.clock.now += timedelta(days=1)  # a Saturday
    core.say("ingrid", WORDS)
    assert core.page("ingrid", "sofie", "overview").json["answer_due"] == "2026-03-11"


def test_an_old_plan_version_never_refuses_a_comment(core: CoreAtWork) -> None:
    assert comment(core, "ingrid", "mormor").status == 201
    assert comment(core, "ingrid", "ro", target_type="goal").status == 201
    goal = core.page("ingrid", "sofie", "plan").json["plan"]["goals"][0]
    assert goal["comments"][0]["plan_version"] == "read-yesterday"
    assert goal["measures"][1]["comments"][0]["body"] == "Det går fint."


def test_a_comment_needs_something_that_is_there_for_its_writer(core: CoreAtWork) -> None:
    assert comment(core, "ingrid", "nothing").status == 422
    assert comment(core, "ingrid", "ro", target_type="measure").status == 422
    assert comment(core, "ingrid", "mormor", plan_id="another").status == 422
    assert comment(core, "jakob", "mormor").status == 404
    hidden = core.id("plan item", "leila", "penger")
    body: dict[str, object] = {
        "plan_id": core.id("plan", "leila"),
        "plan_version": "1",
        "target_type": "measure",
        "target_id": hidden,
        "body": "?",
        "language": "nb",
    }
    path = f"/cases/{core.id('case', 'leila')}/comments/{{id}}"
    assert core.put(path, "shirin", body).code == core.put(path, "shirin", {**body, "target_id": "x"}).code
    assert core.put(path, "leila", body).status == 201


def test_asking_to_see_more_names_nothing(core: CoreAtWork) -> None:
    path = f"/cases/{core.id('case', 'sofie')}/access-requests/{{id}}"
    assert core.put(path, "thomas", {"body": "", "language": "nb"}).status == 201
    assert core.put(path, "anne", {"body": "", "language": "nb"}).status == 404
    key = str(uuid4())
    more = core.composed({"body": "", "language": "nb", "document_ids": ["d1"]})
    assert core.send("PUT", path.replace("{id}", key), "thomas", body=more, key=key, good=False).status == 422


# --- who may not ---


@pytest.mark.parametrize("who", ["jakob", "emil", "kent", "kari", "unresolved:p1"])
def test_nobody_writes_into_anothers_case(core: CoreAtWork, who: str) -> None:
    assert core.say(who, WORDS).status == 404
    assert core.get("/changes").json["items"] == []


@pytest.mark.parametrize("who", ["jonas", "sofie", "unresolved:p1"])
def test_nobody_replies_in_anothers_thread(core: CoreAtWork, who: str) -> None:
    thread = core.id("thread", "sofie", "sofie")
    assert reply(core, thread, who=who).status == 404
    assert opened(core, thread, core.id("message", "sofie", "sofie", "2"), who).status == 404


def test_opening_names_a_message_of_that_thread(core: CoreAtWork) -> None:
    foreign = core.id("message", "sofie", "thomas", "0")
    assert opened(core, core.id("thread", "sofie", "sofie"), foreign).status == 422
    assert opened(core, core.id("thread", "sofie", "sofie"), core.id("thread", "sofie", "sofie")).status == 422


# --- once ---


def test_the_same_key_twice_has_one_effect(core: CoreAtWork) -> None:
    key = str(uuid4())
    first = core.say("sofie", WORDS, key=key)
    again = core.say("sofie", WORDS, key=key)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.status, again.json) == (first.status, first.json)
    assert [m["body"] for m in core.page("sofie", "sofie", "conversation").json["messages"]].count(WORDS) == 1


def test_the_same_key_at_the_same_time_has_one_effect(core: CoreAtWork) -> None:
    key, path = str(uuid4()), f"/cases/{core.id('case', 'sofie')}/messages/"
    body = core.composed({"body": WORDS, "language": "nb"})
    core.bearer()

    def attempt(_: int) -> Answer:
        return core.send("PUT", path + key, "sofie", body=body, key=key)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))
    assert {answer.status for answer in answers} == {201}
    assert [("Idempotency-Replayed" in answer.headers) for answer in answers].count(False) == 1
    assert [m["body"] for m in core.page("sofie", "sofie", "conversation").json["messages"]].count(WORDS) == 1


def test_the_stored_answer_is_that_of_the_first_time(core: CoreAtWork) -> None:
    key = str(uuid4())
    first = core.say("sofie", WORDS, key=key)
    reply(core, core.id("thread", "sofie", "sofie"))
    assert core.say("sofie", WORDS, key=key).json == first.json


@pytest.mark.parametrize(("who", "text", "case"), [("sofie", "Noe annet", "sofie"), ("ingrid", WORDS, "sofie")])
def test_the_same_key_for_something_else_is_refused(core: CoreAtWork, who: str, text: str, case: str) -> None:
    key = str(uuid4())
    core.say("sofie", WORDS, key=key)
    refused = core.say(who, text, case, key)
    assert (refused.status, refused.code) == (409, "idempotency_key_reused")


def test_an_id_that_the_core_has_given_itself_is_taken(core: CoreAtWork) -> None:
    refused = core.say("sofie", WORDS, key=core.id("message", "sofie", "thomas", "0"))
    assert (refused.status, refused.code) == (409, "conflict")


def test_a_refusal_stores_nothing_and_the_key_is_free_again(core: CoreAtWork) -> None:
    key = str(uuid4())
    assert core.say("sofie", "x" * 8001, key=key).status == 413
    assert core.get(f"/receipts/{key}").status == 404
    assert core.say("sofie", "x" * 8000, key=key).status == 201


def test_a_restart_keeps_everything(core: CoreAtWork, tmp_path: Path) -> None:
    key = str(uuid4())
    first = core.say("sofie", WORDS, key=key)
    again = CoreAtWork(config(tmp_path, story=tmp_path / "gone.json"), Clock())
    assert again.say("sofie", WORDS, key=key).json == first.json
    assert last(again, "sofie")["body"] == WORDS


def test_data_of_another_version_is_named_with_its_remedy(core: CoreAtWork, tmp_path: Path) -> None:
    told = config(tmp_path)
    with sqlite3.connect(told.database) as database:
        database.execute("PRAGMA user_version = 1")
    database.close()
    with pytest.raises(ConfigurationRefused, match="RESET=1"):
        CoreAtWork(told, Clock())


# --- asking for help ---


def ask(core: CoreAtWork, who: str, loa: str = "low", **more: object) -> str:
    key = str(uuid4())
    assert core.put(f"/referrals/{key}", who, {**HELP, **more}, key, loa).status == 201
    return key


def help_page(core: CoreAtWork, referral: str, who: str) -> Answer:
    return core.get(f"/referrals/{referral}/pages/conversation", who)


def test_a_stranger_asks_for_help_and_is_answered(core: CoreAtWork) -> None:
    me = "unresolved:p1"
    referral = ask(core, me)
    page = help_page(core, referral, me)
    assert (page.json["state"], page.json["worker_first_name"]) == ("registered", None)
    assert page.json["readers"] == ["Jonas", "Kari", "Marit"]
    assert b"hjem" not in page.body  # what was asked is not shown again

    threads = {line["thread_id"]: line for line in core.get("/staff/pages/inbox", "jonas").json["threads"]}
    line = threads[referral]
    assert (line["kind"], line["unopened"], line["answer_due"]) == ("referral", 1, "2026-03-11")
    read = staff(core, referral, "jonas")
    assert read["last_unopened_id"] == referral
    assert (read["referral"]["decide_by"], read["referral"]["identity_known"]) == ("2026-03-13", False)
    assert read["referral"]["answers"] == HELP["answers"]

    opened(core, referral, referral, "jonas")
    assert help_page(core, referral, me).json["state"] == "seen"
    reply(core, referral, "Jeg kan ringe deg nå.", "jonas")
    core.put(f"/referrals/{referral}/messages/{{id}}", me, {"body": "Ja.", "language": "nb"}, loa="low")
    answered = help_page(core, referral, me).json
    assert (answered["state"], answered["worker_first_name"]) == ("answered", "Jonas")
    assert [(one["mine"], one["body"]) for one in answered["messages"]] == [
        (False, "Jeg kan ringe deg nå."),
        (True, "Ja."),
    ]
    assert staff(core, referral, "kari")["messages"][1]["author_name"] == read["with_name"]


def test_asking_for_help_is_ones_own_alone(core: CoreAtWork) -> None:
    referral = ask(core, "jakob")
    assert help_page(core, referral, "jakob").status == 200
    for who in ("anne", "unresolved:p1", "kari"):
        assert help_page(core, referral, who).status == 404
        assert core.get(f"/me/standing?referral_id={referral}", who).json["referral_mine"]["value"] is False
    body: dict[str, object] = {"body": "Hei", "language": "nb"}
    assert core.put(f"/referrals/{referral}/messages/{{id}}", "anne", body).status == 404
    assert core.put("/referrals/{id}", "kari", HELP).status == 404


def test_a_known_number_links_the_person_too(core: CoreAtWork) -> None:
    referral = ask(core, "unresolved:p1", number={"scheme": "no-pid", "value": "14871152269"})
    assert help_page(core, referral, "sofie").status == 200
    assert core.get(f"/me/standing?referral_id={referral}", "sofie").json["referral_mine"]["value"] is True
    assert staff(core, referral)["with_name"] == "Sofie"
    assert staff(core, referral)["referral"]["identity_known"] is True
    assert help_page(core, referral, "ingrid").status == 404


def test_a_number_does_not_speak_for_somebody_who_is_known(core: CoreAtWork) -> None:
    referral = ask(core, "thomas", number={"scheme": "no-pid", "value": "14871152269"})
    assert help_page(core, referral, "sofie").status == 404


def test_the_clock_runs_from_when_the_person_pressed_send(core: CoreAtWork) -> None:
    referral = ask(core, "unresolved:p1", composed_at="2026-03-04T22:30:00Z")
    read = staff(core, referral)["referral"]
    assert (read["received_at"], read["decide_by"]) == ("2026-03-04T22:30:00Z", "2026-03-11")
    from_the_future = ask(core, "unresolved:p1", composed_at="2030-01-01T00:00:00Z")
    assert staff(core, from_the_future)["referral"]["received_at"] == "2026-03-06T09:00:00Z"


def test_the_other_services_workers_do_not_read_it(core: CoreAtWork, tmp_path: Path) -> None:
    lillevik = core_at_work(tmp_path, "lillevik")
    referral = ask(lillevik, "unresolved:p1")
    assert staff(lillevik, referral, "sigrid")["kind"] == "referral"
    assert core.get(f"/staff/threads/{referral}/pages/conversation", "kari").status == 404


# --- receipts and changes ---


def test_the_digest_is_over_what_was_said(core: CoreAtWork) -> None:
    said = {"body": "Æ ø å 👋\n«nei»", "language": "nb"}
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    receipt = core.say("sofie", said["body"]).json
    assert receipt["sha256"] == hashlib.sha256(canonical.encode()).hexdigest()
    with_number = ask(core, "unresolved:p1", number={"scheme": "no-pid", "value": "14871152269"})
    without = ask(core, "unresolved:p2")
    digests = {core.get(f"/receipts/{one}").json["sha256"] for one in (with_number, without)}
    assert len(digests) == 1


def test_the_feed_tells_that_and_never_what(core: CoreAtWork) -> None:
    thread = core.id("thread", "sofie", "sofie")
    key = core.say("sofie", WORDS).json["operation_id"]
    made = comment(core, "sofie", "mormor").json["operation_id"]
    opened(core, thread, key)
    referral = ask(core, "unresolved:p1")
    opened(core, referral, referral)
    assert core.types_of_changes() == [
        ("message.added", thread),
        ("comment.added", made),
        ("receipt.updated", core.id("message", "sofie", "sofie", "2")),
        ("receipt.updated", key),
        ("receipt.updated", core.id("visit wish", "sofie", "oftere")),
        ("referral.updated", referral),
        ("receipt.updated", referral),
        ("referral.updated", referral),
    ]
    assert WORDS.encode() not in core.get("/changes").body


def test_the_feed_goes_on_after_a_cursor(core: CoreAtWork) -> None:
    empty = core.get("/changes").json
    assert (empty["items"], empty["next_cursor"], empty["more"]) == ([], "0", False)
    for number in range(3):
        core.say("sofie", f"Nummer {number}")
    first = core.get("/changes?limit=2").json
    rest = core.get(f"/changes?limit=2&after={first['next_cursor']}").json
    assert (len(first["items"]), first["more"], len(rest["items"]), rest["more"]) == (2, True, 1, False)
    end = rest["next_cursor"]
    assert core.get(f"/changes?after={end}").json["next_cursor"] == end


@pytest.mark.parametrize("cursor", ["99", "x", "-1", "%20", "9" * 30])
def test_a_cursor_of_another_life_means_read_everything_again(core: CoreAtWork, cursor: str) -> None:
    answer = core.get(f"/changes?after={cursor}")
    assert (answer.status, answer.code) == (410, "cursor_expired")


@pytest.mark.parametrize("limit", ["0", "501", "x"])
def test_a_run_has_its_limits(core: CoreAtWork, limit: str) -> None:
    assert core.send("GET", f"/changes?limit={limit}", good=False).status == 422


def test_a_receipt_of_nothing_is_not_found(core: CoreAtWork) -> None:
    assert core.get(f"/receipts/{uuid4()}").status == 404
