"""The family writes: conversation, asking for help, what I have sent. Nothing is lost, nothing untrue is promised."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.core.errors import CoreFault, Unavailable
from portal.domain.delivery import DeliveryState
from portal.domain.people import Relation
from portal.domain.submission import SubmissionKind
from tests.inspector import HTML, Browser, parsed, text_of
from tests.web.family_writing_world import (
    CASE,
    HERE,
    KARI,
    NUMBER,
    TALK,
    THERE,
    Files,
    World,
    answers,
    conversation,
    message,
    new_world,
    plain,
    write_files,
)

NEWS = re.compile(r'data-hx-get="([^"]+)"')


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return write_files(tmp_path_factory.mktemp("installation"))


@pytest.fixture
def world(files: Files, sqlite_template: Path, tmp_path: Path) -> World:
    made = new_world(files, sqlite_template, tmp_path)
    made.core.pages["conversation"] = conversation(
        Relation.SELF, message("Kommer du onsdag?"), message("Ja.", mine=True, state=DeliveryState.SEEN)
    )
    return made


def box_of(page: TestResponse) -> str:
    found = [box for box in parsed(page).iter(f"{HTML}textarea") if box.get("id") == "body"]
    assert len(found) == 1
    return "".join(found[0].itertext())


def where(response: TestResponse) -> str:
    assert response.status_code == 303, response.status_code
    return response.headers["Location"]


# --- the conversation ---


def test_a_child_reads_who_can_read_before_the_box_and_when_the_answer_comes(world: World) -> None:
    page = plain(world.signed_in().get(TALK))
    truth = page.index("You and <bdi>Kari</bdi> can read this now.")
    assert truth < page.index("Your parents cannot see it here.") < page.index("<textarea")
    assert "Sometimes the law lets them or a court read it. Then we talk with you first if we can." in page
    assert "Kari answers by Friday 7 March." in page
    assert "Opened by Kari" in page
    assert not re.search(r"\b(secret|only you|anonymous|safe)\b", page)


def test_an_adult_is_not_told_about_their_parents_and_lateness_is_ours(world: World) -> None:
    world.relation = Relation.MOTHER
    away = replace(KARI, away_until=date(2031, 3, 9), cover_first_name="Mona")
    world.core.pages["conversation"] = conversation(
        Relation.MOTHER, answer_due=date(2031, 3, 3), worker=away, readers=("Kari", "Mona", "Anders")
    )
    page = plain(world.signed_in().get(TALK))
    assert "So can <bdi>Kari</bdi>, <bdi>Mona</bdi> and <bdi>Anders</bdi>." in page
    assert "Others in the family cannot see it here." in page
    assert "Your parents" not in page
    assert "We have not answered in time. The fault is ours." in page
    assert "Kari is away until Sunday 9 March. Mona reads for now." in page


def test_what_people_wrote_keeps_its_direction_and_does_nothing(world: World) -> None:
    world.core.pages["conversation"] = conversation(Relation.SELF, message("<script>x</script>مرحبا"))
    page = world.signed_in(language="ar").get(TALK)
    assert parsed(page).get("dir") == "rtl"
    assert "&lt;script&gt;x" in page.text
    assert '<p class="body" dir="auto" lang="nb">' in page.text


def test_a_message_is_kept_shown_as_on_its_way_and_delivered_once(world: World) -> None:
    browser = world.signed_in()
    form = browser.get(TALK)
    first = where(browser.submit(form, {"body": "Kan Lise\r\nvære med?"}, TALK))
    assert where(browser.submit(form, {"body": "Kan Lise\r\nvære med?"}, TALK)) == first
    page = plain(browser.get(TALK))
    assert page.count("We keep it safe, not sent yet") == 1
    assert first.split("#")[1] in page
    assert "Lise" not in page
    world.deliver()
    (sent,) = world.core.taken
    assert sent.kind is SubmissionKind.MESSAGE
    assert sent.content == {"body": "Kan Lise\nvære med?", "language": "en"}
    assert sent.destination.case_id == CASE


def test_going_back_and_sending_other_words_loses_neither(world: World) -> None:
    browser = world.signed_in()
    form = browser.get(TALK)
    assert where(browser.submit(form, {"body": "Hei"}, TALK)) != where(
        browser.submit(form, {"body": "Hei igjen"}, TALK)
    )
    world.deliver()
    assert [sent.content["body"] for sent in world.core.taken] == ["Hei", "Hei igjen"]


@pytest.mark.parametrize("lost_id", ["", "nonsense"])
def test_a_form_without_its_id_still_gets_its_words_in(world: World, lost_id: str) -> None:
    browser = world.signed_in()
    where(browser.submit(browser.get(TALK), {"body": "Hei", "submission_id": lost_id}, TALK))
    world.deliver()
    assert len(world.core.taken) == 1


@pytest.mark.parametrize(
    ("body", "said"), [("  \n ", "Write something first."), ("x" * 4001, "4001 characters of at most 4000")]
)
def test_what_cannot_be_taken_is_said_at_the_box_with_the_text_still_there(world: World, body: str, said: str) -> None:
    browser = world.signed_in()
    answer = browser.submit(browser.get(TALK), {"body": body}, TALK)
    assert answer.status_code == 422
    assert plain(answer).count(said) == 2
    assert "<title>Error:" in answer.text
    assert "Kommer du onsdag?" in answer.text
    assert box_of(answer).strip() == body.strip()
    assert box_of(browser.get(TALK)).strip() == body.strip()
    assert world.core.taken == []


def test_a_draft_says_when_it_goes_and_ends_when_it_is_sent(world: World) -> None:
    browser = world.signed_in()
    browser.submit(browser.get(TALK), {"body": "x" * 4001}, TALK)
    page = browser.get(TALK)
    assert "It is not sent. It is kept until Tuesday 11 March." in plain(page)
    where(browser.submit(page, {"body": "Kort"}, TALK))
    assert box_of(browser.get(TALK)).strip() == ""


def test_ten_megabytes_come_back_to_the_box_and_are_not_kept(world: World) -> None:
    browser = world.signed_in()
    body = "abcd " * 2_000_000
    answer = browser.submit(browser.get(TALK), {"body": body}, TALK)
    assert answer.status_code == 422
    assert "characters of at most 4000" in answer.text
    assert body.strip() in answer.text
    assert box_of(browser.get(TALK)).strip() == ""


def test_while_the_core_is_down_writing_goes_on(world: World) -> None:
    browser = world.signed_in()
    world.core.down = Unavailable()
    assert browser.get(TALK).status_code == 503
    page = browser.get(f"{TALK}/new")
    assert "You can still write. We keep it, and send it when we can." in plain(page)
    assert "Room for 4000 characters" in plain(page)
    receipt = browser.get(where(browser.submit(page, {"body": "Mens dere var borte"}, TALK)))
    assert "We keep it safe, not sent yet" in plain(receipt)
    world.core.down = None
    world.deliver()
    assert [sent.content["body"] for sent in world.core.taken] == ["Mens dere var borte"]
    assert world.core.reads == []


def test_a_faulty_text_is_shown_again_even_when_the_messages_cannot_be(world: World) -> None:
    browser = world.signed_in()
    form = browser.get(TALK)
    world.core.pages_down = CoreFault()
    answer = browser.submit(form, {"body": "x" * 4001}, TALK)
    assert (answer.status_code, box_of(answer).strip()) == (422, "x" * 4001)
    world.core.down = Unavailable()
    answer = browser.submit(form, {"body": "x" * 20_001}, TALK)
    assert (answer.status_code, box_of(answer).strip()) == (422, "x" * 20_001)


def test_a_message_the_core_shows_already_is_not_shown_twice(world: World) -> None:
    browser = world.signed_in()
    kept = where(browser.submit(browser.get(TALK), {"body": "Hei"}, TALK)).split("#m-")[1]
    world.core.pages["conversation"] = conversation(Relation.SELF, replace(message("Hei", mine=True), id=kept))
    assert plain(browser.get(TALK)).count("<b>You</b>") == 1


def test_news_is_nothing_or_the_list_anew_and_opens_nothing(world: World) -> None:
    browser = world.signed_in()
    found = NEWS.search(browser.get(TALK).text)
    assert found is not None
    news = found[1].replace("&amp;", "&")
    assert (browser.get(news).status_code, browser.get(news).data) == (204, b"")
    page = world.core.pages["conversation"]
    world.core.pages["conversation"] = replace(page, messages=(*page.messages, message("Ja, klokka to.")))  # type: ignore[type-var, attr-defined]  # a page of ours
    fresh = browser.get(news)
    assert fresh.status_code == 200
    assert "Ja, klokka to." in fresh.text
    assert 'id="status" data-hx-swap-oob="innerHTML">Something here is new.' in fresh.text
    for gone in ("<textarea", "<form", "autofocus", "<html"):
        assert gone not in fresh.text
    world.deliver()
    assert world.core.attempts == []


def test_a_text_written_on_an_ended_session_is_there_after_signing_in(world: World) -> None:
    browser = world.signed_in()
    form = browser.get(TALK)
    world.clock.advance(minutes=45)
    answer = browser.submit(form, {"body": "Nesten ferdig"}, TALK)
    assert answer.status_code == 401
    assert "Nesten ferdig" not in answer.text
    again = world.signed_in().get(f"{TALK}/new")
    assert box_of(again).strip() == "Nesten ferdig"
    assert box_of(world.signed_in("somebody-else").get(f"{TALK}/new")).strip() == ""


def test_a_stranger_gets_the_one_no_everywhere(world: World) -> None:
    world.relation = None
    browser = world.signed_in("stranger")
    bodies = {browser.get(path).data for path in (TALK, f"{TALK}/new", f"{TALK}/news", f"/asked/{uuid.uuid4()}")}
    assert len(bodies) == 1
    assert b"There is nothing here that we can show you" in bodies.pop()


# --- asking for help ---

CHILD_ANSWERS = {
    "situation": {"choice": "hurt"},
    "safe_now": {"choice": "no"},
    "read_today": {"skip": "yes", "choice": "yes"},
    "reach": {"choice": "school", "body": "Etter klokka 12"},
    "tell": {"body": "Jeg vil bo hos mormor."},
    "place": {"choice": HERE},
}


def ask(browser: Browser, who: str, given: dict[str, dict[str, str]]) -> TestResponse:
    """Go through all questions to the last page."""
    url = where(browser.submit(browser.get("/ask-for-help"), {"who": who}, "/ask-for-help"))
    while not url.endswith("/check"):
        url = where(browser.submit(browser.get(url), given.get(url.split("/")[-1], {"skip": "yes"}), url))
    return browser.get(url)


def test_the_start_says_what_is_true_before_anything_is_written(world: World) -> None:
    page = plain(world.signed_in().get("/ask-for-help"))
    assert page.index("116 111") < page.index("This is what happens") < page.index("Who gets to know")
    assert "You can skip all of them. You do not have to say why." in page
    assert "the child protection service in Fjordvik" in page
    assert "If someone is in danger, we must do something." in page
    assert "<textarea" not in page


def test_a_child_asks_for_help_one_question_a_page(world: World) -> None:
    browser = world.signed_in()
    check = ask(browser, "child", CHILD_ANSWERS)
    assert "Someone hurts me" in check.text
    assert "Jeg vil bo hos mormor." in check.text
    receipt = browser.get(where(browser.submit(check, {}, "/ask-for-help/send")))
    assert "We keep it safe, not sent yet" in plain(receipt)
    assert "mormor" not in receipt.text
    world.deliver()
    (sent,) = world.core.taken
    assert sent.content["answers"] == [
        {"question": "asks_as", "answer": "child"},
        {"question": "situation", "answer": "hurt"},
        {"question": "safe_now", "answer": "no"},
        {"question": "reach", "answer": "school"},
        {"question": "reach", "answer": "Etter klokka 12"},
        {"question": "tell", "answer": "Jeg vil bo hos mormor."},
    ]
    assert sent.content["number"] == {"scheme": NUMBER.scheme, "value": NUMBER.value}
    assert where(browser.get("/ask-for-help/check")) == "/ask-for-help"


def test_who_is_not_safe_sees_the_numbers_first_on_the_next_page(world: World) -> None:
    browser = world.signed_in()
    check = plain(ask(browser, "child", CHILD_ANSWERS))
    following = plain(browser.get("/ask-for-help/read_today"))
    assert following.index("Call now if you can") < following.index("116 111") < following.index("<h1>")
    assert "Call now if you can" in check
    assert "Call now if you can" not in plain(browser.get("/ask-for-help/reach"))


def test_answers_stay_from_page_to_page_and_can_be_changed_or_left_out(world: World) -> None:
    ask(world.signed_in(), "child", CHILD_ANSWERS)
    browser = world.signed_in()
    assert "kept until Tuesday 11 March" in plain(browser.get("/ask-for-help"))
    page = browser.get("/ask-for-help/tell?then=check")
    assert box_of(page).strip() == "Jeg vil bo hos mormor."
    assert where(browser.submit(page, {"skip": "yes"}, "/ask-for-help/tell?then=check")) == "/ask-for-help/check"
    assert "mormor" not in browser.get("/ask-for-help/check").text


def test_nothing_needs_an_answer(world: World) -> None:
    browser = world.signed_in()
    check = ask(browser, "adult", {})
    assert "“I just want somebody to contact me.”" in plain(check)
    where(browser.submit(check, {}, "/ask-for-help/send"))
    world.deliver()
    assert world.core.taken[0].content["answers"] == [{"question": "asks_as", "answer": "adult"}]


def test_only_answers_of_the_list_are_sent(world: World) -> None:
    browser = world.signed_in()
    check = ask(browser, "child", {"situation": {"choice": "who did it", "body": "smuggled"}})
    where(browser.submit(check, {}, "/ask-for-help/send"))
    world.deliver()
    assert world.core.taken[0].content["answers"] == [{"question": "asks_as", "answer": "child"}]
    ask(browser, "child", {})
    assert browser.get("/ask-for-help/how_often").status_code == 404


def test_it_goes_to_the_place_that_was_chosen(world: World) -> None:
    browser = world.signed_in()
    receipt = browser.get(
        where(browser.submit(ask(browser, "child", {"place": {"choice": THERE}}), {}, "/ask-for-help/send"))
    )
    assert "The answer comes from Lillevik" in plain(receipt)
    world.deliver()
    assert world.core.taken == []
    assert [sent.kind for sent in world.cores[THERE].taken] == [SubmissionKind.REFERRAL]
    assert not world.cores[THERE].taken[0].actor.resolved


def test_who_does_not_know_the_place_writes_to_this_one_even_while_its_core_is_down(world: World) -> None:
    browser = world.signed_in()
    world.core.down = Unavailable()
    check = ask(browser, "child", {"place": {"choice": "unknown"}})
    where(browser.submit(check, {}, "/ask-for-help/send"))
    world.core.down = None
    world.deliver()
    assert len(world.core.taken) == 1


def test_sent_twice_is_sent_once_and_shows_the_same_receipt(world: World) -> None:
    browser = world.signed_in()
    check = ask(browser, "child", {})
    first = where(browser.submit(check, {}, "/ask-for-help/send"))
    assert where(browser.submit(check, {}, "/ask-for-help/send")) == first
    assert where(browser.submit(check, {"submission_id": str(uuid.uuid4())}, "/ask-for-help/send")) == "/ask-for-help"
    world.deliver()
    assert len(world.core.taken) == 1


def test_a_long_answer_is_not_lost(world: World) -> None:
    browser = world.signed_in()
    ask(browser, "child", {})
    url = "/ask-for-help/tell"
    answer = browser.submit(browser.get(url), {"body": "x" * 2001}, url)
    assert answer.status_code == 422
    assert plain(answer).count("2001 characters of at most 2000") == 2
    assert box_of(answer).strip() == "x" * 2001


def test_an_answer_on_an_ended_session_is_there_after_signing_in_beside_the_others(world: World) -> None:
    browser = world.signed_in()
    ask(browser, "child", CHILD_ANSWERS)
    url = "/ask-for-help/tell"
    form = browser.get(url)
    world.clock.advance(minutes=45)
    assert browser.submit(form, {"body": "Noe mer"}, url).status_code == 401
    again = world.signed_in()
    page = again.get(url)
    assert box_of(page).strip() == "Noe mer"
    where(again.submit(page, {"body": "Noe mer"}, url))
    check = again.get("/ask-for-help/check").text
    assert "Noe mer" in check
    assert "Etter klokka 12" in check


def test_sending_on_an_ended_session_keeps_every_answer(world: World) -> None:
    browser = world.signed_in()
    check = ask(browser, "child", CHILD_ANSWERS)
    world.clock.advance(minutes=45)
    answer = browser.submit(check, {}, "/ask-for-help/send")
    assert "Your text is kept." in answer.text
    assert "mormor" in world.signed_in().get("/ask-for-help/check").text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_address_and_no_title_tells_what_it_is_about(world: World, language: str) -> None:
    browser = world.signed_in(language=language)
    ask(browser, "child", {})
    for code in CHILD_ANSWERS:
        page = parsed(browser.get(f"/ask-for-help/{code}"))
        question = text_of(next(page.iter(f"{HTML}h1")))
        assert question not in (next(page.iter(f"{HTML}title")).text or "")


# --- what I have sent ---


def test_everything_sent_is_listed_with_its_state_and_without_its_words(world: World) -> None:
    browser = world.signed_in()
    assert "You have not sent anything yet." in plain(browser.get("/sent"))
    where(browser.submit(browser.get(TALK), {"body": "Hemmeligheten min"}, TALK))
    where(browser.submit(ask(browser, "child", CHILD_ANSWERS), {}, "/ask-for-help/send"))
    world.core.down = Unavailable()
    page = plain(browser.get("/sent"))
    assert page.index("You asked for help") < page.index("You wrote to us")
    assert page.count("We keep it safe, not sent yet") == 2
    assert "/asked/" not in page
    world.core.down = None
    world.clock.advance(minutes=10)
    world.deliver()
    page = plain(browser.get("/sent"))
    assert page.count("Received") == 2
    assert "/asked/" in page
    assert "mormor" not in page
    assert "Hemmeligheten" not in page


def test_somebody_elses_receipt_is_the_one_no(world: World) -> None:
    browser = world.signed_in()
    own = where(browser.submit(ask(browser, "child", {}), {}, "/ask-for-help/send"))
    other = world.signed_in("somebody-else")
    where(other.submit(ask(other, "adult", {}), {}, "/ask-for-help/send"))
    missing = other.get(f"/sent/{uuid.uuid4()}")
    assert browser.get(own).status_code == 200
    assert missing.status_code == 404
    assert other.get(own).data == missing.data


@pytest.fixture
def referral(world: World) -> str:
    """Somebody has asked for help and got an answer."""
    browser = world.signed_in()
    referral_id = where(browser.submit(ask(browser, "child", {}), {}, "/ask-for-help/send")).split("/")[-1]
    world.deliver()
    world.core.pages["help_conversation"] = answers(referral_id, message("Jeg heter Mona."))
    return referral_id


def test_answers_are_read_and_written_on(world: World, referral: str) -> None:
    browser = world.signed_in()
    url = f"/asked/{referral}"
    page = browser.get(url)
    assert "Jeg heter Mona." in page.text
    assert "You and <bdi>Mona</bdi> can read this now. Others in your family cannot see it here." in plain(page)
    assert where(browser.submit(page, {"body": "Kan du ringe?"}, url)).startswith(url)
    assert plain(browser.get(url)).count("We keep it safe, not sent yet") == 1
    shown = world.core.pages["help_conversation"]
    kept = plain(browser.get(url)).split('id="m-')[-1][:36]
    world.core.pages["help_conversation"] = answers(referral, replace(message("Kan du ringe?", mine=True), id=kept))
    assert plain(browser.get(url)).count("<b>You</b>") == 1
    world.core.pages["help_conversation"] = shown
    world.deliver()
    assert world.core.taken[-1].kind is SubmissionKind.REFERRAL_MESSAGE
    assert world.core.taken[-1].destination.referral_id == referral
    assert "We keep it safe" not in plain(browser.get(url))


def test_writing_on_survives_mistakes_and_a_core_that_is_down(world: World, referral: str) -> None:
    browser = world.signed_in()
    url = f"/asked/{referral}"
    page = browser.get(url)
    wrong = browser.submit(page, {"body": "x" * 4001}, url)
    assert wrong.status_code == 422
    assert box_of(browser.get(url)).strip() == "x" * 4001
    world.core.pages_down = Unavailable()
    assert box_of(browser.submit(page, {"body": "y" * 4001}, url)).strip() == "y" * 4001
    world.core.down = Unavailable()
    empty = browser.submit(page, {"body": " "}, url)
    assert empty.status_code == 422
    assert "We cannot show the answers right now." in plain(empty)
    receipt = browser.get(where(browser.submit(page, {"body": "Er dere der?"}, url)))
    assert "You wrote more about help" in plain(receipt)


def test_more_words_on_an_ended_session_are_there_after_signing_in(world: World, referral: str) -> None:
    browser = world.signed_in()
    url = f"/asked/{referral}"
    form = browser.get(url)
    world.clock.advance(minutes=45)
    assert browser.submit(form, {"body": "Nesten ferdig"}, url).status_code == 401
    assert box_of(world.signed_in().get(url)).strip() == "Nesten ferdig"
