"""Rate limits as people meet them: a calm page that says when; reading goes on, and help never meets one."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from portal.demo.reference_core import core_id
from portal.domain.people import Realm
from portal.identity.limits import CODE_TRY, CODE_WRONG, READING, SIGN_IN_START, Limiter, LimitsUnavailable, TooOften
from portal.identity.session import Session
from portal.web import limits
from portal.web.parts import EXTENSION
from portal.web.visit import Visit
from tests.fakes.limits import MoodyStorage
from tests.house import House, build
from tests.inspector import Browser, parsed, text_of

CASE = core_id("fjordvik", "case", "sofie")
HERE = "127.0.0.1"
OFTEN = 1000


@pytest.fixture(scope="module")
def storage() -> MoodyStorage:
    return MoodyStorage()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, storage: MoodyStorage) -> House:
    """A portal whose store of limits has moods."""
    house = build(tmp_path_factory.mktemp("house"))
    house.parts = replace(house.parts, limiter=Limiter(storage, b"k" * 32, house.clock))
    house.app.extensions[EXTENSION] = house.parts
    return house


@pytest.fixture(autouse=True)
def next_day(house: House, storage: MoodyStorage) -> None:
    """Each test begins with empty counters."""
    storage.mood = "well"
    house.clock.now = house.clock.now.replace(hour=9, minute=0, second=0) + timedelta(days=1)


def fill(house: House, who: str = HERE) -> None:
    for _ in range(SIGN_IN_START.most):
        house.parts.limiter.count(SIGN_IN_START, "fjordvik", who)


def press_sign_in(browser: Browser, **headers: str) -> TestResponse:
    return browser.post("/sign-in", {"next": "/home"}, **headers)


@pytest.mark.parametrize("language", ["nb", "en", "ar"])
@pytest.mark.parametrize("path", ["/sign-in", "/staff/sign-in"])
def test_who_signs_in_too_often_is_told_when_to_come_back(house: House, path: str, language: str) -> None:
    """One address has begun far more often than a school would; the page is calm and leaves every way to help open."""
    house.clock.pass_(seconds=80)
    fill(house)
    answer = house.browser(language=language).post(path, {"next": "/home"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == str(300 - 80)
    page = parsed(answer)
    assert "4" in text_of(page)
    links = {link.get("href") for link in page.iter("{http://www.w3.org/1999/xhtml}a")}
    assert {"/help", "/leave"} <= {str(link).removeprefix(f"/{language}") for link in links}
    assert "/ask-for-help" not in str(links), "it would ask to sign in, which has to wait"
    assert any(str(link).startswith("tel:") for link in links)


def test_another_address_and_another_service_sign_in_meanwhile(house: House) -> None:
    fill(house)
    assert press_sign_in(house.browser()).status_code == 429
    assert press_sign_in(house.browser("lillevik")).status_code != 429
    fill(house, "203.0.113.7")
    house.clock.pass_(minutes=5)
    assert press_sign_in(house.browser()).status_code != 429


def test_the_page_is_the_same_for_everybody(house: House, storage: MoodyStorage) -> None:
    """Signed in or not, child or adult: it tells nobody anything about anybody."""
    storage.mood = "full"
    people = [house.signed_in(who) for who in ("sofie", "ingrid", "rune")]
    pages = {browser.get("/home").data for browser in people}
    assert len(pages) == 1
    assert b"/ask-for-help" in pages.pop()
    assert house.browser().get("/home").data != people[0].get("/home").data, "or the test is blind"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/callback?code=c&state=s", "/staff/sign-in/callback"])
def test_signing_in_waits_while_nothing_can_be_counted(house: House, storage: MoodyStorage, path: str) -> None:
    storage.mood = "dead"
    browser = house.browser()
    answer = press_sign_in(browser) if path == "/sign-in" else browser.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
    assert "tel:" in answer.get_data(as_text=True)
    storage.mood = "well"
    assert press_sign_in(browser).headers.get("Retry-After") != "20"


def test_a_step_up_is_counted_with_the_sign_ins(house: House) -> None:
    browser = house.signed_in("sofie")
    token = browser.token()
    fill(house)
    assert browser.post("/step-up", {"next": "/home", "csrf_token": token}).status_code == 429


def test_one_session_reads_much_and_a_copying_machine_waits(house: House) -> None:
    browser = house.signed_in("sofie")
    for _ in range(READING.most - 1):
        house.parts.limiter.count(READING, "fjordvik", session_of(house, browser).token_hash)
    assert browser.get(f"/cases/{CASE}").status_code == 200
    assert browser.get(f"/cases/{CASE}").status_code == 429
    assert browser.get(f"/cases/{CASE}/messages/new").status_code == 200, "writing is not reading"
    assert house.signed_in("sofie").get(f"/cases/{CASE}").status_code == 200, "another session"
    live = browser.get(f"/cases/{CASE}/messages/news?after=0")
    assert (live.status_code, live.data) == (429, b""), "an open page is not replaced"
    house.clock.pass_(minutes=1)
    assert browser.get(f"/cases/{CASE}").status_code == 200


def test_somebody_elses_case_and_none_at_all_meet_the_same_limit(house: House, storage: MoodyStorage) -> None:
    """The page comes before any fact is asked for, so it tells of no case."""
    browser = house.signed_in("rune")
    storage.mood = "full"
    foreign, none = browser.get(f"/cases/{CASE}"), browser.get(f"/cases/{uuid.uuid4()}")
    assert foreign.status_code == none.status_code == 429
    assert foreign.data == none.data


def test_reading_ones_own_case_goes_on_without_the_store(house: House, storage: MoodyStorage) -> None:
    storage.mood = "dead"
    browser = house.signed_in("sofie")
    for path in (f"/cases/{CASE}", f"/cases/{CASE}/plan", f"/cases/{CASE}/messages", "/sent"):
        assert browser.get(path).status_code == 200, path


def test_help_is_never_limited(house: House, storage: MoodyStorage) -> None:
    """A thousand times, with a store that is dead or full: asked for, and the numbers, and the way out."""
    browser = house.signed_in("sofie")
    form = {"who": "child", "csrf_token": browser.token()}
    headers = {"Origin": browser.origin, "Sec-Fetch-Site": "same-origin"}
    asked = storage.asked
    for number in range(OFTEN):
        storage.mood = ("dead", "full")[number % 2]
        answer = browser.client.post("/ask-for-help", base_url=browser.base_url, data=form, headers=headers)
        assert answer.status_code == 303
    nobody = house.browser()
    for mood in ("dead", "full"):
        storage.mood = mood
        for path in ("/ask-for-help", "/help", "/", "/privacy", "/sent"):
            assert {browser.get(path).status_code for _ in range(10)} == {200}, path
        assert {nobody.get("/help").status_code for _ in range(10)} == {200}
        assert {nobody.get("/leave").status_code for _ in range(10)} == {303}
    assert browser.get("/leave").status_code == 303
    assert storage.asked == asked, "help asks no limiter at all"


def visit(house: House) -> Visit:
    service = house.parts.settings.services["fjordvik"]
    return Visit(house.parts, service, "nb", house.clock(), None, {}, None)  # type: ignore[arg-type]  # no grant is looked at


def test_guessed_codes_slow_down_everybodys_next_try_for_a_minute(house: House, storage: MoodyStorage) -> None:
    with house.app.test_request_context("/"):
        for _ in range(CODE_WRONG.most):
            limits.code_is_tried(visit(house))
            limits.code_was_wrong(visit(house))
    with house.app.test_request_context("/", environ_base={"REMOTE_ADDR": "203.0.113.9"}):
        with pytest.raises(TooOften) as stopped:
            limits.code_is_tried(visit(house))
        assert stopped.value.wait <= timedelta(minutes=1)
        house.clock.pass_(minutes=1)
        limits.code_is_tried(visit(house))
        storage.mood = "dead"
        with pytest.raises(LimitsUnavailable):
            limits.code_is_tried(visit(house))


def test_one_address_tries_so_many_codes_and_no_more(house: House) -> None:
    with house.app.test_request_context("/", environ_base={"REMOTE_ADDR": HERE}):
        for _ in range(CODE_TRY.most):
            limits.code_is_tried(visit(house))
        with pytest.raises(TooOften):
            limits.code_is_tried(visit(house))


@pytest.mark.parametrize(
    ("trusted", "forwarded", "counted"),
    [
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 7.7.7.7, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.7"),
        (1, "", "203.0.113.7"),
        (1, "2001:db8:1:2:aaaa::1", "20010db800010002/64"),
        (1, "2001:db8:1:2:bbbb::2", "20010db800010002/64"),
        (1, "2001:db8:1:3::1", "20010db800010003/64"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "198.51.100.1:50123", "198.51.100.1"),
        (1, "[2001:db8:1:2:aaaa::1]:50123", "20010db800010002/64"),
        (1, "unknown", "unknown"),
    ],
)
def test_an_invented_sender_does_not_help(house: House, trusted: int, forwarded: str, counted: str) -> None:
    """Only what our own proxies wrote is believed, counted from the nearest."""
    found: list[str] = []

    def application(environ: dict[str, str], _start: object) -> list[bytes]:
        with house.app.request_context(environ):
            found.append(limits.address())
        return []

    environ = house.app.test_request_context(
        "/", headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": "203.0.113.7"}
    ).request.environ
    limits.behind_proxies(application, trusted)(environ, lambda *_: lambda _: None)
    assert found == [counted]


def session_of(house: House, browser: Browser) -> Session:
    session = house.parts.sessions.read("fjordvik", Realm.FAMILY, browser.session_cookie())
    assert isinstance(session, Session)
    return session
