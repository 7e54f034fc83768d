"""Attacks on the gate: odd requests, forms that outlive their session, and what one "no" could give away."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.demo.reference_core import core_id
from portal.domain.people import Realm
from tests.house import House
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of

SOFIE = core_id("fjordvik", "case", "sofie")
JAKOB = core_id("fjordvik", "case", "jakob")
MIA = core_id("fjordvik", "case", "mia")
OSKAR = core_id("lillevik", "case", "oskar")
URLENCODED = "application/x-www-form-urlencoded"


def bytes_of(answer: TestResponse) -> tuple[str, tuple[tuple[str, str], ...], bytes]:
    """Everything a viewer gets of an answer but the date, headers in their order."""
    return answer.status, tuple((name, value) for name, value in answer.headers if name != "Date"), answer.data


def raw(browser: Browser, method: str, path: str, **options: Any) -> TestResponse:
    """A request as curl makes it, with the browser's cookies and the headers of our own page."""
    headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "nb"} | options.pop("headers", {})
    return browser.client.open(path, method=method, base_url=browser.base_url, headers=headers, **options)


# Sessions that ran out


def test_whoever_waited_too_long_can_sign_in_again(house: House) -> None:
    browser = house.signed_in("sofie")
    house.clock.pass_(minutes=31)
    asked = browser.get(f"/cases/{SOFIE}")
    page = browser.get(asked.headers["Location"])
    # The provider is down in this house: its own page proves that the form was taken
    assert browser.submit(page, {}).status_code == 503


def test_a_sign_in_page_that_lay_open_in_another_tab_still_works(house: House) -> None:
    page = house.browser().get("/sign-in")
    assert house.signed_in("sofie").submit(page, {}).status_code == 503


@pytest.mark.parametrize("minutes", [0, 31])
def test_signing_out_twice_or_too_late_is_signing_out(house: House, minutes: int) -> None:
    browser = house.signed_in("anne")
    token, cookie = browser.token(), browser.session_cookie()
    house.clock.pass_(minutes=minutes)
    for _ in range(2):
        answer = browser.post("/sign-out", {"csrf_token": token})
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith("/signed-out")
        assert "cache" in answer.headers["Clear-Site-Data"]
    assert house.parts.sessions.read("fjordvik", Realm.FAMILY, cookie) is None, "not even a draft can be kept with it"


def test_leaving_ends_what_is_left_of_a_session_that_ran_out(house: House) -> None:
    browser = house.signed_in("anne")
    cookie = browser.session_cookie()
    house.clock.pass_(minutes=31)
    browser.get("/leave")
    assert house.parts.sessions.read("fjordvik", Realm.FAMILY, cookie) is None


# Bodies nobody's form sends


def test_far_too_much_is_a_page_that_says_so_whatever_is_posted_where(house: House) -> None:
    browser = house.signed_in("sofie")
    token = browser.token().encode()
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n' % each for each in range(1500))
    bodies = [
        ("/sign-out", URLENCODED, b"a=" + b"1" * 70_000),
        ("/sign-in", URLENCODED, b"next=" + b"1" * 70_000),
        (f"/cases/{SOFIE}/messages", URLENCODED, b"body=" + b"1" * 34_000_000),
        (f"/cases/{SOFIE}/messages", "multipart/form-data; boundary=x", parts + b"--x--\r\n"),
    ]
    for path, content_type, body in bodies:
        data = body if content_type != URLENCODED else b"csrf_token=" + token + b"&" + body
        answer = browser.inspected(raw(browser, "POST", path, data=data, content_type=content_type))
        assert answer.status_code == 413, path
        assert "tel:116111" in answer.get_data(as_text=True), path


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"csrf_token": "%s", "body": "Hei"}'),
        ("text/plain", b"csrf_token=%s&body=Hei"),
        ("multipart/form-data", b"csrf_token=%s"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n%s\r\n'),
        (URLENCODED, b"csrf_token=x&csrf_token=%s&body=Hei"),
        (URLENCODED, b""),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_refused(house: House, content_type: str, body: bytes) -> None:
    browser = house.signed_in("sofie")
    data = body % browser.token().encode() if b"%s" in body else body
    assert raw(browser, "POST", f"/cases/{SOFIE}/messages", data=data, content_type=content_type).status_code == 403


# One "no"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "FOO"])
def test_a_father_with_curl_gets_one_no_to_the_last_byte(house: House, method: str, encoding: str) -> None:
    browser = house.signed_in("rune")
    token = browser.token()
    nothing = str(uuid.uuid4())
    answers = {
        bytes_of(raw(browser, method, path, headers={"Accept-Encoding": encoding}, data={"csrf_token": token}))
        for path in (
            f"/cases/{nothing}/messages",
            f"/cases/{SOFIE}/messages",
            f"/cases/{MIA}/messages",
            f"/cases/{OSKAR}/messages",
            f"/cases/{SOFIE.upper()}/messages",
            f"/cases/{SOFIE}/messages/",
            f"/cases/{SOFIE}%2Fmessages",
            f"/cases//{SOFIE}/messages",
            f"//cases/{SOFIE}/messages",
            f"/cases/{JAKOB}/../{SOFIE}/messages",
            f"/asked/{nothing}",
            "/cases/%00/messages",
            "/cases/%ff%fe",
            "/" + "x/" * 4000,
        )
    }
    assert len(answers) == 1
    ((status, headers, _),) = answers
    assert status.startswith("404")
    assert not {"Allow", "Set-Cookie", "Location", "ETag"} & {name for name, _ in headers}


@pytest.mark.parametrize(
    "host",
    ["localhost:8000.", "localhost", "evil.example", "localhost:8000@evil.example", "localhost:8000, evil.example", ""],
)
def test_a_host_that_is_not_ours_opens_nothing(house: House, host: str) -> None:
    answer = raw(house.signed_in("sofie"), "GET", f"/cases/{SOFIE}", headers={"Host": host})
    assert answer.status_code == 404
    assert "evil.example" not in answer.get_data(as_text=True)


def test_a_proxy_header_anybody_can_send_moves_nobody(house: House) -> None:
    told = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil.example", "X-Original-URL": "/health"}
    answer = raw(house.browser(), "GET", f"/cases/{SOFIE}", headers=told)
    assert answer.headers["Location"] == f"/sign-in?next=/cases/{SOFIE}"


def test_a_cookie_opens_one_service_and_one_realm(house: House) -> None:
    cookie = house.signed_in("sofie").session_cookie()
    staff = house.signed_in("kari").session_cookie()
    for service, name, value, path in (
        ("lillevik", "__Host-s", cookie, "/home"),
        ("fjordvik", "__Host-w", cookie, "/staff"),
        ("fjordvik", "__Host-s", staff, "/home"),
        ("fjordvik", "__Host-s", "x" * 43, "/home"),
        ("fjordvik", "__Host-s", "\u00e6" * 43, "/home"),
    ):
        browser = house.browser(service)
        browser.client.set_cookie(name, value, domain=browser.host, secure=True)
        assert "/sign-in" in browser.get(path).headers["Location"], (service, name)


# Somebody else's words


def test_a_form_that_lay_open_while_somebody_else_signed_in_is_not_taken_as_theirs(house: House) -> None:
    browser = house.signed_in("sofie")
    page = browser.get(f"/cases/{SOFIE}/messages")
    browser.get("/leave")
    browser.client.set_cookie("__Host-s", house.signed_in("ingrid").session_cookie(), domain=browser.host, secure=True)
    answer = browser.submit(page, {"body": "Skrevet av Sofie"})
    assert answer.status_code == 403
    assert "Skrevet av Sofie" not in answer.get_data(as_text=True)
    browser.get("/leave")
    for person in ("sofie", "ingrid"):
        assert "Skrevet av Sofie" not in house.signed_in(person).get(f"/cases/{SOFIE}/messages").get_data(as_text=True)


def test_sending_twice_is_sending_once_and_changed_words_are_sent_too(house: House) -> None:
    browser = house.signed_in("leila")
    path = f"/cases/{core_id('fjordvik', 'case', 'leila')}/messages"
    page = browser.get(path)
    for body in ("En gang", "En gang", "En gang til"):
        assert browser.submit(page, {"body": body}).status_code == 303
    house.deliver()
    shown = [text_of(each) for each in parsed(browser.get(path)).iter(f"{HTML}p") if each.get("class") == "body"]
    assert shown.count("En gang") == 1
    assert shown.count("En gang til") == 1


def test_a_comment_on_a_goal_of_another_case_arrives_nowhere_and_its_writer_is_told(house: House) -> None:
    page = house.signed_in("ingrid").get(f"/cases/{SOFIE}/plan?write=goal-{goal_of(house, SOFIE)}")
    found = next(form for form in parsed(page).iter(f"{HTML}form") if "comments" in (form.get("action") or ""))
    father = house.signed_in("rune")
    stolen = hidden_fields(found) | {"csrf_token": father.token(), "body": "Jeg ser dere"}
    sent = father.post(f"/cases/{JAKOB}/plan/comments", stolen)
    house.deliver()
    receipt = father.get("/sent/" + sent.headers["Location"].partition("#c-")[2])
    assert "kom ikke fram" in receipt.get_data(as_text=True)
    for person in ("sofie", "ingrid", "thomas"):
        assert "Jeg ser dere" not in house.signed_in(person).get(f"/cases/{SOFIE}/plan").get_data(as_text=True)


def goal_of(house: House, case: str) -> str:
    """The id of a goal of a case, as its own family sees it."""
    page = parsed(house.signed_in("sofie").get(f"/cases/{case}/plan"))
    fields = [hidden_fields(form) for form in page.iter(f"{HTML}form")]
    return next(field["target_id"] for field in fields if field.get("target_type") == "goal")


def test_what_somebody_sent_and_asked_is_nobody_elses(house: House) -> None:
    browser = house.signed_in("sofie")
    answer = browser.submit(browser.get(f"/cases/{SOFIE}/messages"), {"body": "Bare for Kari"})
    identifier = answer.headers["Location"].partition("#m-")[2]
    assert browser.get(f"/sent/{identifier}").status_code == 200
    for person in ("ingrid", "rune", "mats"):
        other = house.signed_in(person)
        assert bytes_of(other.get(f"/sent/{identifier}")) == bytes_of(other.get(f"/sent/{uuid.uuid4()}"))
        form = {"csrf_token": other.token(), "body": "Svar til meg"}
        asked = other.post(f"/asked/{identifier}", form)
        assert bytes_of(asked) == bytes_of(other.post(f"/asked/{uuid.uuid4()}", form))
        assert asked.status_code == 404


def test_the_id_of_somebody_elses_form_takes_nothing_away_from_either(house: House) -> None:
    identifier = str(uuid.uuid4())
    places = {"sofie": SOFIE, "ingrid": SOFIE}
    for person, case in places.items():
        browser = house.signed_in(person)
        form = {"csrf_token": browser.token(), "submission_id": identifier, "body": f"Fra {person}"}
        assert browser.post(f"/cases/{case}/messages", form).status_code == 303
    house.deliver()
    for person, case in places.items():
        page = house.signed_in(person).get(f"/cases/{case}/messages").get_data(as_text=True)
        assert f"Fra {person}" in page
        assert sum(f"Fra {other}" in page for other in places) == 1


def test_what_was_begun_is_not_shown_to_the_next_person_at_the_same_browser(house: House) -> None:
    browser = house.signed_in("sofie")
    too_long = "Hemmelig " * 1500
    assert browser.submit(browser.get(f"/cases/{SOFIE}/messages"), {"body": too_long}).status_code == 422
    assert "Hemmelig " in browser.get(f"/cases/{SOFIE}/messages").get_data(as_text=True)
    browser.client.set_cookie("__Host-s", house.signed_in("thomas").session_cookie(), domain=browser.host, secure=True)
    for path in (f"/cases/{SOFIE}/messages", f"/cases/{SOFIE}/messages/new", f"/cases/{SOFIE}/ask-to-see-more"):
        assert "Hemmelig" not in browser.get(path).get_data(as_text=True), path


@pytest.mark.parametrize(
    "body", ["<script>alert(1)</script>", "</textarea><h1>x", "{{ 7 * 7 }}", "\u202e\u0000abc", "\ud83d"]
)
def test_words_stay_words_wherever_they_are_shown(house: House, body: str) -> None:
    browser = house.signed_in("jakob")
    path = f"/cases/{JAKOB}/messages"
    page = browser.get(path)
    sent = body.encode("utf-8", "surrogatepass")
    form = {"csrf_token": browser.token().encode(), "body": sent, "submission_id": str(uuid.uuid4()).encode()}
    assert raw(browser, "POST", path, data=form).status_code == 303
    house.deliver()
    shown = browser.get(path)
    assert len(list(parsed(shown).iter(f"{HTML}script"))) == len(list(parsed(page).iter(f"{HTML}script")))
    isolated = [each for each in parsed(shown).iter(f"{HTML}p") if each.get("class") == "body"]
    assert isolated
    assert all(each.get("dir") == "auto" for each in isolated)


@pytest.mark.parametrize("code", ["x" * 300, "UPPER", "a1", "..", "a%00"])
def test_an_odd_question_keeps_no_draft_when_the_session_had_run_out(house: House, code: str) -> None:
    browser = house.signed_in("mats")
    token = browser.token()
    house.clock.pass_(minutes=31)
    answer = browser.post(f"/ask-for-help/{code}", {"csrf_token": token, "body": "x"})
    assert answer.status_code == 404
