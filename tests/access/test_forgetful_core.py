"""The whole portal with a core that sends everything: no page, for nobody, holds what is not for its reader (Y1)."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from portal.demo.story_types import Case
from tests.forgetful import SERVICE, TwoCores, access, ids, two_cores, withheld
from tests.inspector import Browser

OPEN_PAGES = ("", "/plan", "/visits", "/documents")
Reader = tuple[str, Case]
RESTRICTIONS = (
    withheld(ids("step", "sofie", "utkast"), "thomas", "sofie"),
    withheld(ids("appointment", "sofie", "mote"), "thomas", "sofie"),
    withheld(ids("plan item", "sofie", "handball"), "thomas", "sofie"),
    withheld(ids("plan item", "emil", "turer"), "thomas", "emil", "1"),
    withheld(ids("document", "sofie", "handball"), "thomas", "sofie"),
    withheld(ids("document", "emil", "brev"), "thomas", "emil", "1"),
)
"""What the father of Sofie and Emil may not see, of each kind, and everybody else of the family may."""


@pytest.fixture(scope="module")
def cores(tmp_path_factory: pytest.TempPathFactory) -> TwoCores:
    foster_carer = access("sofie", "grethe", "foster_carer", None)
    return two_cores(tmp_path_factory.mktemp("cores"), RESTRICTIONS, foster_carer)


@pytest.fixture(scope="module")
def readers(cores: TwoCores) -> list[Reader]:
    """Everybody of the story at every case of which they can open the front."""
    people = [who.key for who in cores.house.story.people_for_sign_in() if who.service is None]
    return [
        (key, case)
        for key in people
        for browser in [cores.signed_in(key)]
        for case in cores.house.story.service(SERVICE).cases
        if browser.get(f"/cases/{ids('case', case.key)}").status_code == 200
    ]


def texts(value: Any) -> Iterator[str]:
    """Every text a core has sent that somebody wrote or that names somebody or something."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(each)


def shown(browser: Browser, path: str) -> tuple[int, str]:
    answer = browser.get(path)
    return answer.status_code, html.unescape(answer.get_data(as_text=True))


def sent_for(cores: TwoCores, browser: Browser, path: str) -> tuple[int, str, set[str]]:
    """The page with the core that sends everything, and every text that it was sent."""
    cores.remarked.sent.clear()
    with cores.forgotten():
        status, page = shown(browser, path)
    return status, page, {text for answer in cores.remarked.sent for text in texts(json.loads(answer))}


def test_nobodys_page_holds_what_is_not_for_them(
    cores: TwoCores, readers: list[Reader], caplog: pytest.LogCaptureFixture
) -> None:
    """Feature Y1: what the page of an honest core does not tell, that of a forgetful one does not tell either."""
    kept_back: Counter[str] = Counter()
    pages = 0
    for key, case in readers:
        browser = cores.signed_in(key)
        for page in OPEN_PAGES:
            path = f"/cases/{ids('case', case.key)}{page}"
            honest_status, honest = shown(browser, path)
            status, forgetful, sent = sent_for(cores, browser, path)
            assert status == honest_status, (key, path)
            secret = {text for text in sent if text not in honest and " " in text.strip()}
            leaked = {text for text in secret if text in forgetful}
            assert leaked == set(), (key, path)
            kept_back[page] += len(secret)
            pages += 1
    assert pages > 30
    assert all(kept_back[page] > 5 for page in OPEN_PAGES), kept_back
    kinds = {vars(record)["kind"] for record in caplog.records if record.msg == "core.unprojected"}
    assert kinds >= {"next_step", "appointment", "place", "goal", "measure", "own_words", "words", "document"}


def test_no_document_opens_for_whom_it_is_not(cores: TwoCores, readers: list[Reader]) -> None:
    """Feature Y1: R1, R2, R6, R7, R11, R16: the one "no", byte for byte."""
    closed = opened = 0
    for key, case in readers:
        browser = cores.signed_in(key)
        missing = browser.get(f"/cases/{ids('case', case.key)}/documents/{ids('document', case.key, 'none')}")
        for document in case.documents:
            path = f"/cases/{ids('case', case.key)}/documents/{ids('document', case.key, document.key)}"
            honest = browser.get(path)
            with cores.forgotten():
                forgetful = browser.get(path)
            assert forgetful.status_code == honest.status_code, (key, case.key, document.key)
            if honest.status_code == 404:
                assert forgetful.data == honest.data == missing.data
                closed += 1
            else:
                opened += 1
    assert closed > 5
    assert opened > 5
