"""A child whom a worker let in has the same code as everybody; and the worker takes a forgotten one away, in person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal.demo.reference_core import core_id
from portal.store.tables import audit_event
from portal.texts import Text
from tests.house import House
from tests.inspector import Browser
from tests.web.test_enrolment import EMIL, enrolled, page_of, sign_in
from tests.web.test_own_code import is_asked, sets_code, unlocks

AWAY = f"{page_of(EMIL)}/code-away"
TALK = f"/cases/{core_id('fjordvik', 'case', 'emil')}/messages"


@pytest.fixture(autouse=True)
def next_lesson(house: House) -> Iterator[None]:
    """A new window of every limit."""
    yield
    house.clock.pass_(minutes=11)


def removed(house: House) -> list[tuple[str, str | None, str | None]]:
    query = select(audit_event.c.outcome, audit_event.c.realm, audit_event.c.item)
    with house.parts.store.read() as connection:
        rows = connection.execute(query.where(audit_event.c.event == "code_removed").order_by(audit_event.c.sequence))
        return [(row.outcome, row.realm, row.item) for row in rows]


def comes_again(house: House, words: str) -> Browser:
    browser = house.browser()
    assert sign_in(browser, words).status_code == 303
    return browser


def test_a_child_with_words_and_a_pin_is_asked_for_its_code_too(house: House) -> None:
    child = enrolled(house)
    assert sets_code(child.browser).status_code == 303
    assert child.browser.get(TALK).status_code == 200
    again = comes_again(house, child.words)
    page = again.get(TALK)
    assert is_asked(page)
    assert again.submit(again.get(f"{TALK}/new"), {"body": "Hei Kari."}).status_code == 200
    assert unlocks(again, page).headers["Location"] == TALK
    assert again.get(TALK).status_code == 200


def test_a_code_and_signing_out_everywhere_hold_for_both_ways_in(house: House) -> None:
    """R20 and item 28: Jakob was let in with words, and has an electronic ID which his mother knows, too."""
    child = enrolled(house, core_id("fjordvik", "person", "jakob"), house.signed_in("marit"))
    by_eid = house.signed_in("jakob")
    assert sets_code(child.browser).status_code == 303
    talk = f"/cases/{core_id('fjordvik', 'case', 'jakob')}/messages"
    assert is_asked(by_eid.get(talk))
    assert is_asked(house.signed_in("jakob").get(talk))
    child.browser.submit(child.browser.get("/account"), {}, "/account/sign-out-everywhere")
    assert "/sign-in" in by_eid.get("/sent").headers["Location"]


def test_a_forgotten_code_is_taken_away_by_the_worker_who_meets_the_child(house: House) -> None:
    child = enrolled(house)
    sets_code(child.browser)
    again = comes_again(house, child.words)
    page = child.worker.get(page_of(EMIL))
    refused = child.worker.submit(page, {}, AWAY)
    assert refused.status_code == 422
    assert 'href="#met"' in refused.get_data(as_text=True)
    assert is_asked(again.get(TALK)), "nobody said that the child is there"
    done = child.worker.submit(page, {"met": "yes"}, AWAY)
    assert done.status_code == 303
    told = child.worker.get(done.headers["Location"]).get_data(as_text=True)
    for open_somewhere in (again, child.browser):
        assert "/sign-in" in open_somewhere.get(TALK).headers["Location"], "it may be in other hands"
    assert comes_again(house, child.words).get(TALK).status_code == 200
    child.worker.submit(page, {"met": "yes"}, AWAY)
    told_again = child.worker.get(done.headers["Location"]).get_data(as_text=True)
    assert removed(house)[-2:] == [("ok", "staff", EMIL), ("none", "staff", EMIL)]
    gone = house.parts.texts.translate("nb", Text("If there was a code, it is gone now."))
    assert gone in told
    assert gone in told_again, "the worker does not learn who has one"


def test_only_a_worker_of_the_child_takes_its_code_away(house: House) -> None:
    child = enrolled(house)
    sets_code(child.browser)
    again = comes_again(house, child.words)
    form = {"met": "yes"}
    for who in ("ingrid", "emil's own browser", "sigrid"):
        browser = child.browser if "own" in who else house.signed_in(who)
        answer = browser.post(AWAY, form | {"csrf_token": browser.token()})
        assert answer.status_code in {303, 401, 403, 404}, who
        assert is_asked(again.get(TALK)), who
