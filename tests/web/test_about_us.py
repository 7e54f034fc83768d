"""Something is wrong with somebody who works with me, or where I live: told round whom it is about (safety 11)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from portal.core.errors import Unavailable
from portal.core.http import HttpGateway
from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import Browser

SERVICE = "fjordvik"
WORDS = "Hun hører ikke på meg."
KARI, MARIT = core_id(SERVICE, "worker", "kari"), core_id(SERVICE, "worker", "marit")


def case(child: str) -> str:
    return f"/cases/{core_id(SERVICE, 'case', child)}"


SAID, NEW = f"{case('sofie')}/about-us", f"{case('sofie')}/about-us/new"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def read(browser: Browser, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200, path
    return page.get_data(as_text=True)


def tell(house: House, person: str = "emil", child: str = "emil", **chosen: str) -> None:
    browser = house.let_in(person, language="en") if person == "emil" else house.signed_in(person, language="en")
    path = f"/en{case(child)}/about-us/new"
    answer = browser.submit(browser.get(path), {"about": "worker", "body": WORDS, **chosen}, path)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    house.deliver()


def receivers(house: House) -> list[str]:
    """Who has got what was said with these words, as the core has filed it."""
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as core:
        rows = core.execute(
            "SELECT p.first_name FROM complaint c JOIN person p ON p.id = c.goes_to WHERE c.body = ?", (WORDS,)
        )
        return [row[0] for row in rows]


def test_who_is_on_the_team_and_who_gets_it_stands_before_the_box(house: House) -> None:
    """Feature V8: the child sees both before it writes, with those outside the service beside the form."""
    page = read(house.signed_in("sofie", language="en"), f"/en{NEW}")
    before, box = page.split("<form", 1)
    for name in ("Kari", "Marit", "Tone"):
        assert name in before, name
    assert "Those it is about cannot see it here" in before
    for choice in (
        "Someone who works with me",
        "Where I live, or who I live with",
        "Something else about how I am met",
    ):
        assert choice in box
    assert "checked" not in box
    for outside in ("The County Governor", "statsforvalteren.no", "The Ombudsperson for Children", "22 99 39 50"):
        assert outside in page


def test_the_way_there_is_one_tap_down_for_a_child(house: House) -> None:
    page = read(house.signed_in("sofie"), case("sofie"))
    assert page.index("<details>") < page.index(NEW) < page.index("</details>")
    assert NEW in read(house.signed_in("ingrid"), case("sofie"))


def test_it_goes_to_the_leader_who_answers_with_name_and_role_on_the_authors_page(house: House) -> None:
    """Feature V8: from the form to the answer, and not in the thread with the worker."""
    tell(house, not_these=KARI, other_worker="yes")
    marit = house.signed_in("marit", language="en")
    waiting = read(marit, "/en/staff/about-us")
    assert "Emil" in waiting
    assert WORDS not in waiting
    with sqlite3.connect(house.plan.folder / f"core-{SERVICE}.db") as core:
        complaint_id = core.execute("SELECT id FROM complaint WHERE body = ?", (WORDS,)).fetchone()[0]
    one = marit.get(f"/en/staff/about-us/{complaint_id}")
    text = one.get_data(as_text=True)
    for told in (WORDS, "Asks for another worker", "Must not get it: <bdi>Kari</bdi>"):
        assert told in text
    assert (
        marit.submit(one, {"body": "Du skal få en annen."}, f"/en/staff/about-us/{complaint_id}/answers").status_code
        == 303
    )
    house.deliver()
    emil = house.let_in("emil", language="en")
    mine = read(emil, f"/en{case('emil')}/about-us")
    for told in (WORDS, "Marit, the leader answered you", "Du skal få en annen."):
        assert told in mine
    assert "Du skal få en annen." not in read(emil, f"{case('emil')}/messages")


@pytest.mark.parametrize(
    ("not_these", "goes_to"),
    [(KARI, "Marit"), (MARIT, "Tone"), ("", "Marit")],
    ids=["worker", "leader", "nobody named"],
)
def test_it_goes_round_whom_it_is_about(house: House, not_these: str, goes_to: str) -> None:
    """Feature V8: about the leader, it goes to the next level."""
    tell(house, **({"not_these": not_these} if not_these else {}))
    assert receivers(house) == [goes_to]


def test_a_team_without_a_leader_has_the_head_of_the_service(house: House) -> None:
    tell(house, "nora", "nora", about="other")
    assert receivers(house) == ["Tone"]


def test_where_nobody_can_take_it_the_page_says_whom_to_call(house: House) -> None:
    """Lillevik has no leader in its system: no form, a number, and those outside."""
    browser = house.signed_in("oskar", service="lillevik", language="en")
    path = f"/en/cases/{core_id('lillevik', 'case', 'oskar')}/about-us/new"
    page = read(browser, path)
    assert "ask for the leader" in page
    assert "<textarea" not in page
    assert "The County Governor" in page


def test_a_form_with_nothing_chosen_is_shown_again_with_its_words(house: House) -> None:
    browser = house.signed_in("sofie", language="en")
    answer = browser.submit(browser.get(f"/en{NEW}"), {"body": WORDS, "not_these": KARI}, f"/en{NEW}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choose what it is about" in page
    assert WORDS in page
    assert f'value="{KARI}" checked' in page


def test_it_is_kept_while_the_core_is_down(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = house.signed_in("sofie", language="en")
    with monkeypatch.context() as down:
        for name in ("standing", "complaints", "capabilities", "deliver"):
            down.setattr(HttpGateway, name, raising)
        page = browser.get(f"/en{NEW}")
        assert "A leader gets what you write here" in page.get_data(as_text=True)
        assert browser.submit(page, {"about": "other", "body": WORDS}, f"/en{NEW}").status_code == 303
        house.deliver()
    house.clock.pass_(minutes=10)
    house.deliver()
    assert receivers(house) == ["Marit"]


def raising(*_: object, **__: object) -> None:
    raise Unavailable


def test_a_made_up_worker_hinders_nothing(house: House) -> None:
    """An id of nobody, and of somebody of another team, are dropped: the words arrive all the same."""
    tell(house, not_these=core_id(SERVICE, "worker", "eline"))
    assert receivers(house) == ["Marit"]
