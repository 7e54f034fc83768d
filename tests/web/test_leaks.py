"""What a worker is about to send is compared with what is shielded from its reader. Feature W4."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.audit.events import Event
from portal.core.errors import Unavailable
from portal.demo.reference_core import core_id
from portal.store.tables import audit_event, submission
from portal.texts import Text
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed
from tests.web.test_staff_remarks import Down, plain

SERVICE = "fjordvik"
SCHOOL = "Jakob har det bra på Lia skole nå."
NOT_SENT = "Not sent: this would tell something that is shielded from whoever reads it."
KEPT = "Your answer is kept, and not sent"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def thread(child: str, who: str) -> str:
    return f"/staff/threads/{core_id(SERVICE, 'thread', child, who)}"


RUNE, ANNE, JAKOB = thread("jakob", "rune"), thread("jakob", "anne"), thread("jakob", "jakob")
KENT, SHIRIN = thread("mia", "kent"), thread("leila", "shirin")


def write(browser: Browser, path: str, words: str, page: TestResponse | None = None, **more: str) -> TestResponse:
    page = page or browser.get(path)
    return browser.submit(page, {"body": words, **more}, f"{path}/replies")


def refused(house: House, path: str, words: str, who: str = "kari") -> TestResponse:
    page = write(house.signed_in(who, language="en"), path, words)
    assert page.status_code == 422
    assert words in plain(page), "nothing is lost"
    return page


def found(page: TestResponse) -> list[str]:
    return [(quote.text or "") for quote in parsed(page).iter(f"{HTML}q")]


def rows(house: House) -> list[tuple[str, str, str | None]]:
    query = select(audit_event.c.event, audit_event.c.outcome, audit_event.c.item).order_by(audit_event.c.sequence)
    with house.parts.store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def waiting(house: House) -> int:
    with house.parts.store.read() as connection:
        return len(connection.execute(select(submission.c.id)).all())


def conversation(house: House, who: str, child: str) -> str:
    return plain(house.signed_in(who).get(f"/cases/{core_id(SERVICE, 'case', child)}/messages"))


@pytest.mark.parametrize(
    ("path", "words", "names"),
    [
        (RUNE, SCHOOL, ["Lia", "Lia skole"]),
        (RUNE, "Han går på l i a  S K O L E", ["Lia", "Lia skole"]),
        (RUNE, "Samværet er på Familiehuset på Torget.", ["Familiehuset på Torget"]),
        (RUNE, "Vi ses i Parkveien 3.", ["Parkveien 3"]),
        (RUNE, "Ring Anne på 41 23 45 67.", ["41 23 45 67"]),
        (KENT, "Jenta er i Granlia.", ["Granlia"]),
        (SHIRIN, "Bjørgs hus er fint.", ["Bjørg"]),
    ],
)
def test_what_is_shielded_from_the_reader_is_not_sent(house: House, path: str, words: str, names: list[str]) -> None:
    page = refused(house, path, words)
    assert found(page) == names
    assert NOT_SENT in plain(page)
    assert waiting(house) == 0
    house.deliver()
    assert SCHOOL not in conversation(house, "rune", "jakob")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (RUNE, "Hei, Rune. Vi ringer deg på torsdag klokka ti, eller du ringer 55 00 00 10."),
        (ANNE, SCHOOL),
        (ANNE, "Vi ses i Parkveien 3."),
        (thread("sofie", "ingrid"), "Møtet er i Parkveien 3, 5003 Bergen."),
    ],
)
def test_ordinary_answers_go_out_at_once(house: House, path: str, words: str) -> None:
    assert write(house.signed_in("kari"), path, words).status_code == 303
    assert [row for row in rows(house) if row[0] == Event.ACKNOWLEDGED] == []


def test_mended_it_goes_and_worse_is_shown_anew(house: House) -> None:
    kari = house.signed_in("kari", language="en")
    page = write(kari, RUNE, "Han er på Lia.")
    worse = write(kari, RUNE, SCHOOL, page, send_anyway="yes", anyway_reason="Han vet det.")
    assert worse.status_code == 422, "nobody agrees to what was not shown"
    assert found(worse) == ["Lia", "Lia skole"]
    assert write(kari, RUNE, "Han har det bra.", worse).status_code == 303


@pytest.mark.parametrize("more", [{}, {"send_anyway": "yes"}, {"anyway_reason": "Han vet det."}])
def test_to_send_it_all_the_same_takes_a_word_and_a_reason(house: House, more: dict[str, str]) -> None:
    kari = house.signed_in("kari", language="en")
    again = write(kari, RUNE, SCHOOL, write(kari, RUNE, SCHOOL), **more)
    assert again.status_code == 422
    assert waiting(house) == 0
    field = "anyway_reason" if more == {"send_anyway": "yes"} else "send_anyway"
    assert f'href="#{field}"' in plain(again)


def test_sent_all_the_same_is_written_down_without_the_words(house: House) -> None:
    kari = house.signed_in("kari", language="en")
    page = write(kari, RUNE, SCHOOL)
    sent = write(kari, RUNE, SCHOOL, page, send_anyway="yes", anyway_reason="Han følger ham dit selv.")
    assert sent.status_code == 303
    identifier = str(sent.headers["Location"]).split("#m-")[1]
    told = [row for row in rows(house) if row[0] == Event.ACKNOWLEDGED]
    assert told == [("acknowledged", "place", identifier), ("acknowledged", "school", identifier)]
    house.deliver()
    assert SCHOOL in conversation(house, "rune", "jakob")
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as core:
        (told_core,) = core.execute("SELECT kinds, reason FROM acknowledged WHERE id = ?", (identifier,)).fetchall()
    assert told_core == ("place school", "Han følger ham dit selv.")


def test_an_answer_beside_the_plan_is_checked_too(house: House) -> None:
    more = f"/cases/{core_id(SERVICE, 'case', 'jakob')}/ask-to-see-more"
    rune = house.signed_in("rune")
    rune.submit(rune.get(more), {"body": "Jeg vil vite mer."}, more)
    house.deliver()
    kari = house.signed_in("kari", language="en")
    answers = f"{RUNE}/answers"
    page = kari.submit(kari.get(RUNE), {"body": SCHOOL}, answers)
    assert page.status_code == 422
    assert found(page) == ["Lia", "Lia skole"]
    forms = [form for form in parsed(page).iter(f"{HTML}form") if form.get("action") == answers]
    assert ["warned" in hidden_fields(form) for form in forms].count(True) == 1, "it stands in the box it is about"
    sent = kari.submit(page, {"body": SCHOOL, "send_anyway": "yes", "anyway_reason": "Han vet det."}, answers)
    assert sent.status_code == 303


def test_what_the_child_said_does_not_go_to_the_father(house: House) -> None:
    said = "Jeg tør ikke si dette hjemme, men jeg vil helst bo hos mormor i sommer."
    jakob = house.signed_in("jakob")
    path = f"/cases/{core_id(SERVICE, 'case', 'jakob')}/messages"
    jakob.submit(jakob.get(path), {"body": said}, path)
    house.deliver()
    page = refused(house, RUNE, f"Jakob skriver at {said.casefold()}")
    assert "what somebody else has said" in plain(page)
    assert found(page)[0].startswith("jeg tør ikke si dette hjemme")


def test_what_the_child_said_itself_is_a_warning_and_no_block(house: House) -> None:
    said = "Han ble så sint at han kastet glasset i veggen i går."
    jakob = house.signed_in("jakob")
    path = f"/cases/{core_id(SERVICE, 'case', 'jakob')}/messages"
    jakob.submit(jakob.get(path), {"body": said}, path)
    house.deliver()
    kari = house.signed_in("kari", language="en")
    words = f"Du skrev: {said}"
    page = write(kari, JAKOB, words)
    assert page.status_code == 422
    assert "Told in confidence" in plain(page)
    assert write(kari, JAKOB, words, page).status_code == 303


class Silent:
    """A core that does not say what is shielded."""

    def __init__(self, core: object) -> None:
        self._core = core

    def __getattr__(self, name: str) -> object:
        return getattr(self._core, name)

    def shielded(self, _grant: object, _language: str) -> object:
        raise Unavailable


@pytest.fixture(params=["no facts", "no list"])
def unchecked(house: House, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A worker's browser with the thread open, and then nothing can be checked."""
    kari = house.signed_in("kari", language="en")
    down = Down(house)
    if request.param == "no list":
        down._core = Silent(house.parts.gateways[SERVICE])  # type: ignore[assignment]
    kari.page = kari.get(RUNE)  # type: ignore[attr-defined]
    with down:
        yield kari


def test_what_cannot_be_checked_is_kept_and_not_sent(house: House, unchecked: Browser) -> None:
    page = write(unchecked, RUNE, SCHOOL, unchecked.page)  # type: ignore[attr-defined]
    assert page.status_code == 503
    assert KEPT in plain(page)
    assert SCHOOL in plain(page)
    assert waiting(house) == 0
    Down(house).__exit__()
    assert SCHOOL in plain(unchecked.get(RUNE)), "the draft is in the box again"


def test_the_list_itself_is_shown_to_nobody(house: House) -> None:
    kari = house.signed_in("kari")
    pages = [kari.get(RUNE), write(kari, RUNE, "Hei, Rune."), write(kari, RUNE, "Vi ses i Parkveien 3.")]
    assert all("Lia" not in plain(page) for page in pages)


def test_the_words_are_those_of_the_catalogue(house: House) -> None:
    assert house.parts.texts.translate("en", Text(NOT_SENT)) == NOT_SENT
