"""Asking to see more, what is answered, and appealing: as a child, as parents, while the core is down (Feature C6)."""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.access.standing import UNAVAILABLE
from portal.core.gateway import Gateway
from portal.demo.reference_core import core_id
from portal.store.tables import submission
from portal.texts import Text
from portal.web.parts import EXTENSION
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of
from tests.web.test_enrolment import enrolled

SERVICE = "fjordvik"
SOFIE, EMIL = (f"/cases/{core_id(SERVICE, 'case', child)}" for child in ("sofie", "emil"))
REFUSED = core_id(SERVICE, "wish", "emil", "alt")
MOVING = core_id(SERVICE, "decision", "emil", "mormor")
HANDBALL = core_id(SERVICE, "decision", "sofie", "handball")
REFUSED_APPEAL = f"{EMIL}/asked-to-see-more/{REFUSED}/appeal"
MOVING_APPEAL = f"{EMIL}/decisions/{MOVING}/appeal"
NOTES = "Referat som ingen andre skal se"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def words(house: House, message: str, context: str | None = None, **values: object) -> str:
    """A text of ours as an English page shows it."""
    return house.parts.texts.translate("en", Text(message, context).with_(**values))


def plain(page: TestResponse) -> str:
    return html.unescape(page.get_data(as_text=True))


def main(page: TestResponse) -> str:
    return text_of(next(parsed(page).iter(f"{HTML}main")))


def links(page: TestResponse) -> set[str]:
    return {link.get("href") or "" for link in parsed(page).iter(f"{HTML}a")}


def ask(browser: Browser, case: str, said: str = "") -> str:
    """Ask to see more; the id of the wish."""
    path = f"{case}/ask-to-see-more"
    sent = browser.submit(browser.get(path), {"body": said}, path)
    assert (sent.status_code, sent.headers["Location"].split("#")[0]) == (303, f"{case}/asked-to-see-more")
    return str(sent.headers["Location"]).split("#w-")[1]


def appeal(browser: Browser, path: str, said: str = "") -> TestResponse:
    return browser.submit(browser.get(path), {"body": said}, path)


def sent_appeals(house: House) -> list[str]:
    with house.parts.store.read() as connection:
        query = select(submission.c.id).where(submission.c.kind == "appeal").order_by(submission.c.sequence)
        return [str(row.id) for row in connection.execute(query)]


def in_core(house: House, statement: str, *values: object) -> None:
    """Change a fact at the core."""
    folder = Path(house.plan.folder)
    with sqlite3.connect(next(folder.glob("core-fjordvik.db"))) as connection:
        connection.execute(statement, values)
    connection.close()


@contextmanager
def core_down(house: House) -> Iterator[None]:
    """The portal cannot ask the core for facts."""
    gateways = {**house.parts.gateways, SERVICE: cast("Gateway", Unanswering(house.parts.gateways[SERVICE]))}
    house.app.extensions[EXTENSION] = replace(house.parts, gateways=gateways)
    try:
        yield
    finally:
        house.app.extensions[EXTENSION] = house.parts


class Unanswering:
    """A core that tells no facts."""

    def __init__(self, core: Gateway) -> None:
        self._core = core

    def __getattr__(self, name: str) -> object:
        return getattr(self._core, name)

    def standing(self, _actor: object, _target: object) -> object:
        return UNAVAILABLE


# --- the wish and its answer ---


def test_a_wish_stands_there_at_once_and_tells_by_when_it_is_answered(house: House) -> None:
    """Feature C6."""
    ingrid = house.signed_in("ingrid", language="en")
    made = ask(ingrid, SOFIE, "Jeg vil lese alt.")
    kept = ingrid.get(f"{SOFIE}/asked-to-see-more")
    assert f'id="w-{made}"' in kept.text
    assert words(house, "We keep it safe, not sent yet") in plain(kept)
    assert "Jeg vil lese alt." not in plain(kept), "locked until the core gives it back"
    house.deliver()
    page = plain(ingrid.get(f"{SOFIE}/asked-to-see-more"))
    assert "Jeg vil lese alt." in page
    assert words(house, "Received") in page
    assert "You get an answer" in page
    for other in ("sofie", "thomas"):
        assert made not in plain(house.signed_in(other).get(f"{SOFIE}/asked-to-see-more"))


def test_staff_refuse_and_the_page_says_why_on_what_law_and_how_to_appeal(house: House) -> None:
    ingrid, kari = house.signed_in("ingrid", language="en"), house.signed_in("kari", language="en")
    made = ask(ingrid, SOFIE)
    house.deliver()
    thread = f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', 'ingrid')}"
    page = kari.get(thread)
    (fields,) = [
        found for found in map(hidden_fields, parsed(page).iter(f"{HTML}form")) if found.get("remark_id") == made
    ]
    chosen = {**fields, "body": "Vi kan snakke om det.", "outcome": "no"}
    without = kari.post(f"{thread}/answers", chosen)
    assert without.status_code == 422, "a no without a why"
    assert f'href="#reason-{made}"' in without.text
    assert "Vi kan snakke om det." in plain(without)
    assert kari.post(f"{thread}/answers", {**chosen, "reason_code": "because"}).status_code == 404
    assert kari.post(f"{thread}/answers", {**chosen, "reason_code": "protection"}).status_code == 303
    house.deliver()
    answered = plain(ingrid.get(f"{SOFIE}/asked-to-see-more"))
    for said in ("Vi kan snakke om det.", "Svaret sier ikke om det finnes mer", "§ 12-6", "Kari"):
        assert said in answered
    assert words(house, "If you disagree") in answered
    assert f"{SOFIE}/asked-to-see-more/{made}/appeal" in answered
    assert words(house, "No") in plain(kari.get(thread))


def test_what_was_released_is_found_among_the_documents(house: House) -> None:
    page = house.signed_in("sofie", language="en").get(f"{SOFIE}/asked-to-see-more")
    assert words(house, "Yes", "child") in main(page)
    assert f"{SOFIE}/documents" in links(page)
    assert "/appeal" not in page.text


def test_a_refusal_is_the_same_whatever_there_is(house: House) -> None:
    """R11, R17: nothing of what is withheld, and nobody else's things, changes a byte of it or its days."""
    thomas = house.signed_in("thomas")
    before = main(thomas.get(f"{EMIL}/asked-to-see-more"))
    case, emil = core_id(SERVICE, "case", "emil"), core_id(SERVICE, "person", "emil")
    in_core(
        house,
        "INSERT INTO document (id, case_id, position, kind, dated, author, title_child, title_adult, bears_place)"
        " VALUES ('hidden', ?, 9, 'minutes', '2026-11-18', 'Kari', ?, ?, 0)",
        *(case, NOTES, NOTES),
    )
    in_core(
        house,
        "INSERT INTO withheld (item_id, person_id, child_id, reason, assessor) VALUES ('hidden', ?, ?, 'harm', 'x')",
        *(core_id(SERVICE, "person", "thomas"), emil),
    )
    assert main(thomas.get(f"{EMIL}/asked-to-see-more")) == before
    assert NOTES not in before


def test_the_own_code_stands_before_what_one_has_asked(house: House) -> None:
    """R20."""
    ingrid = house.signed_in("ingrid", language="en")
    page = ingrid.get("/account/code")
    ingrid.submit(page, {"new_code": "4711", "again": "4711"}, "/account/code")
    again = house.signed_in("ingrid", language="en")
    assert again.get(f"{SOFIE}/asked-to-see-more").status_code != 200
    assert again.get(f"{SOFIE}/decisions").status_code == 200
    path = f"{SOFIE}/ask-to-see-more"
    assert again.submit(again.get(path), {"body": ""}, path).status_code == 200, "kept, and nothing tells what it was"


# --- appeals and decisions ---


def test_an_appeal_counts_from_the_press_and_is_seen_with_its_state(house: House) -> None:
    thomas = house.signed_in("thomas", language="en")
    assert REFUSED_APPEAL in links(thomas.get(f"{EMIL}/asked-to-see-more"))
    sent = appeal(thomas, REFUSED_APPEAL, "Jeg er uenig.")
    assert sent.headers["Location"].startswith(f"{EMIL}/asked-to-see-more#a-")
    waiting = thomas.get(f"{EMIL}/asked-to-see-more")
    assert words(house, "The moment you pressed counts, however late it comes to us.", "child") in plain(waiting)
    assert REFUSED_APPEAL not in links(waiting), "no second button while one is on its way"
    house.clock.pass_(hours=30)
    house.deliver()
    thomas = house.signed_in("thomas", language="en")
    page = plain(thomas.get(f"{EMIL}/asked-to-see-more"))
    assert "Jeg er uenig." in page
    assert 'datetime="2026-11-19T09:00:00+00:00"' in page, "the moment of pressing, not that of delivery"
    assert words(house, "Has appealed") in plain(house.signed_in("kari", language="en").get("/staff"))


def test_pressing_twice_is_one_appeal_and_more_words_are_not_lost(house: House) -> None:
    thomas = house.signed_in("thomas")
    page, other_window = thomas.get(REFUSED_APPEAL), thomas.get(REFUSED_APPEAL)
    for shown in (page, page, other_window):
        assert thomas.submit(shown, {"body": ""}, REFUSED_APPEAL).status_code == 303
    assert len(sent_appeals(house)) == 1
    assert thomas.submit(other_window, {"body": "Og dette også."}, REFUSED_APPEAL).status_code == 303
    house.deliver()
    assert len(sent_appeals(house)) == 2
    assert "Og dette også." in plain(thomas.get(f"{EMIL}/asked-to-see-more"))


def test_too_long_an_appeal_comes_back_and_waits_as_a_draft(house: House) -> None:
    thomas = house.signed_in("thomas")
    long = "Uenig. " + "y" * 8000
    page = thomas.submit(thomas.get(REFUSED_APPEAL), {"body": long}, REFUSED_APPEAL)
    assert page.status_code == 422
    assert long in plain(page)
    assert "Uenig. y" in plain(thomas.get(REFUSED_APPEAL))
    assert sent_appeals(house) == []


def test_while_the_core_is_down_an_appeal_is_kept_with_its_moment(house: House) -> None:
    thomas = house.signed_in("thomas", language="en")
    with core_down(house):
        assert thomas.get(f"{EMIL}/asked-to-see-more").status_code == 503
        sent = appeal(thomas, REFUSED_APPEAL, "Jeg klager.")
        assert sent.headers["Location"].startswith("/sent/")
        assert words(house, "You said that you disagree", "child") in plain(thomas.get(sent.headers["Location"]))
    house.clock.pass_(hours=3)
    house.deliver()
    page = plain(house.signed_in("thomas").get(f"{EMIL}/asked-to-see-more"))
    assert "Jeg klager." in page
    assert 'datetime="2026-11-19T09:00:00+00:00"' in page


def test_an_appeal_on_an_ended_session_is_there_after_signing_in(house: House) -> None:
    thomas = house.signed_in("thomas")
    page = thomas.get(REFUSED_APPEAL)
    house.clock.pass_(minutes=31)
    assert thomas.submit(page, {"body": "Jeg er uenig."}, REFUSED_APPEAL).status_code == 401
    assert "Jeg er uenig." in plain(house.signed_in("thomas").get(REFUSED_APPEAL))


def test_somebody_elses_wish_is_appealed_against_by_nobody(house: House) -> None:
    """The core takes it for nothing; the words are not lost, and the person is told to call."""
    ingrid = house.signed_in("ingrid", language="en")
    path = f"{EMIL}/asked-to-see-more/{REFUSED}/appeal"
    nothing = f"{EMIL}/asked-to-see-more/00000000-0000-4000-8000-000000000000/appeal"
    shown = [main(ingrid.get(each)) for each in (path, nothing)]
    assert shown[0] == shown[1], "nothing tells that there is such a wish"
    appeal(ingrid, path, "Hva skjer?")
    house.deliver()
    assert words(house, "This did not get through. Please call us.") in plain(ingrid.get("/sent"))
    assert "Hva skjer?" not in plain(house.signed_in("thomas").get(f"{EMIL}/asked-to-see-more"))
    assert house.signed_in("rune").get(path).status_code == 404


def test_a_child_of_nine_let_in_by_a_worker_reads_what_is_decided_and_appeals(house: House) -> None:
    """R8."""
    emil = enrolled(house).browser
    assert f"{EMIL}/decisions" in links(emil.get(EMIL))
    page = emil.get(f"{EMIL}/decisions")
    assert "Du skal bo hos mormor i tre uker" in plain(page)
    assert {MOVING_APPEAL, f"{EMIL}/ask-to-see-more"} <= links(page)
    assert not any("/documents" in link for link in links(page)), "read together, or handed over"
    sent = appeal(emil, MOVING_APPEAL)
    assert sent.headers["Location"].startswith(f"{EMIL}/decisions#a-")
    house.deliver()
    after = emil.get(f"{EMIL}/decisions")
    assert f'id="a-{sent_appeals(house)[0]}"' in after.text
    assert MOVING_APPEAL not in links(after)
    for parent in ("ingrid", "thomas"):
        theirs = house.signed_in(parent).get(f"{EMIL}/decisions").text
        assert 'id="a-' not in theirs, "R13: that a child has appealed is the child's"
        assert MOVING_APPEAL in theirs


def test_the_button_stands_for_every_child_even_if_the_core_forgets(house: House) -> None:
    """R8, at both ends."""
    core = house.parts.gateways[SERVICE]

    class Forgetful(Unanswering):
        def standing(self, *asked: object) -> object:
            return core.standing(*asked)  # type: ignore[arg-type]

        def decisions(self, *asked: object) -> object:
            found = core.decisions(*asked)  # type: ignore[arg-type]
            return replace(found, decisions=tuple(replace(one, appeal_way=None) for one in found.decisions))

    emil = enrolled(house).browser
    gateways = {**house.parts.gateways, SERVICE: cast("Gateway", Forgetful(core))}
    house.app.extensions[EXTENSION] = replace(house.parts, gateways=gateways)
    assert MOVING_APPEAL in links(emil.get(f"{EMIL}/decisions"))
    assert MOVING_APPEAL not in links(house.signed_in("ingrid").get(f"{EMIL}/decisions"))


def test_a_parent_for_whom_it_is_dangerous_gets_the_one_no_and_no_link(house: House) -> None:
    """R9."""
    before = house.signed_in("thomas").get(EMIL)
    assert f"{EMIL}/decisions" in links(before)
    in_core(
        house,
        "INSERT INTO danger VALUES (?, ?)",
        *(core_id(SERVICE, "person", "emil"), core_id(SERVICE, "person", "thomas")),
    )
    thomas = house.signed_in("thomas")
    no = thomas.get("/cases/00000000-0000-4000-8000-000000000000/decisions")
    answer = thomas.get(f"{EMIL}/decisions")
    assert (answer.status_code, answer.data) == (404, no.data)
    assert f"{EMIL}/decisions" not in links(thomas.get(EMIL))
    assert f"{EMIL}/decisions" in links(house.signed_in("ingrid").get(EMIL))
    appeal(thomas, MOVING_APPEAL)
    house.deliver()
    assert MOVING not in plain(thomas.get(f"{EMIL}/asked-to-see-more"))


def test_before_the_own_code_a_decision_is_told_and_the_appeal_is_not(house: House) -> None:
    """R8, R20."""
    sofie = house.signed_in("sofie", language="en")
    path = f"{SOFIE}/decisions/{HANDBALL}/appeal"
    appeal(sofie, path, "Jeg er uenig.")
    house.deliver()
    assert "Jeg er uenig." in plain(sofie.get(f"{SOFIE}/decisions"))
    sofie.submit(sofie.get("/account/code"), {"new_code": "4711", "again": "4711"}, "/account/code")
    locked = house.signed_in("sofie", language="en").get(f"{SOFIE}/decisions")
    assert "Vi betaler for håndballen" in plain(locked)
    assert "Jeg er uenig." not in plain(locked)
    assert path in links(locked), "as for somebody who has not appealed"
