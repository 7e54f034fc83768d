"""Saying what one thinks, by occasion: what is asked, what is sent, who reads it, and that nothing is lost."""

from __future__ import annotations

import html
from unittest.mock import Mock, patch

import pytest
from werkzeug.test import TestResponse

from portal.core.errors import Unavailable
from portal.demo.reference_core import core_id
from portal.family.views.questions import OCCASIONS, QUESTIONS, WRONG
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed

SERVICE = "fjordvik"
CASE = core_id(SERVICE, "case", "sofie")
SAY, WORDS = f"/cases/{CASE}/say", f"/cases/{CASE}/my-words"
THREAD = f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', 'sofie')}"
PLACE = {occasion.code: occasion.place for occasion in OCCASIONS}
MEETING, WEEK, BAD = (f"{SAY}/{PLACE[code]}" for code in ("meeting", "week", WRONG))
SAID = "Jeg vil at vi skal møtes hos mormor."


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One for each test: what is said in one must not be there in another."""
    return build(tmp_path_factory.mktemp("house"))


def plain(page: TestResponse) -> str:
    return html.unescape(page.get_data(as_text=True))


def post(browser: Browser, at: str, path: str = "", **fields: str | list[str]) -> TestResponse:
    """Fill in the form of the page at `at`, whose address is `path` where it is another."""
    page = browser.get(at)
    form = next(found for found in parsed(page).iter(f"{HTML}form") if found.get("action") == (path or at))
    return browser.post(path or at, hidden_fields(form) | fields)


def say(house: House, browser: Browser) -> TestResponse:
    """A child says something about a meeting: some questions answered, the others skipped."""
    post(browser, f"{MEETING}/feeling", choice=["unsure", "hopeful"])
    post(browser, f"{MEETING}/scale", choice="4")
    post(browser, f"{MEETING}/said", choice="short", body=SAID)
    post(browser, f"{MEETING}/there", skip="yes", body="glemt")
    post(browser, f"{MEETING}/with_me", body="Tante Liv")
    post(browser, f"{MEETING}/told", choice="aloud")
    sent = post(browser, f"{MEETING}/check", f"{MEETING}/send")
    house.deliver()
    return sent


def test_one_question_a_page_and_all_in_one_format(house: House) -> None:
    """Features V1, V3 and V7: feelings, a number, ready sentences and words, and the person one wants along."""
    sofie = house.signed_in("sofie")
    assert sofie.get(MEETING).headers["Location"] == f"{MEETING}/feeling"
    assert say(house, sofie).status_code == 303
    mine = plain(sofie.get(WORDS))
    for words in (SAID, "Usikker", "Håper", "4", "Gjør det kort.", "Tante Liv", "Noen leser det jeg skrev, høyt"):
        assert words in mine
    assert "glemt" not in mine, "what was skipped is not sent"
    assert SAID in plain(house.signed_in("kari").get(THREAD))
    assert "Har sagt hva de mener" in plain(house.signed_in("kari").get("/staff"))


def test_the_last_page_shows_all_before_it_is_sent_and_going_back_keeps_it(house: House) -> None:
    """Feature V1."""
    sofie = house.signed_in("sofie")
    post(sofie, f"{MEETING}/said", body=SAID)
    assert SAID in plain(sofie.get(f"{MEETING}/said")), "going back"
    assert sofie.get(MEETING).headers["Location"] == f"{MEETING}/there", "where one had stopped"
    assert SAID in plain(sofie.get(f"{MEETING}/check"))
    changed = post(sofie, f"{MEETING}/said?then=check", body=f"{SAID} Helst i dag.")
    assert changed.headers["Location"] == f"{MEETING}/check"
    assert "Helst i dag." in plain(sofie.get(f"{MEETING}/check"))


def test_nothing_is_sent_when_all_was_skipped(house: House) -> None:
    sofie = house.signed_in("sofie")
    post(sofie, f"{MEETING}/said", skip="yes")
    page = sofie.get(f"{MEETING}/check")
    assert f"{MEETING}/send" not in plain(page)
    token = hidden_fields(next(iter(parsed(sofie.get(f"{MEETING}/said")).iter(f"{HTML}form"))))
    assert sofie.post(f"{MEETING}/send", token).headers["Location"] == f"{MEETING}/check"
    house.deliver()
    assert "Du sa hva du mener" not in plain(sofie.get("/sent"))


def test_how_i_am_this_week_is_three_taps(house: House) -> None:
    """Feature V4: a feeling, perhaps a word, send. Nothing is counted and nothing else is asked."""
    sofie = house.signed_in("sofie")
    assert sofie.get(WEEK).headers["Location"] == f"{WEEK}/week"
    assert post(sofie, f"{WEEK}/week").status_code == 422, "nothing was chosen"
    sent = post(sofie, f"{WEEK}/week", choice="tired")
    assert sent.headers["Location"].startswith("/sent/")
    house.deliver()
    assert "Sliten" in plain(sofie.get(WORDS))


def test_pressed_twice_it_is_sent_once(house: House) -> None:
    sofie = house.signed_in("sofie")
    form = hidden_fields(next(iter(parsed(sofie.get(f"{WEEK}/week")).iter(f"{HTML}form")))) | {"choice": "glad"}
    assert [sofie.post(f"{WEEK}/week", form).status_code for _ in range(2)] == [303, 303]
    assert plain(sofie.get("/sent")).count("Du sa hva du mener") == 1


ALLOWED_WHEN_SOMETHING_IS_WRONG = {"want", "with_me", "told"}
EVIDENCE = ("hvem", "hva har", "når", "hvor mange", "hvor ofte", "who did", "what happened", "how often", "when did")


def test_after_something_is_wrong_nothing_is_asked_for_evidence(house: House) -> None:
    """Feature V1; rules.md, safety 9: what should happen, who comes along, how it is told; help stands first."""
    occasion = next(one for one in OCCASIONS if one.code == WRONG)
    assert set(occasion.asks) == ALLOWED_WHEN_SOMETHING_IS_WRONG
    for code in occasion.asks:
        page = plain(house.signed_in("sofie").get(f"{BAD}/{code}"))
        assert "Ring nå hvis du ikke er trygg" in page
        assert "/ask-for-help" in page
        assert f"/cases/{CASE}/about-us/new" in page, "round those it may be about"
    for code in set(occasion.asks) - {"with_me"}:
        for text in (QUESTIONS[code].text, QUESTIONS[code].hint):
            assert not any(word in f"{text.child} {text.adult}".lower() for word in EVIDENCE)


def test_nobody_else_of_the_family_reads_it_or_sees_that_it_is_there(house: House) -> None:
    """Feature V1, R13, R17."""
    pages = [f"/cases/{CASE}", f"/cases/{CASE}/plan", WORDS, f"/cases/{CASE}/trail", SAY, f"{MEETING}/said"]
    say(house, house.signed_in("sofie"))
    for who in ("ingrid", "thomas"):
        browser = house.signed_in(who)
        assert not any(words in plain(browser.get(path)) for path in pages for words in (SAID, "Tante Liv"))


def test_an_adult_is_asked_in_an_adults_words(house: House) -> None:
    """Feature V1."""
    ingrid = house.signed_in("ingrid")
    assert "En ny kontaktperson" in plain(ingrid.get(SAY))
    assert "Andre i familien ser det ikke her." in plain(ingrid.get(f"{MEETING}/said"))
    assert "Hvordan kjennes det for deg?" in plain(ingrid.get(f"{MEETING}/feeling"))


def test_what_is_too_long_is_shown_again_with_its_words(house: House) -> None:
    """The limit stands there beforehand."""
    sofie = house.signed_in("sofie")
    assert "4000" in plain(sofie.get(f"{MEETING}/said")).replace("\xa0", "").replace(" ", "")
    long = post(sofie, f"{MEETING}/said", body="x" * 4001)
    assert long.status_code == 422
    assert "x" * 4001 in plain(long)


def test_it_is_kept_while_the_core_is_down(house: House) -> None:
    """Feature V1: writing goes on, and it is delivered when the core is there again."""
    down = Mock(side_effect=Unavailable)
    with patch("portal.core.http.HttpGateway.standing", down), patch("portal.core.http.HttpGateway.capabilities", down):
        sofie = house.signed_in("sofie")
        post(sofie, f"{MEETING}/said", body=SAID)
        assert post(sofie, f"{MEETING}/check", f"{MEETING}/send").status_code == 303
        assert "Vi tar vare på det" in plain(sofie.get("/sent"))
    house.deliver()
    assert SAID in plain(sofie.get(WORDS))


def test_a_core_without_views_says_so_with_a_phone_number(house: House) -> None:
    """What a core lacks is a sentence and a number."""
    sofie = house.signed_in("sofie")
    with (
        patch("portal.family.views.operations.offered", return_value=False),
        patch("portal.family.views.build.offered", return_value=False),
    ):
        page = plain(sofie.get(SAY))
        assert "Du kan ikke sende dette her ennå." in page
        assert f"{MEETING}" not in page
        assert sofie.get(f"{MEETING}/said").headers["Location"] == SAY


@pytest.mark.parametrize(
    "path", [f"{SAY}/z", f"{MEETING}/password", f"{SAY}/z/said", f"{BAD}/not_there", f"{WEEK}/said"]
)
def test_what_is_not_asked_there_is_the_one_no(house: House, path: str) -> None:
    sofie = house.signed_in("sofie")
    assert sofie.get(path).status_code == 404


def test_nobody_says_anything_in_a_case_that_is_not_theirs(house: House) -> None:
    """R19."""
    mats = house.signed_in("mats")
    for path in (SAY, MEETING, f"{MEETING}/said", f"{MEETING}/check"):
        assert mats.get(path).status_code == 404


def test_codes_of_nobody_are_not_sent(house: House) -> None:
    sofie = house.signed_in("sofie")
    post(sofie, f"{MEETING}/feeling", choice=["glad", "../../x", "winner", "x" * 99])
    post(sofie, f"{MEETING}/check", f"{MEETING}/send")
    house.deliver()
    mine = plain(sofie.get(WORDS))
    assert "Glad" in mine
    assert "winner" not in mine
