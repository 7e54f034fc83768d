"""Children without a national ID, over the whole portal: let in, sign in, taken away, and everybody else kept out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.access.actions import ACTIONS
from portal.access.asked import Asked
from portal.access.checks import let_in_person
from portal.access.grants import Denial
from portal.access.standing import UNAVAILABLE, Target
from portal.core.errors import Unavailable
from portal.demo.reference_core import core_id
from portal.domain.people import Realm
from portal.identity.session import Session
from portal.jurisdictions import jurisdiction
from portal.store.tables import account, audit_event, credential, invitation, session
from tests.house import House
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of

EMIL = core_id("fjordvik", "person", "emil")
MIA = core_id("fjordvik", "person", "mia")
PIN = "7402"
NO_ONE = "00000000-0000-4000-8000-000000000000"


def page_of(child: str) -> str:
    return f"/staff/children/{child}"


def let_in(worker: Browser, child: str) -> str:
    """The code a worker is shown."""
    page = worker.get(page_of(child))
    answer = worker.submit(page, {"present": "yes"}, f"{page_of(child)}/code")
    assert answer.status_code == 200
    return shown_code(answer)


def shown_code(answer: TestResponse) -> str:
    (code,) = [text_of(element) for element in parsed(answer).iter(f"{HTML}b") if element.get("data-code") is not None]
    assert re.fullmatch(r"\d{3} \d{3} \d{2}", code)
    return code


def shown_words(answer: TestResponse) -> str:
    lists = [element for element in parsed(answer).iter(f"{HTML}ol") if element.get("data-words") is not None]
    (found,) = lists
    words = [text_of(item) for item in found.iter(f"{HTML}li")]
    assert len(words) == 4
    return " ".join(words)


@pytest.fixture(autouse=True)
def next_lesson(house: House) -> None:
    """Time passes between the tests, as the limits count everybody's tries here under one address."""
    house.clock.pass_(minutes=11)


@dataclass
class Enrolled:
    """A child that was just let in, with what it knows."""

    browser: Browser
    words: str
    worker: Browser


def enrolled(house: House, child: str = EMIL, worker: Browser | None = None) -> Enrolled:
    kari = worker or house.signed_in("kari")
    browser = house.browser()
    words = shown_words(browser.post("/way-in", {"code": let_in(kari, child)}))
    answer = browser.post("/way-in/pin", {"pin": PIN, "again": PIN})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer.headers["Clear-Site-Data"] == '"cache"', "Back would lead to the words"
    return Enrolled(browser, words, kari)


def sign_in(browser: Browser, words: str, pin: str = PIN) -> TestResponse:
    return browser.post("/way-in/words", {"words": words, "pin": pin})


def live(house: House, browser: Browser) -> Session:
    found = house.parts.sessions.read("fjordvik", Realm.FAMILY, browser.session_cookie())
    assert isinstance(found, Session)
    return found


def is_out(browser: Browser) -> bool:
    return browser.get("/home").headers["Location"].startswith("/sign-in")


def rows(house: House, event: str) -> list[tuple[str, str | None]]:
    """What the journal holds of an event: its outcome and item, in order."""
    query = select(audit_event.c.outcome, audit_event.c.item).where(audit_event.c.event == event)
    with house.parts.store.read() as connection:
        return [(row.outcome, row.item) for row in connection.execute(query.order_by(audit_event.c.sequence))]


def test_a_child_is_let_in_and_comes_back_by_words_and_pin(house: House) -> None:
    child = enrolled(house)
    case = f"/cases/{core_id('fjordvik', 'case', 'emil')}"
    assert child.browser.get("/home").headers["Location"] == case
    assert child.browser.get(case).status_code == 200
    child.browser.post("/sign-out", {"csrf_token": child.browser.token()})
    assert child.browser.get(case).headers["Location"].startswith("/sign-in")
    again = house.browser()
    assert again.get("/way-in/words").status_code == 200
    typed = ", ".join(child.words.upper().split()) + "  "
    assert sign_in(again, typed).headers["Location"] == "/home"
    assert again.get(case).status_code == 200
    assert ("ok", EMIL) in rows(house, "enrolled")


def test_signing_out_leads_to_our_own_page(house: House) -> None:
    child = enrolled(house)
    answer = child.browser.post("/sign-out", {"csrf_token": child.browser.token()})
    assert answer.headers["Location"].endswith("/signed-out")


def test_the_journal_says_which_worker_let_whom_in(house: House) -> None:
    child = enrolled(house, MIA)
    kari = house.parts.sessions.read("fjordvik", Realm.STAFF, child.worker.session_cookie())
    assert isinstance(kari, Session)
    query = select(audit_event.c.actor).where(audit_event.c.event == "enrolled", audit_event.c.item == MIA)
    with house.parts.store.read() as connection:
        actors = set(connection.execute(query).scalars())
    assert actors == {house.parts.journal.chain.actor("fjordvik", kari.account_id)}


def test_the_worker_sees_the_ways_in_and_never_the_words(house: House) -> None:
    child = enrolled(house)
    page = child.worker.get(page_of(EMIL)).get_data(as_text=True)
    assert "<h3>" in page
    for word in child.words.split():
        assert not re.search(rf"\b{word}\b", page)
    jonas = house.signed_in("marit").get(page_of(EMIL)).get_data(as_text=True)
    assert page != jonas, "made by you, or by a colleague"


def test_taking_it_away_ends_everything_at_once(house: House) -> None:
    child = enrolled(house)
    page = child.worker.get(page_of(EMIL))
    child.worker.submit(page, {}, f"{page_of(EMIL)}/take-away")
    assert is_out(child.browser)
    assert sign_in(house.browser(), child.words).status_code == 422
    assert "<h3>" not in child.worker.get(page_of(EMIL)).get_data(as_text=True)
    assert ("ok", EMIL) in rows(house, "enrolment_ended")


def test_new_words_end_the_old_ones_and_keep_what_was_sent(house: House) -> None:
    first = enrolled(house)
    account_id = live(house, first.browser).account_id
    second = enrolled(house, worker=first.worker)
    assert is_out(first.browser)
    assert sign_in(house.browser(), first.words).status_code == 422
    assert live(house, second.browser).account_id == account_id


def test_what_was_written_before_it_was_taken_away_still_arrives(house: House) -> None:
    child = enrolled(house, MIA)
    path = f"/cases/{core_id('fjordvik', 'case', 'mia')}/messages"
    page = child.browser.get(path)
    assert child.browser.submit(page, {"body": "Jeg savner katten."}, path).status_code == 303
    child.worker.submit(child.worker.get(page_of(MIA)), {}, f"{page_of(MIA)}/take-away")
    house.deliver()
    thread = core_id("fjordvik", "thread", "mia", "mia")
    assert "Jeg savner katten." in child.worker.get(f"/staff/threads/{thread}").get_data(as_text=True)


def test_without_saying_that_the_child_is_there_no_code_is_made(house: House) -> None:
    kari = house.signed_in("kari")
    before = len(rows(house, "enrolment_begun"))
    answer = kari.submit(kari.get(page_of(EMIL)), {}, f"{page_of(EMIL)}/code")
    assert answer.status_code == 422
    assert len(rows(house, "enrolment_begun")) == before


@pytest.mark.parametrize("who", ["jonas", "sigrid"])
def test_a_worker_of_other_children_lets_nobody_in(house: House, who: str) -> None:
    browser = house.signed_in(who, "lillevik" if who == "sigrid" else "fjordvik")
    gone, nowhere = browser.get(page_of(EMIL)), browser.get(page_of(NO_ONE))
    assert (gone.status_code, gone.data) == (404, nowhere.data)
    page = browser.get("/staff")
    form = next(found for found in map(hidden_fields, parsed(page).iter(f"{HTML}form")) if "csrf_token" in found)
    form["present"] = "yes"
    assert browser.post(f"{page_of(EMIL)}/code", form).status_code == 404
    assert browser.post(f"{page_of(EMIL)}/take-away", form).status_code == 404


def test_covering_for_a_colleague_is_not_enough_and_leading_the_team_is(house: House) -> None:
    jakob = core_id("fjordvik", "person", "jakob")
    kari = house.signed_in("kari")
    assert "Jakob" not in kari.get("/staff/children").get_data(as_text=True)
    assert kari.get(page_of(jakob)).status_code == 404
    marit = house.signed_in("marit")
    assert "Jakob" in marit.get("/staff/children").get_data(as_text=True)
    assert marit.get(page_of(jakob)).status_code == 200


def test_the_list_says_who_has_a_way_in(house: House) -> None:
    child = enrolled(house)
    with_it = child.worker.get("/staff/children").get_data(as_text=True).count('class="tag"')
    child.worker.submit(child.worker.get(page_of(EMIL)), {}, f"{page_of(EMIL)}/take-away")
    assert child.worker.get("/staff/children").get_data(as_text=True).count('class="tag"') == with_it - 1


def test_a_code_is_good_once(house: House) -> None:
    kari, first, second = house.signed_in("kari"), house.browser(), house.browser()
    code = let_in(kari, EMIL)
    shown_words(first.post("/way-in", {"code": code}))
    assert second.post("/way-in", {"code": code}).status_code == 422
    shown_words(first.post("/way-in", {"code": code.replace(" ", "")}))  # sent again in the browser that has it
    first.post("/way-in/pin", {"pin": PIN, "again": PIN})
    assert first.post("/way-in", {"code": code}).status_code == 422
    assert second.post("/way-in/pin", {"pin": PIN, "again": PIN}).status_code == 422


@pytest.mark.parametrize("minutes", [10, 60])
def test_a_code_runs_out(house: House, minutes: int) -> None:
    code = let_in(house.signed_in("kari"), EMIL)
    house.clock.pass_(minutes=minutes)
    assert house.browser().post("/way-in", {"code": code}).status_code == 422


def test_who_waits_too_long_with_the_pin_needs_a_new_code(house: House) -> None:
    browser = house.browser()
    browser.post("/way-in", {"code": let_in(house.signed_in("kari"), EMIL)})
    house.clock.pass_(minutes=10)
    assert browser.get("/way-in/pin").status_code == 303
    assert browser.post("/way-in/pin", {"pin": PIN, "again": PIN}).status_code == 422


def test_a_code_of_one_service_is_nothing_at_another(house: House) -> None:
    code = let_in(house.signed_in("kari"), EMIL)
    assert house.browser("lillevik").post("/way-in", {"code": code}).status_code == 422
    assert house.browser().post("/way-in", {"code": code}).status_code == 200


def test_digits_of_any_keyboard_are_digits(house: House) -> None:
    code = let_in(house.signed_in("kari"), EMIL)
    arabic = code.translate({ord(str(digit)): 0x0660 + digit for digit in range(10)})
    browser = house.browser()
    words = shown_words(browser.post("/way-in", {"code": arabic}))
    browser.post("/way-in/pin", {"pin": "\u0667\u0664\u0660\u0662", "again": PIN})
    assert sign_in(house.browser(), words).status_code == 303


def test_words_of_one_service_are_nothing_at_another(house: House) -> None:
    child = enrolled(house)
    assert sign_in(house.browser("lillevik"), child.words).status_code == 422


def test_a_new_code_ends_the_older_one(house: House) -> None:
    kari = house.signed_in("kari")
    older, newer = let_in(kari, EMIL), let_in(kari, EMIL)
    assert house.browser().post("/way-in", {"code": older}).status_code == 422
    assert house.browser().post("/way-in", {"code": newer}).status_code == 200


def test_leaving_fast_forgets_a_way_in_that_is_not_finished(house: House) -> None:
    """Whoever has the phone next chooses no PIN, and asks for no other words, for a child who has just left."""
    code = let_in(house.signed_in("kari"), EMIL)
    browser = house.browser()
    assert browser.post("/way-in", {"code": code}).status_code == 200
    assert browser.get("/way-in/pin").status_code == 200
    assert browser.get("/leave").status_code == 303
    assert browser.get("/way-in/pin").headers["Location"].endswith("/way-in")
    assert browser.post("/way-in/other-words", {}).status_code != 200


def test_taking_it_away_between_the_code_and_the_pin_ends_it(house: House) -> None:
    kari, browser = house.signed_in("kari"), house.browser()
    browser.post("/way-in", {"code": let_in(kari, EMIL)})
    kari.submit(kari.get(page_of(EMIL)), {}, f"{page_of(EMIL)}/take-away")
    assert browser.post("/way-in/pin", {"pin": PIN, "again": PIN}).status_code == 422
    assert browser.post("/way-in/other-words", {}).status_code == 422


@pytest.mark.parametrize("code", ["", "0", "12345678", "abcdefgh", "1" * 5000, "\u0661\u0662\u0663"])
def test_guessed_codes_are_refused_alike_and_written_down(house: House, code: str) -> None:
    before = len(rows(house, "credential_refused"))
    answer = house.browser().post("/way-in", {"code": code})
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers
    assert len(rows(house, "credential_refused")) == before + 1


@pytest.mark.parametrize(
    ("pin", "again"),
    [("1234", "1234"), ("0000", "0000"), ("2014", "2014"), ("74", "74"), ("", ""), ("7402", "7403"), ("abcd", "abcd")],
)
def test_a_pin_that_is_easy_or_not_the_same_twice_is_asked_for_again(house: House, pin: str, again: str) -> None:
    browser = house.browser()
    browser.post("/way-in", {"code": let_in(house.signed_in("kari"), EMIL)})
    assert browser.post("/way-in/pin", {"pin": pin, "again": again}).status_code == 422
    assert browser.post("/way-in/pin", {"pin": PIN, "again": PIN}).status_code == 303


def test_a_burst_of_guesses_slows_down_the_next_code_and_not_the_words_or_help(house: House) -> None:
    child = enrolled(house)
    code = let_in(child.worker, MIA)
    for number in range(20):
        assert house.browser().post("/way-in", {"code": f"{number:08}"}).status_code == 422
    assert house.browser().post("/way-in", {"code": code}).status_code == 429
    assert sign_in(house.browser(), child.words).status_code == 303
    assert house.browser().get("/help").status_code == 200
    house.clock.pass_(minutes=10)
    again = let_in(house.signed_in("kari"), MIA)
    assert house.browser().post("/way-in", {"code": again}).status_code == 200


def test_other_words_replace_the_first_ones(house: House) -> None:
    browser = house.browser()
    first = shown_words(browser.post("/way-in", {"code": let_in(house.signed_in("kari"), EMIL)}))
    second = shown_words(browser.post("/way-in/other-words", {}))
    browser.post("/way-in/pin", {"pin": PIN, "again": PIN})
    assert sign_in(house.browser(), first).status_code == 422
    assert sign_in(house.browser(), second).status_code == 303


def test_wrong_words_and_a_wrong_pin_get_the_same_answer(house: House) -> None:
    child = enrolled(house)
    browser = house.browser()
    answers = [
        sign_in(browser, child.words, "9999"),
        sign_in(browser, "hest katt hund mus", PIN),
        sign_in(browser, " ".join(reversed(child.words.split())), PIN),
        sign_in(browser, "", ""),
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.data for answer in answers}) == 1
    assert child.words.split()[0] not in answers[0].get_data(as_text=True)


def test_wrong_tries_wait_and_never_close(house: House) -> None:
    child = enrolled(house)
    browser = house.browser()
    for _ in range(3):
        assert sign_in(browser, child.words, "9999").status_code == 422
    waiting = sign_in(browser, child.words)
    assert waiting.status_code == 429
    text = waiting.get_data(as_text=True)
    assert "30" in text
    assert "tel:116111" in text
    assert "/help" in text
    assert house.signed_in("sofie").get("/ask-for-help").status_code == 200
    house.clock.pass_(seconds=31)
    for _ in range(8):
        assert sign_in(browser, child.words, "9999").status_code in {422, 429}
        house.clock.pass_(minutes=15, seconds=1)
    assert sign_in(browser, child.words).status_code == 303
    assert sign_in(house.browser(), child.words, "9999").status_code == 422, "the count begins anew"


def test_signing_in_replaces_the_session_the_browser_had(house: House) -> None:
    """Item 28: the old value is dead."""
    child = enrolled(house)
    before = child.browser.session_cookie()
    sign_in(child.browser, child.words)
    assert child.browser.session_cookie() != before
    assert house.parts.sessions.read("fjordvik", Realm.FAMILY, before) is None


def test_on_a_shared_computer_the_session_is_short(house: House) -> None:
    child, browser = enrolled(house), house.browser()
    browser.post("/way-in/words", {"words": child.words, "pin": PIN, "shared": "yes"})
    assert live(house, browser).shared
    house.clock.pass_(minutes=4)
    assert is_out(browser)


def test_pages_of_the_way_in_are_kept_nowhere(house: House) -> None:
    """Back after coming in shows nothing: every answer is no-store (the browser asserts it), the words are gone."""
    child = enrolled(house)
    assert child.browser.get("/way-in/pin").headers["Location"].endswith("/way-in")
    assert child.browser.post("/way-in/other-words", {}).status_code == 422
    assert child.browser.get("/way-in/words").headers["Location"] == "/home"


def test_the_database_holds_nothing_that_can_be_read(house: House) -> None:
    kari, browser = house.signed_in("kari"), house.browser()
    code = let_in(kari, EMIL)
    words = shown_words(browser.post("/way-in", {"code": code}))
    browser.post("/way-in/pin", {"pin": PIN, "again": PIN})
    with house.parts.store.read() as connection:
        kept = [
            str(tuple(row))
            for table in (invitation, credential, account, session, audit_event)
            for row in connection.execute(select(table))
        ]
    for secret in (code, code.replace(" ", ""), f"'{PIN}'", *words.split()):
        assert not [row for row in kept if secret in row]


def test_nothing_secret_reaches_a_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        child = enrolled(house)
        sign_in(house.browser(), child.words, "9999")
        sign_in(house.browser(), child.words)
    written = "\n".join(str(vars(record)) for record in caplog.records)
    for secret in (*child.words.split(), PIN, "9999"):
        assert not re.search(rf"\b{secret}\b", written)


def test_signing_in_works_while_the_core_is_down(house: House) -> None:
    child = enrolled(house)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.parts.gateways["fjordvik"], "standing", _down)
        browser = house.browser()
        assert sign_in(browser, child.words).status_code == 303
        assert browser.get("/home").status_code == 503
    assert browser.get("/home").headers["Location"].startswith("/cases/")


def _down(*_: object) -> None:
    raise Unavailable


def test_what_a_child_let_in_does_not_open_is_read_together(house: House) -> None:
    """R4: documents are not for who was let in; the portal says so without asking the core."""
    actor = live(house, enrolled(house).browser).actor
    today, ages = date(2031, 3, 4), jurisdiction("no").ages
    asked = (Asked(action, actor, UNAVAILABLE, Target(), today, ages) for action in ACTIONS.values())
    closed = {
        one.action.name for one in asked if let_in_person(one) is Denial.SCOPE and one.action.realm is Realm.FAMILY
    }
    assert closed == {"see_documents", "see_document"}
