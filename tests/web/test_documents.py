"""Documents: for whom they are, what a step-up asks and changes, and that what a child is promised never needs one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.access.actions import ACTIONS, SEE_DOCUMENT
from portal.core.gateway import Gateway
from portal.demo.reference_core import core_id
from portal.domain.capability import Capabilities
from portal.domain.people import Assurance, Enrolment, PersonNumber, Realm
from portal.identity.accounts import Unresolved
from portal.identity.session import Session
from portal.identity.sessions import NewSession
from portal.identity.sign_in import Begun, Identified, SignIn, Wish
from portal.store.tables import account, audit_event
from portal.web.cookies import SESSION_COOKIES
from portal.web.parts import EXTENSION
from tests.house import House
from tests.inspector import HTML, Browser, parsed, text_of

SERVICE = "fjordvik"
LIST = f"/cases/{core_id(SERVICE, 'case', 'sofie')}/documents"
DECISION_ID = core_id(SERVICE, "document", "sofie", "handball")
DECISION = f"{LIST}/{DECISION_ID}"
SECRET = re.compile(rb'name="csrf_token" value="[^"]+"')


@dataclass
class Provider:
    """Stands where the sign-in stands: vouches for whoever is picked, at the level that was asked for."""

    house: House
    picked: str = "thomas"
    wish: Wish | None = None

    def begin(self, wish: Wish) -> Begun:
        self.wish = wish
        return Begun("https://id.example/authorize", "secret")

    def finish(self, *_: object) -> Identified:
        assert self.wish is not None
        who = next(person for person in self.house.story.people_for_sign_in() if person.key == self.picked)
        return Identified(
            service_id=SERVICE,
            realm=self.wish.realm,
            profile_id="national-id",
            issuer="https://family.example",
            subject=f"subject-{who.key}",
            provider_sid=str(uuid.uuid4()),
            assurance=self.wish.assurance,
            auth_time_utc=self.house.clock(),
            number=PersonNumber(who.scheme, who.value),
            next_url=self.wish.next_url,
            language=self.wish.language,
            step_up_for=self.wish.step_up_for,
        )


@contextmanager
def parts(house: House, **changed: Any) -> Iterator[None]:
    """The house with other parts in it."""
    house.app.extensions[EXTENSION] = replace(house.parts, **changed)
    try:
        yield
    finally:
        house.app.extensions[EXTENSION] = house.parts


@pytest.fixture
def provider(house: House) -> Iterator[Provider]:
    standing_in = Provider(house)
    with parts(house, sign_in=cast("SignIn", standing_in)):
        yield standing_in


def session_of(house: House, token: str) -> Session | None:
    found = house.parts.sessions.read(SERVICE, Realm.FAMILY, token)
    return found if isinstance(found, Session) else None


def rows(house: House, event: str) -> list[tuple[str | None, str | None]]:
    with house.parts.store.read() as connection:
        chosen = select(audit_event.c.action, audit_event.c.item).where(audit_event.c.event == event)
        return [(row.action, row.item) for row in connection.execute(chosen.order_by(audit_event.c.sequence))]


def accounts(house: House) -> int:
    with house.parts.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(account)).scalar_one())


def heading(answer: TestResponse) -> str:
    return text_of(next(parsed(answer).iter(f"{HTML}h1")))


def asks_once_more(answer: TestResponse) -> bool:
    return answer.status_code == 403 and "/step-up" in answer.text


# --- reading ---


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_young_person_reads_a_document_in_its_own_language(house: House, language: str) -> None:
    sofie = house.signed_in("sofie", language=language)
    assert re.findall(r'class="stretch"[^>]*>([^<]+)', sofie.get(LIST).text) == [
        "Vi betaler for håndballen",
        "Brev til deg om planen",
    ]
    page = sofie.get(DECISION)
    root = parsed(page)
    assert root.get("lang") == language
    assert heading(page) == "Vi betaler for håndballen"
    article = next(root.iter(f"{HTML}article"))
    assert [element.get("lang") for element in article if element.get("lang")] == ["nb", "nb"]
    assert "Marit" in text_of(article)
    assert [text_of(h2) for h2 in article.iter(f"{HTML}h2")] == ["Hva vi har bestemt", "Hvorfor", "Er du uenig?"]
    title = text_of(next(root.iter(f"{HTML}title")))
    assert "håndball" not in title
    assert LIST.replace("/documents", "/messages") in page.text


def test_the_journal_says_which_document_was_seen_and_nothing_of_one_that_was_not(house: House) -> None:
    ingrid = house.signed_in("ingrid")
    before = len(rows(house, "seen"))
    assert ingrid.get(f"{LIST}/{core_id(SERVICE, 'document', 'sofie', 'brev')}").status_code == 404, "Sofie's letter"
    assert ingrid.get(DECISION).status_code == 200
    assert rows(house, "seen")[before:] == [("see_document", f"document:{DECISION_ID}")]


def test_the_way_there_stands_on_the_overview_of_whoever_has_documents(house: House) -> None:
    for who, case, there in (("sofie", "sofie", True), ("thomas", "emil", True), ("oskar", "oskar", False)):
        service = "lillevik" if who == "oskar" else SERVICE
        path = f"/cases/{core_id(service, 'case', case)}"
        page = house.signed_in(who, service).get(path)
        assert page.status_code == 200
        assert (f"{path}/documents" in page.text) is there, who


def test_a_core_without_documents_becomes_a_sentence_and_a_number(house: House) -> None:
    core = house.parts.gateways[SERVICE]
    without = cast("Gateway", CoreWithoutDocuments(core))
    with parts(house, gateways={**house.parts.gateways, SERVICE: without}):
        page = house.signed_in("thomas").get(LIST)
    assert page.status_code == 200
    main = next(parsed(page).iter(f"{HTML}main"))
    assert any((link.get("href") or "").startswith("tel:") for link in main.iter(f"{HTML}a"))
    assert "håndball" not in page.text


class CoreWithoutDocuments:
    """A core that cannot do this one thing."""

    def __init__(self, core: Gateway) -> None:
        self._core = core

    def __getattr__(self, name: str) -> object:
        return getattr(self._core, name)

    def capabilities(self) -> Capabilities:
        return replace(self._core.capabilities(), documents=False)


# --- proving once more who one is ---


def test_a_step_up_leads_to_the_provider_and_back_to_the_document(house: House, provider: Provider) -> None:
    """Item 28: the session's value is a new one, and the old one is dead."""
    thomas = house.signed_in("thomas")
    old = thomas.session_cookie()
    before = session_of(house, old)
    assert before is not None
    page = thomas.get(DECISION)
    assert asks_once_more(page)
    sent = thomas.submit(page, {}, "/step-up")
    assert sent.headers["Location"] == "https://id.example/authorize"
    assert provider.wish is not None
    assert (provider.wish.assurance, provider.wish.step_up_for) == (Assurance.HIGH, before.account_id)
    back = thomas.get("/sign-in/callback?code=x&state=y")
    assert (back.status_code, back.headers["Location"]) == (303, DECISION)
    assert thomas.get(DECISION).status_code == 200
    assert thomas.session_cookie() != old
    assert session_of(house, old) is None
    assert rows(house, "stepped_up")


def test_after_five_minutes_it_asks_again(house: House) -> None:
    ingrid = house.signed_in("ingrid")
    house.clock.pass_(minutes=5)
    assert ingrid.get(DECISION).status_code == 200
    house.clock.pass_(seconds=1)
    assert asks_once_more(ingrid.get(DECISION))
    assert ingrid.get(LIST).status_code == 200


def test_another_person_opens_nothing_and_changes_nothing(house: House, provider: Provider) -> None:
    thomas = house.signed_in("thomas")
    token = thomas.session_cookie()
    before, known = session_of(house, token), accounts(house)
    provider.picked = "shirin"
    thomas.submit(thomas.get(DECISION), {}, "/step-up")
    answer = thomas.get("/sign-in/callback?code=x&state=y")
    assert answer.status_code == 403
    assert thomas.session_cookie() == token
    assert session_of(house, token) == before
    assert accounts(house) == known, "nobody new is known here"
    assert asks_once_more(thomas.get(DECISION))
    main = next(parsed(answer).iter(f"{HTML}main"))
    assert "Shirin" not in text_of(main)
    links = {link.get("href") for link in main.iter(f"{HTML}a")}
    assert "/home" in links, "still signed in, and so led home"
    assert "/sign-in" not in links


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_question_is_the_same_whatever_stands_behind_the_address(house: House, language: str) -> None:
    """R19: byte for byte but for the address itself and the masked token of the form."""
    foreign = f"/cases/{core_id(SERVICE, 'case', 'jakob')}/documents/{core_id(SERVICE, 'document', 'jakob', 'skole')}"
    nowhere = "/cases/00000000-0000-4000-8000-000000000000/documents/00000000-0000-4000-8000-000000000000"
    paths = [DECISION, f"{LIST}/{uuid.uuid4()}", foreign, nowhere]
    thomas = house.signed_in("thomas", language=language)
    answers = [thomas.get(path) for path in paths]
    assert all(asks_once_more(answer) for answer in answers)
    seen = {
        (
            SECRET.sub(b"", answer.data.replace(path.encode(), b"")),
            tuple((name, value) for name, value in answer.headers.items() if name != "Date"),
        )
        for path, answer in zip(paths, answers, strict=True)
    }
    assert len(seen) == 1


def test_what_help_and_the_rules_promise_never_needs_it() -> None:
    """R8 and "Help": only a document itself asks; asking for help and its answers ask for no assurance at all."""
    family = [action for action in ACTIONS.values() if action.realm is not Realm.STAFF]
    asking = {action.name for action in family if action.freshness is not None or action.assurance is Assurance.HIGH}
    assert asking == {SEE_DOCUMENT.name}
    free = {action.name for action in family if action.assurance is Assurance.LOW}
    assert free >= {"public", "use_account", "ask_for_help", "see_help_answer", "write_on_help", "see_sent"}
    shows_that_decisions_exist = {"see_home", "see_overview", "see_plan", "see_conversation", "ask_to_see_more"}
    for action in family:
        if action.name in shows_that_decisions_exist:
            assert action.in_person


def test_that_there_is_a_decision_is_seen_without_it(house: House) -> None:
    thomas = house.signed_in("thomas")
    house.clock.pass_(minutes=20)
    page = thomas.get(LIST)
    assert page.status_code == 200
    assert "Vedtak: håndball for Sofie" in page.text


# --- who is let in by a caseworker, and who has no case ---


def let_in(house: House, key: str) -> Browser:
    """Somebody whom a caseworker has let in, as the core knows them."""
    who = next(person for person in house.story.people_for_sign_in() if person.key == key)
    identified = replace(
        Provider(house, key, Wish(SERVICE, "in-person", Realm.FAMILY, "", "/home", "nb", Assurance.HIGH)).finish(),
        issuer="urn:lytt:in-person",
    )
    number = PersonNumber(who.scheme, who.value)
    person: str | Unresolved = house.parts.gateways[SERVICE].resolve_person(number)
    with house.parts.store.write() as connection:
        bound = house.parts.accounts.bind(connection, identified, person)
        token = house.parts.sessions.create(connection, NewSession(bound, identified, enrolment=Enrolment.IN_PERSON))
    browser = house.browser()
    browser.client.set_cookie(SESSION_COOKIES[Realm.FAMILY], token, domain=browser.host, secure=True)
    return browser


def test_a_child_let_in_by_a_caseworker_reads_documents_together(house: House) -> None:
    """R4, R8: no step-up is asked for, and what is said is the same for what is there and what is not."""
    child = let_in(house, "sofie")
    answers = [child.get(path) for path in (LIST, DECISION, f"{LIST}/{uuid.uuid4()}")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({SECRET.sub(b"", answer.data) for answer in answers}) == 1
    assert "/step-up" not in answers[0].text
    assert child.get(LIST.removesuffix("/documents")).status_code == 200


def test_a_person_without_any_case_has_a_home_and_signs_out_again(house: House) -> None:
    """Item 34."""
    mats = house.signed_in("mats")
    page = mats.get("/home")
    assert page.status_code == 200
    assert "/ask-for-help" in page.text
    assert mats.get(LIST).status_code == 404
    token = mats.session_cookie()
    assert mats.submit(page, {}, "/sign-out").status_code == 303
    assert session_of(house, token) is None


def test_a_child_who_is_a_party_is_offered_to_read_older_papers_together(house: House) -> None:
    """R6: what was written before does not appear on a birthday; nobody else reads the offer."""
    offer = "Is there more from before? We can read it together with you."
    case = f"/cases/{core_id('fjordvik', 'case', 'sofie')}/documents"
    assert offer in house.signed_in("sofie", language="en").get(case).get_data(as_text=True)
    assert offer not in house.signed_in("thomas", language="en").get(case).get_data(as_text=True)
