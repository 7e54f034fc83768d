"""The whole portal in an invented country: its numbers, hours, questions and ages, and none of Norway's (issue 4)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from portal.access.standing import Known, Target
from portal.demo.reference_core import core_id
from portal.demo.story import DEFAULT_STORY
from portal.domain.people import Actor, Assurance, Realm
from portal.jurisdictions import jurisdiction
from tests.house import House, build
from tests.inspector import parsed, text_of

ZZ, NO = jurisdiction("zz"), jurisdiction("no")
SERVICE = "fjordvik"


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One of the two services lies in Examplia, the other stays where it is."""
    folder = tmp_path_factory.mktemp("abroad")
    story = json.loads(DEFAULT_STORY.read_text("utf-8"))
    story["services"][0]["jurisdiction"] = "zz"
    (folder / "story.json").write_text(json.dumps(story), "utf-8")
    return build(folder, folder / "story.json")


def numbers(page: TestResponse) -> set[str]:
    """What the page lets a phone dial, but for the service's own."""
    found = page.get_data(as_text=True).split('href="tel:')[1:]
    own = {"0000", "001100", "112", "116111"}
    return {number.split('"')[0] for number in found} & own


def words(page: TestResponse) -> str:
    """Everything the page says."""
    return text_of(parsed(page))


CASE = f"/cases/{core_id(SERVICE, 'case', 'sofie')}"


@pytest.mark.parametrize("path", ["/", "/help", "/privacy"])
def test_the_front_shows_this_countrys_numbers(abroad: House, path: str) -> None:
    assert numbers(abroad.browser(language="en").get(path)) == {"0000", "001100"}
    assert numbers(abroad.browser("lillevik", "en").get(path)) == {"112", "116111"}


def test_nobody_is_sent_to_a_phone_that_is_not_answered(abroad: House) -> None:
    now = abroad.clock.now
    abroad.clock.now = now.replace(hour=21)
    try:
        assert numbers(abroad.browser(language="en").get("/")) == {"0000"}
    finally:
        abroad.clock.now = now


@pytest.mark.parametrize("path", ["", "/plan", "/messages", "/documents"])
def test_a_case_shows_them_too(abroad: House, path: str) -> None:
    page = abroad.signed_in("ingrid", language="en").get(CASE + path)
    assert page.status_code == 200
    assert numbers(page) == {"0000", "001100"}


def test_asking_for_help_asks_this_countrys_questions_and_tells_its_days(abroad: House) -> None:
    browser = abroad.signed_in("mats", language="en")
    start = browser.get("/ask-for-help")
    assert "10 days" in words(start)
    assert "20" in words(start)
    assert "18" not in words(start)
    first = browser.submit(start, {"who": "child"}, "/ask-for-help")
    question = browser.get(str(first.headers["Location"]))
    assert ZZ.child_questions[0].text.msgid in words(question)
    assert NO.child_questions[0].text.msgid not in words(question)


def test_ages_are_this_countrys(abroad: House) -> None:
    """R6, R15: a party from 9, an adult at 20; in the portal and in its core."""
    gateway = abroad.parts.gateways[SERVICE]
    child = core_id(SERVICE, "person", "emil")
    facts = gateway.standing(Actor(SERVICE, Realm.FAMILY, child, Assurance.HIGH), Target()).children
    assert [(one.age, one.party) for one in facts] == [(Known(9), Known(value=True))]


def test_guardians_keep_their_access_until_this_countrys_age(abroad: House) -> None:
    page = f"/cases/{core_id(SERVICE, 'case', 'leila')}"
    foster = next(
        grant.person
        for service in abroad.story.services
        for case in service.cases
        if case.key == "leila"
        for grant in case.grants
        if grant.relation != "self"
    )
    now = abroad.clock.now
    try:
        abroad.clock.now = now + timedelta(days=60)
        assert abroad.signed_in(foster).get(page).status_code == 200, "18, and no adult here"
        abroad.clock.now = now + timedelta(days=60 + 2 * 366)
        assert abroad.signed_in(foster).get(page).status_code == 404
    finally:
        abroad.clock.now = now
