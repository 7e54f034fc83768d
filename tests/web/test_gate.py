"""What every request meets: origin and token, signing out and leaving, expired sessions, headers, sizes."""

from __future__ import annotations

import gzip
import re

import pytest

from portal.demo.reference_core import core_id
from portal.domain.people import Realm
from tests.house import House
from tests.inspector import HTML, parsed, text_of

CASE = core_id("fjordvik", "case", "sofie")
MESSAGES = f"/cases/{CASE}/messages"
MOST_BYTES = 12_000


def sent_by(house: House, key: str) -> int:
    browser = house.signed_in(key)
    return browser.get("/sent").get_data(as_text=True).count("/sent/")


def test_a_form_from_another_site_is_refused_and_nothing_is_kept(house: House) -> None:
    browser = house.signed_in("sofie")
    form = {"body": "Hei", "submission_id": "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8f0001", "csrf_token": browser.token()}
    before = sent_by(house, "sofie")
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ):
        assert browser.post(MESSAGES, form, **headers).status_code == 403
    answer = browser.client.post(MESSAGES, base_url=browser.base_url, data=form)
    assert answer.status_code == 403, "neither Sec-Fetch-Site nor Origin"
    answer = browser.client.post(
        MESSAGES, base_url=browser.base_url, data=form, headers={"Origin": "http://localhost:8000.evil.example"}
    )
    assert answer.status_code == 403
    assert sent_by(house, "sofie") == before


@pytest.mark.parametrize("token", ["", "x", "A" * 86, None])
def test_a_form_without_the_token_of_its_session_is_refused(house: House, token: str | None) -> None:
    browser = house.signed_in("sofie")
    foreign = house.signed_in("ingrid").token() if token is None else token
    form = {"body": "Hei", "submission_id": "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8f0002", "csrf_token": foreign}
    assert browser.post(MESSAGES, form).status_code == 403


def test_the_token_is_masked_anew_each_time(house: House) -> None:
    browser = house.signed_in("sofie")
    assert browser.token() != browser.token()


def test_an_old_browser_without_fetch_metadata_is_let_in_by_its_exact_origin(house: House) -> None:
    browser = house.signed_in("sofie")
    form = {"body": "", "submission_id": "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8f0003", "csrf_token": browser.token()}
    answer = browser.client.post(MESSAGES, base_url=browser.base_url, data=form, headers={"Origin": browser.origin})
    assert answer.status_code == 422


def test_leaving_ends_the_session_on_the_server(house: House) -> None:
    browser = house.signed_in("sofie")
    token = browser.session_cookie()
    answer = browser.get("/leave")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "https://www.yr.no/"
    assert house.parts.sessions.read("fjordvik", Realm.FAMILY, token) is None
    assert browser.get("/home").headers["Location"].startswith("/sign-in")


def test_another_site_cannot_sign_anybody_out(house: House) -> None:
    browser = house.signed_in("sofie")
    browser.get("/leave", **{"Sec-Fetch-Site": "cross-site"})
    assert house.parts.sessions.read("fjordvik", Realm.FAMILY, browser.session_cookie()) is not None


def test_leaving_without_a_session_leads_out_all_the_same(house: House) -> None:
    assert house.browser().get("/leave").headers["Location"] == "https://www.yr.no/"


def test_what_was_written_when_the_session_ran_out_is_there_after_signing_in_again(house: House) -> None:
    browser = house.signed_in("jakob")
    path = f"/cases/{core_id('fjordvik', 'case', 'jakob')}/messages"
    token = browser.token()
    house.clock.pass_(minutes=31)
    form = {"body": "Et langt brev", "submission_id": "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8f0004", "csrf_token": token}
    answer = browser.post(path, form)
    assert answer.status_code == 401
    assert "Et langt brev" not in answer.get_data(as_text=True)
    assert "Et langt brev" in house.signed_in("jakob").get(path).get_data(as_text=True)
    assert "Et langt brev" not in house.signed_in("anne").get(path).get_data(as_text=True)
    again = browser.post(path, form | {"body": "En gang til"})
    assert again.status_code == 401
    assert "En gang til" not in house.signed_in("jakob").get(path).get_data(as_text=True), "the right is used once"


def test_a_session_that_was_ended_keeps_nothing(house: House) -> None:
    browser = house.signed_in("leila")
    case = core_id("fjordvik", "case", "leila")
    token = browser.token()
    cookie = browser.session_cookie()
    browser.get("/leave")
    browser.client.set_cookie("__Host-s", cookie, domain=browser.host, secure=True)
    form = {"body": "Etterpå", "submission_id": "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8f0005", "csrf_token": token}
    browser.post(f"/cases/{case}/messages", form)
    assert "Etterpå" not in house.signed_in("leila").get(f"/cases/{case}/messages").get_data(as_text=True)


def test_polling_does_not_extend_a_session(house: House) -> None:
    browser = house.signed_in("sofie")
    for _ in range(4):
        house.clock.pass_(minutes=8)
        browser.get(f"{MESSAGES}/news?after=x")
    assert browser.get(MESSAGES).status_code == 303


def test_a_person_without_any_case_has_a_home_and_can_sign_out(house: House) -> None:
    browser = house.signed_in("mats")
    page = browser.get("/home")
    assert page.status_code == 200
    assert "/ask-for-help" in page.get_data(as_text=True)
    answer = browser.post("/sign-out", {"csrf_token": browser.token()})
    assert answer.status_code == 303
    assert browser.get("/home").status_code == 303


def test_signing_out_clears_the_session_even_when_the_provider_is_down(house: House) -> None:
    browser = house.signed_in("thomas")
    token = browser.session_cookie()
    answer = browser.post("/sign-out", {"csrf_token": browser.token()})
    assert answer.headers["Location"].endswith("/signed-out")
    assert house.parts.sessions.read("fjordvik", Realm.FAMILY, token) is None


def test_signing_in_while_the_provider_is_down_says_so(house: House) -> None:
    answer = house.browser().post("/sign-in", {"next": "/home"})
    assert answer.status_code == 503
    assert "tel:116111" in answer.get_data(as_text=True)


def test_an_odd_callback_is_a_calm_page_not_a_fault(house: House) -> None:
    for query in ("", "?state=x", "?state=x&state=y&code=z", "?error=access_denied&state=x", "?code=" + "a" * 5000):
        answer = house.browser().get(f"/sign-in/callback{query}")
        assert answer.status_code == 400
        assert "access_denied" not in answer.get_data(as_text=True)


ELSEWHERE = ["https://evil.example", "//evil.example", "/\\evil.example", "/sign-out", "x" * 900]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_after_signing_in_nobody_is_led_elsewhere(house: House, wanted: str) -> None:
    page = house.browser().get(f"/sign-in?next={wanted}")
    fields = [field.get("value") for field in parsed(page).iter(f"{HTML}input") if field.get("name") == "next"]
    assert fields == ["/home"]


def test_the_first_page_is_small_and_comes_in_two_requests(house: House) -> None:
    browser = house.browser()
    page = browser.client.get("/", base_url=browser.base_url, headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.data).decode()
    linked = [asset for asset in re.findall(r'(?:src|href)="([^"]+)"', html) if asset.startswith("/static/")]
    assert len(linked) == 1
    script = browser.client.get(linked[0], base_url=browser.base_url, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in script.headers["Cache-Control"]
    assert len(page.data) + len(script.data) <= MOST_BYTES


def test_the_language_is_in_the_path_and_stays_on_every_link(house: House) -> None:
    page = parsed(house.browser(language="nb").get("/en/"))
    assert page.get("lang") == "en"
    inside = [a.get("href") or "" for a in page.iter(f"{HTML}a") if (a.get("href") or "").startswith("/")]
    chooser = {"/nb/", "/en/"}
    assert inside
    assert all(link.startswith("/en") for link in inside if link not in chooser)
    assert parsed(house.browser(language="fr").get("/")).get("lang") == "nb"


def test_health_answers(house: House) -> None:
    assert house.browser().get("/health").get_data(as_text=True) == "ok\n"


def test_numbers_stand_on_every_public_page(house: House) -> None:
    for path in ("/", "/help", "/privacy", "/accessibility", "/sign-in", "/signed-out", "/nowhere"):
        page = house.browser().get(path)
        assert "116 111" in text_of(parsed(page)), path


def test_a_static_file_that_is_not_there_is_the_one_no(house: House) -> None:
    assert house.browser().get("/static/../settings.py").status_code == 404
    assert house.browser().get("/static/portal.css").status_code == 404
