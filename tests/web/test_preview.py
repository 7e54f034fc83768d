"""A worker sees what one of a family would: the same page, with nothing to press, no trace, and in own cases only."""

from __future__ import annotations

import copy
import json
import re
import sqlite3
import uuid
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.access.actions import PREVIEW, WRITE_MESSAGE
from portal.access.decide import decide
from portal.access.grants import Grant
from portal.access.standing import Target
from portal.core.errors import Unavailable
from portal.core.gateway import Gateway
from portal.demo.reference_core import core_id
from portal.domain.people import Actor, Assurance, Enrolment, Realm
from portal.domain.submission import SubmissionKind
from portal.identity.session import Session
from portal.identity.sessions import NewSession
from portal.identity.sign_in import Identified
from portal.jurisdictions import jurisdiction
from portal.outbox.box import NewSubmission
from portal.outbox.errors import GrantDoesNotFit
from portal.store.tables import audit_event
from portal.web.cookies import SESSION_COOKIES
from portal.web.parts import EXTENSION
from portal.web.rule import GatedRule
from tests.house import House, build
from tests.inspector import HTML, Browser, parsed, text_of

SERVICE = "fjordvik"
NOBODYS_ID = "00000000-0000-4000-8000-000000000000"
CASE = core_id(SERVICE, "case", "sofie")
PAGES = ("", "/plan", "/documents", "/messages", "/who-has-looked")
LAWYER = "astrid"
DOES_SOMETHING = {"href", "src", "rel", "action", "method", "enctype", "novalidate", "disabled", "autocomplete"}


def person_id(key: str) -> str:
    return core_id(SERVICE, "person", key)


def previews(case: str, person: str) -> str:
    return f"/staff/preview/{core_id(SERVICE, 'case', case)}/{person_id(person)}"


def people_of_cases(house: House) -> list[tuple[str, str]]:
    cases = house.story.service(SERVICE).cases
    return [(case.key, grant.person) for case in cases for grant in case.grants]


def pages_with_a_preview(house: House) -> list[str]:
    """What follows the case in the address of every page of a case, but for those of one item."""
    rules = (rule for rule in house.app.url_map.iter_rules() if rule.arguments == {"case_id", "person_id"})
    return sorted(rule.rule.partition("<uuid:person_id>")[2] for rule in rules if "preview_" in rule.endpoint)


def own_browser(house: House, key: str) -> Browser:
    """Somebody's own browser after the surest sign-in they have; whoever has no number was let in by a worker."""
    numbered = key == LAWYER or any(who.key == key for who in house.story.people_for_sign_in())
    identified = Identified(
        service_id=SERVICE,
        realm=Realm.FAMILY,
        profile_id="national-id",
        issuer="https://family.example",
        subject=f"surely-{key}",
        provider_sid=str(uuid.uuid4()),
        assurance=Assurance.HIGH if numbered else Assurance.SUBSTANTIAL,
        auth_time_utc=house.clock(),
        number=None,
        next_url="/home",
        language="nb",
    )
    with house.parts.store.write() as connection:
        account = house.parts.accounts.bind(connection, identified, person_id(key))
        enrolment = Enrolment.EID if numbered else Enrolment.IN_PERSON
        token = house.parts.sessions.create(connection, NewSession(account, identified, enrolment=enrolment))
    browser = house.browser(SERVICE)
    browser.client.set_cookie(SESSION_COOKIES[Realm.FAMILY], token, domain=browser.host, secure=True)
    return browser


def main_of(page: TestResponse) -> Element:
    return next(parsed(page).iter(f"{HTML}main"))


def words_and_looks(main: Element) -> Element:
    """What of a page is left when nothing in it can be pressed: compared without the code that takes it out."""
    left = copy.deepcopy(main)
    for parent in left.iter():
        for child in list(parent):
            if child.get("type") == "hidden" and child.tag == f"{HTML}input":
                keep_tail(parent, child)
    for element in left.iter():
        element.tag = element.tag.replace("}form", "}div")
        for name in [name for name in element.keys() if name in DOES_SOMETHING or name.startswith("data-")]:  # noqa: SIM118 an Element is no dict
            del element.attrib[name]
    return left


def keep_tail(parent: Element, child: Element) -> None:
    place = list(parent).index(child)
    if place:
        before = parent[place - 1]
        before.tail = (before.tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")
    parent.remove(child)


def flat(element: Element) -> list[object]:
    """A tree as a list that can be compared: tags, attributes and words in order."""
    told: list[object] = []
    for one in element.iter():
        text = " ".join((one.text or "").split())
        tail = " ".join((one.tail or "").split()) if one is not element else ""
        told.append((one.tag, sorted(one.attrib.items()), text, tail))
    return told


def sights(house: House) -> list[tuple[str, str, str]]:
    columns = (audit_event.c.realm, audit_event.c.action, audit_event.c.item)
    with house.parts.store.read() as connection:
        rows = connection.execute(
            select(*columns).where(audit_event.c.event == "seen").order_by(audit_event.c.sequence)
        )
        return [(row.realm, row.action, row.item) for row in rows]


def documents_of(page: TestResponse) -> list[str]:
    links = (link.get("href") or "" for link in main_of(page).iter(f"{HTML}a"))
    return sorted({link.rsplit("/documents", 1)[1] for link in links if "/documents/" in link})


def test_what_a_worker_sees_is_what_each_person_of_the_story_gets(house: House) -> None:
    """Feature W4. Every page of every person, in both registers, the one "no" among them."""
    workers = {"fjell": house.signed_in("marit"), "bekk": house.signed_in("eline")}
    teams = {case.key: case.team for case in house.story.service(SERVICE).cases}
    paths = pages_with_a_preview(house)
    assert set(paths) >= set(PAGES)
    compared, refused = 0, 0
    for case, who in people_of_cases(house):
        own = own_browser(house, who)
        first = f"/cases/{core_id(SERVICE, 'case', case)}"
        for path in (*paths, *(f"/documents{one}" for one in documents_of(own.get(first + "/documents")))):
            seen = workers[teams[case]].get(previews(case, who) + path)  # before its own reader moves the read mark
            theirs = own.get(first + path)
            assert seen.status_code == 200, (case, who, path)
            assert theirs.status_code in {200, 403, 404}, (case, who, path)
            assert flat(words_and_looks(main_of(seen))) == flat(words_and_looks(main_of(theirs))), (case, who, path)
            compared, refused = compared + 1, refused + (theirs.status_code != 200)
    assert compared > 60
    assert refused >= 8


def with_a_lawyer(house: House) -> None:
    """The core gives a lawyer some of a case, for a time."""
    database = json.loads((house.plan.folder / f"core-{SERVICE}.json").read_text("utf-8"))["database"]
    until = (house.clock().date() + timedelta(days=30)).isoformat()
    grant = {"case_id": core_id(SERVICE, "case", "jakob"), "person_id": person_id(LAWYER), "relation": "lawyer"}
    grant |= {"scopes": "overview documents", "valid_from": "2026-01-01", "valid_to": until, "basis": "mandate"}
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO person VALUES (?, 'Astrid', '1980-01-01')", (person_id(LAWYER),))
        connection.execute("INSERT INTO number VALUES ('no-pid', 'of-nobody', ?)", (person_id(LAWYER),))
        names = ", ".join(grant)
        connection.execute(f"INSERT INTO access ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", tuple(grant.values()))  # noqa: S608 our words


def test_a_lawyer_is_seen_with_what_was_given_and_nothing_else(tmp_path: Path) -> None:
    house = build(tmp_path)
    with_a_lawyer(house)
    worker, own = house.signed_in("jonas", language="en"), own_browser(house, LAWYER)
    first = f"/cases/{core_id(SERVICE, 'case', 'jakob')}"
    answers = {}
    for path in PAGES:
        seen, theirs = worker.get("/en" + previews("jakob", LAWYER) + path), own.get("/en" + first + path)
        assert flat(words_and_looks(main_of(seen))) == flat(words_and_looks(main_of(theirs))), path
        answers[path] = theirs.status_code
    assert answers == {"": 200, "/plan": 404, "/documents": 200, "/messages": 404, "/who-has-looked": 200}
    assert "Astrid (lawyer)" in worker.get(previews("jakob", LAWYER)).get_data(as_text=True)


def test_nothing_in_a_preview_can_be_pressed_and_it_holds_no_token(house: House) -> None:
    worker = house.signed_in("kari")
    for case, who in (("sofie", "sofie"), ("sofie", "thomas"), ("mia", "kent")):
        for path in PAGES:
            page = worker.get(previews(case, who) + path)
            main = main_of(page)
            assert not list(main.iter(f"{HTML}form"))
            assert "csrf_token" not in "".join(str(element.attrib) for element in main.iter())
            for name in ("input", "button", "textarea", "select"):
                assert all(field.get("disabled") is not None for field in main.iter(f"{HTML}{name}"))
            for element in main.iter():
                assert not [name for name in element.keys() if name.startswith(("data-", "on"))]  # noqa: SIM118 an Element is no dict
            links = [link.get("href") for link in main.iter(f"{HTML}a") if link.get("href")]
            assert all(link.startswith(("#", f"{previews(case, who)}")) for link in links if link), links
            assert "htmx" not in page.get_data(as_text=True)


def test_links_within_the_case_lead_to_the_same_persons_view_of_it_and_work(house: House) -> None:
    worker = house.signed_in("kari")
    todo, done = [previews("sofie", "ingrid")], set[str]()
    while todo:
        path = todo.pop()
        done.add(path)
        page = worker.get(path)
        assert page.status_code == 200
        links = [link.get("href") or "" for link in main_of(page).iter(f"{HTML}a")]
        todo += [link for link in links if link.startswith("/") and link not in done]
    assert {path.removeprefix(previews("sofie", "ingrid")) for path in done} >= set(PAGES)
    assert len(done) > len(PAGES), "a document, too"


def test_the_other_language_stays_in_the_preview(house: House) -> None:
    page = house.signed_in("kari").get("/en" + previews("sofie", "ingrid"))
    links = [link.get("href") or "" for link in main_of(page).iter(f"{HTML}a")]
    assert f"/en{previews('sofie', 'ingrid')}/plan" in links


def test_the_band_above_says_whose_view_it_is_and_the_title_that_it_is_one(house: House) -> None:
    page = house.signed_in("kari", language="en").get(previews("mia", "mia"))
    (band,) = [text_of(one) for one in parsed(page).iter(f"{HTML}aside") if "Mia" in text_of(one)]
    assert "You see this as Mia (the child) would." in band
    assert "the way you made" in band, "Mia has no electronic ID"
    assert "<title>Preview: " in page.get_data(as_text=True)
    assert "You see this as" not in text_of(main_of(page))


def test_a_father_from_whom_places_are_hidden_is_shown_none_here_either(house: House) -> None:
    worker = house.signed_in("marit")
    hers = text_of(main_of(worker.get(previews("jakob", "anne"))))
    his = text_of(main_of(worker.get(previews("jakob", "rune"))))
    (case,) = [case for case in house.story.service(SERVICE).cases if case.key == "jakob"]
    places = {item.place for item in case.appointments if item.place}
    assert places
    assert any(place in hers for place in places)
    assert not any(place in his for place in places)


@pytest.mark.parametrize(("case", "who"), [("mia", "kent"), ("leila", "grethe")])
def test_whoever_is_blocked_or_over_is_shown_the_no_in_the_band(house: House, case: str, who: str) -> None:
    worker = house.signed_in("kari", language="en")
    for path in PAGES:
        page = worker.get(previews(case, who) + path)
        assert page.status_code == 200
        assert "There is nothing here that we can show you" in text_of(main_of(page))
        assert "cannot open this page" in page.get_data(as_text=True)


def test_families_of_others_and_those_only_covered_for_give_the_one_no(house: House) -> None:
    ways = [previews("jakob", "jakob") + path for path in PAGES]  # Kari covers for Jonas, and reads these threads
    ways += [f"/staff/preview/{core_id(SERVICE, 'case', 'jakob')}", f"/staff/preview/{NOBODYS_ID}"]
    ways += [f"/staff/preview/{CASE}/{NOBODYS_ID}", f"/staff/preview/{CASE}/{person_id('rune')}"]
    for who, paths in (("kari", ways), ("sigrid", [previews("sofie", "sofie"), *ways])):
        browser = house.signed_in(who)
        nothing = browser.get("/staff/nothing")
        for path in paths:
            answer = browser.get(path)
            assert (answer.status_code, answer.data) == (404, nothing.data), (who, path)
    assert house.signed_in("jonas").get(previews("jakob", "rune")).status_code == 200
    assert house.signed_in("marit").get(previews("jakob", "rune")).status_code == 200


def test_no_family_member_and_nobody_signed_out_comes_to_a_preview(house: House) -> None:
    for browser in (house.signed_in("ingrid"), house.browser()):
        for path in (previews("sofie", "ingrid"), f"/staff/preview/{CASE}"):
            answer = browser.get(path)
            assert answer.status_code == 303
            assert "/staff/sign-in" in answer.headers["Location"]


def test_a_preview_only_reads(house: House) -> None:
    """No method but GET is answered, and a worker's session opens no door of a family's."""
    worker = house.signed_in("kari")
    for rule in house.app.url_map.iter_rules():
        if isinstance(rule, GatedRule) and rule.access is PREVIEW:
            assert (rule.methods or set()) <= {"GET", "HEAD"}
    body = {"body": "Hei", "submission_id": str(uuid.uuid4())}
    for path in PAGES:
        assert worker.post(previews("sofie", "sofie") + path, body).status_code == 404
    assert worker.post(f"/cases/{CASE}/messages", body).status_code in {303, 401, 403}
    house.deliver()
    assert "Hei</p>" not in own_browser(house, "sofie").get(f"/cases/{CASE}/messages").get_data(as_text=True)


def test_the_letterbox_takes_nothing_in_from_whoever_looks_on(house: House) -> None:
    target, core = Target(case_id=CASE), house.parts.gateways[SERVICE]
    sofie = Actor(SERVICE, Realm.FAMILY, person_id("sofie"), Assurance.HIGH)
    kari = Actor(SERVICE, Realm.STAFF, core_id(SERVICE, "worker", "kari"), Assurance.HIGH)
    facts, today = core.standing(sofie, target), house.clock().date()
    new = NewSubmission(str(uuid.uuid4()), SubmissionKind.MESSAGE, {"body": "Hei", "language": "nb"})
    ages = jurisdiction("no").ages
    looked_on = decide(WRITE_MESSAGE, sofie, facts, target, today, ages=ages, previewed_by=kari)
    assert isinstance(looked_on, Grant)
    with pytest.raises(GrantDoesNotFit, match="previews"):
        house.parts.box.accept(looked_on, new, "account-of-sofie")


def test_looking_marks_nothing_as_read_and_begins_nothing(house: House) -> None:
    case = f"/cases/{core_id(SERVICE, 'case', 'leila')}"
    own, worker = own_browser(house, "leila"), house.signed_in("kari")
    before = own.get(case).data
    threads = thread_count(house)
    for path in PAGES:
        assert worker.get(previews("leila", "leila") + path).status_code == 200
        assert worker.get(previews("leila", "shirin") + path).status_code == 200
    assert thread_count(house) == threads
    token = re.compile(rb'value="[A-Za-z0-9_-]{86}"')
    assert token.sub(b"", own.get(case).data) == token.sub(b"", before)


def thread_count(house: House) -> int:
    """How many threads the core has, as the leader of the team reads them."""
    return house.signed_in("marit").get("/staff").get_data(as_text=True).count("/staff/threads/")


def test_what_somebody_has_begun_to_write_is_theirs(house: House) -> None:
    own = own_browser(house, "ingrid")
    path = f"/cases/{CASE}/messages"
    begun = "x" * 9000  # too long to be sent, so it is kept as a draft
    assert own.post(path, {"body": begun, "csrf_token": own.token()}).status_code == 422
    assert begun in own.get(path).get_data(as_text=True)
    assert "xxxx" not in house.signed_in("kari").get(previews("sofie", "ingrid") + "/messages").get_data(as_text=True)


def test_a_draft_of_the_worker_does_not_come_up_in_somebody_elses_box(house: House) -> None:
    worker = house.signed_in("kari")
    session = house.parts.sessions.read(SERVICE, Realm.STAFF, worker.session_cookie())
    assert isinstance(session, Session)
    with house.parts.store.write() as connection:
        house.parts.drafts.save(connection, SERVICE, session.account_id, f"message:{CASE}", {"body": "Fra Kari"})
    assert "Fra Kari" not in worker.get(previews("sofie", "ingrid") + "/messages").get_data(as_text=True)


def test_who_looked_as_whom_at_which_page_is_in_the_journal(house: House) -> None:
    worker = house.signed_in("kari")
    before = len(sights(house))
    worker.get(previews("emil", "thomas") + "/plan")
    case, father = core_id(SERVICE, "case", "emil"), person_id("thomas")
    assert sights(house)[before:] == [
        ("staff", "preview", f"preview:{case}"),
        ("staff", "preview", f"see_plan:{father}:{case}"),
    ]


def test_a_document_looked_at_stands_in_the_journal_by_its_id(house: House) -> None:
    worker = house.signed_in("kari")
    document = core_id(SERVICE, "document", "sofie", "handball")
    worker.get(f"{previews('sofie', 'sofie')}/documents/{document}")
    assert ("staff", "preview", f"document:{person_id('sofie')}:{document}") in sights(house)


def test_the_way_there_stands_where_a_worker_would_look(house: House) -> None:
    worker = house.signed_in("kari", language="en")
    choose = f"/staff/preview/{CASE}"
    thread = core_id(SERVICE, "thread", "sofie", "ingrid")
    for page in (f"/staff/threads/{thread}", f"/staff/children/{person_id('sofie')}"):
        assert choose in [link.get("href") for link in main_of(worker.get(page)).iter(f"{HTML}a")]
    offered = {link.get("href") for link in main_of(worker.get(choose)).iter(f"{HTML}a")}
    assert {previews("sofie", who) for who in ("sofie", "ingrid", "thomas")} <= offered
    covered = core_id(SERVICE, "thread", "jakob", "jakob")
    assert "/staff/preview/" not in worker.get(f"/staff/threads/{covered}").get_data(as_text=True)


class Down:
    """A core that falls silent between the worker's standing and the person's."""

    def __init__(self, core: Gateway) -> None:
        self._core = core

    def __getattr__(self, name: str) -> object:
        return getattr(self._core, name)

    def overview(self, *_: object) -> object:
        raise Unavailable


def test_a_core_that_is_down_is_never_shown_as_somebodys_no(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = house.parts.__class__(
        **{**vars(house.parts), "gateways": {**house.parts.gateways, SERVICE: Down(house.parts.gateways[SERVICE])}}
    )
    monkeypatch.setitem(house.app.extensions, EXTENSION, parts)
    assert house.signed_in("kari").get(previews("sofie", "ingrid")).status_code == 503
