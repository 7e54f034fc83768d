"""Writes a story into an empty core, with its days counted from the day of loading. Runs once per database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid5

from portal.demo.offsets import PLACE_OF_CLOCKS, Day, with_weekdays
from portal.demo.reference_core import attachments
from portal.demo.reference_core.load_complaints import load_complaints
from portal.demo.reference_core.load_history import load_history
from portal.demo.reference_core.load_visits import load_visits
from portal.demo.reference_core.load_words import load_words
from portal.demo.reference_core.schema import create_tables, next_number, utc_text
from portal.demo.story import Story
from portal.demo.story_answers import Decision, Wish
from portal.demo.story_kept import Withheld
from portal.demo.story_said import Words
from portal.demo.story_types import (
    Case,
    Comment,
    Document,
    Goal,
    Phase,
    Service,
    Thread,
    ThreadMessage,
)

_IDS = UUID("5d3f0c6e-6a1e-4f7a-8e55-2b8f6f0f7c11")
_MORNING = time(9, 0)
PARENTAL = "parental_responsibility"
PARENTS = frozenset({"mother", "father"})
ITEM_KINDS = {
    "step": "step",
    "appointment": "appointment",
    "goal": "plan item",
    "measure": "plan item",
    "document": "document",
    "messages": "thread",
    "decision": "decision",
    "arrangement": "arrangement",
    "living": "living",
}
"""How a story names something that is withheld or was looked at, and how its id is made."""


def core_id(service: str, kind: str, *keys: str) -> str:
    """The opaque id this core gives to something of the story; the same at every loading."""
    return str(uuid5(_IDS, "/".join((service, kind, *keys))))


def load(connection: sqlite3.Connection, story: Story, service_id: str, today: date) -> None:
    """Set up and fill an empty database. Raises `KeyError` for a service that is not in the story."""
    create_tables(connection)
    _Loader(connection, story, story.service(service_id), today).load()


class _Loader:
    def __init__(self, connection: sqlite3.Connection, story: Story, service: Service, anchor: date) -> None:
        self._connection = connection
        self._story = story
        self._service = service
        self._anchor = anchor

    def load(self) -> None:
        service = self._service
        facts = {"anchor": self._anchor.isoformat(), "language": self._story.language}
        facts |= {"name": service.name, "phone": service.phone, "hours": service.hours}
        facts["jurisdiction"] = service.jurisdiction
        facts["head"] = self._id("worker", service.head) if service.head else ""
        for name, value in facts.items():
            self._insert("meta", name, value)
        for team in service.teams:
            self._insert("team", self._id("team", team.key), team.name, team.phone, team.hours, team.receives_referrals)
        self._people()
        self._workers()
        for case in service.cases:
            self._case(case)
            self._trail(case)

    def _people(self) -> None:
        known = {grant.person for case in self._service.cases for grant in case.grants}
        known |= {case.child for case in self._service.cases}
        for key in sorted(known):
            person = self._story.person(key)
            person_id = self._id("person", key)
            self._insert("person", person_id, person.first_name, person.birth.on(self._anchor).isoformat())
            if person.pid is not None:
                self._insert("number", "no-pid", person.pid, person_id)

    def _workers(self) -> None:
        for worker in self._service.workers:
            worker_id = self._id("worker", worker.key)
            cover = self._id("worker", worker.cover) if worker.cover else None
            self._insert("person", worker_id, worker.first_name, None)
            self._insert("number", "staff", worker.employee_id, worker_id)
            team_id = self._id("team", worker.team)
            self._insert("worker", worker_id, team_id, worker.role, self._day(worker.away_until), cover)

    def _case(self, case: Case) -> None:
        case_id, child_id = self._id("case", case.key), self._id("person", case.child)
        self._insert(
            "child_case",
            *(case_id, child_id, self._id("team", case.team), self._id("worker", case.worker)),
            *(case.kind, case.address.grade),
        )
        self._course(case, case_id)
        for member in case.members:
            self._insert("member", case_id, self._id("worker", member))
        for table, people in (
            ("blocked", case.blocks),
            ("hidden_from", case.address.hidden_from),
            ("inside", case.address.inside),
            ("danger", case.danger),
        ):
            for person in people:
                self._insert(table, child_id, self._id("person", person))
        for withheld in case.withheld:
            self._withheld(case, child_id, withheld)
        self._shielded(case)
        self._grants(case, case_id)
        self._happenings(case, case_id)
        self._plan(case, case_id)
        for position, document in enumerate(case.documents):
            self._document(case, case_id, position, document)
        for comment in case.comments:
            self._comment(case, case_id, comment)
        for thread in case.threads:
            self._thread(case, thread)
        load_history(self._connection, case, self._anchor, self._id)
        load_words(self._connection, case, self._anchor, self._id)
        load_complaints(self._connection, case, self._anchor, self._id, self._story.language)
        load_visits(self._connection, case, self._anchor, self._id)
        self._decisions_and_wishes(case, case_id)

    def _course(self, case: Case, case_id: str) -> None:
        for phase in case.all_phases():
            self._phase(case, case_id, phase)
        for change in case.worker_changes:
            change_id = self._id("worker change", case.key, change.worker, str(change.at), *change.only_for)
            worker_id = self._id("worker", change.worker)
            self._insert("worker_change", change_id, case_id, worker_id, self._morning(change.at), 0)
            self._audience(change_id, change.only_for)
        if case.closing:
            days = self._day(case.closing.on), self._day(case.closing.readable_until)
            self._insert("closing", case_id, *days, *self._words(case.closing.file))
        if case.moving:
            to = case.moving
            self._insert("moving", case_id, to.to_service, to.phone, to.hours, to.greeted)

    def _phase(self, case: Case, case_id: str, phase: Phase) -> None:
        # By what it is, not by its place: an id must not tell how many there are that this reader does not see.
        phase_id = self._id("phase", case.key, phase.phase, str(phase.since), *phase.only_for)
        clock = phase.clock
        self._insert(
            "phase",
            *(phase_id, case_id, phase.phase, self._morning(phase.since), *self._words(phase.text)),
            *self._words(clock.label if clock else None),
            self._day(clock.by if clock else None),
            *self._words(clock.late_reason if clock else None),
            0,  # bears_place: no phase's text does
        )
        self._audience(phase_id, phase.only_for)

    def _trail(self, case: Case) -> None:
        for look in case.trail:
            role = next(worker.role for worker in self._service.workers if worker.key == look.worker)
            place = (self._id("case", case.key), self._day(look.day))
            self._insert("trail", *place, role, look.did, self._item(case, look.item), look.why)

    def _withheld(self, case: Case, child_id: str, withheld: Withheld) -> None:
        running = int(withheld.investigation_open) if withheld.reason == "investigation" else None
        self._insert(
            "withheld",
            *(self._item(case, withheld.item), self._id("person", withheld.person), child_id, withheld.reason),
            *(withheld.assessor, self._day(withheld.review), running),
            self._id("person", withheld.representative) if withheld.representative else None,
        )

    def _shielded(self, case: Case) -> None:
        for item in case.shielded:
            for person in item.from_:
                self._insert("shielded", self._id("person", person), item.kind, item.text)

    def _item(self, case: Case, item: str) -> str:
        """The id of something released: 'kind key', as a withholding names it."""
        kind, _, key = item.partition(" ")
        return self._id(ITEM_KINDS[kind], case.key, key)

    def _grants(self, case: Case, case_id: str) -> None:
        for grant in case.grants:
            person_id = self._id("person", grant.person)
            held = grant.responsibility if grant.responsibility is not None else grant.basis == PARENTAL
            if grant.relation in PARENTS:
                self._insert("responsibility", self._id("person", case.child), person_id, held, grant.source)
            self._insert(
                "access",
                *(case_id, person_id, grant.relation, " ".join(grant.scopes)),
                *(self._day(grant.from_), self._day(grant.to), grant.basis),
                self._id("person", grant.represents) if grant.represents else None,
            )
            self._insert("thread", self._id("thread", case.key, grant.person), case_id, person_id, 0, None)

    def _happenings(self, case: Case, case_id: str) -> None:
        for position, step in enumerate(case.next_steps):
            step_id = self._id("step", case.key, step.key)
            self._insert(
                "next_step",
                *(step_id, case_id, position, self._day(step.by), self._morning(step.updated)),
                *(*self._words(step.text), *self._words(step.who), *self._words(step.late_reason), step.bears_place),
            )
            self._audience(step_id, step.only_for)
        for one in case.appointments:
            one_id = self._id("appointment", case.key, one.key)
            self._insert(
                "appointment",
                *(one_id, case_id, one.kind, utc_text(one.at.on(self._anchor)), one.place),
                *(self._morning(one.updated), self._morning(one.place_updated) if one.place_updated else None),
                *(*self._words(one.title), *self._words(one.cancelled_reason)),
                0,  # bears_place: its place stands in a field of its own
            )
            self._audience(one_id, one.only_for)

    def _plan(self, case: Case, case_id: str) -> None:
        if case.plan is None:
            return
        plan_id = self._id("plan", case.key)
        self._insert("plan", plan_id, case_id, self._morning(case.plan.updated), *self._words(case.plan.title))
        for position, goal in enumerate(case.plan.goals):
            self._goal(case, plan_id, position, goal)

    def _goal(self, case: Case, plan_id: str, position: int, goal: Goal) -> None:
        goal_id = self._id("plan item", case.key, goal.key)
        said = goal.own_words.text if goal.own_words else None
        self._insert(
            "goal",
            *(goal_id, plan_id, position, goal.state, self._morning(goal.updated)),
            *(*self._words(goal.text), said, goal.bears_place),
        )
        self._audience(goal_id, goal.only_for)
        for person in goal.own_words.released_to if goal.own_words else ():
            if person != case.child:  # who said it reads it anyway
                self._released(goal_id, self._id("person", person), self._morning(goal.updated))
        for number, measure in enumerate(goal.measures):
            measure_id = self._id("plan item", case.key, measure.key)
            self._insert(
                "measure",
                *(measure_id, goal_id, number, measure.state, self._day(measure.until)),
                *(self._morning(measure.updated), *self._words(measure.text), *self._words(measure.responsible)),
                *(measure.bears_place, self._day(measure.since)),
            )
            self._audience(measure_id, measure.only_for)

    def _released(self, words_id: str, person_id: str, at: str) -> None:
        said = f"{words_id}:{person_id}"
        self._insert(
            "sharing",
            *(words_id, person_id, core_id(self._service.id, "question", said), "", None, at),
            *("yes", "", at, "release", None, None, None, at, None),
        )

    def _document(self, case: Case, case_id: str, position: int, document: Document) -> None:
        document_id = self._id("document", case.key, document.key)
        self._insert(
            "document",
            *(document_id, case_id, position, document.kind, self._day(document.dated)),
            *(self._first_name(document.worker), *self._words(document.title), document.bears_place),
        )
        self._audience(document_id, document.only_for)
        for number, paragraph in enumerate(document.paragraphs):
            self._insert("paragraph", document_id, number, paragraph.heading, *self._words(paragraph.text))

    def _decisions_and_wishes(self, case: Case, case_id: str) -> None:
        for position, decision in enumerate(case.decisions):
            self._decision(case, case_id, position, decision)
        for wish in case.wishes:
            self._wish(case, case_id, wish)

    def _decision(self, case: Case, case_id: str, position: int, decision: Decision) -> None:
        decision_id = self._id("decision", case.key, decision.key)
        document_id = self._id("document", case.key, decision.document) if decision.document else None
        self._insert(
            "decision",
            *(decision_id, case_id, position, decision.moving, self._day(decision.dated)),
            *(self._day(decision.appeal_by), document_id, *self._words(decision.title), *self._words(decision.text)),
            decision.bears_place,
        )
        self._audience(decision_id, decision.only_for)

    def _wish(self, case: Case, case_id: str, wish: Wish) -> None:
        wish_id, person_id = self._id("wish", case.key, wish.key), self._id("person", wish.person)
        answer, at = wish.answer, utc_text(wish.at.on(self._anchor))
        told = utc_text(answer.at.on(self._anchor)) if answer else None
        self._insert(
            "access_request",
            *(next_number(self._connection), wish_id, case_id, person_id, wish.text, self._story.language, at),
            *((answer.text, self._id("worker", answer.worker), answer.outcome) if answer else (None, None, None)),
            *(answer.reason if answer else None, told),
        )
        opener = self._first_name(answer.worker) if answer else None
        self._insert("receipt", wish_id, "answered" if answer else "registered", told or at, None, opener)
        if wish.appeal:
            appeal_id, pressed = self._id("appeal", case.key, wish.key), utc_text(wish.appeal.at.on(self._anchor))
            self._insert(
                "appeal",
                *(next_number(self._connection), appeal_id, case_id, person_id, wish_id, wish.appeal.text),
                *(self._story.language, pressed, None, None, None, None, None),
            )
            self._insert("receipt", appeal_id, "registered", pressed, None, None)

    def _comment(self, case: Case, case_id: str, comment: Comment) -> None:
        comment_id = self._id("comment", case.key, comment.person, comment.target)
        at = utc_text(comment.at.on(self._anchor))
        answer = comment.answer
        self._insert(
            "comment",
            *(
                next_number(self._connection),
                comment_id,
                case_id,
                self._id("plan", case.key),
                "1",
                self._id("plan item", case.key, comment.target),
            ),
            *(self._id("person", comment.person), comment.text, self._story.language, at),
            *((answer.text, self._id("worker", answer.worker)) if answer else (None, None)),
            *(comment.stance, 0),
        )
        if answer:
            opener = self._first_name(answer.worker)
            self._insert("receipt", comment_id, "answered", utc_text(answer.at.on(self._anchor)), None, opener)
        else:
            self._insert("receipt", comment_id, "registered", at, None, None)

    def _thread(self, case: Case, thread: Thread) -> None:
        thread_id = self._id("thread", case.key, thread.person)
        for index, message in enumerate(thread.messages):
            message_id = self._id("message", case.key, thread.person, str(index))
            own = message.from_ == thread.person
            at = utc_text(message.at.on(self._anchor))
            author = self._id("person" if own else "worker", message.from_)
            text = with_weekdays(message.text, self._anchor)
            self._insert(
                "message",
                *(next_number(self._connection), message_id, thread_id, author, "family" if own else "worker"),
                *(text, self._story.language, at, at),
            )
            if message.drawing:
                attachments.lay(self._connection, self._id("drawing", message_id), author, message_id, at)
            answered = any(later.from_ != thread.person for later in thread.messages[index:])
            self._earlier_receipt(message_id, message, at, answered=answered and own)
        # What came before a person's own last message was read.
        self._connection.execute(
            "UPDATE thread SET read_sequence = coalesce((SELECT max(sequence) FROM message"
            " WHERE thread_id = thread.id AND author_kind = 'family'), 0) WHERE id = ?",
            (thread_id,),
        )

    def _earlier_receipt(self, message_id: str, message: ThreadMessage, at: str, *, answered: bool) -> None:
        opened = message.opened
        if opened is None:
            self._insert("receipt", message_id, "registered", at, None, None)
            return
        level = "answered" if answered else "seen"
        opened_at = utc_text(opened.at.on(self._anchor))
        self._insert("receipt", message_id, level, opened_at, None, self._first_name(opened.worker))

    # --- small things ---

    def _id(self, kind: str, *keys: str) -> str:
        return core_id(self._service.id, kind, *keys)

    def _first_name(self, worker: str) -> str:
        return next(one.first_name for one in self._service.workers if one.key == worker)

    def _day(self, day: Day | None) -> str | None:
        return None if day is None else day.on(self._anchor).isoformat()

    def _morning(self, day: Day) -> str:
        local = datetime.combine(day.on(self._anchor), _MORNING, PLACE_OF_CLOCKS)
        return utc_text(local.astimezone(UTC))

    def _words(self, words: Words | None) -> tuple[str | None, str | None]:
        if words is None:
            return None, None
        return with_weekdays(words.child, self._anchor), with_weekdays(words.adult, self._anchor)

    def _audience(self, item_id: str, people: Iterable[str]) -> None:
        for person in people:
            self._insert("audience", item_id, self._id("person", person))

    def _insert(self, table: str, *values: object) -> None:
        places = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO {table} VALUES ({places})", values)  # noqa: S608 our own table names
