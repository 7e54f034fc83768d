"""Documents in the reference core: for parties and by name, at the highest level, and otherwise as if not there."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.demo.core_client import ACTOR_KEY, Answer, CoreAtWork, core_at_work, sign
from tests.demo.test_reference_core_pages import with_story


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def titles(core: CoreAtWork, who: str, case: str) -> list[str]:
    return [card["title"] for card in core.page(who, case, "documents").json["documents"]]


def document(core: CoreAtWork, who: str, case: str, key: str, loa: str = "high") -> Answer:
    return core.get(f"/cases/{core.id('case', case)}/documents/{core.id('document', case, key)}", who, loa)


def no(core: CoreAtWork, who: str) -> Answer:
    return core.get("/cases/no-such-case/documents/no-such-document", who)


def test_each_reads_what_is_for_them_newest_first(core: CoreAtWork) -> None:
    assert titles(core, "sofie", "sofie") == ["Vi betaler for håndballen", "Brev til deg om planen"]
    assert titles(core, "ingrid", "sofie") == ["Vedtak: håndball for Sofie", "Referat fra samtalen med dere"]
    assert titles(core, "ingrid", "sofie") == titles(core, "thomas", "sofie")


def test_a_document_comes_in_the_words_for_its_reader(core: CoreAtWork) -> None:
    child, father = (
        document(core, "sofie", "sofie", "handball").json,
        document(core, "thomas", "sofie", "handball").json,
    )
    assert child["document"]["author"] == father["document"]["author"] == "Marit"
    assert child["document"]["kind"] == "decision"
    assert [paragraph["kind"] for paragraph in child["paragraphs"]] == ["heading", "text"] * 3
    assert child["paragraphs"][4]["text"] == "Er du uenig?"
    assert father["paragraphs"][4]["text"] == "Er dere uenige?"


@pytest.mark.parametrize(
    ("who", "case", "key"),
    [
        ("sofie", "sofie", "samtale"),
        ("ingrid", "sofie", "brev"),
        ("jakob", "jakob", "undersokelse"),
        ("rune", "jakob", "skole"),
        ("rune", "jakob", "brev"),
        ("emil", "emil", "brev"),
        ("mia", "mia", "brev"),
        ("kent", "mia", "brev"),
        ("grethe", "leila", "atten"),
        ("anne", "sofie", "handball"),
        ("kari", "sofie", "handball"),
        ("unresolved:p1", "sofie", "handball"),
    ],
)
def test_what_is_not_for_somebody_is_not_there(core: CoreAtWork, who: str, case: str, key: str) -> None:
    closed, missing = document(core, who, case, key), no(core, who)
    assert closed.status == 404
    assert (closed.body, closed.headers) == (missing.body, missing.headers)


def test_a_child_under_15_reads_only_what_bears_its_name(core: CoreAtWork) -> None:
    """R7: the parents have two more; the list says nothing of them."""
    assert titles(core, "jakob", "jakob") == ["Brev til deg fra Jonas"]
    assert len(titles(core, "anne", "jakob")) == 2
    assert set(core.page("jakob", "jakob", "documents").json) == {
        "case_id", "child", "reader", "content_language", "documents",
    }  # fmt: skip


def test_who_has_no_such_scope_has_no_such_page(core: CoreAtWork) -> None:
    for who, case in (("emil", "emil"), ("mia", "mia"), ("oskar", "sofie"), ("kent", "mia"), ("kari", "sofie")):
        assert core.page(who, case, "documents").body == core.get("/cases/none/pages/documents", who).body
    assert core.page("emil", "emil", "overview").json["documents"] is False
    assert core.page("jakob", "jakob", "overview").json["documents"] is True


def test_a_place_is_told_only_to_whom_it_may_be(core: CoreAtWork) -> None:
    """R1, R2: no line, no gap and no other order for the father."""
    assert titles(core, "rune", "jakob") == ["Brev om undersøkelsen"]
    assert "Lia skole" in json.dumps(document(core, "anne", "jakob", "skole").json)
    assert titles(core, "silje", "mia") == ["Brev om samtalene"]


def test_hard_documents_do_not_pop_up_on_a_birthday(core: CoreAtWork, tmp_path: Path) -> None:
    """R6: what was written before somebody turned 15 is released by name, or read together."""
    with sqlite3.connect(tmp_path / "fjordvik.sqlite") as database:
        for key in ("handball", "brev"):
            database.execute(
                "UPDATE document SET dated = '2025-01-02' WHERE id = ?", (core.id("document", "sofie", key),)
            )
    database.close()
    assert titles(core, "sofie", "sofie") == ["Brev til deg om planen"]
    assert "Vedtak: håndball for Sofie" in titles(core, "ingrid", "sofie")


def test_a_foster_carer_is_no_party(tmp_path: Path) -> None:
    """R16: no documents, whatever scope was given."""

    def move_in(cases: dict[str, Any]) -> None:
        scopes = ["overview", "documents"]
        cases["leila"]["grants"].append(
            {"person": "mats", "relation": "foster_carer", "from": "-9d", "basis": "foster_carer", "scopes": scopes}
        )

    core = with_story(tmp_path, move_in)
    assert core.page("mats", "leila", "documents").body == no(core, "mats").body
    assert core.page("mats", "leila", "overview").json["documents"] is False


@pytest.mark.parametrize("loa", ["low", "substantial"])
def test_a_document_needs_the_highest_level_and_the_list_does_not(core: CoreAtWork, loa: str) -> None:
    assert document(core, "thomas", "sofie", "handball", loa).body == no(core, "thomas").body
    assert core.page("thomas", "sofie", "documents", loa).status == (200 if loa == "substantial" else 404)


@pytest.mark.parametrize("path", ["pages/documents", "documents/{document}"])
def test_a_child_let_in_by_a_worker_is_never_given_documents(core: CoreAtWork, path: str) -> None:
    at = f"/cases/{core.id('case', 'sofie')}/" + path.replace("{document}", core.id("document", "sofie", "brev"))
    status = {}
    for enrolment in ("eid", "in_person"):
        claims = core.claims(sub=core.id("person", "sofie"), realm="family", loa="high", enrolment=enrolment)
        headers = {"Authorization": core.bearer(), "Portal-Actor": sign(ACTOR_KEY, claims)}
        status[enrolment] = core.app.test_client().get(at, headers=headers).status_code
    assert status == {"eid": 200, "in_person": 404}
