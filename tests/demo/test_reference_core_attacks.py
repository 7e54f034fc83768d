"""The reference core against people who try: a worker changed in silence, answers that overtake, overrides, names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.demo.core_client import FRIDAY, CoreAtWork, core_at_work
from tests.demo.test_reference_core_pages import with_story
from tests.demo.test_reference_core_words import answer, decide, item, question, words_ids

Cases = dict[str, Any]
SENT = "%Y-%m-%dT%H:%M:%SZ"
LATER = (FRIDAY + timedelta(days=9)).date().isoformat()


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


@pytest.mark.parametrize("page", ["overview", "conversation", "my-words", "decisions"])
def test_a_change_of_worker_that_is_not_told_is_on_no_page(page: str, tmp_path: Path) -> None:
    """R17: an office, and so a place, could be known by who works there."""

    def silently(cases: Cases) -> None:
        cases["sofie"] |= {"worker": "marit", "members": [*cases["sofie"]["members"], "marit"]}
        told = {"worker": "kari", "at": "-60d"}
        cases["sofie"]["worker_changes"] = [told, {"worker": "marit", "at": "-1d", "only_for": ["sofie"]}]

    found = with_story(tmp_path, silently).page("thomas", "sofie", page)
    assert found.status == 200
    told = found.json.get("worker", {"first_name": found.json.get("worker_first_name")})
    assert told["first_name"] == "Kari"


def test_an_override_that_is_not_told_yet_takes_nothing_away_that_was(core: CoreAtWork) -> None:
    """R13: neither does it show that it was open before, nor is that forgotten when it is opened on a yes again."""
    told = words_ids(core)["told"]
    asked = question(core, "told", "thomas")
    assert decide(core, "told", "thomas", "release").status == 201
    core.clock.now += timedelta(hours=1)
    assert answer(core, "sofie", asked, "no").status == 201
    before = item(core, told)
    assert len(before["readers"]) == 1
    assert decide(core, "told", "thomas", "override", reason_code="danger", tell_author_from=LATER).status == 201
    assert item(core, told) == before
    core.clock.now += timedelta(days=1)
    assert decide(core, "told", "thomas", "keep").status == 201
    assert answer(core, "sofie", asked, "yes").status == 201
    assert decide(core, "told", "thomas", "release").status == 201
    core.clock.now += timedelta(days=10)
    reasons = [reader["reason_code"] for reader in item(core, told)["readers"]]
    assert reasons == [None, "danger", None], "each time it was open is told, in the end"


@pytest.mark.parametrize("first", ["no", "yes"])
def test_an_answer_that_waited_on_its_way_does_not_undo_a_later_one(core: CoreAtWork, first: str) -> None:
    """R13: given on two devices while one of them could not send."""
    other = "yes" if first == "no" else "no"
    asked, path = question(core, "goal", "ingrid"), f"/cases/{core.id('case', 'sofie')}/sharing-answers/{{id}}"
    body: dict[str, object] = {"question_id": asked, "body": "", "language": "nb", "assess_before_access": True}
    core.clock.now += timedelta(hours=2)
    later, earlier = core.clock.now.strftime(SENT), (core.clock.now - timedelta(hours=1)).strftime(SENT)
    assert core.put(path, "sofie", {**body, "answer": first, "composed_at": later}).status == 201
    assert core.put(path, "sofie", {**body, "answer": other, "composed_at": earlier}).status == 201
    (found,) = (one for one in item(core, words_ids(core)["goal"])["questions"] if one["id"] == asked)
    assert found["answer"] == first


def test_nobody_is_asked_about_somebody_they_may_not_know_of(tmp_path: Path) -> None:
    """R2, R13: "may we share this with Bjørg?" would tell with whom the child lives."""

    def says(cases: Cases) -> None:
        jakob = cases["jakob"]
        rule = {"person": "bjorg", "relation": "foster_carer", "scopes": ["overview", "plan"], "from": "-9d"}
        jakob["grants"].append({**jakob["grants"][1], **rule})
        jakob["said"] += [{"key": key, "person": key, "at": "-2d 08:00", "text": "Noe"} for key in ("anne", "rune")]
        jakob["asked"] = [
            {"words": f"said {key}", "person": "bjorg", "worker": "jonas", "at": "-1d 08:00", "why": "Derfor"}
            for key in ("anne", "rune")
        ]
        jakob["shielded"].append({"kind": "foster_name", "text": "Bjørg", "from": ["anne"]})

    core = with_story(tmp_path, says)
    for parent in ("anne", "rune"):
        page = core.page(parent, "jakob", "my-words")
        assert page.status == 200
        assert [one["questions"] for one in page.json["words"] if one["kind"] == "statement"] == [[]]
        assert "Bjørg" not in page.body.decode()
        thread = core.id("thread", "jakob", parent)
        offered = core.get(f"/staff/threads/{thread}/pages/sharing", "jonas").json["words"]
        names = {one["person"]["first_name"] for words in offered for one in words["readers"]}
        assert "Jakob" in names
        assert "Bjørg" not in names
