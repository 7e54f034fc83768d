"""Whom a child sees and where it lives: for each reader what they may know; what is said about it is for the team."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from portal.core.errors import Unavailable
from portal.core.http import HttpGateway
from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import Browser

SERVICE = "fjordvik"
WORDS = "Kan vi heller ses på lørdager?"
MORE, NOT_NOW = "Wants more of it", "Does not want it now"
CODE = {"code": "", "new_code": "482913", "again": "482913"}


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def case(child: str) -> str:
    return f"/cases/{core_id(SERVICE, 'case', child)}"


def page_of(child: str) -> str:
    return f"{case(child)}/visits"


def arrangement(child: str, key: str) -> str:
    return core_id(SERVICE, "arrangement", child, key)


def read(browser: Browser, path: str) -> str:
    page = browser.get("/en" + path)
    assert page.status_code == 200
    return html.unescape(page.get_data(as_text=True))


def see(house: House, person: str, child: str | None = None) -> str:
    return read(house.signed_in(person, language="en"), page_of(child or person))


def say(browser: Browser, child: str, about: str, wish: str = "", body: str = "") -> int:
    page = f"/en{page_of(child)}"
    form = {"about_id": about, "wish": wish, "body": body, "csrf_token": browser.token()}
    return browser.post(page + "/wishes", form).status_code


def thread(house: House, child: str, person: str, worker: str) -> str:
    staff = house.signed_in(worker, language="en")
    return read(staff, f"/staff/threads/{core_id(SERVICE, 'thread', child, person)}")


def test_a_child_reads_where_it_lives_whom_it_sees_and_why_something_is_cancelled(house: House) -> None:
    """Feature C7: in words for the child, with the next days; a cancelled visit is never a blank."""
    page = see(house, "leila")
    assert "Du bor hos Bjørg til du finner en hybel." in page
    assert "Lillebroren din, Amir" in page
    assert "En kveld hver uke." in page
    assert "Middag hos mamma" in page
    assert "Cancelled: " in page
    assert "Amir skal opereres i øret den dagen." in page
    assert "You can ask to see more." in page


def test_each_adult_reads_their_own_and_nothing_of_the_others(house: House) -> None:
    """Feature C7, R2, R17: a mother reads of her own evenings, not of the brother, nor with whom the child lives."""
    mother, carer = see(house, "shirin", "leila"), see(house, "bjorg", "leila")
    assert "Leila og Shirin" in mother
    assert "Leila bor i et fosterhjem." in mother
    for hidden in ("Amir", "Bjørg", "hybel", arrangement("leila", "bror")):
        assert hidden not in mother
    assert "Leila bor hos deg" in carer
    for hidden in ("Shirin", "Amir", "Middag"):
        assert hidden not in carer


def test_a_father_who_may_not_know_the_address_gets_the_time_without_any_place(house: House) -> None:
    """Feature C7, R2."""
    child, father = see(house, "jakob"), see(house, "rune", "jakob")
    for place in ("Familiehuset", "Du bor hos mamma"):
        assert place in child
    assert "Annenhver uke, i en time." in father
    for hidden in ("Familiehuset", "Torget", "Anne", "Where Jakob lives"):
        assert hidden not in father.replace("Annenhver", "")


def test_a_child_let_in_by_a_worker_reads_it_too_and_a_blocked_father_gets_the_one_no(house: House) -> None:
    """Feature C7, R4, R19: Mia is ten and lives at a protected place."""
    assert "Stedet er hemmelig" in read(house.let_in("mia", language="en"), page_of("mia"))
    kent = house.signed_in("kent")
    no = kent.get(f"/cases/{core_id(SERVICE, 'case', 'nobody')}/visits")
    answer = kent.get(page_of("mia"))
    assert (answer.status_code, answer.data) == (404, no.data)
    about = {"about_id": "all", "body": WORDS, "csrf_token": kent.token()}
    assert kent.post(page_of("mia") + "/wishes", about).status_code == 404


def test_what_is_wanted_is_on_its_way_then_there_then_answered(house: House) -> None:
    """Feature C7: the team finds it in the thread, and answers there; the child reads that beside the visit."""
    sofie = house.signed_in("sofie", language="en")
    assert say(sofie, "sofie", arrangement("sofie", "bestemor"), "not_now", WORDS) == 303
    waiting = read(sofie, page_of("sofie"))
    assert WORDS not in waiting
    assert "We keep it safe, not sent yet" in waiting
    house.deliver()
    there = read(sofie, page_of("sofie"))
    assert WORDS in there
    assert "Not now" in there
    assert "You said something about visits" in read(sofie, "/sent")
    staff = thread(house, "sofie", "sofie", "kari")
    assert staff.index("Sofie og bestemor Tove") < staff.index(NOT_NOW) < staff.index(WORDS)
    answer(house, WORDS, "Ja, det kan vi prøve.")
    answered = read(sofie, page_of("sofie"))
    assert answered.index(WORDS) < answered.index("Ja, det kan vi prøve.")
    assert "Kari answered:" in answered


def answer(house: House, words: str, text: str) -> None:
    """Kari answers what Sofie said."""
    kari = house.signed_in("kari", language="en")
    path = f"/en/staff/threads/{core_id(SERVICE, 'thread', 'sofie', 'sofie')}"
    page = kari.get(path).get_data(as_text=True)
    remark = re.findall(r'id="r-([0-9a-f-]+)"', page[: page.index(words)])[-1]
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[-1]
    form = {"remark_id": remark, "body": text, "csrf_token": token}
    assert kari.post(path + "/answers", form).status_code == 303
    house.deliver()


def test_the_inbox_says_that_something_waits(house: House) -> None:
    kari = house.signed_in("kari", language="en")
    assert "Has said something about visits" in read(kari, "/staff")


def test_nobody_else_of_the_family_learns_that_anything_was_said(house: House) -> None:
    """Feature C7, R13, R17: whatever the child says changes no byte of what its parents get, anywhere."""
    paths = ("/home", case("jakob"), page_of("jakob"), f"{case('jakob')}/plan", f"{case('jakob')}/my-words")
    adults = {person: house.signed_in(person) for person in ("anne", "rune", "henrik")}

    def everything(person: str) -> list[bytes]:
        pages = (adults[person].get(path) for path in paths)
        return [re.sub(rb'(name="(submission_id|csrf_token)" value=)"[^"]*"', rb"\1", page.data) for page in pages]

    before = {person: everything(person) for person in adults}
    jakob = house.signed_in("jakob")
    for wish in ("more", "less", "not_now"):
        assert say(jakob, "jakob", arrangement("jakob", "pappa"), wish) == 303
    assert say(jakob, "jakob", "all", body=WORDS) == 303
    house.deliver()
    assert WORDS in read(jakob, page_of("jakob"))
    assert {person: everything(person) for person in adults} == before
    assert "Jeg vil vente litt" not in see(house, "rune", "jakob")
    assert "mer enn en time" not in see(house, "jakob")
    assert "mer enn en time" in see(house, "rune", "jakob")


def test_send_without_a_choice_or_without_words_sends_nothing_and_keeps_everything(house: House) -> None:
    """What is wrong is said at its place, and the words are still there, also the next day."""
    sofie = house.signed_in("sofie", language="en")
    about = arrangement("sofie", "bestemor")
    path, form = f"/en{page_of('sofie')}/wishes", {"about_id": about, "body": WORDS, "csrf_token": sofie.token()}
    page = sofie.post(path, form)
    assert page.status_code == 422
    assert "Choose one of these first. Nothing has been sent." in page.get_data(as_text=True)
    assert WORDS in html.unescape(page.get_data(as_text=True))
    assert WORDS in read(sofie, f"{page_of('sofie')}?write={about}")
    assert say(sofie, "sofie", about, "say") == 422
    assert say(sofie, "sofie", about, "perhaps") == 422
    assert say(sofie, "sofie", "all") == 422
    assert say(sofie, "sofie", about, "more", "x" * 5000) == 422
    house.deliver()
    assert WORDS not in thread(house, "sofie", "sofie", "kari")


@pytest.mark.parametrize("about", ["nothing", "../x", "", core_id(SERVICE, "arrangement", "leila", "bror")])
def test_about_somebody_elses_visit_nothing_is_sent_and_nothing_is_lost(house: House, about: str) -> None:
    """R13: an id of another family, or of nothing, ends alike; the words stand in the box about all of it."""
    sofie = house.signed_in("sofie", language="en")
    form = {"about_id": about, "wish": "more", "body": WORDS, "csrf_token": sofie.token()}
    page = sofie.post(f"/en{page_of('sofie')}/wishes", form)
    if about in {"", "../x"}:
        assert page.status_code == 404
    else:
        assert page.status_code == 422
        told = html.unescape(page.get_data(as_text=True))
        assert "This is not here any more." in told
        assert WORDS in told
        assert "Amir" not in told
    house.deliver()
    assert WORDS not in thread(house, "sofie", "sofie", "kari")


def test_a_mother_cannot_speak_about_what_is_the_childs_alone(house: House) -> None:
    """R13, R17: for her the brother's days are as good as none."""
    shirin = house.signed_in("shirin", language="en")
    assert say(shirin, "leila", arrangement("leila", "bror"), "less") == 422
    assert say(shirin, "leila", core_id(SERVICE, "appointment", "leila", "bowling"), "less") == 422
    assert say(shirin, "leila", arrangement("leila", "mamma"), "more") == 303


def test_while_the_core_is_down_it_is_kept_and_comes_through_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    sofie = house.signed_in("sofie", language="en")
    about = arrangement("sofie", "bestemor")

    def down(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(HttpGateway, "standing", down)
        form = {"about_id": about, "wish": "less", "body": WORDS, "csrf_token": sofie.token()}
        sent = sofie.post(f"/en{page_of('sofie')}/wishes", form)
        assert sent.status_code == 303
        assert "We keep it" in sofie.get(sent.headers["Location"]).get_data(as_text=True)
    house.clock.pass_(minutes=10)
    house.deliver()
    assert WORDS in read(sofie, page_of("sofie"))


def test_a_code_of_ones_own_stands_before_what_one_said_and_not_before_the_visits(house: House) -> None:
    """R20: the phone may be in somebody else's hand; writing goes on without the code."""
    leila = house.signed_in("leila", language="en")
    assert leila.submit(leila.get("/en/account/code"), CODE, "/en/account/code").status_code == 303
    locked = house.signed_in("leila", language="en")
    page = read(locked, page_of("leila"))
    assert "Middag hos mamma" in page
    assert "Jeg savner Amir" not in page
    assert "jeg spør dem som passer på ham" not in page.lower()
    assert say(locked, "leila", arrangement("leila", "bror"), "more") == 200, "it says that it is kept"


def test_a_core_without_visits_says_so_and_whom_to_call(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = house.parts.gateways[SERVICE]
    able = replace(gateway.capabilities(), visits=False)
    monkeypatch.setattr(HttpGateway, "capabilities", lambda _: able)
    assert "You cannot see here when you meet someone." in see(house, "sofie")
    assert "Visits cannot be read here yet." in see(house, "ingrid", "sofie")


def test_the_front_of_the_case_leads_there(house: House) -> None:
    for person in ("leila", "shirin"):
        assert f'href="/en{page_of("leila")}"' in read(house.signed_in(person, language="en"), case("leila"))
