"""Complaints as they come over the wire. Whole or not at all, and never to whom one is about."""

from __future__ import annotations

from functools import partial

from portal.core.errors import CoreFault
from portal.core.projection import Sieve, left
from portal.core.wire_family import child, reader
from portal.core.wire_shapes import (
    closed,
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
from portal.domain.complaint import (
    Complaint,
    ComplaintAbout,
    ComplaintAnswer,
    Complaints,
    Receiver,
    StaffComplaint,
    StaffComplaints,
    TeamMember,
)
from portal.domain.people import Relation

_about = partial(one_of, ComplaintAbout)
_relation = partial(one_of, Relation)


def complaints(value: object, sieve: Sieve) -> Complaints:
    """One reader's own, each once, and who gets a new one."""
    names = ("case_id", "child", "reader", "content_language", "team", "goes_to", "otherwise", "complaints")
    fields = closed(value, *names)
    found = left(each(partial(_mine, sieve=sieve), fields["complaints"]))
    _once([one.id for one in found])
    return Complaints(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        team=each(_member, fields["team"]),
        goes_to=or_none(_receiver, fields["goes_to"]),
        otherwise=or_none(_receiver, fields["otherwise"]),
        complaints=found,
    )


def staff_complaints(value: object, sieve: Sieve) -> StaffComplaints:
    """What the acting worker has got, each once; what is about that worker is taken out."""
    fields = closed(value, "content_language", "complaints")
    found = left(each(partial(_of_staff, sieve=sieve), fields["complaints"]))
    _once([one.id for one in found])
    return StaffComplaints(language(fields["content_language"]), found)


def _mine(value: object, sieve: Sieve) -> Complaint | None:
    names = ("id", "mine", "about", "not_these", "other_worker", "body", "at", "state", "goes_to", "answer")
    fields = closed(value, *names)
    found = Complaint(
        id=identifier(fields["id"]),
        about=_about(fields["about"]),
        not_these=each(text, fields["not_these"]),
        other_worker=truth(fields["other_worker"]),
        body=text(fields["body"]),
        at_utc=instant(fields["at"]),
        state=level(fields["state"]),
        goes_to=_receiver(fields["goes_to"]),
        answer=or_none(_answer, fields["answer"]),
    )
    return sieve.said("complaint", found, found.id, mine=truth(fields["mine"]))


def _of_staff(value: object, sieve: Sieve) -> StaffComplaint | None:
    names = ("id", "child_name", "with_name", "with_relation", "about", "about_reader", "not_these", "other_worker")
    fields = closed(value, *names, "body", "at", "answer")
    found = StaffComplaint(
        id=identifier(fields["id"]),
        child_name=text(fields["child_name"]),
        with_name=text(fields["with_name"]),
        with_relation=or_none(_relation, fields["with_relation"]),
        about=_about(fields["about"]),
        not_these=each(text, fields["not_these"]),
        other_worker=truth(fields["other_worker"]),
        body=text(fields["body"]),
        at_utc=instant(fields["at"]),
        answer=or_none(_answer, fields["answer"]),
    )
    return sieve.goes_round(found, about_reader=truth(fields["about_reader"]))


def _member(value: object) -> TeamMember:
    fields = closed(value, "id", "first_name")
    return TeamMember(identifier(fields["id"]), text(fields["first_name"]))


def _receiver(value: object) -> Receiver:
    fields = closed(value, "first_name", "role")
    return Receiver(text(fields["first_name"]), _relation(fields["role"]))


def _answer(value: object) -> ComplaintAnswer:
    fields = closed(value, "text", "by", "answered_on")
    return ComplaintAnswer(text(fields["text"]), _receiver(fields["by"]), day(fields["answered_on"]))


def _once(ids: list[str]) -> None:
    if len(set(ids)) != len(ids):
        raise CoreFault
