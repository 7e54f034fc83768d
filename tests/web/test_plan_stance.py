"""What somebody thinks of a goal can be chosen; that a measure has not happened takes one button."""

from __future__ import annotations

from typing import cast

import pytest
from werkzeug.test import TestResponse

from portal.core.errors import Unavailable
from portal.core.gateway import Gateway
from portal.demo.reference_core import core_id
from tests.fakes.gateway import FakeGateway
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of

SERVICE = "fjordvik"
CASE = core_id(SERVICE, "case", "sofie")
PLAN = f"/cases/{CASE}/plan"
CALM, GRANDMA = (core_id(SERVICE, "plan item", "sofie", key) for key in ("ro", "mormor"))
GOAL, MEASURE, MISSED = f"goal-{CALM}", f"measure-{GRANDMA}", f"missed-{GRANDMA}"
STANCES = {"agree", "partly", "disagree", "not_happening"}


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One for each test: what was said in one must not stand in another."""
    return build(tmp_path_factory.mktemp("house"))


def box(page: TestResponse, box_id: str) -> dict[str, str]:
    """The hidden fields of one box."""
    place = next(each for each in parsed(page).iter() if each.get("id") == box_id)
    return hidden_fields(next(place.iter(f"{HTML}form")))


def say(browser: Browser, box_id: str, **said: str) -> TestResponse:
    fields = box(browser.get(PLAN), box_id)
    return browser.post(f"{PLAN}/comments", {**fields, "csrf_token": browser.token(), "body": "", **said})


def own(page: TestResponse) -> str:
    """What stands in the bubbles of the plan."""
    return " | ".join(text_of(each) for each in parsed(page).iter(f"{HTML}ol") if each.get("class") == "talk")


def staff_page(house: House, who: str) -> str:
    thread = f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', who)}"
    return text_of(parsed(house.signed_in("kari", language="en").get(thread)))


def test_a_goal_can_be_answered_by_choosing_and_nothing_comes_chosen(house: House) -> None:
    """Feature P3: one box a goal; choosing is enough, and the caseworker reads what was chosen in words."""
    browser = house.signed_in("sofie", language="en")
    page = browser.get(PLAN)
    place = next(each for each in parsed(page).iter() if each.get("id") == GOAL)
    radios = [each for each in place.iter(f"{HTML}input") if each.get("type") == "radio"]
    assert {each.get("value") for each in radios} == STANCES
    assert all(each.get("checked") is None for each in radios)
    assert say(browser, GOAL, stance="disagree").status_code == 303
    house.deliver()
    assert "I do not agree" in own(browser.get(PLAN))
    assert "I do not agree" in staff_page(house, "sofie")
    assert "I do not agree" in text_of(parsed(browser.get(f"/cases/{CASE}/my-words")))


def test_what_is_wanted_instead_goes_along_and_writing_alone_is_enough(house: House) -> None:
    browser = house.signed_in("ingrid", language="en")
    assert say(browser, GOAL, stance="partly", body="Heller om morgenen.").status_code == 303
    assert say(browser, GOAL, body="Bare dette.").status_code == 303
    house.deliver()
    shown = own(browser.get(PLAN))
    assert "Heller om morgenen." in shown
    assert shown.count("I agree with some of it") == 1
    assert "Bare dette." in shown


def test_nothing_chosen_and_nothing_written_is_told_at_the_box(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    page = say(browser, GOAL, body=" ")
    assert page.status_code == 422
    assert "Choose something, or write something. Nothing has been sent." in page.get_data(as_text=True)
    assert f'href="#stance-{GOAL}"' in page.get_data(as_text=True)


def test_a_choice_stays_when_the_words_are_too_long(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    page = say(browser, GOAL, stance="agree", body="x" * 4001)
    assert page.status_code == 422
    checked = [each.get("value") for each in parsed(page).iter(f"{HTML}input") if each.get("checked") is not None]
    assert checked == ["agree"]


def test_that_a_measure_has_not_happened_needs_no_words(house: House) -> None:
    """Feature C4: what was promised and does not happen goes to the worker by one button."""
    browser = house.signed_in("sofie", language="en")
    page = browser.get(PLAN)
    assert "Promised, not begun yet" in text_of(parsed(page))
    assert say(browser, MISSED).status_code == 303
    house.deliver()
    assert "This is not happening" in own(browser.get(PLAN))
    assert "This is not happening" in staff_page(house, "sofie")


def test_a_measures_other_box_still_needs_words_and_takes_no_choice(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    assert say(browser, MEASURE, stance="agree").status_code == 422
    assert say(browser, MEASURE, body="Fint.", stance="agree").status_code == 303
    house.deliver()
    assert "I agree" not in own(browser.get(PLAN))


def test_a_choice_that_is_not_ours_is_none(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    assert say(browser, GOAL, stance="<b>burn").status_code == 422


def test_too_long_words_of_what_has_not_happened_are_kept_in_their_own_box(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    page = say(browser, MISSED, body="Jeg ventet. " + "x" * 4000)
    assert page.status_code == 422
    opened = [each.get("id") for each in parsed(page).iter(f"{HTML}details") if each.get("open") is not None]
    assert opened == [MISSED]
    assert "Jeg ventet." in browser.get(f"{PLAN}?write={MISSED}").get_data(as_text=True)
    assert "Jeg ventet." not in browser.get(f"{PLAN}?write={MEASURE}").get_data(as_text=True)


def test_a_plan_that_was_changed_meanwhile_takes_the_words_and_says_so_to_both(house: House) -> None:
    """Feature P2: words are bound to the version that was read, and arrive whatever became of it."""
    browser = house.signed_in("sofie", language="en")
    assert say(browser, GOAL, stance="agree", plan_version="0123456789abcdef").status_code == 303
    house.deliver()
    told = "The plan was changed while you wrote. We have got your words, and we know what you had read."
    assert told in own(browser.get(PLAN))
    assert "Had read the plan as it was before it was changed last." in staff_page(house, "sofie")
    assert say(browser, GOAL, stance="partly").status_code == 303
    house.deliver()
    assert own(browser.get(PLAN)).count(told) == 1


def test_a_choice_is_kept_while_the_core_is_down(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    fields = box(browser.get(PLAN), GOAL)
    gateways = cast("dict[str, Gateway]", house.parts.gateways)
    real, gateways[SERVICE] = gateways[SERVICE], FakeGateway(down=Unavailable())
    sent = browser.post(f"{PLAN}/comments", {**fields, "stance": "not_happening", "body": ""})
    gateways[SERVICE] = real
    assert sent.status_code == 303
    house.deliver()
    assert "This is not happening" in own(browser.get(PLAN))


def test_a_choice_tells_nobody_else_of_the_family(house: House) -> None:
    """R13: what one person chooses is read by that person and the team."""
    mother = house.signed_in("ingrid", language="en")
    before = text_of(parsed(mother.get(PLAN)))
    say(house.signed_in("sofie", language="en"), GOAL, stance="disagree", body="Dette vil jeg ikke.")
    house.deliver()
    assert text_of(parsed(mother.get(PLAN))) == before


def test_a_child_without_a_national_id_chooses_and_reads_its_own(house: House) -> None:
    """R4: the plan in easy words is for whom a worker has let in, too."""
    browser = house.let_in("emil", language="en")
    path = f"/cases/{core_id(SERVICE, 'case', 'emil')}/plan"
    fields = box(browser.get(path), f"missed-{core_id(SERVICE, 'plan item', 'emil', 'turer')}")
    said = {"csrf_token": browser.token(), "body": "Turen ble avlyst to ganger."}
    assert browser.post(f"{path}/comments", {**fields, **said}).status_code == 303
    house.deliver()
    page = browser.get(path)
    assert "This is not happening" in own(page)
    assert "Turen ble avlyst to ganger." in own(page)
    assert "What I want instead" in text_of(parsed(page))


def test_one_says_how_one_sees_the_whole_plan_and_the_team_finds_it(house: House) -> None:
    """Feature P5."""
    browser = house.signed_in("ingrid", language="en")
    plan_id = core_id(SERVICE, "plan", "sofie")
    assert say(browser, f"plan-{plan_id}", body=" ").status_code == 422
    assert say(browser, f"plan-{plan_id}", body="Vi klarer dette sammen.").status_code == 303
    house.deliver()
    assert "Vi klarer dette sammen." in own(browser.get(PLAN))
    assert "Vi klarer dette sammen." in staff_page(house, "ingrid")
    assert "Vi klarer dette sammen." not in text_of(parsed(house.signed_in("thomas", language="en").get(PLAN)))
