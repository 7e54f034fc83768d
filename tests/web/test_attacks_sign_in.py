"""Attacks on signing in and on sessions: another person's session, a page that lies open, what was begun and left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete

from portal.demo.reference_core import core_id
from portal.domain.people import Realm
from portal.identity.session import Session
from portal.store.tables import own_code
from portal.web.cookies import BROWSER_COOKIE, SESSION_COOKIES
from portal.web.mendable import KEEP_FIELD
from tests.fakes.provider import FakeProvider, serve
from tests.inspector import Browser
from tests.web.signing import FRONT, SERVICE, SignedInHouse
from tests.web.test_passkey import let_in

CODE = "4711"
TALK = f"/cases/{core_id(SERVICE, 'case', 'sofie')}/messages"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeProvider]:
    with serve() as provider:
        yield provider


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, fake: FakeProvider) -> SignedInHouse:
    return SignedInHouse.open(tmp_path_factory.mktemp("house"), fake)


@pytest.fixture
def world(built: SignedInHouse) -> Iterator[SignedInHouse]:
    """Each test has a day of its own; nobody has a code."""
    built.begin_anew()
    yield built
    with built.house.parts.store.write() as connection:
        connection.execute(delete(own_code))


def session_of(world: SignedInHouse, browser: Browser) -> Session:
    found = world.house.parts.sessions.read(SERVICE, Realm.FAMILY, browser.session_cookie())
    assert isinstance(found, Session)
    return found


def sets_code(browser: Browser) -> None:
    page = browser.get("/account/code")
    done = browser.submit(page, {"code": "", "new_code": CODE, "again": CODE}, "/account/code")
    assert done.status_code == 303


def steps_up(world: SignedInHouse, browser: Browser, key: str) -> str:
    """Off to the provider, which knows them as somebody; where it sends the browser back to."""
    world.fake.claims = {"sid": world.sid, "sub": f"subject-{key}", "pid": world.person(key).value}
    begun = browser.post("/step-up", {"next": TALK, "csrf_token": browser.token()})
    assert begun.status_code == 303
    answer = world.fake.approve(begun.headers["Location"])
    return "/sign-in/callback?" + urlencode(dict(answer.items()))


def test_another_persons_open_session_opens_nothing_at_a_step_up(world: SignedInHouse) -> None:
    """Item 28, and R20: whoever holds a child's eID, and a session of their own, is asked for the child's code."""
    sets_code(world.signs_in("sofie"))
    own, browser = world.signs_in("thomas", sid="other"), world.signs_in("sofie", sid="later")
    assert session_of(world, browser).actor.locked
    back = steps_up(world, browser, "sofie")
    browser.client.set_cookie(SESSION_COOKIES[Realm.FAMILY], own.session_cookie(), domain=browser.host, secure=True)
    assert browser.get(back).status_code == 303
    now = session_of(world, browser)
    assert now.actor.locked, "the code was never typed"
    assert browser.get(TALK).status_code == 403


def test_a_code_set_during_a_step_up_stands_afterwards(world: SignedInHouse) -> None:
    """R20: what was open before somebody set a code elsewhere is not open after the step-up."""
    elsewhere, browser = world.signs_in("sofie"), world.signs_in("sofie", sid="later")
    back = steps_up(world, browser, "sofie")
    sets_code(elsewhere)
    assert browser.get(back).status_code == 303
    assert session_of(world, browser).actor.locked


def test_keeping_words_by_itself_does_not_prolong(world: SignedInHouse) -> None:
    """Item 30: the page keeps what is half written just before the end; nobody is there, so the end comes."""
    browser = world.signs_in("sofie")
    token = browser.token()
    ends = session_of(world, browser).idle_until_utc
    world.house.clock.now = ends - timedelta(seconds=5)
    form = {"body": "Half a", KEEP_FIELD: "1", "csrf_token": token}
    assert browser.post(TALK, form).status_code == 204
    assert session_of(world, browser).idle_until_utc == ends
    world.house.clock.pass_(seconds=6)
    assert browser.get("/timed-out").status_code == 200


def test_a_form_from_elsewhere_does_not_prolong(world: SignedInHouse) -> None:
    browser = world.signs_in("sofie")
    ends = session_of(world, browser).idle_until_utc
    world.house.clock.pass_(minutes=10)
    told = browser.post("/stay", {"csrf_token": ""}, Origin="https://evil.example", Sec_Fetch_Site="cross-site")
    assert told.status_code == 403
    assert session_of(world, browser).idle_until_utc == ends


@pytest.mark.parametrize("how", ["leave", "sign out", "everywhere"])
def test_who_leaves_leaves_nothing_begun(world: SignedInHouse, how: str) -> None:
    """A trip to the provider that was begun in this browser ends with the session."""
    browser = world.signs_in("sofie")
    back = steps_up(world, browser, "sofie")
    if how == "leave":
        browser.get("/leave")
    else:
        path = "/sign-out" if how == "sign out" else "/account/sign-out-everywhere"
        assert browser.post(path, {"csrf_token": browser.token()}).status_code == 303
    assert browser.client.get_cookie(BROWSER_COOKIE, domain=browser.host) is None
    assert browser.get(back).status_code == 400
    assert world.live() == 0


def test_a_way_in_that_was_begun_ends_with_leaving(world: SignedInHouse) -> None:
    """Whoever holds the phone next finds neither the child's words nor where to choose its PIN."""
    browser = let_in(world.house, own_device=False)
    assert browser.get("/way-in/pin").status_code == 200
    browser.get("/leave")
    assert browser.get("/way-in/pin").headers["Location"] == "/way-in"
    assert browser.post("/way-in/other-words", {}).status_code == 422


@pytest.mark.parametrize("path", ["/way-in", "/way-in/words", "/way-in/passkey", "/sign-in", "/account/code", "/stay"])
@pytest.mark.parametrize("who", [None, "sofie"])
def test_too_much_in_a_small_form_is_no_fault(world: SignedInHouse, path: str, who: str | None) -> None:
    browser = world.house.browser() if who is None else world.house.signed_in(who)
    assert browser.post(path, {"csrf_token": "x", "code": "7" * 100_000}).status_code == 413


@pytest.mark.parametrize("sid", ["%00", "a%00b", "%ed%a0%80", "%ff", "x" * 300])
def test_odd_bytes_in_a_frame_are_no_fault(world: SignedInHouse, sid: str) -> None:
    browser = world.house.browser()
    assert browser.get(f"{FRONT}?iss={world.fake.origin}&sid={sid}").status_code == 200


@pytest.mark.parametrize("claim", ["sub", "sid"])
@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud800", "", "x" * 256])
def test_odd_bytes_in_a_token_are_refused(world: SignedInHouse, claim: str, value: str) -> None:
    """A provider that lies gets no fault out of us, and no session."""
    browser = world.house.browser()
    world.fake.claims = {claim: value}
    begun = browser.post("/sign-in", {"next": "/account"})
    answer = world.fake.approve(begun.headers["Location"])
    back = browser.get("/sign-in/callback?" + urlencode(dict(answer.items())))
    assert back.status_code in ({400} if claim == "sub" else {303, 400})
