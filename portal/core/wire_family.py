"""The pages of a family as they come over the wire, without what is not for the reader.

Whole or not at all; upstream words and marks stop here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from portal.core import wire_course
from portal.core.errors import CoreFault
from portal.core.projection import Sieve, left
from portal.core.wire_attachments import ATTACHMENTS, attachments
from portal.core.wire_marks import MARKS, marks
from portal.core.wire_plan import plan
from portal.core.wire_plan_news import plan_news
from portal.core.wire_shapes import (
    closed,
    count,
    day,
    each,
    identifier,
    instant,
    language,
    level,
    one_of,
    or_none,
    text,
    truth,
)
from portal.core.wire_words import words_of_other
from portal.domain.case import (
    Appointment,
    AppointmentKind,
    CaseCard,
    Change,
    ChangeKind,
    Home,
    NextStep,
    Overview,
)
from portal.domain.conversation import AuthorKind, Conversation, HelpConversation, Message
from portal.domain.people import Child, Reader, Relation, Worker
from portal.domain.plan import PlanView


def home(value: object) -> Home:
    """The cases of the acting person, none of them twice."""
    fields = closed(value, "content_language", "first_name", "cases")
    language(fields["content_language"])  # this page holds names only, so nothing is written in it
    cases = each(_card, fields["cases"])
    if len({card.case_id for card in cases}) != len(cases):
        raise CoreFault
    return Home(first_name=or_none(text, fields["first_name"]), cases=cases)


_OVERVIEW = (
    "case_id",
    "child",
    "reader",
    "content_language",
    "phase",
    "phase_text",
    "phase_marks",
    "clock",
    "closing",
    "moving",
    "next_steps",
    "worker",
    "team",
    "appointments",
    "changes",
    "unread_messages",
    "answer_due",
    "documents",
    "asks_about_words",
    "who_stays",
    "decisions",
)


def overview(value: object, sieve: Sieve) -> Overview:
    """The front of a case, with what the sieve leaves of it."""
    fields = closed(value, *_OVERVIEW)
    phase, phase_text, clock = wire_course.phase(fields, sieve)
    moving = sieve.place(or_none(wire_course.moving, fields["moving"]))
    told_too_much = moving is None and fields["moving"] is not None  # then the end would tell of the move, too
    found = Overview(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        phase=phase,
        phase_text=phase_text,
        clock=clock,
        closing=None if told_too_much else or_none(wire_course.closing, fields["closing"]),
        moving=moving,
        next_steps=left(each(partial(_next_step, sieve=sieve), fields["next_steps"])),
        worker=_worker(fields["worker"], sieve),
        team=each(text, fields["team"]),
        appointments=left(each(partial(_appointment, sieve=sieve), fields["appointments"])),
        changes=each(_change, fields["changes"]),
        unread_messages=count(fields["unread_messages"]),
        answer_due=or_none(day, fields["answer_due"]),
        documents=sieve.documents_page(offered=truth(fields["documents"])),
        asks_about_words=truth(fields["asks_about_words"]),
        who_stays=truth(fields["who_stays"]),
        decisions=truth(fields["decisions"]),
    )
    return replace(found, changes=sieve.changes(found.changes))


def plan_view(value: object, sieve: Sieve) -> PlanView:
    """The plan page; a plan of another case than the page's is a fault."""
    front = ("case_id", "child", "reader", "content_language", "readers")
    fields = closed(value, *front, "plan", "news", "shared_words")
    found = PlanView(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        readers=each(text, fields["readers"]),
        plan=or_none(partial(plan, sieve=sieve), fields["plan"]),
        shared_words=left(each(partial(words_of_other, sieve=sieve), fields["shared_words"])),
        news=or_none(partial(plan_news, sieve=sieve), fields["news"]),
    )
    if sieve.taken:  # then what is new was computed from more than this reader may see (rules.md R17)
        found = replace(found, news=None)
    if found.plan is not None and found.plan.case_id != found.case_id:
        raise CoreFault
    return found


def conversation(value: object, sieve: Sieve) -> Conversation:
    """One person's thread with the team of a case."""
    fields = closed(
        value,
        "case_id",
        "thread_id",
        "child",
        "reader",
        "content_language",
        "worker",
        "closing",
        "readers",
        "answer_due",
        "messages",
    )
    return Conversation(
        case_id=identifier(fields["case_id"]),
        thread_id=identifier(fields["thread_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        worker=_worker(fields["worker"], sieve),
        closing=or_none(wire_course.closing, fields["closing"]),
        readers=each(text, fields["readers"]),
        answer_due=or_none(day, fields["answer_due"]),
        messages=left(each(partial(_own_thread, sieve=sieve), fields["messages"])),
    )


def help_conversation(value: object, sieve: Sieve) -> HelpConversation:
    """The answers to somebody's asking for help."""
    fields = closed(
        value,
        "referral_id",
        "content_language",
        "received_at",
        "state",
        "worker_first_name",
        "readers",
        "messages",
    )
    return HelpConversation(
        referral_id=identifier(fields["referral_id"]),
        content_language=language(fields["content_language"]),
        received_at_utc=instant(fields["received_at"]),
        state=level(fields["state"]),
        worker_first_name=or_none(text, fields["worker_first_name"]),
        readers=each(text, fields["readers"]),
        messages=left(each(partial(_own_thread, sieve=sieve), fields["messages"])),
    )


def message(value: object) -> Message:
    """One message, with the side that wrote it and how far it has come."""
    names = ("id", "author_kind", "author_name", "mine", "body", "sent_at", "state", "opened_by")
    fields = closed(value, *names, ATTACHMENTS)
    return Message(
        id=identifier(fields["id"]),
        author_kind=one_of(AuthorKind, fields["author_kind"]),
        author_name=text(fields["author_name"]),
        mine=truth(fields["mine"]),
        body=text(fields["body"]),
        sent_at_utc=instant(fields["sent_at"]),
        state=level(fields["state"]),
        opened_by=or_none(text, fields["opened_by"]),
        attachments=attachments(fields[ATTACHMENTS]),
    )


def _own_thread(value: object, sieve: Sieve) -> Message | None:
    found = message(value)
    mine = found.mine or found.author_kind is AuthorKind.WORKER
    return sieve.said("message", found, found.id, mine=mine)


def _card(value: object) -> CaseCard:
    fields = closed(value, "case_id", "child", "relation", "unread_messages")
    return CaseCard(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        relation=one_of(Relation, fields["relation"]),
        unread_messages=count(fields["unread_messages"]),
    )


def child(value: object) -> Child:
    """The child a page is about."""
    fields = closed(value, "id", "first_name")
    return Child(id=identifier(fields["id"]), first_name=text(fields["first_name"]))


def reader(value: object) -> Reader:
    """The person a page is written to."""
    fields = closed(value, "first_name", "relation")
    return Reader(first_name=text(fields["first_name"]), relation=one_of(Relation, fields["relation"]))


def _worker(value: object, sieve: Sieve) -> Worker:
    fields = closed(
        value, "id", "first_name", "team", "phone", "hours", "away_until", "cover_first_name", "bears_place"
    )
    team, phone, hours = text(fields["team"]), text(fields["phone"]), text(fields["hours"])
    office = sieve.office(bears_place=truth(fields["bears_place"]))
    return Worker(
        id=identifier(fields["id"]),
        first_name=text(fields["first_name"]),
        team=team if office else None,
        phone=phone if office else None,
        hours=hours if office else None,
        away_until=or_none(day, fields["away_until"]),
        cover_first_name=or_none(text, fields["cover_first_name"]),
    )


def _next_step(value: object, sieve: Sieve) -> NextStep | None:
    fields = closed(value, "id", "text", "who", "by", "late_reason", *MARKS)
    step = NextStep(
        text=text(fields["text"]),
        who=text(fields["who"]),
        by=or_none(day, fields["by"]),
        late_reason=or_none(text, fields["late_reason"]),
    )
    return sieve.item("next_step", step, marks(identifier(fields["id"]), fields))


def _appointment(value: object, sieve: Sieve) -> Appointment | None:
    fields = closed(value, "id", "kind", "title", "starts_at", "place", "cancelled_reason", *MARKS)
    appointment = Appointment(
        id=identifier(fields["id"]),
        kind=one_of(AppointmentKind, fields["kind"]),
        title=text(fields["title"]),
        starts_at_utc=instant(fields["starts_at"]),
        place=sieve.place(or_none(text, fields["place"])),
        cancelled_reason=or_none(text, fields["cancelled_reason"]),
    )
    return sieve.item("appointment", appointment, marks(appointment.id, fields))


def _change(value: object) -> Change:
    fields = closed(value, "kind", "at")
    return Change(kind=one_of(ChangeKind, fields["kind"]), at_utc=instant(fields["at"]))
