"""Who has looked, in the reference core: for each reader the rows about that reader's own items; and journals' ends."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.demo.core_client import CoreAtWork, core_at_work

SINCE = "2025-03-01"


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def rows(core: CoreAtWork, who: str, case: str) -> list[tuple[str, str, str]]:
    """Thing, doing and role of each line."""
    page = core.page(who, case, "trail").json
    assert page["since"] == SINCE
    assert all(SINCE <= row["day"] <= "2026-03-06" for row in page["rows"])
    return [(row["thing"], row["doing"], row["role"]) for row in page["rows"]]


def test_each_reads_who_looked_at_their_own_items_only(core: CoreAtWork) -> None:
    """Feature Y3."""
    plan = [("plan", "read", "caseworker"), ("plan", "changed", "caseworker")]
    guardians = [*plan, ("next_steps", "changed", "caseworker"), ("documents", "read", "leader")]
    guardians += [("documents", "changed", "caseworker"), ("messages", "read", "caseworker")]
    child = [*plan, *[("next_steps", "changed", "caseworker")] * 2, ("documents", "read", "leader")]
    child += [("messages", "read", "caseworker")]
    assert sorted(rows(core, "ingrid", "sofie")) == sorted(guardians)
    assert sorted(rows(core, "thomas", "sofie")) == sorted(guardians)
    assert sorted(rows(core, "sofie", "sofie")) == sorted(child)


def test_a_siblings_case_is_another_one(core: CoreAtWork) -> None:
    assert rows(core, "emil", "emil") == []
    assert rows(core, "ingrid", "emil") == []


def test_nothing_that_tells_a_place_and_nothing_of_others(core: CoreAtWork) -> None:
    rune, anne = rows(core, "rune", "jakob"), rows(core, "anne", "jakob")
    assert ("next_steps", "changed", "caseworker") not in rune
    assert ("documents", "changed", "caseworker") not in rune
    assert ("next_steps", "changed", "caseworker") in anne
    assert ("messages", "read", "caseworker") not in anne
    assert ("messages", "read", "caseworker") in rune


@pytest.mark.parametrize(("who", "case"), [("kent", "mia"), ("emil", "sofie"), ("kari", "sofie"), ("oskar", "sofie")])
def test_everybody_else_gets_the_same_no(core: CoreAtWork, who: str, case: str) -> None:
    answer = core.page(who, case, "trail")
    assert (answer.status, answer.body) == (404, core.page(who, "no-such-case", "trail").body)


@pytest.mark.parametrize("change", ["duty", "intake", "sofies", "withheld"])
def test_what_is_done_out_of_ones_sight_changes_no_byte(core: CoreAtWork, tmp_path: Path, change: str) -> None:
    """R17."""
    before = {who: core.page(who, "sofie", "trail").body for who in ("ingrid", "thomas")}
    case, goal = core.id("case", "sofie"), core.id("plan item", "sofie", "ro")
    item = core.id("thread", "sofie", "sofie") if change == "sofies" else goal
    why = change if change in {"duty", "intake"} else "work"
    with sqlite3.connect(tmp_path / "fjordvik.sqlite") as database:
        if change == "withheld":
            item = core.id("document", "sofie", "brev")
        database.execute("INSERT INTO trail VALUES (?, '2026-03-06', 'leader', 'read', ?, ?)", (case, item, why))
    assert {who: core.page(who, "sofie", "trail").body for who in before} == before


# --- journals' ends ---


def put(core: CoreAtWork, sequence: int, digest: str) -> Any:
    return core.send("PUT", f"/journal-heads/{sequence}", body={"hash": digest})


def test_ends_are_kept_in_order_for_good(core: CoreAtWork, tmp_path: Path) -> None:
    assert core.send("GET", "/journal-heads/latest").status == 404
    first = put(core, 5, "aa" * 32)
    assert (first.status, first.json["sequence"]) == (200, 5)
    assert put(core, 9, "bb" * 32).status == 200
    assert put(core, 5, "aa" * 32).body == first.body, "the same again changes nothing"
    assert put(core, 9, "cc" * 32).code == "conflict"
    assert put(core, 7, "dd" * 32).code == "conflict"
    assert core.send("GET", "/journal-heads/latest").json["hash"] == "bb" * 32
    with sqlite3.connect(tmp_path / "fjordvik.sqlite") as database:
        for statement in ("UPDATE journal_head SET hash = 'x'", "DELETE FROM journal_head"):
            with pytest.raises(sqlite3.IntegrityError, match="append only"):
                database.execute(statement)


@pytest.mark.parametrize("body", [{"hash": "AA" * 32}, {"hash": "aa"}, {}, {"hash": "aa" * 32, "rows": []}])
def test_an_end_is_a_hash_and_nothing_else(core: CoreAtWork, body: dict[str, object]) -> None:
    assert core.send("PUT", "/journal-heads/5", body=body, good=False).status == 422
