"""Coming in with a passkey, through the whole portal: pages, session, journal; and what opens nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.demo.reference_core import core_id
from portal.domain.people import Assurance, Enrolment, Realm
from portal.identity.limits import PASSKEY_TRY
from portal.identity.session import Session
from portal.store.tables import audit_event, credential
from tests.fakes.authenticator import HONEST, MADE, PRESENT, Authenticator, Wrong, encoded
from tests.house import House
from tests.inspector import HTML, Browser, parsed, text_of

SERVICE = "fjordvik"
PAGE = "/way-in/passkey"
NEW = "/way-in/passkey/new"
STOPPED = "That did not work. Press once more. If it still does not work, use your words, or call us."


@dataclass
class Child:
    """A child whose phone has made a passkey, and its browser."""

    house: House
    phone: Authenticator
    browser: Browser

    def comes_in(self, wrong: Wrong = HONEST) -> TestResponse:
        """Press the button; the phone does its part."""
        asked = self.browser.post(f"{PAGE}/ask", {})
        assert asked.status_code == 200
        return self.browser.post(PAGE, {"answer": self.phone.use(asked.get_data(as_text=True), wrong)})

    def session(self) -> Session:
        """What the cookie opens."""
        found = self.house.parts.sessions.read(SERVICE, Realm.FAMILY, self.browser.session_cookie())
        assert isinstance(found, Session)
        return found


def let_in(house: House, *, own_device: bool = True, key: str = "emil") -> Browser:
    """The browser in which a child has typed its worker's code."""
    kari, child = house.signed_in("kari"), f"/staff/children/{core_id(SERVICE, 'person', key)}"
    form = {"present": "yes"} | ({"own_device": "yes"} if own_device else {})
    shown = parsed(kari.submit(kari.get(child), form, f"{child}/code"))
    code = next(text_of(element) for element in shown.iter(f"{HTML}b") if element.get("data-code") is not None)
    browser = house.browser(SERVICE, "en")
    answer = browser.post("/way-in", {"code": code})
    assert answer.status_code == (303 if own_device else 200)
    return browser


def enrolled(house: House, key: str = "emil") -> Child:
    """A child who was let in with a passkey, in a browser that is not signed in."""
    browser, phone = let_in(house, key=key), Authenticator(house.parts.settings.services[SERVICE].origin)
    assert make(browser, phone).headers["Location"] == "/home"
    return Child(house, phone, house.browser(SERVICE, "en"))


def make(browser: Browser, phone: Authenticator, wrong: Wrong = HONEST) -> TestResponse:
    """Press the button for a new passkey; the phone does its part."""
    asked = browser.post(f"{NEW}/ask", {})
    assert asked.status_code == 200
    return browser.post(NEW, {"answer": phone.make(asked.get_data(as_text=True), wrong)})


def test_a_child_comes_in_with_its_phone(house: House) -> None:
    child = enrolled(house)
    answer = child.comes_in()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")
    session = child.session()
    assert session.actor.subject == core_id(SERVICE, "person", "emil")
    assert (session.actor.enrolment, session.actor.assurance) == (Enrolment.IN_PERSON, Assurance.SUBSTANTIAL)
    assert session.actor.proved_ago == timedelta()
    assert child.browser.get("/home").headers["Location"].startswith("/cases/")
    assert child.browser.get(PAGE).headers["Location"] == "/home"
    (way,) = house.parts.credentials.ways_in(SERVICE, core_id(SERVICE, "person", "emil"))
    assert (way.kind, way.last_used_utc) == ("passkey", house.clock.now)


def test_signing_out_ends_at_our_own_page(house: House) -> None:
    child = enrolled(house)
    child.comes_in()
    answer = child.browser.post("/sign-out", {"csrf_token": child.browser.token()})
    assert answer.headers["Location"].endswith("/signed-out")


def test_the_page_says_nothing_and_works_without_a_script_by_saying_so(house: House) -> None:
    page = house.browser(SERVICE, "en").get(PAGE)
    root = parsed(page)
    assert not [field for field in root.iter(f"{HTML}input") if field.get("type") != "hidden"]
    button = next(found for found in root.iter(f"{HTML}button") if found.get("id") == "passkey")
    assert button.get("hidden") is not None
    scripts = [script.get("src") or "" for script in root.iter(f"{HTML}script")]
    assert sum("passkey" in script for script in scripts) == 1
    assert "This phone or browser cannot do it. Use your words, or call us." in text_of(root)


def test_the_script_is_loaded_on_these_pages_only(house: House) -> None:
    assert "passkey." not in house.browser(SERVICE).get("/sign-in").get_data(as_text=True)


def test_unknown_taken_away_and_wrong_are_one_page(house: House) -> None:
    wrong, taken_away = enrolled(house, "mia"), enrolled(house)
    take_away(taken_away)
    pages = [
        wrong.comes_in(Wrong(flags=PRESENT)),
        wrong.comes_in(Wrong(identifier=b"unknown")),
        taken_away.comes_in(),
        wrong.browser.post(PAGE, {"answer": "nonsense"}),
        wrong.browser.post(PAGE, {}),
    ]
    assert [page.status_code for page in pages] == [422] * 5
    assert len({page.get_data() for page in pages}) == 1
    assert all(STOPPED in page.get_data(as_text=True) for page in pages)
    assert "Set-Cookie" not in pages[0].headers


def test_wrong_tries_shut_nobody_out(house: House) -> None:
    """Neither the child itself, however often somebody tried, nor help."""
    child = enrolled(house)
    for _ in range(12):
        assert child.comes_in(Wrong(flags=PRESENT)).status_code == 422
    assert child.browser.get("/help").status_code == 200
    assert child.comes_in().status_code == 303


def test_the_journal_says_that_it_was_a_passkey_and_not_why_it_was_refused(house: House) -> None:
    child = enrolled(house)
    child.comes_in(Wrong(identifier=b"unknown"))
    child.comes_in()
    with house.parts.store.read() as connection:
        rows = connection.execute(
            select(audit_event.c.event, audit_event.c.outcome, audit_event.c.actor, audit_event.c.item)
            .where(audit_event.c.event.in_(["credential_refused", "signed_in"]))
            .order_by(audit_event.c.sequence.desc())
            .limit(2)
        ).all()
    signed_in, refused = rows
    assert tuple(refused) == ("credential_refused", "passkey", None, None)
    assert (signed_in.event, signed_in.outcome) == ("signed_in", "ok")
    assert signed_in.actor is not None


def test_the_answer_of_one_browser_is_of_no_use_in_another(house: House) -> None:
    child = enrolled(house)
    asked = child.browser.post(f"{PAGE}/ask", {}).get_data(as_text=True)
    stolen = child.phone.use(asked)
    thief = house.browser(SERVICE)
    thief.post(f"{PAGE}/ask", {})
    assert thief.post(PAGE, {"answer": stolen}).status_code == 422
    assert house.browser(SERVICE).post(PAGE, {"answer": stolen}).status_code == 422


def test_an_answer_cannot_be_sent_from_another_site(house: House) -> None:
    """Nobody is signed in as somebody else by a form they did not send."""
    child = enrolled(house)
    asked = child.browser.post(f"{PAGE}/ask", {}).get_data(as_text=True)
    form = {"answer": child.phone.use(asked)}
    for site in ("cross-site", "same-site", "none"):
        headers = {"Sec-Fetch-Site": site, "Origin": "https://evil.example"}
        assert child.browser.post(PAGE, form, **headers).status_code == 403
        assert child.browser.post(f"{PAGE}/ask", {}, **headers).status_code == 403


def test_a_passkey_of_one_service_opens_nothing_at_another(house: House) -> None:
    child = enrolled(house)
    elsewhere = house.browser("lillevik")
    asked = elsewhere.post(f"{PAGE}/ask", {}).get_data(as_text=True)
    phone = replace(child.phone, origin=house.parts.settings.services["lillevik"].origin)
    assert elsewhere.post(PAGE, {"answer": phone.use(asked)}).status_code == 422


def test_coming_in_ends_the_session_that_was_there(house: House) -> None:
    """Item 28."""
    child = enrolled(house)
    child.comes_in()
    before = child.browser.session_cookie()
    child.comes_in()
    assert child.browser.session_cookie() != before
    assert house.parts.sessions.read(SERVICE, Realm.FAMILY, before) is None


def test_a_core_that_is_down_keeps_nobody_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    child = enrolled(house)

    def down(*_: object) -> None:
        raise AssertionError("the core is not asked who this is")

    monkeypatch.setattr(house.parts.gateways[SERVICE], "resolve_person", down)
    assert child.comes_in().status_code == 303
    assert child.session().core_asked


def test_the_worker_reads_what_a_device_of_ones_own_means(house: House) -> None:
    kari = house.signed_in("kari", language="en")
    page = text_of(parsed(kari.get(f"/staff/children/{core_id(SERVICE, 'person', 'emil')}")))
    assert "Whoever knows the code of the device comes in as Emil." in page
    assert "With a family or school account, others may then use it on their own phone. We cannot see that." in page


def test_without_the_workers_word_there_are_only_words(house: House) -> None:
    browser = let_in(house, own_device=False)
    assert browser.get(NEW).headers["Location"] == "/way-in"
    assert browser.post(f"{NEW}/ask", {}).status_code == 403
    assert browser.post(NEW, {"answer": "{}"}).headers["Location"] == "/way-in"


def test_nobody_without_an_invitation_makes_a_passkey(house: House) -> None:
    let_in(house)
    browser = house.browser(SERVICE, "en")
    assert browser.get(NEW).headers["Location"] == "/way-in"
    assert browser.post(f"{NEW}/ask", {}).status_code == 403


def test_the_child_may_take_words_instead(house: House) -> None:
    browser = let_in(house)
    page = browser.get(NEW)
    assert "Who else can open your phone?" in text_of(parsed(page))
    words = browser.submit(page, {}, "/way-in/other-words")
    assert "data-words" in words.get_data(as_text=True)
    assert browser.post("/way-in/pin", {"pin": "7402", "again": "7402"}).headers["Location"] == "/home"
    assert browser.post(f"{NEW}/ask", {}).status_code == 403, "used up"


def test_a_device_that_did_wrong_may_try_again_while_the_code_is_good(house: House) -> None:
    browser, phone = let_in(house), Authenticator(house.parts.settings.services[SERVICE].origin)
    page = make(browser, phone, Wrong(flags=PRESENT | MADE))
    assert page.status_code == 422
    assert "take four words instead" in text_of(parsed(page))
    assert make(browser, phone).headers["Location"] == "/home"
    assert browser.post(f"{NEW}/ask", {}).status_code == 403, "used up"


def test_taken_away_between_the_button_and_the_answer(house: House) -> None:
    browser, phone = let_in(house), Authenticator(house.parts.settings.services[SERVICE].origin)
    asked = browser.post(f"{NEW}/ask", {}).get_data(as_text=True)
    worker_takes_away(house)
    assert browser.post(NEW, {"answer": phone.make(asked)}).headers["Location"] == "/way-in"


def test_a_code_that_ran_out_makes_nothing(house: House) -> None:
    browser, phone = let_in(house), Authenticator(house.parts.settings.services[SERVICE].origin)
    asked = browser.post(f"{NEW}/ask", {}).get_data(as_text=True)
    house.clock.pass_(minutes=10)
    assert browser.post(NEW, {"answer": phone.make(asked)}).headers["Location"] == "/way-in"


def test_what_is_taken_away_is_out_at_once_and_stays_out(house: House) -> None:
    child = enrolled(house)
    child.comes_in()
    worker_takes_away(house)
    assert child.browser.get("/home").headers["Location"].startswith("/sign-in")
    assert child.comes_in().status_code == 422


def test_a_new_passkey_opens_the_same_account(house: House) -> None:
    """What the child wrote under the old one is still its own."""
    first, second = enrolled(house), enrolled(house)
    second.comes_in()
    with house.parts.store.read() as connection:
        accounts = connection.execute(
            select(credential.c.account_id).where(
                credential.c.lookup.in_([encoded(first.phone.identifier), encoded(second.phone.identifier)])
            )
        ).all()
    assert {row.account_id for row in accounts} == {second.session().account_id}
    assert len(accounts) == 2


def test_who_tries_all_day_is_slowed_down_and_help_is_not(house: House) -> None:
    browser = house.browser(SERVICE, "en")
    answers = [browser.post(f"{PAGE}/ask", {}).status_code for _ in range(PASSKEY_TRY.most + 1)]
    assert answers[-1] == 429
    assert browser.post(PAGE, {"answer": "{}"}).status_code == 429
    assert browser.get("/help").status_code == 200
    assert browser.get("/way-in/words").status_code == 200
    house.clock.pass_(minutes=10)
    assert browser.post(f"{PAGE}/ask", {}).status_code == 200


def worker_takes_away(house: House, key: str = "emil") -> None:
    """The button for when somebody else may know."""
    kari, child = house.signed_in("kari"), f"/staff/children/{core_id(SERVICE, 'person', key)}"
    assert kari.submit(kari.get(child), {}, f"{child}/take-away").status_code == 303


def take_away(child: Child) -> None:
    """What a caseworker does who takes every way in away."""
    with child.house.parts.store.write() as connection:
        mine = credential.c.lookup == encoded(child.phone.identifier)
        connection.execute(update(credential).where(mine).values(revoked_at=child.house.clock()))
