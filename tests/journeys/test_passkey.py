"""A passkey in a real browser with a virtual authenticator: let in by a worker, in and out, and taken away."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Error, expect

from portal.demo.reference_core import core_id
from tests.journeys.browsers import People
from tests.journeys.person import Person

pytestmark = pytest.mark.browser

WITH_WORDS = "I have four words"
STOPPED = "That did not work. Press once more. If it still does not work, use your words, or call us."
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Phone:
    """What holds a child's passkeys, steered through the browser (WebAuthn Level 3, §11)."""

    tools: CDPSession
    id: str

    def passkeys(self) -> list[dict[str, Any]]:
        """What it holds."""
        found: list[dict[str, Any]] = self.tools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found

    def knows_its_owner(self, *, verified: bool) -> None:
        """Whether finger, face or code are right."""
        self.tools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verified})


def phone_of(child: Person) -> Phone:
    """A phone with a lock, which its owner opens."""
    tools = child.page.context.new_cdp_session(child.page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE | {"isUserVerified": True}})
    return Phone(tools, made["authenticatorId"])


def code_from(kari: Person, child: str) -> str:
    """The worker says that the child is here, and that the device is its own."""
    kari.open(f"/staff/children/{core_id('fjordvik', 'person', child)}")
    kari.page.locator("#present").check()
    kari.page.locator("#own_device").check()
    kari.page.locator("form[action$='/code'] button").click()
    return kari.page.locator("[data-code]").inner_text()


def press(child: Person) -> None:
    """The one button that asks the phone."""
    child.page.locator("#passkey").click()


def let_in(people: People, kari: Person, key: str) -> tuple[Person, Phone]:
    """A child whose phone opens it from now on, on its first page."""
    child = people.somebody(key)
    phone = phone_of(child)
    child.open("/way-in")
    child.page.locator("#code").fill(code_from(kari, key))
    child.page.locator("main form button[type=submit]").first.click()
    child.page.wait_for_url("**/way-in/passkey/new")
    child.sees(child.words("Who else can open your phone?", "child"))
    press(child)
    child.page.wait_for_url(re.compile(r"/cases/"))
    return child, phone


def test_a_child_comes_in_by_its_own_phone_until_the_worker_takes_it_away(people: People) -> None:
    kari = people.signed_in("kari", staff=True)
    emil, phone = let_in(people, kari, "emil")
    (passkey,) = phone.passkeys()
    assert (passkey["rpId"], passkey["isResidentCredential"]) == ("localhost", True)
    assert {passkey.get("userName", "Lytt"), passkey.get("userDisplayName", "Lytt")} == {"Lytt"}
    emil.page.locator("footer form button").click()
    emil.page.wait_for_url("**/signed-out")

    emil.open("/way-in/passkey")
    press(emil)
    emil.page.wait_for_url(re.compile(r"/cases/"))
    assert emil.heading().endswith("Emil")

    kari.open(f"/staff/children/{core_id('fjordvik', 'person', 'emil')}")
    kari.page.locator("form[action$='/take-away'] button").click()
    emil.page.reload()
    assert emil.path.startswith("/sign-in")
    emil.open("/way-in/passkey")
    press(emil)
    emil.sees(emil.words(STOPPED, "child"))
    assert emil.path == "/way-in/passkey"
    expect(emil.page.locator("[data-errors]")).to_be_focused()


def test_a_new_passkey_takes_the_place_of_the_old_one_on_the_phone(people: People) -> None:
    """A child never has to choose between two that look alike."""
    kari = people.signed_in("kari", staff=True)
    mia, phone = let_in(people, kari, "mia")
    (before,) = phone.passkeys()
    mia.page.locator("footer form button").click()
    mia.page.wait_for_url("**/signed-out")
    mia.open("/way-in")
    mia.page.locator("#code").fill(code_from(kari, "mia"))
    mia.page.locator("main form button[type=submit]").first.click()
    mia.page.wait_for_url("**/way-in/passkey/new")
    press(mia)
    mia.page.wait_for_url(re.compile(r"/cases/"))
    (after,) = phone.passkeys()
    assert before["credentialId"] != after["credentialId"]


def test_a_phone_that_does_not_know_its_owner_opens_nothing_and_says_so_calmly(people: People) -> None:
    kari = people.signed_in("kari", staff=True)
    emil, phone = let_in(people, kari, "emil")
    emil.page.locator("footer form button").click()
    emil.page.wait_for_url("**/signed-out")
    phone.knows_its_owner(verified=False)
    emil.open("/way-in/passkey")
    press(emil)
    expect(emil.page.locator("[data-passkey-stopped]")).to_have_text(emil.words(STOPPED, "child"))
    phone.knows_its_owner(verified=True)
    with suppress(Error):  # a browser that still closes its own question may abort the first address it is given
        emil.page.goto("about:blank")
    emil.open("/way-in/passkey")
    press(emil)
    emil.page.wait_for_url(re.compile(r"/cases/"))


@pytest.mark.parametrize("way", ["no script", "an old browser"])
def test_where_it_cannot_be_done_the_page_says_so_and_the_words_are_there(people: People, way: str) -> None:
    somebody = people.somebody("emil", scripts=way != "no script")
    if way == "an old browser":
        somebody.page.add_init_script("delete window.PublicKeyCredential")
    somebody.open("/way-in/passkey")
    expect(somebody.page.locator("[data-passkey-cannot]")).to_be_visible()
    expect(somebody.page.locator("#passkey")).to_be_hidden()
    somebody.press(WITH_WORDS, "child")
    assert somebody.path == "/way-in/words"
