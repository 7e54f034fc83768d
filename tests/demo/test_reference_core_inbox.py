"""The core orders a worker's threads by what a person waits for, a page at a time, and alarms the leader."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.demo.core_client import FRIDAY, CoreAtWork, core_at_work
from tests.demo.many_threads import add_families, add_referral

ORDER = ["urgent", "due", "unanswered", "undelivered", "quiet"]


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "fjordvik.sqlite"


def inbox(core: CoreAtWork, who: str = "kari", asked: str = "") -> Any:
    return core.get(f"/staff/pages/inbox{asked}", who).json


QUIET_CHILD = "emil"
"""Nothing of his waits in the story, so that a test sees only what it does itself."""


def reason(core: CoreAtWork, who: str = QUIET_CHILD, asked: str = "") -> str:
    threads = inbox(core, asked=asked)["threads"]
    found: str = next(one["reason"] for one in threads if one["thread_id"] == core.id("thread", who, who))
    return found


def intake(database: Path) -> str:
    with sqlite3.connect(database) as connection:
        (team,) = connection.execute("SELECT id FROM team WHERE receives_referrals").fetchone()
    return str(team)


def reply(core: CoreAtWork, who: str) -> None:
    path = f"/staff/threads/{core.id('thread', who, who)}/messages/{{id}}"
    assert core.put(path, "kari", {"body": "Ja.", "language": "nb"}).status == 201


def test_every_thread_stands_in_the_order_of_what_a_person_waits_for(core: CoreAtWork) -> None:
    """Feature W1: urgent, due, unanswered, undelivered, then the rest."""
    core.clock.now += timedelta(days=3)
    reasons = [one["reason"] for one in inbox(core)["threads"]]
    assert reasons == sorted(reasons, key=ORDER.index)
    assert {"due", "unanswered", "quiet"} <= set(reasons)


def test_whoever_is_not_safe_or_has_to_be_read_today_stands_first(core: CoreAtWork, database: Path) -> None:
    at = FRIDAY - timedelta(hours=1)
    today = add_referral(database, intake(database), at, read_today="yes", safe_now="yes")
    danger = add_referral(database, intake(database), at - timedelta(hours=1), read_today="unsure", safe_now="no")
    calm = add_referral(database, intake(database), at, read_today="no", safe_now="yes")
    whole = inbox(core)["threads"]
    urgent = [one["thread_id"] for one in whole if one["reason"] == "urgent"]
    assert [one["thread_id"] for one in whole][: len(urgent)] == urgent
    assert [one for one in urgent if one in {today, danger}] == [danger, today]
    assert calm not in urgent


def test_what_is_answered_is_not_urgent_any_more(core: CoreAtWork, database: Path) -> None:
    asked = add_referral(database, intake(database), FRIDAY - timedelta(hours=1), safe_now="no")
    core.put(f"/staff/threads/{asked}/messages/{{id}}", "kari", {"body": "Jeg ringer nå.", "language": "nb"})
    (line,) = [one for one in inbox(core)["threads"] if one["thread_id"] == asked]
    assert line["reason"] == "quiet"


def test_an_answer_promised_for_today_is_due_and_one_for_later_is_not(core: CoreAtWork) -> None:
    reply(core, QUIET_CHILD)
    assert core.say(QUIET_CHILD, "Hei igjen", QUIET_CHILD).status == 201
    assert reason(core) == "unanswered"
    core.clock.now += timedelta(days=5)  # Wednesday, three working days later
    assert reason(core) == "due"
    reply(core, QUIET_CHILD)
    assert reason(core) == "quiet"


def test_what_the_portal_could_not_bring_in_moves_up_and_opens_nothing(core: CoreAtWork) -> None:
    reply(core, QUIET_CHILD)
    assert reason(core) == "quiet"
    emils, adams = core.id("thread", QUIET_CHILD, QUIET_CHILD), core.id("thread", "adam", "adam")
    assert reason(core, asked=f"?undelivered={emils},{uuid4()},{adams}") == "undelivered"
    before = {one["thread_id"] for one in inbox(core)["threads"]}
    assert {one["thread_id"] for one in inbox(core, asked=f"?undelivered={adams}")["threads"]} == before


def test_only_a_leader_is_told_what_nobody_has_opened_for_one_working_day(core: CoreAtWork) -> None:
    """Feature W1: unopened for one working day alarms the leader, and never says whose fault that is."""
    core.clock.now = FRIDAY.replace(hour=14)
    reply(core, QUIET_CHILD)
    core.say(QUIET_CHILD, "Er det noen her?", QUIET_CHILD)
    mine = core.id("thread", QUIET_CHILD, QUIET_CHILD)

    def alarmed(who: str) -> bool:
        return mine in {one["thread_id"] for one in inbox(core, who)["unopened"]}

    core.clock.now += timedelta(days=2, hours=23)  # Monday at one
    assert not alarmed("marit")
    core.clock.now += timedelta(hours=1)
    assert alarmed("marit")
    assert not inbox(core, "kari")["unopened"]
    assert set(inbox(core, "marit")["unopened"][0]) == {"thread_id", "about", "with_name", "with_relation", "since"}
    last = core.get(f"/staff/threads/{mine}/pages/conversation", "kari").json["last_unopened_id"]
    core.put(f"/staff/threads/{mine}/opened/{{id}}", "kari", {"message_id": last})
    assert not alarmed("marit")


def test_whoever_is_away_is_told_so_and_by_whom_they_are_covered(core: CoreAtWork) -> None:
    away = inbox(core, "jonas")
    assert (away["away_until"] is not None, away["cover_first_name"]) == (True, "Kari")
    assert (inbox(core)["away_until"], inbox(core)["cover_first_name"]) == (None, None)


def test_the_mark_changes_with_every_thread_and_with_nothing_else(core: CoreAtWork) -> None:
    marks, jonas = [inbox(core)["mark"]], inbox(core, "jonas")["mark"]
    assert inbox(core)["mark"] == marks[0]
    core.say("sofie", "Hei")
    marks.append(inbox(core)["mark"])
    reply(core, "sofie")
    marks.append(inbox(core)["mark"])
    assert len(set(marks)) == len(marks)
    assert inbox(core, "jonas")["mark"] == jonas


def test_five_hundred_threads_come_a_page_at_a_time_and_each_once(core: CoreAtWork, database: Path) -> None:
    add_families(database, core.id("worker", "kari"), intake(database), 500)
    first = inbox(core)
    assert (first["page"], first["pages"] > 20, len(first["threads"])) == (1, True, 25)
    ids = [one["thread_id"] for n in range(1, first["pages"] + 1) for one in inbox(core, asked=f"?page={n}")["threads"]]
    assert len(ids) == len(set(ids)) > 500
    assert inbox(core, asked="?page=9999")["page"] == first["pages"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "10001", "%D9%A1x"])
def test_a_page_that_is_no_number_is_refused(core: CoreAtWork, page: str) -> None:
    assert core.send("GET", f"/staff/pages/inbox?page={page}", "kari", good=False).status == 422
