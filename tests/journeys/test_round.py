"""The whole round: a young person, a parent, a stranger and a caseworker, with and without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import People
from tests.journeys.person import Person
from tests.journeys.world import World

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Manner:
    """How somebody's browser is; `mark` goes into every text, so that two rounds do not read each other's."""

    mark: str
    language: str
    scripts: bool


MANNERS = (
    pytest.param(Manner("med", "nb", scripts=True), id="nb, with JavaScript"),
    pytest.param(Manner("uten", "en", scripts=False), id="en, without JavaScript"),
)


def comments_on_the_plan(person: Person, words: str) -> None:
    """Open the box of the first goal, write, send, and find it there."""
    person.page.locator("a[href$='/plan']:visible").first.click()
    person.page.wait_for_url("**/plan")
    person.page.locator("details:has(textarea) summary").first.click()
    person.write(words, "details[open] form")
    person.page.wait_for_url("**/plan#c-*")
    person.reload_until(lambda: person.own(words).count() == 1, "the comment has not come back from the core")


def writes(person: Person, words: str) -> None:
    """Write a message, and find it there with an honest state."""
    person.write(words)
    person.page.wait_for_url("**/messages#m-*")
    person.reload_until(lambda: person.own(words).count() == 1, "the message has not come back from the core")
    expect(person.own(words)).to_contain_text(person.words("Received"))


def asks_for_help(person: Person, words: str, who: str = "child") -> str:
    """Answer every question, check, send. The address of the receipt."""
    person.open("/ask-for-help")
    person.page.locator(f"button[name=who][value={who}]").click()
    asked = 0
    while not person.path.endswith("/check"):
        choices = person.page.locator("input[type=radio]")
        if choices.count():
            choices.first.check(force=True)
        if person.box().count():
            person.box().fill(words)
        asked += 1
        assert asked < 20, "the questions never end"
        before = person.path
        person.press("Continue")
        person.page.wait_for_url(lambda url, before=before: not url.endswith(before))  # type: ignore[misc]
    assert asked > 3
    person.sees(words)
    person.press("Send")
    person.page.wait_for_url("**/sent/*")
    return person.path


def opens_in_the_inbox(worker: Person, name: str, words: str) -> None:
    """Find the thread, read it, and say so."""
    worker.open("/staff")
    helped = worker.words("Asked for help")
    threads = worker.page.locator("main .tasks li", has_not_text=helped)
    threads.get_by_role("link", name=name, exact=True).first.click()
    worker.sees(words)
    worker.page.locator("form[action$='/opened'] button").click()
    worker.page.wait_for_url("**/staff/threads/*")


def replies(worker: Person, words: str) -> None:
    """Answer in the open thread and wait until the core has it."""
    worker.write(words, "form[action$='/replies']")
    worker.page.wait_for_url("**/staff/threads/*#m-*")
    worker.reload_until(lambda: worker.own(words).count() == 1, "the reply has not come back from the core")


def answers_on_the_plan(worker: Person, words: str, answer: str) -> None:
    """Answer what was said about the plan, in the thread that is open."""
    said = worker.page.locator("li.card", has_text=words)
    said.locator("details summary").click()
    said.locator("textarea").fill(answer)
    said.locator("form button").click()
    worker.page.wait_for_url("**/staff/threads/*")
    worker.reload_until(lambda: said.locator("li.mine", has_text=answer).count() == 1, "the answer has not come back")


@pytest.mark.parametrize("manner", MANNERS)
def test_a_young_person_and_the_caseworker(people: People, world: World, manner: Manner) -> None:
    sofie = people.signed_in("sofie", scripts=manner.scripts, language=manner.language)
    assert sofie.path == world.case("sofie")
    sofie.sees("Kari")
    meant = f"Jeg vil ha det sånn, {manner.mark} skript."
    comments_on_the_plan(sofie, meant)
    sofie.open(world.case("sofie") + "/messages")
    said = f"Kan vi ta det på mandag, {manner.mark} skript?"
    writes(sofie, said)
    asks_for_help(sofie, f"Noen må hjelpe lillebroren min, {manner.mark} skript.")
    sofie.open("/sent")
    assert sofie.page.locator("li.card").count() >= 3
    sofie.sees_not(said)

    kari = people.signed_in("kari", scripts=manner.scripts, language=manner.language, staff=True)
    opens_in_the_inbox(kari, "Sofie", said)
    sofie.open(world.case("sofie") + "/messages")
    opened = sofie.words("Opened by %(name)s", name="Kari")
    sofie.reload_until(lambda: opened in sofie.own(said).inner_text(), "who opened it is not told")

    answer = f"Mandag er fint, {manner.mark} skript."
    replies(kari, answer)
    changed = f"Da skriver vi det inn, {manner.mark} skript."
    answers_on_the_plan(kari, meant, changed)
    theirs = sofie.page.locator("ol.talk li:not(.mine)", has_text=answer)
    sofie.reload_until(lambda: theirs.count() == 1, "the answer does not come")
    expect(theirs).to_contain_text("Kari")
    expect(sofie.own(said)).to_contain_text(sofie.words("Answered"))
    sofie.open(world.case("sofie") + "/plan")
    sofie.sees(changed)
    expect(sofie.own(meant)).to_contain_text(sofie.words("Answered"))
    sofie.open("/sent")
    sofie.reload_until(
        lambda: sofie.page.locator("li.card", has_text=sofie.words("Answered")).count() > 0,
        "the answer is not told under what I have sent",
    )


@pytest.mark.parametrize("manner", MANNERS)
def test_a_parent_sees_each_child_apart(people: People, world: World, manner: Manner) -> None:
    ingrid = people.signed_in("ingrid", scripts=manner.scripts, language=manner.language)
    assert ingrid.path.endswith("/home")
    doors = ingrid.page.locator("main .card", has=ingrid.page.locator("form"))
    assert doors.locator("h2").all_inner_texts() == ["Sofie", "Emil"]
    doors.first.locator("button").click()
    ingrid.sees("Rådhuset, rom 2")
    ingrid.sees_not("Emil")
    ingrid.sees_not("Kaffebaren")  # her talk with Kari is Sofie's own
    comments_on_the_plan(ingrid, f"Vi vil gjerne prøve, {manner.mark} skript.")
    ingrid.sees_not("Det er fint, men ikke på tirsdag")
    ingrid.open(world.case("sofie") + "/messages")
    ingrid.sees("Skal vi komme på møtet begge to?")
    ingrid.sees_not("Hvem kan lese det jeg skriver her?")
    ingrid.sees_not("Jeg rekker ikke møtet før klokka tre")
    said = f"Vi kommer begge to, {manner.mark} skript."
    writes(ingrid, said)
    asks_for_help(ingrid, f"Vi trenger avlastning, {manner.mark} skript.", "adult")

    kari = people.signed_in("kari", scripts=manner.scripts, language=manner.language, staff=True)
    opens_in_the_inbox(kari, "Ingrid", said)
    replies(kari, f"Så bra, {manner.mark} skript.")
    ingrid.open(world.case("sofie") + "/messages")
    ingrid.sees(f"Så bra, {manner.mark} skript.")
    expect(ingrid.own(said)).to_contain_text(ingrid.words("Answered"))
    sofie = people.signed_in("sofie", scripts=manner.scripts, language=manner.language)
    sofie.open(world.case("sofie") + "/messages")
    sofie.sees_not(said)


@pytest.mark.parametrize("manner", MANNERS)
def test_a_stranger_asks_and_reads_the_answer(people: People, world: World, manner: Manner) -> None:
    mats = people.signed_in("mats", scripts=manner.scripts, language=manner.language)
    assert mats.path.endswith("/home")
    assert mats.page.locator("main a[href*='/cases/']").count() == 0
    receipt = asks_for_help(mats, f"Jeg tør ikke gå hjem, {manner.mark} skript.")

    kari = people.signed_in("kari", scripts=manner.scripts, language=manner.language, staff=True)
    find = kari.page.locator("main .tasks li", has_text=kari.words("Asked for help")).locator("a")
    kari.reload_until(lambda: find.count() > 0, "asked for help is empty")
    for number in range(find.count()):
        find.nth(number).click()
        if kari.page.locator("main", has_text=f"Jeg tør ikke gå hjem, {manner.mark} skript.").count():
            break
        kari.open("/staff")
    kari.sees(f"Jeg tør ikke gå hjem, {manner.mark} skript.")
    kari.sees(kari.words("A child or young person"))
    replies(kari, f"Vi kan møtes i dag, {manner.mark} skript.")

    mats.open(receipt)
    mats.press("See the answers", "child")
    mats.sees(f"Vi kan møtes i dag, {manner.mark} skript.")
