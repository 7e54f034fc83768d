"""A story: invented people and what their services hold about them, read from JSON and checked.

Days are offsets until a story is loaded into a core on some day; nothing here knows what day it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from portal.demo.offsets import Birth, Day, Moment
from portal.demo.story_answers import Decision
from portal.demo.story_said import Overridden, SharingAsked
from portal.demo.story_types import (
    Appointment,
    ByLanguage,
    Case,
    Document,
    Goal,
    Measure,
    NextStep,
    Person,
    Service,
    SignIn,
    Worker,
)
from portal.demo.story_visits import Arrangement, Living

SCHEMA = Path(__file__).with_name("story.schema.json")
DEFAULT_STORY = Path(__file__).with_name("stories") / "fjordvik.json"
WORKER_ROLES = {
    "caseworker": ByLanguage("Kontaktperson", "Caseworker"),
    "leader": ByLanguage("Leder", "Leader"),
}
STAFF_ASSURANCE = "high"

T = TypeVar("T")


class StoryError(ValueError):
    """A story that cannot be told; the text is the JSON path of the fault and what is wrong there."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


@dataclass(frozen=True)
class Story:
    """The people of a demonstration and its services."""

    title: str
    language: str
    people: tuple[Person, ...]
    services: tuple[Service, ...]

    def person(self, key: str) -> Person:
        """The person with this key; raises `KeyError`."""
        return next((person for person in self.people if person.key == key), None) or _missing(key)

    def service(self, service_id: str) -> Service:
        """The service with this id; raises `KeyError`."""
        return next((service for service in self.services if service.id == service_id), None) or _missing(service_id)

    def people_for_sign_in(self) -> tuple[SignIn, ...]:
        """Everybody who can sign in: those with an electronic ID, then the workers of every service."""
        families = (_family_sign_in(person) for person in self.people if person.pid is not None)
        workers = (_staff_sign_in(worker, service) for service in self.services for worker in service.workers)
        return (*families, *workers)


def load_story(path: Path) -> Story:
    """Read and check a story of the shape of `story.schema.json`; raises `StoryError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise StoryError("$", f"cannot be read ({type(error).__name__})") from None
    except ValueError as error:
        raise StoryError("$", f"is not text: {error}") from None
    return _told(text)


@lru_cache(maxsize=8)
def _told(text: str) -> Story:
    """A story cannot change, and reading one takes longer than looking whether it was read before."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise StoryError("$", f"is not JSON: {error}") from None
    return story_from(document)


def story_from(document: object) -> Story:
    """Check a parsed document and take it; raises `StoryError`."""
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    fault = best_match(validator.iter_errors(document))
    if fault is not None:
        raise StoryError(fault.json_path, fault.message)
    story = _build(Story, document)
    for path, reason in _faults(story):
        raise StoryError(path, reason)
    return story


def _missing(key: str) -> Any:  # noqa: ANN401 it never returns
    raise KeyError(key)


def _family_sign_in(person: Person) -> SignIn:
    return SignIn(
        key=person.key,
        name=f"{person.first_name} {person.surname}",
        age=person.birth.age,
        role=person.role,
        story=person.story,
        scheme="no-pid",
        value=cast("str", person.pid),
        assurance=person.assurance,
        service=None,
        surer=person.surer,
    )


def _staff_sign_in(worker: Worker, service: Service) -> SignIn:
    return SignIn(
        key=worker.key,
        name=worker.first_name,
        age=None,
        role=WORKER_ROLES[worker.role],
        story=worker.story,
        scheme="staff",
        value=worker.employee_id,
        assurance=STAFF_ASSURANCE,
        service=service.id,
    )


# --- from JSON to types: the schema has said yes before ---


@cache
def _hints(kind: type[object]) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: type[T], value: Any) -> T:  # noqa: ANN401 parsed JSON
    hints = _hints(cast("Any", kind))
    arguments: dict[str, Any] = {}
    for one in fields(cast("Any", kind)):
        written = one.name.removesuffix("_")  # `from` is a word of the language
        if written in value:
            arguments[one.name] = _convert(hints[one.name], value[written])
        elif one.default is MISSING:
            raise StoryError("$", f"{kind.__name__} needs {written}")
    return kind(**arguments)


def _convert(hint: Any, value: Any) -> Any:  # noqa: ANN401 parsed JSON
    if isinstance(hint, UnionType):
        inner = next(part for part in get_args(hint) if part is not NoneType)
        return None if value is None else _convert(inner, value)
    if get_origin(hint) is tuple:
        return tuple(_convert(get_args(hint)[0], item) for item in value)
    if hint in {Birth, Day, Moment}:
        return hint.parse(value)
    return value if hint in {str, bool} else _build(hint, value)


# --- what a schema cannot say: that references lead somewhere ---


def _faults(story: Story) -> Iterator[tuple[str, str]]:
    people = {person.key for person in story.people}
    yield from _twice("$.people", [person.key for person in story.people])
    yield from _twice("$.people (pid)", [person.pid for person in story.people if person.pid])
    yield from _twice("$.services", [service.id for service in story.services])
    workers = [worker.key for service in story.services for worker in service.workers]
    yield from _twice("$.services[*].workers", workers)
    for index, service in enumerate(story.services):
        yield from _service_faults(f"$.services[{index}]", service, people)


def _service_faults(path: str, service: Service, people: set[str]) -> Iterator[tuple[str, str]]:
    teams = {team.key for team in service.teams}
    workers = {worker.key for worker in service.workers}
    yield from _twice(f"{path}.teams", [team.key for team in service.teams])
    yield from _twice(f"{path}.cases", [case.key for case in service.cases])
    yield from _unknown(f"{path}.head", {service.head} - {None}, workers)
    for index, worker in enumerate(service.workers):
        at = f"{path}.workers[{index}]"
        yield from _unknown(f"{at}.team", {worker.team}, teams)
        yield from _unknown(f"{at}.cover", {worker.cover} - {None}, workers - {worker.key})
    for index, case in enumerate(service.cases):
        yield from _case_faults(f"{path}.cases[{index}]", case, people, teams, workers)


def _case_faults(
    path: str, case: Case, people: set[str], teams: set[str], workers: set[str]
) -> Iterator[tuple[str, str]]:
    granted = {grant.person for grant in case.grants}
    plan_keys = list(case.plan_keys())
    yield from _unknown(f"{path}.child", {case.child}, people)
    yield from _unknown(f"{path}.team", {case.team}, teams)
    yield from _unknown(f"{path}.members", set(case.members), workers)
    yield from _unknown(f"{path}.worker", {case.worker}, set(case.members))
    yield from _unknown(f"{path}.grants", granted, people)
    yield from _twice(f"{path}.grants", [grant.person for grant in case.grants])
    named = {*case.blocks, *case.address.hidden_from, *case.address.inside}
    named |= {*case.danger, *(withheld.person for withheld in case.withheld)}
    named |= {person for item in case.shielded for person in item.from_}
    yield from _unknown(f"{path} (blocks, address, danger, withheld, shielded)", named, people)
    yield from _course_faults(path, case, workers)
    yield from _representation_faults(path, case, granted)
    yield from _twice(f"{path}.plan", plan_keys)
    yield from _twice(f"{path}.threads", [thread.person for thread in case.threads])
    yield from _unknown(f"{path}.threads", {thread.person for thread in case.threads}, granted)
    yield from _conversation_faults(path, case, workers)
    yield from _audience_faults(path, case, granted)
    yield from _words_faults(path, case, workers)
    yield from _twice(f"{path}.documents", [document.key for document in case.documents])
    yield from _unknown(f"{path}.withheld", {withheld.item for withheld in case.withheld}, _item_names(case))
    yield from _unknown(f"{path}.documents", {document.worker for document in case.documents}, workers)
    threads = {f"messages {grant.person}" for grant in case.grants}
    yield from _unknown(f"{path}.trail", {look.item for look in case.trail}, _item_names(case) | threads)
    yield from _unknown(f"{path}.trail", {look.worker for look in case.trail}, workers)
    yield from _wish_faults(path, case, workers)
    yield from _visit_faults(path, case, workers)
    yield from _complaint_faults(path, case, workers)


def _complaint_faults(path: str, case: Case, workers: set[str]) -> Iterator[tuple[str, str]]:
    granted = {grant.person for grant in case.grants}
    yield from _twice(f"{path}.complaints", [one.key for one in case.complaints])
    yield from _unknown(f"{path}.complaints", {one.person for one in case.complaints}, granted)
    yield from _unknown(f"{path}.complaints", {one.goes_to for one in case.complaints}, workers)
    for one in case.complaints:
        yield from _unknown(f"{path}.complaints.{one.key}", set(one.not_these), workers - {one.goes_to})


def _wish_faults(path: str, case: Case, workers: set[str]) -> Iterator[tuple[str, str]]:
    granted = {grant.person for grant in case.grants}
    documents = {document.key for document in case.documents}
    yield from _twice(f"{path}.wishes", [wish.key for wish in case.wishes])
    yield from _unknown(f"{path}.wishes", {wish.person for wish in case.wishes}, granted)
    yield from _unknown(f"{path}.wishes", {wish.answer.worker for wish in case.wishes if wish.answer}, workers)
    yield from _twice(f"{path}.decisions", [decision.key for decision in case.decisions])
    yield from _unknown(f"{path}.decisions", {one.document for one in case.decisions} - {None}, documents)


def _visit_faults(path: str, case: Case, workers: set[str]) -> Iterator[tuple[str, str]]:
    granted, said = {grant.person for grant in case.grants}, case.said_about_visits
    meant = {key for arrangement in case.arrangements for key in arrangement.visits}
    yield from _unknown(f"{path}.arrangements", meant, {one.key for one in case.appointments if one.kind == "visit"})
    for keys in (case.living, case.arrangements, said):
        yield from _twice(f"{path} (living, arrangements, said_about_visits)", [one.key for one in keys])
    yield from _unknown(f"{path}.said_about_visits", {one.person for one in said}, granted)
    yield from _unknown(f"{path}.said_about_visits", {one.target for one in said} - {None}, _item_names(case))
    yield from _unknown(f"{path}.said_about_visits", {one.answer.worker for one in said if one.answer}, workers)


def _course_faults(path: str, case: Case, workers: set[str]) -> Iterator[tuple[str, str]]:
    yield from _twice(f"{path}.phases", [str((one.phase, one.since, one.only_for)) for one in case.all_phases()])
    changes = [str((one.worker, one.at, one.only_for)) for one in case.worker_changes]
    yield from _twice(f"{path}.worker_changes", changes)
    yield from _unknown(f"{path}.worker_changes", {change.worker for change in case.worker_changes}, workers)
    some_day = date(2026, 1, 1)
    if case.closing and case.closing.readable_until.on(some_day) < case.closing.on.on(some_day):
        yield f"{path}.closing.readable_until", "lies before the day of closing"


def _representation_faults(path: str, case: Case, granted: set[str]) -> Iterator[tuple[str, str]]:
    for index, grant in enumerate(case.grants):
        yield from _unknown(f"{path}.grants[{index}].represents", {grant.represents} - {None, grant.person}, granted)
        if grant.represents == grant.person:
            yield f"{path}.grants[{index}].represents", "nobody speaks for themselves in another's place"
    stand_in = {withheld.representative for withheld in case.withheld} - {None}
    yield from _unknown(f"{path}.withheld (representative)", stand_in, granted)


def _words_faults(path: str, case: Case, workers: set[str]) -> Iterator[tuple[str, str]]:
    granted, names = {grant.person for grant in case.grants}, set(case.words_names())
    yield from _twice(f"{path}.said", [one.key for one in case.said])
    speakers = {one.person for one in case.said} | {one.person for one in case.sentences}
    yield from _unknown(f"{path} (said, sentences)", speakers, granted)
    yield from _twice(f"{path}.views", [one.key for one in case.views])
    yield from _unknown(f"{path}.views.person", {one.person for one in case.views}, granted)
    told = [one.answer or one.later for one in case.views]
    yield from _unknown(f"{path}.views (worker)", {one.worker for one in told if one}, workers)
    yield from _twice(f"{path}.sentences", [one.key for one in case.sentences])
    shared: tuple[SharingAsked | Overridden, ...] = (*case.asked, *case.overridden)
    yield from _unknown(f"{path} (asked, overridden).words", {one.words for one in shared}, names)
    yield from _unknown(f"{path} (asked, overridden).person", {one.person for one in shared}, granted)
    yield from _unknown(f"{path} (asked, overridden).worker", {one.worker for one in shared}, workers)
    yield from _twice(f"{path} (asked, overridden)", [f"{one.words} to {one.person}" for one in shared])


def _item_names(case: Case) -> set[str]:
    goals = case.plan.goals if case.plan else ()
    named = {f"step {step.key}" for step in case.next_steps} | {f"goal {goal.key}" for goal in goals}
    named |= {f"appointment {one.key}" for one in case.appointments}
    named |= {f"measure {measure.key}" for goal in goals for measure in goal.measures}
    named |= {f"decision {decision.key}" for decision in case.decisions}
    named |= {f"arrangement {one.key}" for one in case.arrangements} | {f"living {one.key}" for one in case.living}
    return named | {f"document {document.key}" for document in case.documents}


def _conversation_faults(path: str, case: Case, workers: set[str]) -> Iterator[tuple[str, str]]:
    granted = {grant.person for grant in case.grants}
    for index, thread in enumerate(case.threads):
        writers = {message.from_ for message in thread.messages}
        yield from _unknown(f"{path}.threads[{index}].messages", writers, workers | {thread.person})
        openers = {message.opened.worker for message in thread.messages if message.opened}
        yield from _unknown(f"{path}.threads[{index}].messages", openers, workers)
    for index, comment in enumerate(case.comments):
        yield from _unknown(f"{path}.comments[{index}].person", {comment.person}, granted)
        yield from _unknown(f"{path}.comments[{index}].target", {comment.target}, set(case.plan_keys()))
        answerers = {comment.answer.worker} if comment.answer else set()
        yield from _unknown(f"{path}.comments[{index}].answer.worker", answerers, workers)


def _audience_faults(path: str, case: Case, granted: set[str]) -> Iterator[tuple[str, str]]:
    goals = case.plan.goals if case.plan else ()
    measures = [measure for goal in goals for measure in goal.measures]
    items: list[NextStep | Appointment | Goal | Measure | Document | Decision | Living | Arrangement]
    items = [*case.next_steps, *case.appointments, *goals, *measures, *case.documents, *case.decisions]
    items += [*case.living, *case.arrangements]
    told = {person for phase in case.phases for person in phase.only_for}
    told |= {person for change in case.worker_changes for person in change.only_for}
    yield from _unknown(f"{path} (phases, worker_changes, only_for)", told, granted)
    for item in items:
        yield from _unknown(f"{path} ({item.key}, only_for)", set(item.only_for), granted)


def _twice(path: str, keys: list[str]) -> Iterator[tuple[str, str]]:
    for key in keys:
        if keys.count(key) > 1:
            yield path, f"'{key}' stands twice"


def _unknown(path: str, keys: set[Any], known: set[str]) -> Iterator[tuple[str, str]]:
    for key in sorted(keys - known):
        yield path, f"'{key}' is nobody or nothing known here"
