"""A caseworker finds what a family said about its plan, and that somebody asks to see more, and answers each."""

from __future__ import annotations

import html
from xml.etree.ElementTree import Element

import pytest
from werkzeug.test import TestResponse

from portal.access.standing import UNAVAILABLE
from portal.demo.reference_core import core_id
from portal.texts import Text
from portal.web.parts import EXTENSION
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of

SERVICE = "fjordvik"
CASE = core_id(SERVICE, "case", "sofie")
PLAN, MORE = f"/cases/{CASE}/plan", f"/cases/{CASE}/ask-to-see-more"
WORDS = "Kan vi gå tur i stedet?"
ANSWER = "Ja, det høres fint ut."
TOO_LONG = 5000
SAID, WISHES = "Has said something about the plan", "Asks to see more"
HONEST = (
    "%(name)s reads this here, unless the answer was given elsewhere: then your team reads it. "
    "Never write what is not shown, or that there is something."
)
ELSEWHERE = "The answer was not given here. You get it in a letter, or from those who work with you."
INGRIDS = core_id(SERVICE, "comment", "sofie", "ingrid", "samtaler")
"""A comment of the story that nobody has answered."""


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One for each test: what was said in one must not wait in another."""
    return build(tmp_path_factory.mktemp("house"))


def thread(who: str) -> str:
    return f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', who)}"


def words(house: House, message: str, context: str | None = None, **values: object) -> str:
    """A text of ours as an English page shows it."""
    return house.parts.texts.translate("en", Text(message, context).with_(**values))


def plain(page: TestResponse) -> str:
    return html.unescape(page.get_data(as_text=True))


def forms(page: TestResponse, action: str) -> list[Element]:
    return [form for form in parsed(page).iter(f"{HTML}form") if form.get("action") == action]


def comment(house: House, who: str, said: str = WORDS) -> str:
    """Comment on the first goal; the id of the comment."""
    browser = house.signed_in(who, language="en")
    page = browser.get(PLAN)
    sent = browser.submit(page, {"body": said}, f"{PLAN}/comments")
    house.deliver()
    return str(sent.headers["Location"]).split("#c-")[1]


def ask_to_see_more(house: House, who: str, said: str = "") -> TestResponse:
    browser = house.signed_in(who, language="en")
    sent = browser.submit(browser.get(MORE), {"body": said}, MORE)
    house.deliver()
    return sent


def row(house: House, who: str) -> str:
    """The row of a thread in the inbox."""
    page = parsed(house.signed_in("kari", language="en").get("/staff"))
    for item in page.iter(f"{HTML}li"):
        if any((link.get("href") or "").endswith(thread(who)) for link in item.iter(f"{HTML}a")):
            return text_of(item)
    return ""


def box_for(page: TestResponse, who: str, remark_id: str) -> dict[str, str]:
    """The fields of the form under one remark."""
    (found,) = [
        fields
        for fields in map(hidden_fields, forms(page, f"{thread(who)}/answers"))
        if fields["remark_id"] == remark_id
    ]
    return found


def answer(house: House, who: str, remark_id: str, said: str = ANSWER) -> tuple[Browser, TestResponse]:
    kari = house.signed_in("kari", language="en")
    fields = box_for(kari.get(thread(who)), who, remark_id)
    return kari, kari.post(f"{thread(who)}/answers", fields | {"body": said})


def test_the_inbox_says_who_has_said_something_and_who_asks_to_see_more(house: House) -> None:
    assert words(house, SAID) not in row(house, "thomas")
    comment(house, "thomas")
    assert words(house, SAID) in row(house, "thomas")
    assert words(house, WISHES) not in row(house, "thomas")
    ask_to_see_more(house, "thomas")
    assert words(house, WISHES) in row(house, "thomas")
    assert words(house, "Waiting since") in row(house, "thomas")


def test_the_thread_shows_what_was_said_about_what(house: House) -> None:
    comment(house, "sofie")
    goal = house.signed_in("ingrid", language="en").get(PLAN)
    about = next(each.text for each in parsed(goal).iter(f"{HTML}h2") if (each.get("id") or "").startswith("goal-"))
    page = house.signed_in("kari", language="en").get(thread("sofie"))
    said = next(item for item in parsed(page).iter(f"{HTML}section") if item.get("aria-labelledby") == "said-heading")
    assert about
    assert about in text_of(said), "in the words an adult reads, not in the child's"
    assert WORDS in text_of(said)
    assert words(house, "Answer this") in text_of(said)


def test_what_one_says_stands_in_nobody_elses_thread(house: House) -> None:
    comment(house, "sofie")
    for other in ("ingrid", "thomas"):
        assert WORDS not in plain(house.signed_in("kari").get(thread(other)))
    assert house.signed_in("jonas").get(thread("sofie")).status_code == 404


def test_an_answer_is_on_its_way_and_then_stands_beside_the_plan(house: House) -> None:
    made = comment(house, "sofie")
    kari, sent = answer(house, "sofie", made)
    assert sent.status_code == 303
    assert sent.headers["Location"].endswith(f"{thread('sofie')}#r-{made}")
    coming = kari.get(thread("sofie"))
    assert words(house, "We keep it safe, not sent yet") in plain(coming)
    assert ANSWER not in plain(coming)
    ids = [hidden_fields(form)["remark_id"] for form in forms(coming, f"{thread('sofie')}/answers")]
    assert made not in ids, "no second box while an answer is on its way"
    house.deliver()
    there = plain(kari.get(thread("sofie")))
    assert ANSWER in there
    assert words(house, "%(name)s answered:", name="Kari") in there
    assert words(house, SAID) not in row(house, "sofie")
    plan = plain(house.signed_in("sofie", language="en").get(PLAN))
    assert ANSWER in plan
    assert words(house, "Answered") in plan
    assert ANSWER not in plain(house.signed_in("ingrid").get(PLAN))


def test_the_button_tells_the_writer_by_whom_a_comment_was_opened(house: House) -> None:
    comment(house, "thomas")
    kari = house.signed_in("kari", language="en")
    kari.submit(kari.get(thread("thomas")), {}, f"{thread('thomas')}/opened")
    house.deliver()
    assert words(house, "Opened by %(name)s", name="Kari") in plain(house.signed_in("thomas", language="en").get(PLAN))
    assert words(house, SAID) in row(house, "thomas"), "opened is not answered"


def test_of_a_wish_the_family_sees_that_it_is_answered_and_that_the_answer_comes_elsewhere(house: House) -> None:
    landed = str(ask_to_see_more(house, "ingrid", "Jeg vil se rapporten.").headers["Location"])
    page = house.signed_in("kari", language="en").get(thread("ingrid"))
    assert "Jeg vil se rapporten." in plain(page)
    assert words(house, HONEST, name="Ingrid") in plain(page)
    asked, wish = landed.split("#w-")
    answer(house, "ingrid", wish, "Sendt i brev i dag.")
    house.deliver()
    ingrid = house.signed_in("ingrid", language="en")
    receipt = f"/sent/{wish}"
    assert words(house, "You have got an answer", "child") in plain(ingrid.get(receipt))
    assert words(house, ELSEWHERE, "child") in plain(ingrid.get(asked))
    assert all("Sendt i brev" not in plain(ingrid.get(path)) for path in (asked, receipt, "/sent", PLAN))
    assert words(house, WISHES) not in row(house, "ingrid")


@pytest.mark.parametrize("written", ["", "å" * TOO_LONG])
def test_an_answer_that_cannot_be_taken_comes_back_into_its_own_box(house: House, written: str) -> None:
    made = comment(house, "sofie")
    _, refused = answer(house, "sofie", made, written)
    assert refused.status_code == 422
    fields = {area.get("id"): area for area in parsed(refused).iter(f"{HTML}textarea")}
    box = fields[f"words-{made}"]
    assert box.get("aria-invalid") == "true"
    assert (box.text or "").strip() == written
    assert fields["body"].get("aria-invalid") is None
    assert f'href="#words-{made}"' in plain(refused)


def test_an_answer_written_on_an_ended_session_is_there_after_signing_in(house: House) -> None:
    made = comment(house, "sofie")
    kari = house.signed_in("kari", language="en")
    fields = box_for(kari.get(thread("sofie")), "sofie", made)
    house.clock.pass_(minutes=31)
    assert kari.post(f"{thread('sofie')}/answers", fields | {"body": ANSWER}).status_code == 401
    again = house.signed_in("kari", language="en").get(f"{thread('sofie')}?answer={made}")
    assert ANSWER in plain(again)
    assert ANSWER in (next(parsed(again).iter(f"{HTML}details")).findtext(f".//{HTML}textarea") or "")
    assert ANSWER not in plain(house.signed_in("marit").get(f"{thread('sofie')}?answer={made}"))


@pytest.mark.parametrize("remark_id", ["", "../x", "a b", "x" * 200])
def test_a_form_that_is_not_ours_is_the_one_no(house: House, remark_id: str) -> None:
    kari = house.signed_in("kari")
    fields = box_for(kari.get(thread("ingrid")), "ingrid", INGRIDS)
    answered = kari.post(f"{thread('ingrid')}/answers", fields | {"remark_id": remark_id, "body": "Hei"})
    assert answered.status_code == 404


def test_while_the_core_is_down_an_answer_becomes_a_draft_and_a_refused_one_shows_nothing(house: House) -> None:
    """Nobody can say then what the answer would give away (the leak linter), so it waits for its writer."""
    made = comment(house, "sofie")
    kari = house.signed_in("kari", language="en")
    fields = box_for(kari.get(thread("sofie")), "sofie", made)
    with Down(house) as core:
        assert kari.post(f"{thread('sofie')}/answers", fields | {"body": ""}).status_code == 503
        kept = kari.post(f"{thread('sofie')}/answers", fields | {"body": ANSWER})
        assert kept.status_code == 503
        assert ANSWER in plain(kept)
        assert "staff_conversation" not in core.asked
    house.deliver()
    page = kari.get(f"{thread('sofie')}?answer={made}")
    assert ANSWER in plain(page), "in the box, and not sent"
    assert kari.post(f"{thread('sofie')}/answers", box_for(page, "sofie", made) | {"body": ANSWER}).status_code == 303
    house.deliver()
    assert ANSWER in plain(kari.get(thread("sofie")))


class Down:
    """The portal cannot ask the core for facts."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._core = Unanswering(house.parts.gateways[SERVICE])

    def __enter__(self) -> Unanswering:
        parts = self._house.parts
        changed = {**parts.gateways, SERVICE: self._core}
        self._house.app.extensions[EXTENSION] = type(parts)(**{**vars(parts), "gateways": changed})
        return self._core

    def __exit__(self, *_: object) -> None:
        self._house.app.extensions[EXTENSION] = self._house.parts


class Unanswering:
    """A core that tells no facts. `asked`: what else was asked of it."""

    def __init__(self, core: object) -> None:
        self._core = core
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> object:
        self.asked.append(name)
        return getattr(self._core, name)

    def standing(self, _actor: object, _target: object) -> object:
        return UNAVAILABLE
