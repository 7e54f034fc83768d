"""Every no about a case or a document is one and the same for its reader, after the same work (rules.md R19)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.access.actions import Needs
from portal.access.standing import Known, Responsibility, ResponsibilitySource, Standing
from portal.web.rule import GatedRule
from tests.forgetful import SERVICE, Change, TwoCores, access, ids, two_cores, withheld
from tests.house import House
from tests.inspector import HTML, Browser, parsed, text_of

NOT_RESPONSIBLE = {
    "responsibility": Known(Responsibility(held=False, source=ResponsibilitySource.COURT)),
    "party": Known(value=False),
}
NOBODYS_ID = "00000000-0000-4000-8000-000000000000"


def dangerous(person: str, child: str) -> Change:
    """To tell this guardian of decisions may put somebody in danger."""
    return (
        "INSERT INTO danger (child_id, person_id) VALUES (:child, :person)",
        {"person": ids("person", person), "child": ids("person", child)},
    )


RESTRICTIONS = (withheld(ids("document", "sofie", "handball"), "thomas", "sofie"),)
CHANGES = (
    access("sofie", "grethe", "foster_carer", None),
    access("sofie", "kent", "lawyer", None),
    access("jakob", "kent", "spokesperson", None),
    dangerous("thomas", "sofie"),
)


@pytest.fixture(scope="module")
def cores(tmp_path_factory: pytest.TempPathFactory) -> TwoCores:
    return two_cores(tmp_path_factory.mktemp("cores"), RESTRICTIONS, *CHANGES)


@dataclass(frozen=True)
class Counted:
    """A core that notes by name what it is asked. `facts`: what it tells otherwise about every child."""

    core: Any
    calls: list[str]
    facts: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.core, name)

        def call(*arguments: object) -> object:
            self.calls.append(name)
            answer = found(*arguments)
            return self._told(answer) if isinstance(answer, Standing) else answer

        return call

    def _told(self, standing: Standing) -> Standing:
        return replace(standing, children=tuple(replace(child, **self.facts) for child in standing.children))


@dataclass(frozen=True)
class Work:
    """What one request cost: calls of the core in their order, statements in theirs."""

    calls: tuple[str, ...]
    statements: tuple[str, ...]


@contextmanager
def working(house: House, facts: dict[str, Any]) -> Iterator[Callable[[], Work]]:
    """Watch the core and the database; what is called gives the work so far."""
    gateways = cast("dict[str, Any]", house.parts.gateways)
    real, calls, statements = gateways[SERVICE], [], []  # type: tuple[Any, list[str], list[str]]
    with house.parts.store.read() as connection:
        engine = connection.engine

    def note(*call: Any) -> None:
        statements.append(call[2])

    event.listen(engine, "before_cursor_execute", note)
    gateways[SERVICE] = Counted(real, calls, facts)
    try:
        yield lambda: Work(tuple(calls), tuple(statements))
    finally:
        gateways[SERVICE] = real
        event.remove(engine, "before_cursor_execute", note)


def as_seen(response: TestResponse) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    headers = tuple(sorted((name, value) for name, value in response.headers.items() if name != "Date"))
    return response.status_code, response.data, headers


def refused(house: House, browser: Browser, path: str, facts: dict[str, Any] | None = None) -> tuple[object, Work]:
    """The answer as its reader sees it, and what it cost."""
    with working(house, facts or {}) as work:
        return as_seen(browser.get(path)), work()


def document(case: str, key: str) -> str:
    return f"/cases/{ids('case', case)}/documents/{ids('document', case, key)}"


DOCUMENTS = {
    "withheld from him": ("thomas", "sofie", "handball"),
    "for the child by name": ("thomas", "sofie", "brev"),
    "for the parents by name": ("sofie", "sofie", "samtale"),
    "for all, and she is no party": ("jakob", "jakob", "undersokelse"),
    "for the child by name, and he is no party": ("rune", "jakob", "brev"),
    "tells a place that is hidden from him": ("rune", "jakob", "skole"),
}


@pytest.mark.parametrize("forgetful", [False, True], ids=["a core that projects", "a core that forgets to"])
@pytest.mark.parametrize("why", DOCUMENTS)
def test_a_document_that_is_not_for_its_reader_is_like_one_there_is_not(
    cores: TwoCores, why: str, *, forgetful: bool
) -> None:
    """Feature Y1, R19: withheld, unnamed to a non-party, telling a place: byte for byte, call for call."""
    person, case, key = DOCUMENTS[why]
    browser, house = cores.signed_in(person), cores.house
    missing, least = refused(house, browser, document(case, "none"))
    elsewhere, _ = refused(house, browser, document("mia", "brev"))
    if forgetful:
        with cores.forgotten():
            answer, work = refused(house, browser, document(case, key))
    else:
        answer, work = refused(house, browser, document(case, key))
    assert answer == missing == elsewhere
    assert work == least
    assert work.calls == ("standing", "document")


CLOSED = {
    "a foster carer at documents": ("grethe", "sofie", "/documents"),
    "a foster carer at a document": ("grethe", "sofie", f"/documents/{ids('document', 'sofie', 'handball')}"),
    "a lawyer without an end date": ("kent", "sofie", ""),
    "a lawyer without an end date at the plan": ("kent", "sofie", "/plan"),
    "a spokesperson without an end date": ("kent", "jakob", "/messages"),
    "a parent without responsibility": ("shirin", "leila", ""),
    "a parent without responsibility at documents": ("shirin", "leila", "/documents"),
    "a parent who is blocked": ("kent", "mia", ""),
    "somebody whose grant is over": ("grethe", "leila", ""),
    "somebody of another family": ("mats", "sofie", ""),
}


@pytest.mark.parametrize("why", CLOSED)
def test_a_case_that_is_closed_to_its_reader_is_like_one_there_is_not(cores: TwoCores, why: str) -> None:
    """R9, R10, R16, R19."""
    person, case, rest = CLOSED[why]
    facts = NOT_RESPONSIBLE if "responsibility" in why else {}
    house, browser = cores.house, cores.signed_in(person)
    nothing, least = refused(house, browser, f"/cases/{NOBODYS_ID}{rest}", facts)
    answer, work = refused(house, browser, f"/cases/{ids('case', case)}{rest}", facts)
    assert answer == nothing
    assert work == least
    assert work.calls == ("standing",)


def pages_of_decisions(house: House) -> list[GatedRule]:
    return [
        rule
        for rule in house.app.url_map.iter_rules()
        if isinstance(rule, GatedRule) and rule.access.decisions and rule.access.needs is Needs.CASE
    ]


def test_where_telling_is_dangerous_no_decision_is_told_of_and_the_rest_stays_open(cores: TwoCores) -> None:
    """R9: the guardian who is a danger gets the one "no" where decisions are told of."""
    house, browser = cores.house, cores.signed_in("thomas")
    case = ids("case", "sofie")
    for rule in pages_of_decisions(house):
        nothing, least = refused(house, browser, rule.rule.replace("<uuid:case_id>", NOBODYS_ID))
        answer, work = refused(house, browser, rule.rule.replace("<uuid:case_id>", case))
        assert (answer, work) == (nothing, least), rule.rule
    assert browser.get(f"/cases/{case}").status_code == 200


def test_the_one_no_carries_every_way_to_help(cores: TwoCores) -> None:
    """R19, house.md: numbers, asking for help, writing, and whom to call when something should be here."""
    browser = cores.signed_in("thomas")
    with cores.forgotten():
        page = browser.get(document("sofie", "handball"))
    words = text_of(parsed(page))
    service = cores.house.parts.settings.services[SERVICE]
    called = {link.get("href") for link in parsed(page).iter(f"{HTML}a")}
    assert {"tel:112", "tel:116111", f"tel:{service.office_phone.replace(' ', '')}", "/help", "/ask-for-help"} <= called
    assert "Ring oss hvis du tror at noe skulle vært her" in words
    assert "be om hjelp og skrive til oss" in words
