"""What a provider says by itself: by its server, or by a frame in its page. Whoever cannot prove it ends nothing."""

from __future__ import annotations

import json
import re

import pytest

from portal.demo.reference_core import core_id
from portal.domain.people import Realm
from portal.identity.session import Session
from portal.logs import OWN, LineFormatter
from portal.web.rule import GatedRule
from tests.fakes.provider import REMOVED, provider_key
from tests.inspector import HTML, hidden_fields, parsed
from tests.web.signing import BACK, FRONT, SERVICE, SignedInHouse, meanwhile

STAFF_BACK, STAFF_FRONT = "/staff" + BACK, "/staff" + FRONT


def test_a_sign_out_elsewhere_ends_the_session_here(at: SignedInHouse) -> None:
    """Items 35 and 38: the order needs no cookie and sets none, and says nothing but that it was taken."""
    browser = at.signs_in("sofie")
    at.signs_in("sofie", sid="another")
    before = at.journal("session_ended", "provider")
    answer = at.back_channel(at.order())
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/account").status_code == 303
    assert at.live() == 1
    assert at.journal("session_ended", "provider") == before + 1


def test_the_same_order_again_is_carried_out_already(at: SignedInHouse) -> None:
    """Item 35: idempotent, whether the provider repeats itself or orders anew."""
    at.signs_in("sofie")
    order = at.order()
    assert [at.back_channel(order).status_code for _ in range(2)] == [200, 200]
    assert at.back_channel(at.order(jti="anew")).status_code == 200
    assert at.live() == 0


def test_staff_and_families_have_their_own_doors(at: SignedInHouse) -> None:
    """Item 32: an order for one realm's provider is judged by that provider's profile."""
    at.signs_in("kari")
    assert at.back_channel(at.order(), STAFF_BACK).status_code == 200
    assert at.live() == 0


@pytest.mark.parametrize(
    "changes",
    [{"aud": "another"}, {"iss": "https://evil.example"}, {"nonce": "n"}, {"events": {}}, {"sid": REMOVED}, {"iat": 0}],
    ids=str,
)
def test_what_is_no_order_is_refused_and_ends_nothing(at: SignedInHouse, changes: dict[str, object]) -> None:
    """Item 35: 400 in JSON, never a page; tests/unit/identity/test_identity_logout.py has the other cases."""
    at.signs_in("sofie")
    answer = at.back_channel(at.order(**changes))
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert at.live() == 1


def test_an_order_of_somebody_else_twice_or_none_at_all(at: SignedInHouse) -> None:
    """Item 35."""
    at.signs_in("sofie")
    honest, at.fake.signing = at.fake.signing, provider_key("thief")
    forged = at.order()
    at.fake.signing = honest
    caller = at.house.browser()
    for form in ({"logout_token": forged}, {}, {"logout_token": ""}, {"logout_token": [at.order(), at.order()]}):
        assert caller.client.post(BACK, base_url=caller.base_url, data=form).status_code == 400
    assert caller.client.get(BACK, base_url=caller.base_url).status_code == 404
    assert at.live() == 1


def test_nothing_of_an_order_or_a_frame_is_in_the_log(at: SignedInHouse, caplog: pytest.LogCaptureFixture) -> None:
    """Items 39, 35 and 37: the `sub` of a real one is a person number."""
    caplog.set_level("DEBUG")
    at.signs_in("sofie")
    caplog.clear()
    orders = [at.order(), at.order(aud="another")]
    for order in orders:
        at.back_channel(order)
    at.house.browser().get(f"{FRONT}?iss={at.fake.origin}&sid={at.sid}")
    lines = [json.loads(LineFormatter().format(record)) for record in caplog.records if record.name.startswith(OWN)]
    assert [(line["event"], line["kind"]) for line in lines] == [
        ("sign_out.ordered", "back_channel"),
        ("sign_out.order_refused", "back_channel"),
        ("sign_out.ordered", "front_channel"),
    ]
    for secret in (at.sid, "subject-sofie", *orders, *(order.split(".")[1] for order in orders)):
        assert secret not in str(lines)
        assert secret not in caplog.text


def test_ordered_while_the_callback_is_under_way(at: SignedInHouse) -> None:
    """Item 36: the provider's answer was good, and yet nothing grows from it."""
    browser = at.house.browser()
    callback = at.goes_to_provider(browser, "sofie")
    with meanwhile(at.house, "resolve_person", lambda: at.back_channel(at.order())):
        answer = browser.get(callback)
    assert answer.status_code == 403
    assert browser.client.get_cookie("__Host-s", domain=browser.host) is None
    assert at.live() == 0


def test_ordered_for_the_person_while_the_callback_is_under_way(at: SignedInHouse) -> None:
    """Item 36, where the provider names the person and no session."""
    at.rules(back_channel_match="sub")
    at.fake.claims = {"sid": REMOVED}
    browser = at.house.browser()
    callback = at.goes_to_provider(browser, "sofie")
    with meanwhile(at.house, "resolve_person", lambda: at.back_channel(at.order(sid=REMOVED))):
        answer = browser.get(callback)
    assert answer.status_code == 403
    assert at.live() == 0


def test_ordered_before_the_callback(at: SignedInHouse) -> None:
    """Item 36."""
    browser = at.house.browser()
    callback = at.goes_to_provider(browser, "sofie")
    assert at.back_channel(at.order()).status_code == 200
    assert browser.get(callback).status_code == 403
    assert at.live() == 0


def test_ordered_while_a_request_renews_the_session(at: SignedInHouse) -> None:
    """Item 36: the request had been let in already."""
    browser = at.signs_in("ingrid")
    home = browser.get("/home")
    emil = core_id(SERVICE, "case", "emil")
    form = next(
        fields for fields in map(hidden_fields, parsed(home).iter(f"{HTML}form")) if fields.get("case_id") == emil
    )
    with meanwhile(at.house, "standing", lambda: at.back_channel(at.order())):
        answer = browser.post("/home/open", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert at.live() == 0


def test_ordered_after_a_request_has_renewed_the_session(at: SignedInHouse) -> None:
    """Item 36: the new value is the same session."""
    browser = at.signs_in("ingrid")
    browser.post("/home/open", {"csrf_token": browser.token(), "case_id": core_id(SERVICE, "case", "emil")})
    assert browser.get("/account").status_code == 200
    at.back_channel(at.order())
    assert at.live() == 0


@pytest.mark.parametrize(("path", "key"), [(FRONT, "sofie"), (STAFF_FRONT, "kari")])
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_frame_in_the_providers_page_ends_the_session(at: SignedInHouse, path: str, key: str, slash: str) -> None:
    """Item 37: without a cookie, since a frame of another site brings none."""
    at.signs_in(key)
    at.signs_in(key, sid="another")
    before = at.journal("session_ended", "provider")
    answer = at.house.browser().get(f"{path}?iss={at.fake.origin}{slash}&sid={at.sid}")
    assert answer.status_code == 200
    assert len(answer.data) < 50
    assert "Set-Cookie" not in answer.headers
    assert at.live() == 1
    assert at.journal("session_ended", "provider") == before + 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?iss={iss}",
        "?sid={sid}",
        "?iss={iss}&sid=x",
        "?iss={iss}&sid=",
        "?iss=https://evil.example&sid={sid}",
        "?iss={iss}&sid={sid}&sid=x",
        "?iss={iss}&iss={iss}&sid={sid}",
    ],
)
def test_whoever_does_not_know_the_session_cannot_sign_anybody_out(at: SignedInHouse, query: str) -> None:
    """Item 37: not even in the person's own browser, and the answer tells nothing."""
    browser = at.signs_in("sofie")
    before = at.journal("session_ended", "provider")
    answer = browser.get(FRONT + query.format(iss=at.fake.origin, sid=at.sid))
    there = at.house.browser().get(f"{FRONT}?iss={at.fake.origin}&sid=unknown")
    assert (answer.status_code, answer.data) == (200, there.data)
    assert browser.get("/account").status_code == 200
    assert at.journal("session_ended", "provider") == before


def test_a_profile_without_the_front_channel_has_none(at: SignedInHouse) -> None:
    """Item 37."""
    at.rules(front_channel="none")
    at.signs_in("sofie")
    at.house.browser().get(f"{FRONT}?iss={at.fake.origin}&sid={at.sid}")
    assert at.live() == 1


def test_only_the_provider_may_frame_it_and_nobody_anything_else(at: SignedInHouse) -> None:
    """Item 37: on this route alone."""
    browser = at.signs_in("sofie")
    for path in (FRONT, STAFF_FRONT):
        headers = browser.get(path).headers
        assert f"frame-ancestors {at.fake.origin};" in headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in headers
    for path in ("/", "/account", "/sign-in", "/signed-out", "/sign-in/callback", BACK, "/nothing"):
        assert "frame-ancestors 'none';" in browser.get(path).headers["Content-Security-Policy"], path


TOUCH_SESSIONS = frozenset(
    {
        "account.callback",
        "account.staff_callback",
        "account_channels.front_channel",
        "account_channels.staff_front_channel",
        "public.leave",
    }
)
"""house.md: the closed list of what may touch session state when it is only asked for."""


def test_no_other_address_touches_a_session_when_it_is_asked_for(at: SignedInHouse) -> None:
    """house.md, "GET changes no case, submission, draft or setting"."""
    rules = [rule for rule in at.house.app.url_map.iter_rules() if isinstance(rule, GatedRule)]
    asked = [rule for rule in rules if "GET" in (rule.methods or ())]
    assert {rule.endpoint for rule in asked} >= TOUCH_SESSIONS
    for key, realm in (("ingrid", Realm.FAMILY), ("kari", Realm.STAFF)):
        browser = at.signs_in(key, sid=at.sid)
        token = browser.session_cookie()
        live = at.house.parts.sessions.read(SERVICE, realm, token)
        for rule in asked:
            if rule.endpoint in TOUCH_SESSIONS:
                continue
            path = re.sub(r"<uuid:case_id>", core_id(SERVICE, "case", "sofie"), rule.rule)
            path = re.sub(r"<[^>]+>", "00000000-0000-4000-8000-000000000000", path)
            answer = browser.client.get(f"{path}?iss={at.fake.origin}&sid={at.sid}", base_url=browser.base_url)
            assert not [one for one in answer.headers.getlist("Set-Cookie") if "__Host-s" in one], path
            assert at.house.parts.sessions.read(SERVICE, realm, token) == live, path
        assert isinstance(live, Session)
