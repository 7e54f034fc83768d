"""Who may still see something when a young person turns 18: told before, asked after, decided by nobody here (R15)."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.core.errors import Unavailable
from portal.core.http import HttpGateway
from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import Browser

SERVICE = "fjordvik"
CASE = f"/cases/{core_id(SERVICE, 'case', 'leila')}"
PAGE = f"{CASE}/who-stays"
SHIRIN = "stays-" + core_id(SERVICE, "person", "shirin")
GRETHE = "stays-" + core_id(SERVICE, "person", "grethe")
BIRTHDAY = datetime(2026, 12, 9, 9, 0, tzinfo=UTC)
OPENS_NOTHING = "talks with you before anything is opened"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def leila(house: House) -> Browser:
    return house.signed_in("leila", language="en")


def on_the_birthday(house: House) -> Browser:
    house.clock.now = BIRTHDAY
    return leila(house)


def read(browser: Browser, path: str = PAGE) -> str:
    page = browser.get("/en" + path)
    assert page.status_code == 200
    return page.get_data(as_text=True)


def choose(browser: Browser, **choices: str) -> int:
    names = {"shirin": SHIRIN, "grethe": GRETHE}
    page = browser.get("/en" + PAGE)
    chosen = {names[person]: answer for person, answer in choices.items()}
    return browser.submit(page, chosen, f"/en{PAGE}").status_code


def chosen(page: str) -> list[tuple[str, str]]:
    """Which answers are marked, about whom."""
    return re.findall(r'name="(stays-[^"]+)" value="(yes|no)" checked', page)


def at_the_core(house: House) -> list[tuple[str, int]]:
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as connection:
        return connection.execute("SELECT person_id, stays_open FROM stays_open ORDER BY person_id").fetchall()


def test_before_the_day_it_is_told_what_happens_by_itself_and_nothing_is_asked(house: House) -> None:
    """R15: at midnight, local time; and that one can choose from then on."""
    page = read(leila(house))
    assert "Wednesday 9 December" in page
    assert "midnight" in page
    assert "Shirin, your mother" in page
    assert "From that day on, you can choose here" in page
    assert OPENS_NOTHING in page
    assert 'type="radio"' not in page
    assert "You can ask to see more." in page


def test_the_way_there_is_one_tap_down_for_who_is_eighteen_soon(house: House) -> None:
    page = read(leila(house), CASE)
    assert page.index("<details>") < page.index(f'href="/en{PAGE}"') < page.index("</details>")
    for person, child in (("sofie", "sofie"), ("shirin", "leila"), ("ingrid", "sofie")):
        other = house.signed_in(person).get(f"/cases/{core_id(SERVICE, 'case', child)}")
        assert other.status_code == 200
        assert "who-stays" not in other.get_data(as_text=True), person


def test_sixty_days_before_and_not_earlier_the_front_page_leads_there(house: House) -> None:
    house.clock.now = datetime(2026, 10, 10, 9, 0, tzinfo=UTC)
    assert PAGE in read(leila(house), CASE)
    house.clock.now = datetime(2026, 10, 9, 9, 0, tzinfo=UTC)
    assert PAGE not in read(leila(house), CASE)


@pytest.mark.parametrize("when", [None, BIRTHDAY])
def test_nobody_else_ever_comes_there(house: House, when: datetime | None) -> None:
    """R14, R15: for the mother it is the one no, before and after."""
    house.clock.now = when or house.clock.now
    for person in ("shirin", "grethe", "sofie"):
        browser = house.signed_in(person)
        answer, no = browser.get(PAGE), browser.get(f"/cases/{core_id(SERVICE, 'case', 'nobody')}")
        assert (answer.status_code, answer.data) == (404, no.data), person
        form = {SHIRIN: "yes", "csrf_token": browser.token()}
        assert browser.post(PAGE, form).status_code == 404, person
    house.deliver()
    assert at_the_core(house) == []


def test_from_the_day_on_each_has_two_choices_and_none_is_made_beforehand(house: House) -> None:
    page = read(on_the_birthday(house))
    for name in (SHIRIN, GRETHE):
        assert re.findall(rf'name="{name}" value="(\w+)"', page) == ["yes", "no"]
    assert chosen(page) == []
    assert page.count("May still see") == page.count("May not see any more") == page.count("<fieldset")
    assert OPENS_NOTHING in page
    assert "Skip this" in page


def test_what_was_chosen_is_on_its_way_then_at_the_core_and_shown_again(house: House) -> None:
    """The last choice counts; who was skipped stays open."""
    browser = on_the_birthday(house)
    assert choose(browser, shirin="yes") == 303
    assert "We have what you chose" in read(browser)
    house.deliver()
    page = read(browser)
    assert "We have what you chose" not in page
    assert chosen(page) == [(SHIRIN, "yes")]
    assert choose(browser, shirin="no", grethe="no") == 303
    house.deliver()
    assert sorted(chosen(read(browser))) == sorted([(SHIRIN, "no"), (GRETHE, "no")])


def test_a_yes_opens_nothing_by_itself(house: House) -> None:
    choose(on_the_birthday(house), shirin="yes")
    house.deliver()
    assert [stays for _, stays in at_the_core(house)] == [1]
    mother = house.signed_in("shirin")
    assert mother.get(CASE).status_code == 404
    assert "Leila" not in mother.get("/home").get_data(as_text=True)


def test_pressed_twice_it_is_sent_once(house: House) -> None:
    browser = on_the_birthday(house)
    page = browser.get("/en" + PAGE)
    for _ in range(2):
        assert browser.submit(page, {SHIRIN: "no"}, f"/en{PAGE}").status_code == 303
    assert len(set(re.findall(r'href="(/en/sent/[0-9a-f-]+)"', read(browser, "/sent")))) == 1
    house.deliver()
    assert [stays for _, stays in at_the_core(house)] == [0]


def test_send_without_a_choice_sends_nothing_and_says_so(house: House) -> None:
    browser = on_the_birthday(house)
    page = browser.get("/en" + PAGE)
    answer = browser.submit(page, {}, f"/en{PAGE}")
    assert answer.status_code == 422
    assert "Nothing has been sent." in answer.get_data(as_text=True)
    assert choose(browser, shirin="perhaps") == 422
    house.deliver()
    assert at_the_core(house) == []


def test_while_the_core_is_down_the_choice_is_kept_and_comes_through_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = on_the_birthday(house)
    page = browser.get("/en" + PAGE)

    def down(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(HttpGateway, "standing", down)
        answer = browser.submit(page, {SHIRIN: "no"}, f"/en{PAGE}")
        assert answer.status_code == 303
        assert "We keep it" in browser.get(answer.headers["Location"]).get_data(as_text=True)
        assert browser.get("/en" + PAGE).status_code == 503
        assert browser.submit(page, {}, f"/en{PAGE}").status_code == 303
    house.clock.pass_(minutes=10)
    house.deliver()
    assert [stays for _, stays in at_the_core(house)] == [0]


@pytest.mark.parametrize("about", [SHIRIN, "stays-nobody"])
def test_the_core_takes_no_choice_before_the_day_nor_about_others(house: House, about: str) -> None:
    browser = leila(house) if about == SHIRIN else on_the_birthday(house)
    assert browser.post("/en" + PAGE, {about: "yes", "csrf_token": browser.token()}).status_code == 303
    house.deliver()
    assert at_the_core(house) == []
    assert "did not get through" in read(browser, "/sent")


def test_somebody_kept_away_from_her_is_not_asked_about(house: House) -> None:
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as connection:
        ids = core_id(SERVICE, "person", "leila"), core_id(SERVICE, "person", "shirin")
        connection.execute("INSERT INTO blocked VALUES (?, ?)", ids)
    page = read(on_the_birthday(house))
    assert SHIRIN not in page
    assert GRETHE in page


def test_nor_about_a_father_who_never_could_see_anything(house: House) -> None:
    """R10: Omid has no parental responsibility; Bjørg, where she lives, is asked about like the others."""
    page = read(on_the_birthday(house))
    assert "Omid" not in page
    assert page.count("<fieldset") == 3
    assert "Bjørg" in page
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as connection:
        ids = core_id(SERVICE, "person", "leila"), core_id(SERVICE, "person", "leila")
        connection.execute("INSERT INTO hidden_from VALUES (?, ?)", ids)
    assert "Bjørg" not in read(leila(house)), "a foster carer's name is a place (R2)"


def test_a_code_of_her_own_stands_before_what_she_chose(house: House) -> None:
    """R20: the phone may be in somebody else's hand."""
    browser = on_the_birthday(house)
    own = browser.get("/en/account/code")
    code = {"code": "", "new_code": "482913", "again": "482913"}
    assert browser.submit(own, code, "/en/account/code").status_code == 303
    asked = leila(house).get("/en" + PAGE)
    assert asked.status_code == 403
    assert "Shirin" not in asked.get_data(as_text=True)
