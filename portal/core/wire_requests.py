"""Wishes to see more, decisions and appeals as they come over the wire. Whole or not at all.

What the grant does not open is taken out here before any of it becomes a type of ours.
"""

from __future__ import annotations

from functools import partial

from portal.core.errors import CoreFault
from portal.core.projection import Sieve, left
from portal.core.wire_family import child, reader
from portal.core.wire_marks import MARKS, marks
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
from portal.domain.decision import Decision, Decisions
from portal.domain.request import AccessRequest, Appeal, AppealResult, AppealWay, Outcome, RequestAnswer, Requests


def requests(value: object) -> Requests:
    """One reader's own wishes, none of them twice."""
    fields = closed(value, "case_id", "child", "reader", "content_language", "documents", "requests")
    found = each(_request, fields["requests"])
    _each_once([request.id for request in found])
    return Requests(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        documents=truth(fields["documents"]),
        requests=found,
    )


def decisions(value: object, sieve: Sieve) -> Decisions:
    """The decisions of a case, none of them twice; those that are not for the reader are not there."""
    fields = closed(value, "case_id", "child", "reader", "content_language", "worker_first_name", "decisions")
    found = left(each(partial(_decision, sieve=sieve), fields["decisions"]))
    _each_once([decision.id for decision in found])
    return Decisions(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        worker_first_name=text(fields["worker_first_name"]),
        decisions=found,
    )


def outcome(value: object) -> Outcome | AppealResult:
    """What was answered to a wish or to an appeal."""
    word = text(value)
    return one_of(AppealResult, word) if word in set(AppealResult) else one_of(Outcome, word)


def _each_once(ids: list[str]) -> None:
    if len(set(ids)) != len(ids):
        raise CoreFault


def _request(value: object) -> AccessRequest:
    fields = closed(value, "id", "at", "state", "opened_by", "body", "answer_by", "answer", "appeal_way", "appeals")
    return AccessRequest(
        id=identifier(fields["id"]),
        at_utc=instant(fields["at"]),
        state=level(fields["state"]),
        opened_by=or_none(text, fields["opened_by"]),
        body=text(fields["body"]),
        answer_by=or_none(day, fields["answer_by"]),
        answer=or_none(_answer, fields["answer"]),
        appeal_way=or_none(_way, fields["appeal_way"]),
        appeals=each(_appeal, fields["appeals"]),
    )


def _answer(value: object) -> RequestAnswer:
    fields = closed(value, "outcome", "text", "reason", "legal_basis", "answered_on", "answered_by")
    found = RequestAnswer(
        outcome=or_none(lambda word: one_of(Outcome, word), fields["outcome"]),
        text=or_none(text, fields["text"]),
        reason=or_none(text, fields["reason"]),
        legal_basis=or_none(text, fields["legal_basis"]),
        answered_on=or_none(day, fields["answered_on"]),
        answered_by=or_none(text, fields["answered_by"]),
    )
    if found.outcome is None and found.text is not None:  # words that are for the team alone
        raise CoreFault
    if found.outcome in {Outcome.PARTLY, Outcome.NO} and found.reason is None:  # a no without a why
        raise CoreFault
    return found


def _way(value: object) -> AppealWay:
    fields = closed(value, "by", "how")
    return AppealWay(by=or_none(day, fields["by"]), how=text(fields["how"]))


def _appeal(value: object) -> Appeal:
    fields = closed(value, "id", "at", "state", "opened_by", "body", "answer_by", "result", "text")
    return Appeal(
        id=identifier(fields["id"]),
        at_utc=instant(fields["at"]),
        state=level(fields["state"]),
        opened_by=or_none(text, fields["opened_by"]),
        body=text(fields["body"]),
        answer_by=or_none(day, fields["answer_by"]),
        result=or_none(lambda word: one_of(AppealResult, word), fields["result"]),
        text=or_none(text, fields["text"]),
    )


def _decision(value: object, sieve: Sieve) -> Decision | None:
    """That there is one is told even where its text is withheld; then nothing leads to that (rules.md R9, R11)."""
    fields = closed(
        value,
        "id",
        "about_moving",
        "dated",
        "title",
        "explanation",
        "document_id",
        "appeal_way",
        "appeals",
        *MARKS,
    )
    found = Decision(
        id=identifier(fields["id"]),
        about_moving=truth(fields["about_moving"]),
        dated=day(fields["dated"]),
        title=text(fields["title"]),
        explanation=text(fields["explanation"]),
        document_id=sieve.link(or_none(identifier, fields["document_id"])),
        appeal_way=or_none(_way, fields["appeal_way"]),
        appeals=each(_appeal, fields["appeals"]),
    )
    return sieve.item("decision", found, marks(found.id, fields))
