"""A father with a valid sign-in, and others who may not know, try to learn where the child is and what it has said.

What was tried beyond this, and what is not covered: portal/access/THREATS.md.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from portal.access.grants import View
from portal.core.projection import Sieve
from portal.core.wire_words import my_words
from portal.demo.reference_core import core_id
from portal.domain.people import Relation
from tests.house import House, build
from tests.inspector import Browser
from tests.web.test_staff_remarks import Down
from tests.web.test_stops import ASKED, TALK, reply, stop

SERVICE = "fjordvik"
JAKOB = core_id(SERVICE, "case", "jakob")
MIA = core_id(SERVICE, "case", "mia")
HIS_SON = f"/cases/{JAKOB}"
SECRET = "Han venter utenfor skolen, og jeg tør ikke gå hjem"
PAGES = (
    *("", "/plan", "/messages", "/documents", "/my-words", "/who-has-looked", "/messages/new", "/ask-to-see-more"),
    *("/decisions", "/asked-to-see-more"),
)
RANDOM = re.compile(r'(name="(csrf_token|submission_id)" value=|nonce=|seconds=|news\?after=|/sent/|#m-)"?[^"<]*"?')


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def everything(browser: Browser, case: str) -> list[tuple[int, list[str], str]]:
    """All that one person has of one case, with headers; what is random by design taken out."""
    paths = ["/home", "/sent", "/account", *(f"/cases/{case}{page}" for page in PAGES)]
    return [_plain(browser.get(path)) for path in paths]


def _plain(page: TestResponse) -> tuple[int, list[str], str]:
    kept = (name for name, _ in page.headers if name not in {"Date", "Content-Length"})
    return page.status_code, sorted(kept), RANDOM.sub("", page.get_data(as_text=True))


def seen(page: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = [(name, value) for name, value in page.headers if name != "Date"]
    return page.status_code, headers, page.data


def send(browser: Browser, path: str, page: str = "/account", **fields: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).get_data(as_text=True))
    assert found is not None
    return browser.post(path, {"csrf_token": found[1], "submission_id": str(uuid.uuid4())} | fields)


def test_whatever_happens_between_a_child_and_its_team_changes_nothing_for_its_father(house: House) -> None:
    """R13, R17: it writes, is read, answered, asked, says no, is looked on as, and another reads by an override."""
    father, jakob = house.signed_in("rune"), house.signed_in("jakob")
    everything(father, JAKOB)
    before = everything(father, JAKOB)
    assert send(jakob, f"{HIS_SON}/messages", body=SECRET).status_code == 303
    jakob.submit(jakob.get(f"{HIS_SON}/ask-to-see-more"), {"body": SECRET}, f"{HIS_SON}/ask-to-see-more")
    house.deliver()
    jonas, thread = house.signed_in("jonas"), f"/staff/threads/{core_id(SERVICE, 'thread', 'jakob', 'jakob')}"
    person = core_id(SERVICE, "person", "jakob")
    for path in (thread, f"{thread}/sharing", f"/staff/preview/{JAKOB}/{person}", f"/staff/preview/{JAKOB}"):
        assert jonas.get(path).status_code == 200
    assert send(jonas, f"{thread}/replies", thread, body="Takk. Vi snakkes i morgen.").status_code in {303, 200}
    words = core_id(SERVICE, "said", "jakob", "bok")
    pair = {"words_id": words, "person_id": core_id(SERVICE, "person", "anne")}
    assert send(jonas, f"{thread}/sharing/questions", thread, **pair, body="Derfor").status_code == 303
    decided = {"decision": "override", "reason": "danger", "tell_from": "2026-12-24"}
    assert send(jonas, f"{thread}/sharing/decisions", thread, **pair, **decided).status_code == 303
    house.deliver()
    assert everything(father, JAKOB) == before


def theirs() -> Iterable[tuple[str, dict[str, str]]]:
    """Forms that carry ids of things that are there and are not his: by field, what he could have seen somewhere."""
    child = core_id(SERVICE, "person", "jakob")
    said = core_id(SERVICE, "said", "jakob", "kjoring")
    question = core_id(SERVICE, "question", said, core_id(SERVICE, "person", "anne"))
    sofies = core_id(SERVICE, "sentence", "sofie", "mormor")
    goal = core_id(SERVICE, "plan item", "sofie", "ro")
    plan = {"plan_id": core_id(SERVICE, "plan", "sofie"), "plan_version": "1", "target_type": "goal"}
    yield f"{HIS_SON}/my-words/answers", {"question_id": question, "answer": "yes", "body": ""}
    yield f"{HIS_SON}/my-words/answers", {"question_id": said, "answer": "no", "body": ""}
    yield f"{HIS_SON}/my-words/sentences", {"sentence_id": sofies, "right": "no", "body": "Nei"}
    yield f"{HIS_SON}/plan/comments", {**plan, "target_id": goal, "body": "Jeg ser dere"}
    for thing in (core_id(SERVICE, "decision", "sofie", "handball"), core_id(SERVICE, "document", "jakob", "politi")):
        yield f"{HIS_SON}/decisions/{thing}/appeal", {"about_id": thing, "body": "Nei"}
        yield f"{HIS_SON}/asked-to-see-more/{thing}/appeal", {"about_id": thing, "body": "Nei"}
    yield f"/cases/{MIA}/my-words/answers", {"question_id": question, "answer": "yes", "body": ""}
    yield f"{HIS_SON}/who-stays", {f"stays-{child}": "yes"}
    yield f"/staff/threads/{core_id(SERVICE, 'thread', 'jakob', 'jakob')}/replies", {"body": "Hei"}


@pytest.mark.parametrize("number", range(11))
def test_an_id_of_somebody_elses_thing_does_what_a_made_up_one_does(house: House, number: int) -> None:
    """R13, R19: the answer is the same, and nothing in the core has moved."""
    path, form = list(theirs())[number]
    father, nothing = house.signed_in("rune"), str(uuid.uuid4())
    kept = {"plan_version", "target_type", "answer", "right", "body"}
    made_up = {name: value if name in kept else nothing for name, value in form.items()}
    before = said_in_the_core(house)
    none = path.replace(form.get("about_id", " "), nothing)
    with_theirs, with_none = send(father, path, **form), send(father, none, **made_up)
    house.deliver()
    assert (with_theirs.status_code, alike(with_theirs, form)) == (with_none.status_code, alike(with_none, made_up))
    states = re.findall(r"kom ikke fram|Mottatt|Sendt", father.get("/sent").get_data(as_text=True))
    assert set(states) <= {"kom ikke fram"}
    assert said_in_the_core(house) == before


def alike(page: TestResponse, form: dict[str, str]) -> str:
    """The page and where it leads to, without what is random by design and what was sent oneself."""
    shown = page.get_data(as_text=True) + page.headers.get("Location", "")
    for value in form.values():
        shown = shown.replace(value, "") if len(value) == len(str(uuid.uuid4())) else shown
    return re.sub(r"(?<=#)[mca]-[0-9a-f-]{36}", "", RANDOM.sub("", shown))


def said_in_the_core(house: House) -> list[list[str]]:
    tables = ("sharing", "sentence", "comment", "assess_first", "stays_open")
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as connection:
        return [sorted(map(str, connection.execute(f"SELECT * FROM {name}"))) for name in tables]  # noqa: S608 ours


def test_a_blocked_father_learns_nothing_by_writing_while_the_core_is_down(house: House) -> None:
    """R0, R19: words are kept then for any case there is or is not, and end alike."""
    father, nothing = house.signed_in("kent"), str(uuid.uuid4())
    with Down(house):
        for page in PAGES:
            hers, none = (_plain(father.get(f"/cases/{case}{page}"))[2].replace(case, "") for case in (MIA, nothing))
            assert hers == none
        ends = [send(father, f"/cases/{case}/messages", body="Hvor er hun?") for case in (MIA, nothing)]
        assert {page.status_code for page in ends} == {303}
    house.clock.pass_(minutes=10)
    house.deliver()
    receipts = [_plain(father.get(page.headers["Location"]))[2] for page in ends]
    assert "kom ikke fram" in receipts[0]
    times = re.compile(r"<time.*?</time>", re.DOTALL)
    told = [times.sub("", receipt.replace(case, "")) for receipt, case in zip(receipts, (MIA, nothing), strict=True)]
    assert told[0] == told[1]


@pytest.mark.parametrize("worker", ["eline", "marit"])
def test_a_preview_is_no_way_to_find_out_who_is_in_a_case(house: House, worker: str) -> None:
    """Another team's families, and people who are in none of one's own: one answer, byte for byte."""
    browser, nothing = house.signed_in(worker), str(uuid.uuid4())
    foreign = {"eline": JAKOB, "marit": core_id(SERVICE, "case", "nora")}[worker]
    people = [core_id(SERVICE, "person", key) for key in ("jakob", "rune", "kent", "nora")]
    answers = [seen(browser.get(f"/staff/preview/{foreign}/{who}{page}")) for who in people for page in PAGES[:4]]
    answers += [seen(browser.get(f"/staff/preview/{case}/{nothing}")) for case in (foreign, nothing)]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 404


def test_a_stopped_message_is_gone_from_what_one_has_sent_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    """R17: "answered", and no answer anywhere, would tell that one was taken away."""
    house = build(tmp_path_factory.mktemp("stopped"))
    sofie = house.signed_in("sofie", language="en")
    sofie.submit(sofie.get(TALK), {"body": ASKED})
    house.deliver()
    message = reply(house)
    house.deliver()
    stop(house, message)
    house.deliver()
    for _ in range(3):
        house.clock.pass_(minutes=6)
        house.deliver()
    shown = sofie.get("/sent").get_data(as_text=True)
    assert "Answered" not in shown


def test_who_the_child_lives_with_is_taken_out_of_a_question_here_too() -> None:
    """R2, R13: of a core that forgets."""
    bjorg = {"first_name": "Bjørg", "relation": "foster_carer"}
    at = "2026-03-06T09:00:00Z"
    question: dict[str, object] = {"id": "q", "person": bjorg, "why": "", "asked_by": "Kari", "asked_at": at}
    question |= {"answer": None, "answered_at": None, "settled": False}
    reader = {"person": bjorg, "since": at, "until": None, "reason_code": None, "told_from": None}
    words: dict[str, object] = {"id": "w", "kind": "statement", "mine": True, "about": None, "body": "Noe", "at": at}
    words |= {"stance": None, "influence": None, "answer_until": None}
    page = {
        "case_id": "c",
        "child": {"id": "p", "first_name": "Jakob"},
        "reader": {"first_name": "Rune", "relation": "father"},
        "content_language": "nb",
        "team": [],
        "worker_first_name": "Kari",
        "words": [words | {"readers": [reader], "questions": [question]}],
        "sentences": [],
        "withdrawals": [],
    }
    view = View(places=True, unnamed=True)
    for places in (True, False):
        (found,) = my_words(page, Sieve(replace(view, places=places), Relation.FATHER)).words
        assert (len(found.readers), len(found.questions)) == ((1, 1) if places else (0, 0))


def test_what_was_written_is_in_no_log_line_and_in_no_row_of_the_portal(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """What whoever reads the machine finds of it: sealed bytes."""
    caplog.set_level(logging.DEBUG)
    jakob = house.signed_in("jakob")
    send(jakob, f"{HIS_SON}/messages", body=SECRET)
    send(jakob, f"{HIS_SON}/messages", body=f"{SECRET} " * 400)
    house.deliver()
    jakob.get(f"{HIS_SON}/messages")
    with house.parts.store.read() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        rows = [str(tuple(row)) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608 our own names
    assert len(rows) > len(tables)
    told = "\n".join([*rows, *(record.getMessage() + str(record.__dict__) for record in caplog.records)])
    assert "venter utenfor skolen" not in told
