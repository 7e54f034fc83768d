"""Bad input and bad days: what somebody wrote is there afterwards, and the page says what is the matter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import People
from tests.journeys.person import Person
from tests.journeys.world import World

pytestmark = pytest.mark.browser

TEN_MEGABYTES = 10 * 1024 * 1024


@pytest.mark.parametrize("mood", ["down", "slow", "garbage", "error"])
def test_writing_goes_on_while_the_core_has_a_bad_day(people: People, world: World, mood: str) -> None:
    sofie = people.signed_in("sofie")
    said = f"Jeg skriver selv om dere er nede: {mood}."
    with world.core_is(mood):
        assert sofie.open(world.case("sofie")) == 503
        assert sofie.heading() == sofie.words("We cannot show this just now")
        expect(sofie.page.locator("main a[href='tel:116111']")).to_be_visible()
        sofie.press("Write to the service")
        sofie.write(said)
        sofie.page.wait_for_url("**/sent/*")
        assert sofie.heading() == sofie.words("We keep it for you", "child")
        sofie.sees(sofie.words("We keep it safe, not sent yet"))
    received = sofie.words("Received")

    def is_received() -> bool:
        world.a_minute_passes_for_deliveries()  # each time: a try that was under way may have failed only now
        return sofie.page.locator("main", has_text=received).count() > 0

    sofie.reload_until(is_received, "it is not delivered")
    sofie.open(world.case("sofie") + "/messages")
    sofie.reload_until(lambda: sofie.own(said).count() > 0, "the message is not shown")
    expect(sofie.own(said)).to_have_count(1)


def test_the_national_id_is_down(people: People, world: World) -> None:
    somebody = people.somebody("sofie")
    somebody.open("/sign-in")
    world.processes.kill("national-id")
    try:
        with somebody.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            somebody.go_on_to_provider()
        assert answer.value.status == 503
        somebody.sees(
            somebody.words(
                "The sign-in service does not answer just now. That is not your fault. Try again in a few minutes."
            )
        )
        expect(somebody.page.locator("a[href='tel:116111']")).to_be_visible()
    finally:
        world.start_national_id()
    somebody.press("Try again")
    somebody.go_on_to_provider()
    somebody.page.locator("button[data-person=sofie]").click()
    somebody.page.wait_for_url(world.origin() + world.case("sofie"))


REPLY = "form[action$='/replies']"


def sends_too_late(person: Person, world: World, form: str = "main form:has(textarea):visible") -> None:
    """Half an hour has passed; the text is kept, and there after signing in again."""
    world.sessions_run_out()
    with person.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        person.page.locator(f"{form} button").first.click()
    assert answer.value.status == 401
    person.sees(person.words("Your text is kept. Sign in again, and it is there. It has not been sent yet."))
    person.press("Sign in again")
    person.go_on_to_provider()
    person.page.locator(f"button[data-person={person.key}]").click()
    person.page.wait_for_url(f"{world.origin()}/**")


@pytest.mark.parametrize("scripts", ["with JavaScript", "without"])
def test_a_message_outlives_its_session(people: People, world: World, scripts: str) -> None:
    sofie = people.signed_in("sofie", scripts=scripts != "without")
    said = f"Dette tok lang tid å skrive, {scripts}."
    sofie.open(world.case("sofie") + "/messages")
    sofie.box().fill(said)
    sends_too_late(sofie, world)
    assert sofie.box().input_value() == said
    sofie.press("Send")
    sofie.page.wait_for_url("**/messages#m-*")
    sofie.reload_until(lambda: sofie.own(said).count() == 1, "the message has not come back from the core")
    sofie.open(world.case("sofie") + "/messages/new")
    assert sofie.box().input_value() == ""


def test_a_comment_outlives_its_session(people: People, world: World) -> None:
    sofie = people.signed_in("sofie")
    sofie.open(world.case("sofie") + "/plan")
    sofie.page.locator("details:has(textarea) summary").first.click()
    sofie.box("details[open]").fill("Dette målet er viktig for meg.")
    sends_too_late(sofie, world)
    assert sofie.box("details[open]").input_value() == "Dette målet er viktig for meg."


def test_an_answer_of_asking_for_help_outlives_its_session(people: People, world: World) -> None:
    jakob = people.signed_in("jakob")
    jakob.open("/ask-for-help")
    jakob.page.locator("button[name=who][value=child]").click()
    jakob.open("/ask-for-help/tell")
    jakob.box().fill("Det er vanskelig å si.")
    sends_too_late(jakob, world)
    assert jakob.path == "/ask-for-help/tell"
    assert jakob.box().input_value() == "Det er vanskelig å si."


def test_a_reply_outlives_its_session(people: People, world: World) -> None:
    kari = people.signed_in("kari", staff=True)
    kari.open(world.thread("leila", "shirin"))
    kari.box(REPLY).fill("Vi kan ta det på mandag.")
    sends_too_late(kari, world, REPLY)
    assert kari.path == world.thread("leila", "shirin")
    assert kari.box(REPLY).input_value() == "Vi kan ta det på mandag."


@pytest.mark.parametrize("length", [0, 8_080])
def test_what_cannot_be_taken_stays_in_the_box(people: People, world: World, length: int) -> None:
    sofie = people.signed_in("sofie")
    sofie.open(world.case("sofie") + "/messages")
    sofie.sees(sofie.words("Room for %(limit)s characters", limit=8000))
    sofie.box().fill("å" * length)
    with sofie.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        sofie.page.locator("main form button").last.click()
    assert answer.value.status == 422
    expect(sofie.page.locator("[data-errors]")).to_be_visible()
    expect(sofie.page.locator("textarea[aria-invalid=true]")).to_have_count(1)
    assert sofie.box().input_value() == "å" * length
    assert sofie.page.title().startswith(sofie.words("Error:"))


def test_ten_megabytes_come_back_whole(people: People, world: World) -> None:
    """Sent with the page's own form, but not by the browser: laying it out would take it many minutes."""
    sofie = people.signed_in("sofie")
    sofie.open(world.case("sofie") + "/messages")
    names = ("csrf_token", "submission_id")
    form = {name: sofie.page.locator(f"main form [name={name}]").input_value() for name in names}
    text = ("x" * 79 + "\n") * (TEN_MEGABYTES // 80)
    answer = sofie.page.request.post(
        sofie.page.url, form={**form, "body": text}, headers={"Origin": world.origin(), "Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status == 422
    shown = answer.text()
    assert text.strip() in shown
    assert "aria-invalid" in shown
    assert sofie.open(world.case("sofie")) == 200
