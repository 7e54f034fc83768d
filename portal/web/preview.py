"""A worker sees a page as one of their families would, made by the family's own code, and can do nothing on it.

One of the four callers of `access.decide`: the gate has decided whether this worker may look on at all; here it is
decided what the person looked on as would get. Each slice of the family says which of its pages can be looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, make_response, request, url_for
from werkzeug.exceptions import HTTPException

from portal.access.actions import PREVIEW, Action
from portal.access.decide import decide
from portal.access.grants import Denial, Denied
from portal.access.standing import Standing
from portal.core.errors import UNREACHABLE, CoreError
from portal.domain.people import Actor, Assurance, Enrolment, Realm
from portal.domain.preview import CasePerson
from portal.texts import Text
from portal.web.chrome import Chrome, NavigationLink, PreviewBand
from portal.web.errors import NoError, NoPage
from portal.web.leaks import leaks_on_page
from portal.web.mendable import HOME, TogetherPage
from portal.web.pages import Page, frame
from portal.web.parts import parts
from portal.web.rule import GatedRule
from portal.web.still import main_of, still, words_of
from portal.web.visit import Visit

BELOW = "/staff/preview/<uuid:case_id>/<uuid:person_id>"
OF_ONE_PERSON = frozenset({"case_id", "person_id"})


@dataclass(frozen=True)
class Preview(Visit):
    """What a handler gets in place of the person's own visit: that person's grant, and the worker's visit beside it."""

    worker: Visit

    def note_seen(self, what: str, item: str | None = None) -> None:
        """The worker has seen it, as this person."""
        self.worker.note_seen(f"{what}:{self.grant.actor.subject}", item)


@dataclass(frozen=True)
class _Around(Page):
    """The worker's own frame, whatever page stands in it."""

    template: ClassVar[str] = ""


@dataclass(frozen=True)
class Previewed:
    """The handler of one page that can be looked at as somebody else. `name`: in the list of pages in the band."""

    name: Text
    action: Action
    build: Callable[[Visit], Page]

    def __call__(self, visit: Visit) -> Response:
        """The page of the person in the address; the one "no" where that person would get it."""
        person, standing, shielded = visit.core.case_person(visit.grant)
        visit.note_seen(f"{self.action.name}:{person.id}")
        page = self._page(visit, person, standing)
        refused = isinstance(page, NoPage | TogetherPage)
        chrome = frame(_Around())
        band = replace(
            _band(visit, person, refused=refused), tells=leaks_on_page(visit, _words(page, chrome), shielded)
        )
        return make_response(still(_html(page, replace(chrome, preview=band)), _leads_to(visit)))

    def _page(self, visit: Visit, person: CasePerson, standing: Standing) -> Page:
        target = replace(visit.grant.target, person_id=None)
        actor = _known_at_best(visit, person)
        ages, worker = visit.jurisdiction.ages, visit.grant.actor
        decision = decide(self.action, actor, standing, target, visit.today, ages=ages, previewed_by=worker)
        if isinstance(decision, Denied):
            return _refusal(decision.denial)
        looked_on = Preview(
            visit.parts,
            visit.service,
            visit.language,
            visit.now,
            decision,
            visit.arguments,
            visit.maybe_session,
            worker=visit,
        )
        try:
            return self.build(looked_on)
        except UNREACHABLE:
            raise  # down is down, and never somebody's no
        except (CoreError, NoError):
            return _refusal(Denial.NO_GRANT)


def preview(blueprint: Blueprint, path: str, name: Text, action: Action, build: Callable[[Visit], Page]) -> None:
    """Let a page of a case be looked at. `path` is what follows the case in its own address; `build` makes the page.

    `build` is what the page's own handler uses, so that both show the same.
    """
    endpoint = "preview_" + action.name
    blueprint.add_url_rule(BELOW + path, endpoint, Previewed(name, action, build), methods=["GET"], access=PREVIEW)


def _html(page: Page, chrome: Chrome) -> str:
    return parts().texts.render(g.language, page.template, {"chrome": chrome, "page": page})


def _words(page: Page, chrome: Chrome) -> str:
    """What the person would read, to be compared with what they may not learn (rules.md R1, R2)."""
    return words_of(main_of(_html(page, chrome)))


def _refusal(denial: Denial) -> Page:
    """What the gate would answer. Whatever a surer sign-in or a code would mend does not come up here."""
    if denial is Denial.SCOPE:
        return TogetherPage(home_url=url_for(HOME[Realm.FAMILY]))
    return NoPage(ask_for_help_url=url_for("family_help.start"))


def _known_at_best(visit: Visit, person: CasePerson) -> Actor:
    """That person, as surely known as can be, and with their own code typed: what they see otherwise is less."""
    in_person = person.enrolment is Enrolment.IN_PERSON
    sure = Assurance.SUBSTANTIAL if in_person else Assurance.HIGH
    return Actor(visit.service.id, Realm.FAMILY, person.id, sure, person.enrolment, proved_ago=timedelta())


def _band(visit: Visit, person: CasePerson, *, refused: bool) -> PreviewBand:
    case_id = visit.grant.target.case_id
    rules = sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule)
    pages = [
        NavigationLink(
            handler.name,
            url_for(rule.endpoint, case_id=case_id, person_id=person.id),
            rule.endpoint == request.endpoint,
        )
        for rule in rules
        if rule.arguments == OF_ONE_PERSON
        and isinstance(handler := current_app.view_functions[rule.endpoint], Previewed)
    ]
    return PreviewBand(
        person.first_name,
        person.relation.value,
        person.enrolment is Enrolment.IN_PERSON,
        refused,
        tuple(pages),
        url_for("staff_preview.people", case_id=case_id),
    )


def _leads_to(visit: Visit) -> Callable[[str], str | None]:
    """Links to other pages of the case lead to their preview, links within the page stay, others lead nowhere."""
    case_id, person_id = visit.grant.target.case_id, visit.grant.target.person_id
    of_case = url_for("family_overview.overview", case_id=case_id)
    below = url_for("family_overview.preview_see_overview", case_id=case_id, person_id=person_id)

    def leads_to(address: str) -> str | None:
        if address.startswith("#"):
            return address
        path = urlsplit(address).path
        if path != of_case and not path.startswith(of_case + "/"):
            return None
        there = below + path.removeprefix(of_case)
        return there if _is_preview(there) else None

    return leads_to


def _is_preview(path: str) -> bool:
    try:
        rule, _ = current_app.url_map.bind_to_environ(request.environ).match(
            path.removeprefix(request.script_root), "GET", return_rule=True
        )
    except HTTPException:
        return False
    return isinstance(rule, GatedRule) and rule.access is PREVIEW
