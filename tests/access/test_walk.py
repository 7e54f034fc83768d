"""Every route by every person of the story, every method and every case: who gets in is what the story says, no more.

The oracle below reads the story's own grants, blocks and dates and knows nothing of `portal.access`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.access.actions import Needs, Scope
from portal.access.standing import Standing, Target
from portal.core.gateway import Gateway
from portal.demo.offsets import age_on
from portal.demo.reference_core import core_id
from portal.demo.story_types import Case, CaseGrant, SignIn
from portal.domain.people import Actor
from portal.store.tables import audit_event
from portal.web.parts import EXTENSION
from portal.web.rule import GatedRule
from tests.house import LEVELS, House, build
from tests.inspector import Browser

TABLE = Path(__file__).with_name("table.txt")
SERVICE = "fjordvik"
NOBODYS_ID = "00000000-0000-4000-8000-000000000000"
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE")
OF_DATE = {"Date"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"))


def rules(house: House) -> list[GatedRule]:
    return sorted(
        (rule for rule in house.app.url_map.iter_rules() if isinstance(rule, GatedRule)),
        key=lambda rule: (rule.endpoint, sorted(rule.methods or ())),
    )


def table(house: House) -> str:
    """The access table in words a reviewer can compare."""
    head = (
        "endpoint methods path action realm needs scope least-assurance words-kept-while-the-core-is-down"
        " fresh-within let-in-by-a-worker behind-own-code"
    )
    lines = [head.replace(" ", " | ")]
    for rule in rules(house):
        action = rule.access
        methods = "+".join(sorted(set(rule.methods or ()) - {"HEAD"}))
        lines.append(
            " | ".join(
                [
                    rule.endpoint,
                    methods,
                    rule.rule,
                    action.name,
                    action.realm.value if action.realm else "anybody",
                    action.needs.value,
                    action.scope.value if action.scope else "-",
                    action.assurance.name.lower(),
                    "yes" if action.carries_in else "no",
                    f"{action.freshness.total_seconds():.0f} s" if action.freshness else "-",
                    "yes" if action.in_person else "no",
                    "yes" if action.own_words else "no",
                ]
            )
        )
    return "\n".join(lines) + "\n"


def test_the_access_table_is_the_one_that_was_reviewed(house: House) -> None:
    made = table(house)
    if not TABLE.exists():
        TABLE.write_text(made, "utf-8")
    assert made == TABLE.read_text("utf-8"), "review the change, then delete the file and run again"


def test_every_rule_has_an_action(house: House) -> None:
    assert all(isinstance(rule, GatedRule) for rule in house.app.url_map.iter_rules())


def test_what_asks_by_itself_and_nothing_else_has_an_action_that_polls(house: House) -> None:
    found = {rule.endpoint: (rule.live, rule.access.polls) for rule in rules(house)}
    assert all(live is polls for live, polls in found.values()), found
    assert (True, True) in found.values()


@dataclass(frozen=True)
class Oracle:
    """What the story grants on a day, in the story's own words."""

    house: House
    today: date

    def case_id(self, case: Case) -> str:
        return core_id(SERVICE, "case", case.key)

    def document_id(self, case: Case) -> str:
        """A document of the case that everybody reads who reads documents there at all."""
        for_all = [document.key for document in case.documents if not document.only_for]
        ordinary = [document.key for document in case.documents if not (document.only_for or document.bears_place)]
        return core_id(SERVICE, "document", case.key, next(iter(ordinary + for_all), "none"))

    def surely(self, who: SignIn, rule: GatedRule) -> bool:
        """Is the person known as surely as the route asks? Else the answer is a step-up, whatever the case."""
        return LEVELS[who.assurance] >= rule.access.assurance or who.service is not None

    def may(self, who: SignIn, case: Case, scope: Scope, relations: Collection[str] | None = None) -> bool:
        """R0, R14, R15: an active grant with the scope, no block, and a guardian's only until the child is 18.

        R10, R16, R18: of a parent with responsibility or assessed as a party; of a lawyer for a time that is set; no
        documents for foster carers; nothing when a closed case is not readable any more. `relations`: whose page it is.
        """
        if who.service is not None or who.key in case.blocks:
            return False
        if case.closing and case.closing.readable_until.on(self.today) < self.today:
            return False
        child = self.house.story.person(case.child)
        adult = age_on(child.birth.on(self.today), self.today) >= 18
        for grant in case.grants:
            begun = grant.from_.on(self.today) <= self.today
            ended = grant.to is not None and grant.to.on(self.today) < self.today
            fits = scope.value in grant.scopes and (relations is None or grant.relation in relations)
            if grant.person == who.key and fits and begun and not ended:
                return self._for_that_relation(grant, scope) and (grant.relation == "self" or not adult)
        return False

    def _for_that_relation(self, grant: CaseGrant, scope: Scope) -> bool:
        held = grant.basis == "parental_responsibility" if grant.responsibility is None else grant.responsibility
        return {
            "mother": held or grant.basis == "party",
            "father": held or grant.basis == "party",
            "foster_carer": scope is not Scope.DOCUMENTS,
            "lawyer": grant.to is not None,
        }.get(grant.relation, True)


def untold(who: SignIn, case: Case, rule: GatedRule) -> bool:
    """R9: not told of decisions, because that may put somebody in danger."""
    return rule.access.decisions and who.key in case.danger


def people(house: House) -> tuple[SignIn, ...]:
    return house.story.people_for_sign_in()


def case_routes(house: House) -> Iterator[tuple[GatedRule, str]]:
    for rule in rules(house):
        if rule.access.needs is Needs.CASE:
            for method in sorted({"GET", "POST"} & set(rule.methods or ())):
                yield rule, method


def call(browser: Browser, method: str, path: str) -> TestResponse:
    if method == "POST":
        return browser.post(path, {"csrf_token": browser.token()})
    return browser.get(path)


def denials(house: House) -> int:
    with house.parts.store.read() as connection:
        count = select(func.count()).select_from(audit_event).where(audit_event.c.event == "denied")
        return int(connection.execute(count).scalar_one())


def as_seen(response: TestResponse) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    headers = tuple(sorted((name, value) for name, value in response.headers.items() if name not in OF_DATE))
    return response.status_code, response.data, headers


def test_cases_open_to_whom_the_story_grants_them_and_to_nobody_else(house: House) -> None:
    oracle = Oracle(house, house.clock().date())
    opened = closed = 0
    for who in people(house):
        browser = house.signed_in(who.key)
        no = {method: as_seen(call(browser, method, f"/cases/{NOBODYS_ID}")) for method in ("GET", "POST")}
        for rule, method in case_routes(house):
            for case in house.story.service(SERVICE).cases:
                path = rule.rule.replace("<uuid:case_id>", oracle.case_id(case))
                path = path.replace("<uuid:document_id>", oracle.document_id(case))
                path = re.sub("<uuid:(attachment|about)_id>", NOBODYS_ID, path)
                path = path.replace("<place>", "a").replace("<code>", "said")
                before = denials(house)
                answer = call(browser, method, path)
                assert rule.access.scope is not None
                if not oracle.surely(who, rule):
                    closed += 1
                    assert answer.status_code == 403, (who.key, case.key, path)
                    assert denials(house) == before + 1, (who.key, case.key, path)
                elif oracle.may(who, case, rule.access.scope, rule.access.relations) and not untold(who, case, rule):
                    opened += 1
                    assert denials(house) == before, (who.key, case.key, path)
                    assert answer.status_code < 500
                    there = {404} if "attachment_id" in rule.rule else {200, 303}  # of one's own thread alone
                    assert method == "POST" or answer.status_code in there, (who.key, case.key, path)
                elif who.service is not None:
                    closed += 1
                    assert answer.status_code in {303, 401, 404}, (who.key, path)
                else:
                    closed += 1
                    assert as_seen(answer) == no[method], (who.key, case.key, path)
                    assert denials(house) == before + 1, (who.key, case.key, path)
    assert opened > 50
    assert closed > 300


def test_the_one_no_is_the_same_for_forbidden_missing_blocked_and_unknown(house: House) -> None:
    oracle = Oracle(house, house.clock().date())
    cases = house.story.service(SERVICE).cases
    for key in ("kent", "mats", "rune", "grethe", "oskar"):
        browser = house.signed_in(key)
        who = next(person for person in people(house) if person.key == key)
        closed = [case for case in cases if not oracle.may(who, case, Scope.OVERVIEW)]
        assert closed
        answers = {as_seen(browser.get(f"/cases/{oracle.case_id(case)}")) for case in closed}
        answers |= {as_seen(browser.get(path)) for path in ("/nowhere", f"/cases/{NOBODYS_ID}", "/cases/not-an-id")}
        assert len(answers) == 1, key


def test_the_one_no_offers_help_and_gives_nothing_away(house: House) -> None:
    page = house.signed_in("kent").get(f"/cases/{core_id(SERVICE, 'case', 'mia')}")
    text = page.get_data(as_text=True)
    assert page.status_code == 404
    for given_away in ("<form", "csrf_token", "Mia", "/cases/", "/home"):
        assert given_away not in text, given_away
    assert "tel:116111" in text
    assert "/ask-for-help" in text


def test_no_other_method_is_answered(house: House) -> None:
    browser = house.signed_in("sofie")
    routes = house.app.url_map.bind("localhost")
    for rule in rules(house):
        path = re.sub(r"<[^>]+>", NOBODYS_ID, rule.rule)
        for method in METHODS:
            if not routes.test(path, method):
                answer = browser.client.open(path, method=method, base_url=browser.base_url)
                assert answer.status_code == 404, (method, path)


def test_realms_never_open_each_other(house: House) -> None:
    family, staff = house.signed_in("sofie"), house.signed_in("kari")
    for rule in rules(house):
        if rule.access.realm is None or "GET" not in (rule.methods or ()):
            continue
        path = re.sub(r"<[^>]+>", NOBODYS_ID, rule.rule)
        outsider = staff if rule.access.realm.value == "family" else family
        answer = outsider.get(path)
        if rule.live:
            assert answer.status_code == 401, path
        else:
            assert answer.status_code == 303, path
            assert "/sign-in" in answer.headers["Location"], path


def test_a_worker_opens_the_threads_of_their_own_team_only(house: House) -> None:
    threads = {
        core_id(SERVICE, "thread", case.key, thread.person): case
        for case in house.story.service(SERVICE).cases
        for thread in case.threads
    }
    kari = house.signed_in("kari")
    found = {key: kari.get(f"/staff/threads/{key}").status_code for key in threads}
    assert found == {key: 200 if case.team == "fjell" else 404 for key, case in threads.items()}
    outsider = house.signed_in("sigrid")
    answers = {as_seen(outsider.get(f"/staff/threads/{thread}")) for thread in [*threads, NOBODYS_ID]}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def test_a_session_of_one_service_is_nothing_at_another(house: House) -> None:
    browser = house.signed_in("sofie")
    token = browser.session_cookie()
    other = house.browser("lillevik")
    other.client.set_cookie("__Host-s", token, domain=other.host, secure=True)
    answer = other.get("/home")
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]


def test_an_unknown_host_gets_the_no_page(house: House) -> None:
    answer = house.app.test_client().get("/", base_url="https://elsewhere.example")
    assert answer.status_code == 404


def test_unknown_facts_deny(house: House) -> None:
    """A core that tells nothing about a child opens nothing (house.md: unknown means no)."""
    browser = house.signed_in("ingrid")
    path = f"/cases/{core_id(SERVICE, 'case', 'sofie')}"
    assert browser.get(path).status_code == 200
    forgetful = ForgetfulCore(house.parts.gateways[SERVICE])
    parts = replace(house.parts, gateways={**house.parts.gateways, SERVICE: cast("Gateway", forgetful)})
    house.app.extensions[EXTENSION] = parts
    try:
        assert browser.get(path).status_code == 404
    finally:
        house.app.extensions[EXTENSION] = house.parts


class ForgetfulCore:
    """A core that grants, and says nothing about the child."""

    def __init__(self, core: Gateway) -> None:
        self._core = core

    def __getattr__(self, name: str) -> object:
        return getattr(self._core, name)

    def standing(self, actor: Actor, target: Target) -> Standing:
        return replace(self._core.standing(actor, target), children=())
