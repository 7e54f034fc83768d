"""What a family reads first: home, overview and plan; saying what one thinks of the plan; asking to see more."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.errors import Unavailable
from portal.core.gateway import Gateway
from portal.demo.processes import Processes
from portal.domain.case import Overview
from portal.domain.delivery import DeliveryState
from portal.domain.people import Relation
from portal.domain.plan import Comment, PlanView
from portal.outbox.seal import Opener
from portal.settings import data_folder, worker_settings
from portal.store.tables import submission
from portal.texts import Texts
from portal.texts.catalogues import source_catalogue
from portal.texts.lix import forbidden
from portal.texts.locales import REGISTRY
from portal.texts.pseudo import PseudoCatalogue
from tests.fakes.gateway import CAPABILITIES, FakeGateway
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of

SERVICE = "fjordvik"
MORE = "There may be more than you see here. You can ask to see more."
MORE_ADULT = "This may not be everything in your case. You can ask to see more."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house that also speaks a made-up language from right to left."""
    english = source_catalogue()
    arabic = PseudoCatalogue(REGISTRY["ar"], english.forms, english.plural)
    texts = Texts([data_folder("templates")], data_folder("translations"), extra_catalogues=[arabic])
    house = build(tmp_path_factory.mktemp("house"), texts=texts)
    services = cast("dict[str, Any]", house.parts.settings.services)
    services[SERVICE] = replace(services[SERVICE], languages=("en", "ar"))
    return house


class Told:
    """A real core some of whose answers are other than it says."""

    def __init__(self, core: Gateway, answers: dict[str, Callable[[Any], Any]]) -> None:
        self.core = core
        self.answers = answers

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.core, name)
        change = self.answers.get(name)
        return real if change is None else lambda *arguments: change(real(*arguments))


@contextmanager
def core_is(house: House, other: Any) -> Iterator[None]:
    """Put another core in the place of Fjordvik's."""
    gateways = cast("dict[str, Any]", house.parts.gateways)
    real = gateways[SERVICE]
    gateways[SERVICE] = other
    try:
        yield
    finally:
        gateways[SERVICE] = real


def told(house: House, **answers: Callable[[Any], Any]) -> Told:
    return Told(house.parts.gateways[SERVICE], answers)


def opened(house: House, submission_id: str) -> tuple[str, dict[str, object]]:
    """What lies sealed in the letterbox, as the delivery worker alone can read it."""
    key = worker_settings(Processes(house.plan).worker_environment()).delivery_private_key
    with house.parts.store.read() as connection:
        row = connection.execute(select(submission).where(submission.c.id == submission_id)).one()
    return row.kind, Opener.from_pem(key).open(row.sealed, row.service_id, row.id, row.kind)


def own_case(browser: Browser) -> str:
    """Where a child is led from its home."""
    found = browser.get("/home")
    assert found.status_code == 303
    return found.headers["Location"]


def first_case(browser: Browser) -> str:
    """Through the first door of a guardian's home: a link, or where there are several a form."""
    home = browser.get("/home")
    doors = [form for form in forms(home) if "case_id" in form]
    if doors:
        return browser.post("/home/open", doors[0]).headers["Location"]
    return next(url for url in links(main(home)) if url.startswith("/cases/"))


def main(page: TestResponse) -> Element:
    return next(parsed(page).iter(f"{HTML}main"))


def words(page: TestResponse) -> str:
    return text_of(main(page))


def links(element: Element) -> list[str]:
    return [link.get("href") or "" for link in element.iter(f"{HTML}a")]


def forms(page: TestResponse) -> list[dict[str, str]]:
    """The hidden fields of every form in the page's own part."""
    return [hidden_fields(form) for form in main(page).iter(f"{HTML}form")]


def without_details(page: TestResponse) -> Element:
    """What is on the screen before anything is opened."""
    root = main(page)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{HTML}details":
                parent.remove(child)
    return root


def test_a_guardian_finds_each_child_behind_a_door_of_its_own(house: House) -> None:
    page = house.signed_in("ingrid", language="en").get("/home")
    cards = [card for card in main(page).iter(f"{HTML}div") if card.get("class") == "card"]
    about_sofie, about_emil = text_of(cards[0]), text_of(cards[1])
    assert about_sofie.startswith("Sofie")
    assert "There is a message for you to read." in about_sofie
    assert about_emil.startswith("Emil")
    assert "Sofie" not in about_emil
    assert not any(character.isdigit() for character in about_sofie + about_emil)


def test_a_child_is_led_straight_to_its_own_page(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    assert words(browser.get(own_case(browser))).startswith("Hi, Sofie")


def test_without_a_case_there_is_still_a_home_the_same_for_a_stranger_and_for_somebody_shut_out(house: House) -> None:
    stranger = house.signed_in("mats", language="en").get("/home")
    blocked = house.signed_in("kent", language="en").get("/home")
    assert stranger.status_code == blocked.status_code == 200
    assert set(links(main(stranger))) == {"/ask-for-help", "/sent"}
    assert "call us" in words(stranger)
    assert words(stranger).removeprefix("Hi") == words(blocked).removeprefix("Hi, Kent").removeprefix("Hi")


def test_a_childs_first_screen_has_exactly_four_things(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    page = browser.get(own_case(browser))
    shown = without_details(page)
    assert [text_of(heading) for heading in shown.iter(f"{HTML}h2")] == [
        "What happens next",
        "Messages",
        "Your plan and visits",
        "Do you want help?",
    ]
    assert "Who: Kari" in text_of(shown)
    assert "When: by Tuesday 24 November" in text_of(shown)
    assert "Kari answers by Monday 23 November." in text_of(shown)
    assert "55 00 00 11" not in text_of(shown)
    assert "55 00 00 11" in words(page)
    assert forbidden(words(page)) == []


def test_lateness_is_ours(house: House) -> None:
    def late(found: Overview) -> Overview:
        day = house.clock().date() - timedelta(days=2)
        steps = tuple(replace(step, by=day, late_reason="Kari har vært syk.") for step in found.next_steps)
        return replace(found, next_steps=steps, answer_due=day)

    with core_is(house, told(house, overview=late)):
        child = house.signed_in("sofie", language="en")
        said = words(child.get(own_case(child)))
        assert "We have not answered in time. That is not your fault." in said
        assert "We said Tuesday 17 November. We are late. That is not your fault. Kari har vært syk." in said
        guardian = house.signed_in("ingrid", language="en")
        said = words(guardian.get(first_case(guardian)))
        assert "We have not answered in time. The fault is ours." in said
        assert "We said Tuesday 17 November, and we are late. The fault is ours." in said


def test_a_guardian_reads_what_comes_who_is_responsible_and_what_is_new(house: House) -> None:
    browser = house.signed_in("ingrid", language="en")
    page = browser.get(first_case(browser))
    said = words(page)
    assert said.startswith("Start About Sofie Vi lager en plan sammen med dere.")
    for part in ("Your contact person", "Team Fjell", "55 00 00 11", "On the team: Kari and Marit."):
        assert part in said
    for part in ("There is a message for you to read.", "The plan was changed", "Møte om planen", "Rådhuset, rom 2"):
        assert part in said
    phase = next(element for element in main(page).iter(f"{HTML}p") if element.get("lang") == "nb")
    assert text_of(phase).startswith("Vi lager en plan")


def test_while_the_worker_is_away_the_one_who_answers_is_named(house: House) -> None:
    browser = house.signed_in("jakob", language="en")
    said = words(browser.get(own_case(browser)))
    assert "Jonas is away until Wednesday 25 November. Kari reads for now." in said
    assert "Kari answers by tomorrow." in said


def test_no_place_for_whom_the_address_is_hidden_and_a_cancelled_day_says_why(house: House) -> None:
    def cancelled(found: Overview) -> Overview:
        first = replace(found.appointments[0], cancelled_reason="Bilen er ødelagt.")
        return replace(found, appointments=(first, *found.appointments[1:]))

    with core_is(house, told(house, overview=cancelled)):
        anne = house.signed_in("anne", language="en")
        said = words(anne.get(first_case(anne)))
        assert "Cancelled: " in said
        assert "Bilen er ødelagt." in said
        assert "Lia skole, rom 104" in said
    rune = house.signed_in("rune", language="en")
    said = words(rune.get(first_case(rune)))
    for place in ("Lia skole", "Familiehuset", "rom 104"):
        assert place not in said


@pytest.mark.parametrize(("person", "sentence"), [("sofie", MORE), ("ingrid", MORE_ADULT), ("rune", MORE_ADULT)])
def test_everyone_always_reads_that_there_may_be_more(house: House, person: str, sentence: str) -> None:
    browser = house.signed_in(person, language="en")
    case = own_case(browser) if person == "sofie" else first_case(browser)
    asked = f"{case}/asked-to-see-more"
    for path in (case, *(f"{case}/{name}" for name in ("plan", "documents", "messages", "decisions")), asked):
        page = browser.get(path)
        assert sentence in text_of(without_details(page))
        assert f"{case}/ask-to-see-more" in links(main(page))
        assert asked in links(main(page)) or path == asked


def test_what_a_core_lacks_becomes_a_sentence_and_a_number(house: House) -> None:
    less = replace(CAPABILITIES, plans=False, threads=False, comments=False)
    with core_is(house, told(house, capabilities=lambda _: less)):
        browser = house.signed_in("ingrid", language="en")
        case = first_case(browser)
        page = browser.get(case)
        assert "You cannot write here yet. You can call the team." in words(page)
        assert not {f"{case}/plan", f"{case}/messages"} & set(links(main(page)))
        page = browser.get(f"{case}/plan")
        assert "You cannot write in the plan yet." in words(page)
        assert forms(page) == []


@pytest.mark.parametrize("path", ["", "/plan"])
def test_a_core_that_is_down_is_said_and_never_shown_as_empty(house: House, path: str) -> None:
    browser = house.signed_in("sofie", language="en")
    case = own_case(browser)
    with core_is(house, FakeGateway(down=Unavailable())):
        page = browser.get(case + path)
    assert page.status_code == 503
    assert "116 111" in words(page)


def test_the_plan_has_goals_own_words_comments_and_a_box_at_each(house: House) -> None:
    """Feature P1: goals and measures, with the child's own words beside each goal."""
    browser = house.signed_in("sofie", language="en")
    page = browser.get(own_case(browser) + "/plan")
    said = words(page)
    assert "Du skal ha det rolig hjemme om kvelden. Not decided yet You said: Jeg vil ha ro" in said
    assert "Det er fint, men ikke på tirsdag." in said
    assert "Kari answered: Godt at du sier det." in said
    assert "Who: Mormor" in said
    boxes = list(main(page).iter(f"{HTML}textarea"))
    assert len(boxes) == len(forms(page)) == 9
    by_id = {element.get("id"): element for element in main(page).iter()}
    for box in boxes:
        described = (box.get("aria-describedby") or "").split()
        truth = " ".join(text_of(by_id[name]) for name in described)
        assert "You can read this now. So can Kari and Marit. Your parents cannot see it here." in truth
        assert "Room for 4000 characters" in truth
    assert forbidden(said) == []


def test_a_guardian_reads_the_childs_words_only_where_they_are_released(house: House) -> None:
    browser = house.signed_in("ingrid", language="en")
    said = words(browser.get(first_case(browser) + "/plan"))
    assert "Plan for Sofie" in said
    assert "Jeg vil ha ro når jeg gjør lekser" not in said
    assert "said:" not in said
    assert "Det er fint, men ikke på tirsdag." not in said
    assert "Others in the family cannot see it here." in said


def test_no_plan_for_this_reader_is_said_without_saying_that_there_is_none(house: House) -> None:
    with core_is(house, told(house, plan=lambda found: replace(found, plan=None))):
        browser = house.signed_in("sofie", language="en")
        page = browser.get(own_case(browser) + "/plan")
        assert "There is no plan for you here yet. You can ask us about it." in words(page)
        assert forms(page) == []


def test_a_comment_is_seen_at_its_place_with_its_honest_state_and_without_its_text(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    path = own_case(browser) + "/plan"
    fields = forms(browser.get(path))[5]
    sent = browser.post(f"{path}/comments", {**fields, "body": "Jeg vil begynne etter jul."})
    assert sent.status_code == 303
    assert sent.headers["Location"] == f"{path}#c-{fields['submission_id']}"
    again = browser.post(f"{path}/comments", {**fields, "body": "Jeg vil begynne etter jul."})
    assert again.headers["Location"] == sent.headers["Location"]
    page = browser.get(path)
    bubble = next(e for e in main(page).iter(f"{HTML}li") if e.get("id") == f"c-{fields['submission_id']}")
    assert "We keep it safe, not sent yet" in text_of(bubble)
    assert "etter jul" not in words(page)
    with core_is(house, told(house, plan=lambda found: with_comment(found, fields["submission_id"]))):
        assert words(browser.get(path)).count("Your words are locked") == 0
    house.deliver()
    page = browser.get(path)
    assert words(page).count("Jeg vil begynne etter jul.") == 1
    assert "not sent yet" not in words(page)


def with_comment(found: PlanView, comment_id: str) -> PlanView:
    """The core shows a comment before the letterbox knows that it has arrived."""
    assert found.plan is not None
    first, second = found.plan.goals
    at = found.plan.updated_at_utc
    assert at is not None
    comment = Comment(comment_id, found.plan.version, "Etter jul.", at, DeliveryState.ACCEPTED)
    return replace(found, plan=replace(found.plan, goals=(first, replace(second, comments=(comment,)))))


@pytest.mark.parametrize(
    ("body", "problem"),
    [(" \n ", "Write something first. Nothing has been sent."), ("ø" * 4001, "This is too long: 4001 characters")],
)
def test_what_cannot_be_taken_comes_back_with_its_text_at_its_place(house: House, body: str, problem: str) -> None:
    browser = house.signed_in("sofie", language="en")
    path = own_case(browser) + "/plan"
    fields = forms(browser.get(path))[1]
    page = browser.post(f"{path}/comments", {**fields, "body": body})
    assert page.status_code == 422
    title = next(parsed(page).iter(f"{HTML}title")).text or ""
    assert title.startswith("Error:")
    boxes = [box for box in main(page).iter(f"{HTML}textarea") if box.get("aria-invalid") == "true"]
    assert [box.get("id") for box in boxes] == [f"words-measure-{fields['target_id']}"]
    assert (boxes[0].text or "").strip() == body.strip()
    assert problem in words(page)
    assert f"#{boxes[0].get('id')}" in links(main(page))
    opened = [e.get("id") for e in main(page).iter(f"{HTML}details") if e.get("open") is not None]
    assert opened == [f"measure-{fields['target_id']}"]


def test_a_refused_text_waits_as_a_draft_and_goes_with_what_is_sent(house: House) -> None:
    browser = house.signed_in("ingrid", language="en")
    path = first_case(browser) + "/plan"
    fields = forms(browser.get(path))[0]
    browser.post(f"{path}/comments", {**fields, "body": "For langt. " + "x" * 4000})
    reopened = browser.get(f"{path}?write=goal-{fields['target_id']}")
    assert "For langt." in words(reopened)
    assert "Here is what you began to write. It is not sent." in words(reopened)
    stranger = house.signed_in("thomas", language="en")
    assert "For langt." not in words(stranger.get(f"{path}?write=goal-{fields['target_id']}"))
    assert browser.post(f"{path}/comments", {**fields, "body": "Kortere."}).status_code == 303
    assert "For langt." not in words(browser.get(f"{path}?write=goal-{fields['target_id']}"))


def test_ten_megabytes_are_answered_at_the_box(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    path = own_case(browser) + "/plan"
    fields = forms(browser.get(path))[0]
    page = browser.post(f"{path}/comments", {**fields, "body": "a" * 10_000_000})
    assert page.status_code == 422
    assert "This is too long: 10000000 characters of at most 4000." in words(page)


def test_a_plan_that_changed_meanwhile_loses_no_words(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    path = own_case(browser) + "/plan"
    fields = forms(browser.get(path))[0]

    def emptied(found: PlanView) -> PlanView:
        assert found.plan is not None
        return replace(found, plan=replace(found.plan, goals=()))

    with core_is(house, told(house, plan=emptied)):
        page = browser.post(f"{path}/comments", {**fields, "body": "Mitt " + "x" * 4000})
        assert page.status_code == 422
        assert "The plan was changed while you wrote." in words(page)
        assert "Mitt x" in words(page)
        assert browser.submit(page, {"body": "Mitt."}, f"{path}/comments").status_code == 303


def test_while_the_core_is_down_a_comment_is_kept_and_nothing_is_read(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    path = own_case(browser) + "/plan"
    fields = forms(browser.get(path))[0]
    down = FakeGateway(down=Unavailable())
    with core_is(house, down):
        page = browser.post(f"{path}/comments", {**fields, "body": " "})
        assert page.status_code == 422
        assert "We cannot show the plan right now. The fault is ours." in words(page)
        sent = browser.submit(page, {"body": "Dette skrev jeg da alt var nede."}, f"{path}/comments")
        assert sent.headers["Location"] == f"/sent/{fields['submission_id']}"
    assert set(down.calls) == {"standing"}
    house.deliver()
    assert "Dette skrev jeg da alt var nede." in words(browser.get(path))


def test_a_comment_of_an_ended_session_is_there_after_signing_in_again(house: House) -> None:
    browser = house.signed_in("thomas", language="en")
    path = first_case(browser) + "/plan"
    fields = forms(browser.get(path))[3]
    house.clock.pass_(minutes=31)
    answer = browser.post(f"{path}/comments", {**fields, "body": "Jeg skrev lenge."})
    assert answer.status_code == 401
    assert "Jeg skrev lenge." not in words(answer)
    back = f"{path}?write=measure-{fields['target_id']}"
    assert "Jeg skrev lenge." in words(house.signed_in("thomas", language="en").get(back))


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_type": "document"},
        {"target_id": ""},
        {"target_id": "../etc"},
        {"plan_id": "x" * 200},
        {"plan_version": ""},
    ],
)
def test_a_form_that_is_not_ours_gets_the_one_no(house: House, wrong: dict[str, str]) -> None:
    browser = house.signed_in("sofie", language="en")
    path = own_case(browser) + "/plan"
    fields = forms(browser.get(path))[0]
    answer = browser.post(f"{path}/comments", {**fields, "body": "Hei", **wrong})
    assert answer.status_code == 404
    assert list(main(answer).iter(f"{HTML}form")) == []


@pytest.mark.parametrize("body", ["", "Jeg lurer på det som sto om skolen."])
def test_asking_to_see_more_names_no_document_and_is_answered_in_writing(house: House, body: str) -> None:
    browser = house.signed_in("sofie", language="en")
    path = own_case(browser) + "/ask-to-see-more"
    page = browser.get(path)
    assert "You get the answer in writing." in words(page)
    fields = forms(page)[0]
    assert set(fields) == {"csrf_token", "submission_id"}
    sent = browser.post(path, {**fields, "body": body, "document_id": str(uuid.uuid4())})
    there = path.replace("/ask-to-see-more", "/asked-to-see-more")
    assert sent.headers["Location"] == f"{there}#w-{fields['submission_id']}"
    assert opened(house, fields["submission_id"]) == ("access_request", {"body": body, "language": "en"})
    house.deliver()
    assert "Received" in words(browser.get(there))


def test_a_wish_that_is_too_long_comes_back_and_waits_as_a_draft(house: House) -> None:
    browser = house.signed_in("ingrid", language="en")
    path = first_case(browser) + "/ask-to-see-more"
    page = browser.post(path, {**forms(browser.get(path))[0], "body": "Lang. " + "y" * 8000})
    assert page.status_code == 422
    assert "This is too long: 8006 characters of at most 8000." in words(page)
    assert "the service answers you in writing" in words(page)
    assert "Lang. y" in words(browser.get(path))


@pytest.mark.parametrize("person", ["sofie", "ingrid"])
def test_every_page_is_whole_from_right_to_left(house: House, person: str) -> None:
    browser = house.signed_in(person, language="ar")
    case = own_case(browser) if person == "sofie" else first_case(browser)
    for path in ("/home", case, f"{case}/plan", f"{case}/ask-to-see-more"):
        page = browser.get(path)
        if page.status_code == 200:
            assert parsed(page).get("dir") == "rtl"
            heading = text_of(next(main(page).iter(f"{HTML}h1")))
            ours = heading.replace("Planen din", "").replace("Plan for Sofie", "")
            assert not ours or ours.startswith("ع")


def test_a_person_with_several_cases_as_self_and_guardian_chooses(house: House) -> None:
    def also_own(found: Any) -> Any:
        own = replace(found.cases[0], case_id=str(uuid.uuid4()), relation=Relation.SELF, unread_messages=0)
        return replace(found, cases=(own, *found.cases))

    with core_is(house, told(house, home=also_own)):
        page = house.signed_in("ingrid", language="en").get("/home")
        assert page.status_code == 200
        assert words(page).startswith("Hi, Ingrid Your own page")
