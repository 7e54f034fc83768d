"""Everyone's own words: nobody else reads them before the author's yes and the worker's release (rules.md R13)."""

from __future__ import annotations

import html
import re
import uuid
from unittest.mock import Mock, patch
from xml.etree.ElementTree import Element

import pytest
from werkzeug.test import TestResponse

from portal.core.errors import Unavailable
from portal.demo.reference_core import core_id
from portal.domain.people import Realm
from portal.identity.session import Session
from portal.jurisdictions import jurisdiction
from portal.texts import NP_, Text
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed

SERVICE = "fjordvik"
CASE = core_id(SERVICE, "case", "sofie")
WORDS, PLAN, OVERVIEW = f"/cases/{CASE}/my-words", f"/cases/{CASE}/plan", f"/cases/{CASE}"
SHARING = f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', 'sofie')}/sharing"
GOAL = core_id(SERVICE, "plan item", "sofie", "ro")
TOLD = core_id(SERVICE, "said", "sofie", "handball")
UNASKED = core_id(SERVICE, "said", "sofie", "tirsdag")
MOTHER, FATHER = core_id(SERVICE, "person", "ingrid"), core_id(SERVICE, "person", "thomas")
ABOUT_GOAL = core_id(SERVICE, "question", GOAL, MOTHER)
ABOUT_TOLD = core_id(SERVICE, "question", TOLD, FATHER)
SENTENCE = core_id(SERVICE, "sentence", "sofie", "mormor")
SAID = "Jeg vil ha ro når jeg gjør lekser"
MISSED = "Jeg savner laget mer enn jeg har sagt"
SECRETS = (SAID, MISSED, "Jeg sover best når jeg vet")


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One for each test: an answer in one must not be there in another."""
    return build(tmp_path_factory.mktemp("house"))


def plain(page: TestResponse) -> str:
    return html.unescape(page.get_data(as_text=True))


def form_with(page: TestResponse, name: str, value: str, *others: str) -> Element:
    """The form that carries this hidden field, and buttons or fields of the other names."""
    for form in parsed(page).iter(f"{HTML}form"):
        names = {element.get("name") for element in form.iter()}
        if hidden_fields(form).get(name) == value and names >= set(others):
            return form
    raise AssertionError(f"no form about {value}")


def send(browser: Browser, form: Element, **fields: str) -> TestResponse:
    return browser.post(form.get("action") or "", hidden_fields(form) | fields)


def answer(house: House, question: str, said: str, *, words: str = "") -> TestResponse:
    sofie = house.signed_in("sofie")
    form = form_with(sofie.get(WORDS), "question_id", question)
    sent = send(sofie, form, answer=said, body=words)
    house.deliver()
    return sent


def decide(house: House, words_id: str, person_id: str, decision: str, **fields: str) -> TestResponse:
    """As a form of ours would, whatever the page offers."""
    kari = house.signed_in("kari")
    token = hidden_fields(form_with(kari.get(SHARING), "words_id", words_id))["csrf_token"]
    form = {"words_id": words_id, "person_id": person_id, "decision": decision, "csrf_token": token}
    sent = kari.post(f"{SHARING}/decisions", form | {"submission_id": str(uuid.uuid4())} | fields)
    house.deliver()
    return sent


def reads(house: House, who: str, text: str) -> bool:
    """Does it stand on any page of the case that this person has?"""
    browser = house.signed_in(who)
    return any(text in plain(browser.get(path)) for path in (OVERVIEW, PLAN, WORDS, f"{OVERVIEW}/messages"))


def test_nobody_else_reads_it_before_yes_and_release(house: House) -> None:
    """Feature V5, R13, R14."""
    for who in ("ingrid", "thomas"):
        assert not any(reads(house, who, secret) for secret in SECRETS)
    answer(house, ABOUT_GOAL, "yes")
    assert not reads(house, "ingrid", SAID), "the yes alone opens nothing"
    assert decide(house, GOAL, MOTHER, "release").status_code == 303
    assert reads(house, "ingrid", SAID)
    assert not reads(house, "thomas", SAID), "one person at a time"
    assert not reads(house, "ingrid", MISSED), "one thing at a time"


@pytest.mark.parametrize("said", ["no", ""])
def test_no_release_without_a_yes(house: House, said: str) -> None:
    """Feature V5, R13: the worker's page refuses it, and so does the core."""
    if said:
        answer(house, ABOUT_GOAL, said)
    refused = decide(house, GOAL, MOTHER, "release")
    assert refused.status_code == 422
    assert not reads(house, "ingrid", SAID)
    forms = list(parsed(house.signed_in("kari").get(SHARING)).iter(f"{HTML}form"))
    offered = {element.get("value") for form in forms for element in form.iter() if _about(form) == (GOAL, MOTHER)}
    assert "release" not in offered


def _about(form: Element) -> tuple[str | None, str | None]:
    fields = hidden_fields(form)
    return fields.get("words_id"), fields.get("person_id")


def test_what_was_told_is_read_on_the_plan_by_that_person_alone(house: House) -> None:
    """Feature V5, R13: Sofie has said yes to this one in the story."""
    assert decide(house, TOLD, FATHER, "release").status_code == 303
    assert MISSED in plain(house.signed_in("thomas").get(PLAN))
    assert not reads(house, "ingrid", MISSED)
    dad = house.parts.texts.translate("nb", NP_("child", "Dad"))
    assert dad in plain(house.signed_in("sofie").get(WORDS)), "and its author is told"


def test_a_yes_can_be_withdrawn_before_and_after(house: House) -> None:
    """R13: whoever says no last is heard, also when the worker was quicker."""
    answer(house, ABOUT_TOLD, "no")
    assert decide(house, TOLD, FATHER, "release").status_code == 422
    answer(house, ABOUT_TOLD, "yes")
    sofie = house.signed_in("sofie")
    early = form_with(sofie.get(WORDS), "question_id", ABOUT_TOLD)
    decide(house, TOLD, FATHER, "release")
    assert reads(house, "thomas", MISSED)
    fields = hidden_fields(early) | {"answer": "no", "body": ""}
    late = sofie.post(early.get("action") or "", fields)
    assert late.status_code == 422, "it is settled, and the page says so"
    assert decide(house, TOLD, FATHER, "keep").status_code == 303
    assert not reads(house, "thomas", MISSED)


def test_nobody_answers_for_somebody_else(house: House) -> None:
    """R13, R14: a guardian finds no question, and one that is made up changes nothing and loses nothing."""
    ingrid = house.signed_in("ingrid")
    assert "question_id" not in plain(ingrid.get(WORDS))
    form = {"question_id": ABOUT_GOAL, "answer": "yes", "body": "Jeg er mor", "csrf_token": ingrid.token()}
    forged = ingrid.post(f"{WORDS}/answers", form | {"submission_id": str(uuid.uuid4())})
    unknown = ingrid.post(
        f"{WORDS}/answers", form | {"submission_id": str(uuid.uuid4()), "question_id": str(uuid.uuid4())}
    )
    assert forged.status_code == unknown.status_code == 422
    assert _same_but_ids(forged) == _same_but_ids(unknown)
    house.deliver()
    assert decide(house, GOAL, MOTHER, "release").status_code == 422
    sentence = {"sentence_id": SENTENCE, "right": "yes", "csrf_token": form["csrf_token"]}
    assert ingrid.post(f"{WORDS}/sentences", sentence).status_code == 422
    assert ingrid.post(f"{WORDS}/answers", form | {"question_id": "../x"}).status_code == 404


def _same_but_ids(page: TestResponse) -> str:
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", plain(page))
    return re.sub(r'value="[A-Za-z0-9_-]{40,}"', "TOKEN", text)


def test_the_brother_and_a_worker_of_others_find_nothing(house: House) -> None:
    """R13: siblings are separate persons with separate secrets."""
    emils = core_id(SERVICE, "case", "emil")
    page = plain(house.signed_in("ingrid").get(f"/cases/{emils}/my-words"))
    assert not any(secret in page for secret in SECRETS)
    assert house.signed_in("jonas").get(SHARING).status_code == 404
    assert house.signed_in("sofie").get(f"/cases/{emils}/my-words").status_code == 404


def test_an_override_needs_a_reason_and_a_day_and_is_told_from_it_on(house: House) -> None:
    """R13."""
    assert decide(house, UNASKED, MOTHER, "override").status_code == 422
    assert decide(house, UNASKED, MOTHER, "override", reason="danger").status_code == 422
    assert decide(house, UNASKED, MOTHER, "override", reason="danger", tell_from="2020-01-01").status_code == 422
    assert decide(house, UNASKED, MOTHER, "override", reason="because", tell_from="2026-11-22").status_code == 422
    assert not reads(house, "ingrid", SECRETS[2])
    before = plain(house.signed_in("sofie").get(WORDS))
    assert decide(house, UNASKED, MOTHER, "override", reason="danger", tell_from="2026-11-22").status_code == 303
    assert reads(house, "ingrid", SECRETS[2])
    assert _told(before) == _told(plain(house.signed_in("sofie").get(WORDS)))
    house.clock.pass_(days=3)
    told = plain(house.signed_in("sofie").get(WORDS))
    reason = house.parts.texts.translate("nb", _reason("danger"))
    assert reason in told


def _reason(code: str) -> Text:
    found = jurisdiction("no").override(code)
    assert found is not None
    return found.child


def _told(page: str) -> int:
    return page.count('class="note"')


def test_jakob_is_not_told_before_the_day(house: House) -> None:
    """R13: the override of the story is told in six days."""
    path = f"/cases/{core_id(SERVICE, 'case', 'jakob')}/my-words"
    before = _told(plain(house.signed_in("jakob").get(path)))
    house.clock.pass_(days=7)
    assert _told(plain(house.signed_in("jakob").get(path))) == before + 1


def test_the_sentence_can_be_said_right_and_corrected(house: House) -> None:
    """R13: before a decision is issued the child sees what will be written, and mends it."""
    sofie = house.signed_in("sofie")
    form = form_with(sofie.get(WORDS), "sentence_id", SENTENCE, "body")
    assert send(sofie, form, body="").status_code == 422
    assert send(sofie, form, body="Jeg vil være der hver dag.").status_code == 303
    house.deliver()
    assert "Jeg vil være der hver dag." in plain(sofie.get(WORDS))
    assert "Jeg vil være der hver dag." in plain(house.signed_in("kari").get(SHARING))
    assert not any(reads(house, who, "Jeg vil være der hver dag.") for who in ("ingrid", "thomas"))
    form = next(
        one
        for one in parsed(sofie.get(WORDS)).iter(f"{HTML}form")
        if hidden_fields(one).get("sentence_id") == SENTENCE and "right" not in hidden_fields(one)
    )
    send(sofie, form, right="yes")
    house.deliver()
    assert "Jeg vil være der hver dag." not in plain(house.signed_in("kari").get(SHARING))


def test_pressing_twice_is_answering_once_and_no_answer_is_chosen(house: House) -> None:
    sofie = house.signed_in("sofie")
    form = form_with(sofie.get(WORDS), "question_id", ABOUT_GOAL)
    missing = send(sofie, form, body="Jeg må tenke")
    assert missing.status_code == 422
    assert "Jeg må tenke" in plain(missing)
    for _ in range(2):
        assert send(sofie, form, answer="yes", body="").status_code == 303
    house.deliver()
    sent = house.parts.box.sent(SERVICE, _account(house))
    assert [item.kind.value for item in sent] == ["sharing_answer"]


def _account(house: House) -> str:
    session = house.parts.sessions.read(SERVICE, Realm.FAMILY, house.signed_in("sofie").session_cookie())
    assert isinstance(session, Session)
    return session.account_id


def test_words_are_kept_while_the_core_is_down(house: House) -> None:
    """House: nothing that was answered is lost, and nothing is opened blindly meanwhile."""
    sofie, kari = house.signed_in("sofie"), house.signed_in("kari")
    form = form_with(sofie.get(WORDS), "question_id", ABOUT_GOAL)
    release = form_with(kari.get(SHARING), "person_id", FATHER, "decision")
    down = Mock(side_effect=Unavailable)
    gateway = house.parts.gateways[SERVICE]
    with patch.object(gateway, "standing", down):
        assert send(sofie, form, answer="yes", body="").status_code == 303
        assert send(kari, release, decision="release").status_code == 503
    house.deliver()
    assert decide(house, GOAL, MOTHER, "release").status_code == 303
    assert not reads(house, "thomas", MISSED)
