"""How long the service has to look at asking for help is the country's, and stands on no page as a fixed number."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal import jurisdictions
from portal.jurisdictions import jurisdiction
from portal.settings import data_folder
from tests.house import House

DAYS = 23
ONE = "They have %(num)s day to look at it."
MANY = "They have %(num)s days to look at it."


def says(house: House, page: TestResponse) -> bool:
    """Does the page name the days?"""
    told = house.parts.texts.catalogue("en").npgettext("child", ONE, MANY, DAYS) % {"num": DAYS}
    return told in html.unescape(page.get_data(as_text=True))


def test_in_this_country_it_is_a_week() -> None:
    assert jurisdiction("no").referral_days == 7


def test_the_days_are_told_before_and_after_asking(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = replace(jurisdiction("no"), referral_days=DAYS)
    monkeypatch.setattr(jurisdictions, "_PACKS", {"no": pack})
    browser = house.signed_in("mats", language="en")
    start = browser.get("/ask-for-help")
    browser.submit(start, {"who": "adult"}, "/ask-for-help")
    sent = browser.submit(browser.get("/ask-for-help/check"), {}, "/ask-for-help/send")
    house.deliver()
    receipt = str(sent.headers["Location"])
    asked = receipt.replace("/sent/", "/asked/")
    assert [says(house, page) for page in (start, browser.get(receipt), browser.get(asked))] == [True, True, True]


def test_no_template_knows_a_number_of_its_own() -> None:
    for path in Path(data_folder("templates")).rglob("*.html"):
        assert "one week" not in path.read_text("utf-8"), path.name
