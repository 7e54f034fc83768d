"""The core's part of visits: projected per person, and what is said about them is for the team alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.demo.core_client import Answer, CoreAtWork, core_at_work

WORDS = "Kan vi heller ses på lørdager?"


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def page(core: CoreAtWork, who: str, child: str) -> Any:
    return core.page(who, child, "visits").json


def say(core: CoreAtWork, who: str, child: str, about: str | None, wish: str = "more", *, body: str = WORDS) -> Answer:
    path = f"/cases/{core.id('case', child)}/visit-wishes/{{id}}"
    return core.put(path, who, {"about_id": about, "wish": wish, "body": body, "language": "nb"})


def remarks(core: CoreAtWork, child: str, who: str, worker: str) -> Any:
    path = f"/staff/threads/{core.id('thread', child, who)}/pages/conversation"
    return [one for one in core.get(path, worker).json["remarks"] if one["kind"] == "visit_wish"]


def test_a_visit_stands_with_its_arrangement_only_where_that_is_there(core: CoreAtWork) -> None:
    """Feature C7, R17: for the mother the visit with her stands with it; the brother's days are not there at all."""
    child, mother = page(core, "leila", "leila"), page(core, "shirin", "leila")
    assert {one["with_whom"] for one in child["arrangements"]} == {"Mamma", "Lillebroren din, Amir"}
    assert [one["with_whom"] for one in mother["arrangements"]] == ["Leila og Shirin"]
    assert [one["arrangement_id"] for one in mother["visits"]] == [core.id("arrangement", "leila", "mamma")]
    assert len(child["visits"]) == 2


def test_places_are_for_those_who_may_know_them(core: CoreAtWork) -> None:
    """Feature C7, R2."""
    child, father = page(core, "jakob", "jakob"), page(core, "rune", "jakob")
    assert [one["place"] for one in child["visits"]] == ["Familiehuset på Torget"]
    assert [one["place"] for one in (*father["visits"], *father["arrangements"])] == [None, None]
    assert (len(child["living"]), father["living"]) == (1, [])


def test_what_is_said_is_a_remark_for_the_team_and_the_writers_own(core: CoreAtWork) -> None:
    """Feature C7, R13."""
    before = page(core, "ingrid", "sofie")
    about = core.id("arrangement", "sofie", "bestemor")
    assert say(core, "sofie", "sofie", about, "less").status == 201
    assert page(core, "sofie", "sofie")["said"][0]["body"] == WORDS
    assert page(core, "ingrid", "sofie") == before
    (*_, last) = remarks(core, "sofie", "sofie", "kari")
    assert (last["about"], last["wish"], last["body"]) == ("Sofie og bestemor Tove", "less", WORDS)
    assert remarks(core, "sofie", "ingrid", "kari") == []
    shielded = core.get(f"/staff/threads/{core.id('thread', 'sofie', 'ingrid')}/shielded", "kari").json["items"]
    assert {"kind": "words", "text": WORDS} in shielded


@pytest.mark.parametrize(
    ("about", "wish", "body", "status"),
    [
        (("arrangement", "leila", "mamma"), "say", "  ", 422),
        (("arrangement", "leila", "mamma"), "more", "", 201),
        (("arrangement", "leila", "mamma"), "more", "x" * 4001, 413),
        (("arrangement", "leila", "bror"), "more", WORDS, 422),
        (("appointment", "leila", "bowling"), "more", WORDS, 422),
        (("living", "leila", "fosterhjem"), "say", WORDS, 422),
        (("arrangement", "jakob", "pappa"), "less", WORDS, 422),
        (None, "say", WORDS, 201),
    ],
)
def test_a_mother_speaks_about_what_is_there_for_her(
    core: CoreAtWork, about: tuple[str, ...] | None, wish: str, body: str, status: int
) -> None:
    """Feature C7, R13, R17: what is there for the child alone, and what is nowhere, end alike."""
    assert say(core, "shirin", "leila", core.id(*about) if about else None, wish, body=body).status == status


def test_nobody_speaks_in_a_case_that_is_not_theirs(core: CoreAtWork) -> None:
    about = core.id("arrangement", "leila", "mamma")
    for who in ("omid", "anne", "kari"):
        assert say(core, who, "leila", about).status == 404, who


def test_it_is_answered_in_words_and_once(core: CoreAtWork) -> None:
    (waiting,) = remarks(core, "jakob", "rune", "jonas")
    path = f"/staff/threads/{core.id('thread', 'jakob', 'rune')}/remarks/{waiting['id']}/answers/{{id}}"
    answer: dict[str, object] = {"body": "Det snakker vi om.", "language": "nb"}
    assert core.put(path, "jonas", {**answer, "outcome": "yes"}).status == 422
    assert core.put(path, "jonas", answer).status == 201
    assert core.put(path, "jonas", answer).status == 409
    (said,) = page(core, "rune", "jakob")["said"]
    assert (said["answer"], said["answered_by"], said["state"]) == ("Det snakker vi om.", "Jonas", "answered")
