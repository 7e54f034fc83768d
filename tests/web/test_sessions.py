"""A person's own sessions: signing in and out, seeing and ending them, going from one child's space to another's."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.demo.reference_core import core_id
from portal.domain.people import Realm
from portal.identity.session import Session
from portal.logs import OWN, LineFormatter
from portal.store.tables import session
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of
from tests.web.signing import SERVICE, SignedInHouse, meanwhile

ACCOUNT, STAFF_ACCOUNT = "/account", "/staff/account"
EVERYWHERE = "/account/sign-out-everywhere"
LAST_TIME = "Last time you were here: today at 10:00"


def words(page: TestResponse) -> str:
    return text_of(next(parsed(page).iter(f"{HTML}main")))


def opens(browser: Browser, path: str = ACCOUNT) -> bool:
    return browser.get(path).status_code == 200


def english(at: SignedInHouse) -> Browser:
    return at.house.browser(language="en")


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    """The log as it is written."""
    return [json.loads(LineFormatter().format(record)) for record in caplog.records]


def forms(page: TestResponse, action: str) -> list[dict[str, str]]:
    return [hidden_fields(form) for form in parsed(page).iter(f"{HTML}form") if form.get("action") == action]


def test_the_cookies_of_signing_in_and_out_have_their_flags(at: SignedInHouse) -> None:
    """Item 29: the inspector looks at every cookie; here are all four that there are."""
    browser = at.house.browser()
    begun = browser.post("/sign-in", {"next": "/account"})
    finished = at.signs_in("sofie", browser)
    cookie = finished.client.get_cookie("__Host-s", domain=browser.host)
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site, cookie.path) == (True, True, "Lax", "/")
    assert cookie.max_age is None
    out = browser.post("/sign-out", {"csrf_token": browser.token()})
    set_ = {
        line.partition("=")[0]: line for line in begun.headers.getlist("Set-Cookie") + out.headers.getlist("Set-Cookie")
    }
    assert set(set_) == {"__Host-b", "__Host-s", "__Host-o"}
    for line in set_.values():
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain=" not in line
    staff = at.signs_in("kari")
    assert staff.client.get_cookie("__Host-w", domain=staff.host) is not None


def test_the_callback_goes_on_at_once_and_leaves_no_trace(at: SignedInHouse) -> None:
    """Item 40: no-store, no-referrer, and away from the address that holds the code by 303."""
    for key in ("sofie", "kari"):
        browser = at.house.browser()
        callback = at.goes_to_provider(browser, key)
        answer = browser.get(callback)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
        again = browser.get(callback)
        assert again.status_code == 400
        for one in (answer, again):
            assert one.headers["Cache-Control"] == "no-store"
            assert one.headers["Referrer-Policy"] == "no-referrer"
            assert parse_qs(urlsplit(callback).query)["code"][0] not in one.get_data(as_text=True)
        at.fake.reset(at.fake.clock)


def test_signing_in_gives_a_new_value_and_ends_what_the_browser_had(at: SignedInHouse) -> None:
    """Item 28."""
    browser = at.signs_in("sofie")
    first = browser.session_cookie()
    at.signs_in("sofie", browser)
    assert browser.session_cookie() != first
    assert at.house.parts.sessions.read(SERVICE, Realm.FAMILY, first) is None


def test_a_value_from_elsewhere_is_never_taken_over(at: SignedInHouse) -> None:
    """Item 28: whoever plants a cookie knows nothing of the session that grows there."""
    browser = at.house.browser()
    browser.client.set_cookie("__Host-s", "A" * 43, domain=browser.host, secure=True)
    at.signs_in("sofie", browser)
    assert browser.session_cookie() != "A" * 43


def test_the_two_realms_never_open_each_others_pages(at: SignedInHouse) -> None:
    """Feature S3. Item 32: neither with their cookie, nor with its value under the other's name."""
    family, staff = at.signs_in("sofie"), at.signs_in("kari")
    for browser, own, other, name in (
        (family, ACCOUNT, STAFF_ACCOUNT, "__Host-w"),
        (staff, STAFF_ACCOUNT, ACCOUNT, "__Host-s"),
    ):
        assert opens(browser, own)
        assert not opens(browser, other)
        browser.client.set_cookie(name, browser.session_cookie(), domain=browser.host, secure=True)
        assert not opens(browser, other)


def test_signing_out_ends_it_here_first_and_comes_back_with_its_state(
    at: SignedInHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """Item 33."""
    caplog.set_level("INFO", OWN)
    browser = at.signs_in("sofie")
    token = browser.session_cookie()
    answer = browser.post("/sign-out", {"csrf_token": browser.token()})
    assert at.house.parts.sessions.read(SERVICE, Realm.FAMILY, token) is None
    assert answer.headers["Location"].startswith(f"{at.fake.origin}/logout?")
    state = parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]
    kept = browser.client.get_cookie("__Host-o", domain=browser.host)
    assert kept is not None
    assert kept.value != state, "the hash of the state, not the state"
    assert kept.max_age == 600
    back = browser.get(f"/signed-out?state={state}")
    assert back.status_code == 200
    assert browser.client.get_cookie("__Host-o", domain=browser.host) is None
    assert "sign_out.state" not in {line["event"] for line in lines(caplog)}


@pytest.mark.parametrize(("state", "code"), [("?state=another", "wrong"), ("", "missing")])
def test_a_wrong_state_shows_the_same_true_page_and_is_noticed(
    at: SignedInHouse, caplog: pytest.LogCaptureFixture, state: str, code: str
) -> None:
    """Item 33: signed out is signed out; and a provider that never sends anybody back changes nothing."""
    caplog.set_level("INFO", OWN)
    browser = at.signs_in("sofie")
    browser.post("/sign-out", {"csrf_token": browser.token()})
    page = browser.get(f"/signed-out{state}")
    assert page.status_code == 200
    assert words(page) == words(at.house.browser().get("/signed-out"))
    assert [line["code"] for line in lines(caplog) if line["event"] == "sign_out.state"] == [code]
    assert "another" not in str(lines(caplog))


@pytest.mark.parametrize(
    ("key", "path", "home"), [("sofie", "/signed-out", "/home"), ("kari", "/staff/signed-out", "/staff")]
)
def test_nobody_is_told_they_are_signed_out_while_they_are_not(
    at: SignedInHouse, key: str, path: str, home: str
) -> None:
    answer = at.signs_in(key).get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, home)
    assert at.house.browser().get(path).status_code == 200


@pytest.mark.parametrize("key", ["mats", "kent"])
def test_a_person_without_any_case_can_sign_out(at: SignedInHouse, key: str) -> None:
    """Item 34: from every page there is for them, this one and the one "no" included."""
    browser = at.signs_in(key)
    assert browser.get(f"/cases/{core_id(SERVICE, 'case', 'sofie')}").status_code == 404
    page = browser.get(ACCOUNT)
    answer = browser.submit(page, {}, "/sign-out")
    assert answer.headers["Location"].startswith(f"{at.fake.origin}/logout?")
    assert not opens(browser)


def test_a_person_sees_when_they_were_here_last(at: SignedInHouse) -> None:
    """So that they notice somebody else; nothing is claimed the first time."""
    first = at.signs_in("rune", english(at))
    assert "This is the first time you sign in here." in words(first.get(ACCOUNT))
    assert "Last time" not in words(first.get("/home"))
    at.house.clock.pass_(minutes=9)
    browser = at.signs_in("rune", english(at))
    page = browser.get(ACCOUNT)
    assert f"{LAST_TIME}. Was that not you?" in words(page)
    assert re.search(
        r'<time datetime="2026-\d\d-\d\dT09:00:00\+00:00">today at 10:00</time>', page.get_data(as_text=True)
    )
    assert words(browser.get("/home")).endswith(LAST_TIME)
    assert "My sign-in" in browser.get("/home").get_data(as_text=True)


def test_a_page_says_how_long_one_is_signed_in(at: SignedInHouse) -> None:
    page = words(at.signs_in("sofie", english(at)).get(ACCOUNT))
    assert "If you do nothing for 30 minutes, you are signed out." in page
    ends = at.house.clock().astimezone(at.house.parts.settings.services[SERVICE].timezone).hour + 2
    assert f"You can stay at most until: today at {ends}:" in page
    assert "others use this computer" not in page


def test_signing_out_everywhere_ends_all_of_ones_own_and_nobody_elses(at: SignedInHouse) -> None:
    here, phone, library = (at.signs_in("sofie", sid=f"sid-{number}") for number in range(3))
    at.fake.reset(at.fake.clock)
    other = at.signs_in("ingrid")
    before = at.journal("signed_out", "everywhere")
    answer = here.submit(here.get(ACCOUNT), {}, EVERYWHERE)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{at.fake.origin}/logout?"), "the provider's session ends, too"
    assert "__Host-s=;" in answer.headers.getlist("Set-Cookie")[0]
    assert [opens(browser) for browser in (here, phone, library)] == [False, False, False]
    assert opens(other)
    assert at.journal("signed_out", "everywhere") == before + 1


@pytest.mark.parametrize("path", [EVERYWHERE, "/staff/account/end", "/staff/account/end-others", "/home/open"])
def test_nobody_elses_page_ends_or_renews_anything(at: SignedInHouse, path: str) -> None:
    browser = at.signs_in("kari" if path.startswith("/staff") else "ingrid")
    token = browser.session_cookie()
    assert browser.post(path, {"csrf_token": browser.token()}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.post(path, {"csrf_token": "x"}).status_code == 403
    assert browser.session_cookie() == token


def test_a_shared_computer_is_said_at_sign_in_and_ends_after_three_minutes(at: SignedInHouse) -> None:
    """Feature S5: a shared computer. rules.md, safety 6: a checkbox that works without script."""
    asked = english(at).get("/sign-in")
    box = next(field for field in parsed(asked).iter(f"{HTML}input") if field.get("name") == "shared")
    assert (box.get("type"), box.get("checked")) == ("checkbox", None)
    assert "signed out after 3 minutes without doing anything" in words(asked)
    assert "shared" not in at.house.browser().get("/staff/sign-in").get_data(as_text=True)
    browser = at.signs_in("sofie", english(at), shared="yes")
    page = words(browser.get(ACCOUNT))
    assert "You told us that others use this computer too." in page
    assert "If you do nothing for 3 minutes, you are signed out." in page
    at.house.clock.pass_(minutes=2)
    assert opens(browser)
    at.house.clock.pass_(minutes=3)
    assert not opens(browser)


def test_a_worker_sees_and_ends_their_own_sessions(at: SignedInHouse) -> None:
    """In the order of use, this one marked; a session is named by what opens nothing."""
    first = at.signs_in("jonas", sid="staff-1")
    at.house.clock.pass_(minutes=2)
    second, here = at.signs_in("jonas", sid="staff-2"), at.signs_in("jonas", english(at), sid="staff-3")
    at.fake.reset(at.fake.clock)
    foreign = at.signs_in("kari", sid="staff-4")
    page = here.get(STAFF_ACCOUNT)
    assert words(page).count("Signed in since") == 3
    assert words(page).count("This one") == 1
    text = page.get_data(as_text=True)
    with at.house.parts.store.read() as connection:
        assert not [each for each in connection.execute(select(session.c.token_hash)).scalars() if each in text]
    handles = [form["session"] for form in forms(page, "/staff/account/end")]
    assert len(handles) == 2
    before = at.journal("session_ended", "one")
    assert here.submit(page, {"session": handles[-1]}, "/staff/account/end").status_code == 303
    assert at.journal("session_ended", "one") == before + 1
    assert [opens(browser, STAFF_ACCOUNT) for browser in (first, second, here)] == [False, True, True]
    theirs = forms(foreign.get(STAFF_ACCOUNT), "/staff/account/end")
    assert theirs == [], "somebody else's sessions are nobody's to see"
    foreign.post("/staff/account/end", {"csrf_token": foreign.token(), "session": handles[0]})
    assert opens(second, STAFF_ACCOUNT)
    here.submit(here.get(STAFF_ACCOUNT), {}, "/staff/account/end-others")
    assert [opens(browser, STAFF_ACCOUNT) for browser in (second, here, foreign)] == [False, True, True]
    assert at.journal("session_ended", "others") >= 1
    assert "You are signed in nowhere else." in words(here.get(STAFF_ACCOUNT))


def door(page: TestResponse, child: str) -> dict[str, str]:
    return next(form for form in forms(page, "/home/open") if form["case_id"] == core_id(SERVICE, "case", child))


def test_going_from_one_child_to_another_renews_the_session(at: SignedInHouse) -> None:
    """Feature S4. Item 28: the old value is dead, and what is half written in another tab can still be sent."""
    browser = at.signs_in("ingrid")
    other_tab = browser.token()
    old = browser.session_cookie()
    answer = browser.post("/home/open", door(browser.get("/home"), "emil"))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{core_id(SERVICE, 'case', 'emil')}")
    assert browser.session_cookie() != old
    assert at.house.parts.sessions.read(SERVICE, Realm.FAMILY, old) is None
    assert browser.get(answer.headers["Location"]).status_code == 200
    assert browser.post("/home/open", {"csrf_token": other_tab, "case_id": "x"}).status_code == 404


@pytest.mark.parametrize("case", ["jakob", "nobody", ""])
def test_only_doors_of_ones_own_open(at: SignedInHouse, case: str) -> None:
    browser = at.signs_in("ingrid")
    token = browser.session_cookie()
    form = {"csrf_token": browser.token(), "case_id": core_id(SERVICE, "case", case) if case else ""}
    assert browser.post("/home/open", form).status_code == 404
    assert browser.session_cookie() == token


def test_with_one_child_the_door_is_a_link(at: SignedInHouse) -> None:
    page = at.signs_in("rune").get("/home")
    assert forms(page, "/home/open") == []
    assert f"/cases/{core_id(SERVICE, 'case', 'jakob')}" in page.get_data(as_text=True)


def test_signed_out_in_another_tab_while_a_door_opens(at: SignedInHouse) -> None:
    """Item 36: nothing is left alive, and nobody meets a fault."""
    browser = at.signs_in("ingrid")
    token = browser.session_cookie()
    form = door(browser.get("/home"), "sofie")
    live = at.house.parts.sessions.read(SERVICE, Realm.FAMILY, token)
    assert isinstance(live, Session)

    def sign_out() -> None:
        with at.house.parts.store.write() as connection:
            at.house.parts.sessions.revoke(connection, live, "signed_out")

    with meanwhile(at.house, "standing", sign_out):
        answer = browser.post("/home/open", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert not opens(browser)
