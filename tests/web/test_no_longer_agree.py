"""No longer agreeing is a button to the worker: what happens is said before, the team answers, nobody else knows."""

from __future__ import annotations

import html
from unittest.mock import Mock, patch
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from portal.core.errors import Unavailable
from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed

CASE = core_id("fjordvik", "case", "sofie")
FRONT = f"/cases/{CASE}"
RIGHTS, AGREE, WORDS = f"{FRONT}/rights", f"{FRONT}/rights/agree", f"{FRONT}/my-words"
THREAD = f"/staff/threads/{core_id('fjordvik', 'thread', 'sofie', 'ingrid')}"
SAID = "Jeg vil ikke ha besøk hjemme mer."
ANSWER = "Vi stopper besøkene. Vi snakkes på fredag."


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One for each test: what is said in one must not be there in another."""
    return build(tmp_path_factory.mktemp("house"))


def plain(page: TestResponse) -> str:
    return html.unescape(page.get_data(as_text=True))


def fields_of(browser: Browser, at: str, action: str) -> dict[str, str]:
    form = next(found for found in parsed(browser.get(at)).iter(f"{HTML}form") if found.get("action") == action)
    return hidden_fields(form)


def withdraw(house: House, who: Browser, words: str = SAID) -> TestResponse:
    sent = who.post(AGREE, fields_of(who, AGREE, AGREE) | {"body": words})
    house.deliver()
    return sent


def answer(house: House) -> None:
    kari = house.signed_in("kari")
    fields = fields_of(kari, THREAD, f"{THREAD}/answers")
    assert kari.post(f"{THREAD}/answers", fields | {"body": ANSWER}).status_code == 303
    house.deliver()


def test_what_happens_next_is_said_before_anything_is_sent(house: House) -> None:
    """Feature C8: nothing ends by itself today, a worker answers, and words are for whoever wants to say more."""
    page = plain(house.signed_in("ingrid").get(AGREE))
    for told in ("Ingenting slutter av seg selv i dag.", "svarer deg her", "Du trenger ikke å skrive noe."):
        assert told in page
    child = plain(house.signed_in("sofie").get(AGREE))
    assert "Det har du lov til å si." in child
    assert "samtykke" not in child.lower()


def test_the_worker_finds_it_and_its_writer_reads_the_answer(house: House) -> None:
    """Feature C8: a remark in the thread that needs an answer, and its state and answer for who sent it."""
    ingrid = house.signed_in("ingrid")
    assert withdraw(house, ingrid).headers["Location"].startswith("/sent/")
    assert "Er ikke lenger enig" in plain(house.signed_in("kari").get("/staff"))
    assert SAID in plain(house.signed_in("kari").get(THREAD))
    assert "Mottatt" in plain(ingrid.get(WORDS))
    answer(house)
    mine = plain(ingrid.get(WORDS))
    assert SAID in mine
    assert ANSWER in mine
    assert "Du har fått svar" in mine
    assert "Er ikke lenger enig" not in plain(house.signed_in("kari").get("/staff")), "nobody waits any more"


def test_it_needs_no_words_and_pressed_twice_it_is_one(house: House) -> None:
    """Feature C8."""
    ingrid = house.signed_in("ingrid")
    fields = fields_of(ingrid, AGREE, AGREE)
    assert [ingrid.post(AGREE, fields).status_code for _ in range(2)] == [303, 303]
    house.deliver()
    assert plain(ingrid.get(WORDS)).count("Du sa at du ikke er enig lenger") == 1


def test_nobody_else_of_the_family_sees_it_or_that_it_is_there(house: House) -> None:
    """Feature C8, R13, R17: no page of the others has a word of it."""
    pages = (FRONT, RIGHTS, WORDS, f"{FRONT}/plan", f"{FRONT}/trail", f"{FRONT}/messages")
    others = {who: house.signed_in(who) for who in ("sofie", "thomas")}
    withdraw(house, house.signed_in("ingrid"))
    answer(house)
    for browser in others.values():
        for path in pages:
            page = plain(browser.get(path))
            assert SAID not in page
            assert ANSWER not in page
            assert "Du sa at du ikke er enig lenger" not in page


def test_it_is_kept_while_the_core_is_down(house: House) -> None:
    """Feature C8: it can always be said, and arrives when the core is there again."""
    down = Mock(side_effect=Unavailable)
    with patch("portal.core.http.HttpGateway.standing", down), patch("portal.core.http.HttpGateway.capabilities", down):
        ingrid = house.signed_in("ingrid")
        assert ingrid.post(AGREE, fields_of(ingrid, AGREE, AGREE) | {"body": SAID}).status_code == 303
        assert "Vi tar vare på det" in plain(ingrid.get("/sent"))
    house.deliver()
    assert SAID in plain(ingrid.get(WORDS))


def test_what_is_too_long_is_shown_again_with_its_words(house: House) -> None:
    ingrid = house.signed_in("ingrid")
    long = ingrid.post(AGREE, fields_of(ingrid, AGREE, AGREE) | {"body": "x" * 8001})
    assert long.status_code == 422
    assert "x" * 8001 in plain(long)


def test_in_somebody_elses_case_it_is_the_one_no(house: House) -> None:
    """Hostile: another child's parent, and a case that is not there, get the same bytes, by looking and by sending."""
    mats, fields = house.signed_in("mats"), {"submission_id": str(uuid4()), "body": SAID}
    nowhere = f"/cases/{uuid4()}/rights/agree"
    assert mats.get(AGREE).status_code == 404
    assert mats.get(AGREE).data == mats.get(nowhere).data
    assert mats.post(AGREE, fields).status_code == mats.post(nowhere, fields).status_code
    house.deliver()
    assert SAID not in plain(house.signed_in("kari").get(THREAD))


def test_a_core_that_mixes_up_writers_shows_nobody_anothers(house: House) -> None:
    """Hostile: what the core does not call the reader's own is taken out by the portal itself (R13)."""
    withdraw(house, house.signed_in("ingrid"))
    with patch("portal.demo.reference_core.words.own_withdrawals") as found:
        found.return_value = [
            {
                "id": "withdrawn-1",
                "mine": False,
                "at": "2031-03-02T10:00:00Z",
                "state": "registered",
                "opened_by": None,
                "body": SAID,
                "answer": None,
                "answered_by": None,
            }
        ]
        assert SAID not in plain(house.signed_in("thomas").get(WORDS))
        assert found.called
