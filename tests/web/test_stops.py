"""A message that went to the wrong person is gone at once for the family, and staff are told what is known.

Rules of safety, 13; and R17.
"""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from portal.demo.reference_core import core_id
from tests.house import House, build
from tests.inspector import Browser
from tests.web.test_staff_remarks import Down, plain

SERVICE = "fjordvik"
CASE = core_id(SERVICE, "case", "sofie")
TALK, FRONT = f"/cases/{CASE}/messages", f"/cases/{CASE}"
THREAD = f"/staff/threads/{core_id(SERVICE, 'thread', 'sofie', 'sofie')}"
WRONG = "Hei, Anne. Jakob kan komme i morgen."
ASKED = "Når møtes vi?"
NEVER_SENT = "It was never sent. Nobody in the family has seen it."
OPENED = "The messages were opened after it was sent. It has probably been read."
UNKNOWN = "Whether it was read before that, we do not know. Act as if it was."


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def reply(house: House, words: str = WRONG, who: str = "kari") -> str:
    """Send a reply in Sofie's thread; the id of the message."""
    worker = house.signed_in(who)
    sent = worker.submit(worker.get(THREAD), {"body": words}, f"{THREAD}/replies")
    return str(sent.headers["Location"]).split("#m-")[1]


def stop(house: House, message: str, who: str = "kari", browser: Browser | None = None) -> TestResponse:
    worker = browser or house.signed_in(who, language="en")
    path = f"{THREAD}/stop"
    return worker.submit(worker.get(f"{path}?message_id={message}"), {"body": "Feil mottaker."}, path)


def seen_by_sofie(house: House) -> tuple[str, str, str]:
    """Her pages, as they are after another look would change nothing; random ids and tokens taken out."""
    sofie = house.signed_in("sofie", language="en")
    pages = (plain(sofie.get(path)) for path in (FRONT, "/home", TALK))
    front, home, talk = (_plainly(page) for page in pages)
    return front, home, talk


def _plainly(page: str) -> str:
    page = re.sub(r'name="(csrf_token|submission_id)" value="[^"]*"', "", page)
    page = re.sub(r"\n+", "\n", page)
    return re.sub(r'nonce="[^"]*"|/news\?after=\w+', "", page)


def stop_of(house: House, message: str) -> str:
    page = plain(house.signed_in("kari", language="en").get(THREAD))
    return page.split(f'id="m-{message}"')[1].split("</li>")[0]


def test_a_message_that_still_waits_is_not_sent_any_more(house: House) -> None:
    before = seen_by_sofie(house)
    message = reply(house)
    sent = stop(house, message)
    assert sent.status_code == 303
    told = plain(house.signed_in("kari", language="en").get(str(sent.headers["Location"])))
    assert "The message is stopped" in told
    assert NEVER_SENT in told
    house.deliver()
    assert NEVER_SENT in stop_of(house, message)
    assert "We keep it safe" not in stop_of(house, message)
    assert "Your words are locked" not in stop_of(house, message), "they are never received"
    assert WRONG not in plain(house.signed_in("kari").get(THREAD)), "the core never had it"
    assert seen_by_sofie(house) == before


def test_a_message_that_was_delivered_leaves_no_trace_with_the_family(house: House) -> None:
    """Rule R17: the count, the time of the last change, the state of what it answered, and the promise of an answer."""
    kari = house.signed_in("kari")
    kari.submit(kari.get(THREAD), {}, f"{THREAD}/opened")  # who answers has opened; that stays, because it is so
    house.deliver()
    before = seen_by_sofie(house)
    message = reply(house)
    house.deliver()
    assert WRONG in "".join(seen_by_sofie(house)[2:])
    stop(house, message)
    during = seen_by_sofie(house)
    assert all(WRONG not in page for page in during)
    promise = re.search(r"<p>Kari answers by [^<]*</p>", before[2])
    assert promise is not None
    # Only the core can say when an answer is due again, so nothing is promised for these seconds.
    assert during[2] == before[2].replace(promise[0], ""), "the talk is as it was, before the core knows"
    house.deliver()
    assert seen_by_sofie(house) == before


def test_nothing_new_is_said_of_a_hidden_message_while_the_core_still_counts_it(house: House) -> None:
    quiet = seen_by_sofie(house)  # everything there is has been read
    message = reply(house)
    house.deliver()
    sofie = house.signed_in("sofie", language="en")
    counted = _plainly(plain(sofie.get(FRONT)))
    assert "Something is here for you to read" in counted
    stop(house, message)
    assert "Something is here for you to read" not in plain(sofie.get(FRONT))
    house.deliver()
    assert _plainly(plain(sofie.get(FRONT))) == quiet[0]


def test_staff_read_what_is_known_of_who_has_seen_it(house: House) -> None:
    opened = reply(house)
    house.deliver()
    house.signed_in("sofie").get(TALK)
    stop(house, opened)
    unopened = reply(house, "En til til feil person.")
    house.deliver()
    stop(house, unopened)
    house.deliver()
    assert OPENED in stop_of(house, opened)
    assert UNKNOWN in stop_of(house, unopened)
    assert WRONG in plain(house.signed_in("kari").get(THREAD)), "staff still see what it was"


def test_the_leader_gets_a_report_and_nobody_else(house: House) -> None:
    message = reply(house)
    house.deliver()
    stop(house, message, "marit")
    house.deliver()
    marit = plain(house.signed_in("marit", language="en").get("/staff"))
    assert "Messages to the wrong person" in marit
    assert "Marit stopped it" in marit
    assert "Messages to the wrong person" not in plain(house.signed_in("kari", language="en").get("/staff"))
    assert "The leader has stopped this message" in stop_of(house, message)


def test_what_a_stopped_message_answered_waits_again(house: House) -> None:
    sofie = house.signed_in("sofie")
    sofie.submit(sofie.get(TALK), {"body": ASKED}, TALK)
    house.deliver()
    due = plain(house.signed_in("kari", language="en").get(THREAD)).count("An answer is promised")
    message = reply(house)
    house.deliver()
    assert "An answer is promised" not in plain(house.signed_in("kari", language="en").get(THREAD))
    stop(house, message)
    house.deliver()
    assert plain(house.signed_in("kari", language="en").get(THREAD)).count("An answer is promised") == due == 1
    assert "Answered" not in _last_bubble(house)


def _last_bubble(house: House) -> str:
    talk = plain(house.signed_in("sofie", language="en").get(TALK))
    return talk.split(ASKED)[1].split("</li>")[0]


def test_it_works_while_the_core_is_down(house: House) -> None:
    message = reply(house)
    house.deliver()
    before = house.signed_in("kari", language="en")
    with Down(house):
        sent = stop(house, message, browser=before)
        assert sent.status_code == 303
        assert "The message is stopped" in plain(before.get(str(sent.headers["Location"])))
    assert WRONG not in plain(house.signed_in("sofie").get(TALK))


@pytest.mark.parametrize("message", ["", "../x", "a b", "x" * 200, "00000000-0000-4000-8000-000000000000"])
def test_what_is_no_message_of_the_team_cannot_be_stopped(house: House, message: str) -> None:
    assert house.signed_in("kari").get(f"{THREAD}/stop?message_id={message}").status_code == 404


def test_what_a_family_wrote_stays(house: House) -> None:
    own = core_id(SERVICE, "message", "sofie", "sofie", "2")
    assert house.signed_in("kari").get(f"{THREAD}/stop?message_id={own}").status_code == 404
    message = reply(house)
    kari = house.signed_in("kari")
    page = kari.get(f"{THREAD}/stop?message_id={message}")
    kari.submit(page, {"message_id": own}, f"{THREAD}/stop")
    assert "på skolen" in plain(house.signed_in("sofie").get(TALK)), "hidden by nobody"


def test_stopping_is_for_who_has_the_thread(house: House) -> None:
    assert house.signed_in("jonas").get(f"{THREAD}/stop?message_id={reply(house)}").status_code == 404
