"""Every view gets an influence answer: what was heard, what it changed, what it did not and why (rules.md)."""

from __future__ import annotations

import html
from unittest.mock import Mock, patch

import pytest
from werkzeug.test import TestResponse

from portal.core.errors import Unavailable
from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed

SERVICE = "fjordvik"
CASE = core_id(SERVICE, "case", "sofie")
THREAD = f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', 'sofie')}"
OPEN = core_id(SERVICE, "view", "sofie", "torsdag")
DONE = core_id(SERVICE, "view", "sofie", "samtale")
VIEW = f"{THREAD}/views/{OPEN}"
WEEK, WORDS = f"/cases/{CASE}/say/g/week", f"/cases/{CASE}/my-words"
OWN = "Torsdagene er fine. Kan kusina mi også få komme innom?"
HEARD = f"Du sa: «{OWN}»"
CHANGED = "Kusina di kan komme annenhver torsdag."


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def plain(page: TestResponse) -> str:
    return html.unescape(page.get_data(as_text=True))


def send(browser: Browser, view: str, what: str, **fields: str) -> TestResponse:
    """Fill in one of the two forms of a view's page."""
    page = browser.get(view)
    form = next(one for one in parsed(page).iter(f"{HTML}form") if (one.get("action") or "").endswith(what))
    return browser.post(f"{view}/{what}", hidden_fields(form) | fields)


def answer(house: House, view: str = VIEW, **fields: str) -> TestResponse:
    told = {"heard": HEARD, "changed": CHANGED, "not_changed": ""} | fields
    sent = send(house.signed_in("kari"), view, "answer", **told)
    house.deliver()
    return sent


def new_view(house: House) -> str:
    """Sofie says how she is this week; the page on which that is answered."""
    sofie = house.signed_in("sofie")
    form = hidden_fields(next(iter(parsed(sofie.get(WEEK)).iter(f"{HTML}form"))))
    sofie.post(WEEK, form | {"choice": "tired", "body": "Mye på skolen."})
    house.deliver()
    page = parsed(house.signed_in("kari").get(THREAD))
    links = [link.get("href") or "" for link in page.iter(f"{HTML}a")]
    return next(link for link in links if "/views/" in link and OPEN not in link)


def test_the_writer_reads_the_answer_with_the_view_and_nobody_else_does(house: House) -> None:
    """Feature V2."""
    assert answer(house).status_code == 303
    mine = plain(house.signed_in("sofie").get(WORDS))
    assert OWN in mine
    assert CHANGED in mine
    for who in ("ingrid", "thomas"):
        browser = house.signed_in(who)
        for path in (f"/cases/{CASE}", f"/cases/{CASE}/plan", f"/cases/{CASE}/messages", WORDS):
            assert CHANGED not in plain(browser.get(path))
    assert CHANGED not in plain(house.signed_in("sofie").get(f"/cases/{CASE}/messages")), "copied nowhere"


def test_the_box_begins_with_the_writers_own_words_and_these_are_no_leak(house: House) -> None:
    """Feature V2: its own words are read beside it; what was told elsewhere in the thread is still warned of."""
    assert OWN in plain(house.signed_in("kari").get(VIEW))
    elsewhere = answer(house, changed="Kan vi møtes et annet sted enn på skolen? Vil ikke at de andre skal se det.")
    assert elsewhere.status_code == 422
    assert "Fortalt i fortrolighet" in plain(elsewhere)
    assert CHANGED not in plain(house.signed_in("sofie").get(WORDS))


def test_an_answer_says_what_was_heard_and_what_came_of_it(house: House) -> None:
    """Feature V2: nothing that was written is lost."""
    refused = answer(house, changed="", not_changed="")
    assert refused.status_code == 422
    assert HEARD in plain(refused)
    assert HEARD in plain(house.signed_in("kari").get(VIEW)), "kept as a draft"
    assert answer(house, heard="").status_code == 422
    assert answer(house, changed="x" * 4001).status_code == 422


def test_putting_it_off_needs_a_reason_and_a_day_within_seven(house: House) -> None:
    """Feature V2: the writer reads the day; the reason is for the team, and it is promised once."""
    view, kari = new_view(house), house.signed_in("kari")
    thursday, too_far = "2026-11-26", "2026-11-27"
    assert send(kari, view, "later", until=too_far, body="Vi venter på skolen.").status_code == 422
    assert send(kari, view, "later", until=thursday, body="").status_code == 422
    assert send(kari, view, "later", until=thursday, body="Vi venter på skolen.").status_code == 303
    house.deliver()
    mine = plain(house.signed_in("sofie").get(WORDS))
    assert "Du får svaret innen torsdag" in mine
    assert "Vi venter på skolen." not in mine
    assert "/later" not in plain(kari.get(view))
    assert "Vi venter på skolen." in plain(kari.get(THREAD)), "staff see what was promised and why"


def test_a_promise_that_was_not_kept_is_said_to_both(house: House) -> None:
    """Feature V2: late is ours."""
    house.clock.pass_(days=6)
    assert "Det er ikke din feil." in plain(house.signed_in("sofie").get(WORDS))
    assert "Det er for sent." in plain(house.signed_in("kari").get(THREAD))


def test_it_is_not_sent_unchecked_and_not_lost(house: House) -> None:
    """While the core is down nobody knows what a text would give away."""
    kari = house.signed_in("kari")
    page = kari.get(VIEW)
    form = next(one for one in parsed(page).iter(f"{HTML}form") if (one.get("action") or "").endswith("/answer"))
    with patch("portal.core.http.HttpGateway.shielded", Mock(side_effect=Unavailable)):
        sent = kari.post(f"{VIEW}/answer", hidden_fields(form) | {"heard": HEARD, "changed": CHANGED})
    assert sent.status_code == 503
    house.deliver()
    assert CHANGED in plain(kari.get(VIEW))
    assert CHANGED not in plain(house.signed_in("sofie").get(WORDS))


def test_what_is_answered_is_not_answered_again(house: House) -> None:
    """One answer to a view: the form of an old tab finds it answered, and keeps its words."""
    kari = house.signed_in("kari")
    page = kari.get(VIEW)
    form = next(one for one in parsed(page).iter(f"{HTML}form") if (one.get("action") or "").endswith("/answer"))
    answer(house)
    again = kari.post(f"{VIEW}/answer", hidden_fields(form) | {"heard": HEARD, "changed": "Noe annet."})
    assert again.status_code == 422
    assert "/answer" not in plain(kari.get(f"{THREAD}/views/{DONE}"))


@pytest.mark.parametrize(
    "thread", [core_id(SERVICE, "thread", "sofie", "ingrid"), core_id(SERVICE, "thread", "x", "y")]
)
def test_a_view_is_only_in_its_own_thread(house: House, thread: str) -> None:
    """R19."""
    assert house.signed_in("kari").get(f"/staff/threads/{thread}/views/{OPEN}").status_code == 404


def test_a_family_has_no_such_page(house: House) -> None:
    assert house.signed_in("sofie").get(VIEW).status_code in {303, 403, 404}
