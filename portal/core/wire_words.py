"""A person's own words, and sharing them, as they come over the wire. Whole or not at all."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from portal.core.errors import CoreFault
from portal.core.projection import Sieve, left
from portal.core.wire_marks import MARKS, marks
from portal.core.wire_shapes import (
    closed,
    day,
    each,
    identifier,
    instant,
    language,
    one_of,
    or_none,
    text,
    truth,
)
from portal.core.wire_views import influence
from portal.core.wire_withdrawal import withdrawal
from portal.domain.people import Child, Reader, Relation
from portal.domain.words import (
    FamilyMember,
    MyWords,
    MyWordsItem,
    PossibleReader,
    ShareAnswer,
    ShareDecision,
    SharingQuestion,
    StaffSharing,
    StaffWords,
    Stance,
    ViewSentence,
    WordsKind,
    WordsOfOther,
    WordsReader,
)

T = TypeVar("T")

_answer = partial(or_none, partial(one_of, ShareAnswer))
_decision = partial(or_none, partial(one_of, ShareDecision))
_stance = partial(or_none, partial(one_of, Stance))
_relation = partial(one_of, Relation)
_text_or_none = partial(or_none, text)
_moment_or_none = partial(or_none, instant)
_day_or_none = partial(or_none, day)


def my_words(value: object, sieve: Sieve) -> MyWords:
    """One person's own words in a case, each once, with what the sieve leaves."""
    names = ("case_id", "child", "reader", "content_language", "team", "worker_first_name", "words", "sentences")
    fields = closed(value, *names, "withdrawals")
    child, reader = closed(fields["child"], "id", "first_name"), closed(fields["reader"], "first_name", "relation")
    words = left(each(partial(_mine, sieve=sieve), fields["words"]))
    _once([item.id for item in words])
    return MyWords(
        case_id=identifier(fields["case_id"]),
        child=Child(identifier(child["id"]), text(child["first_name"])),
        reader=Reader(text(reader["first_name"]), _relation(reader["relation"])),
        content_language=language(fields["content_language"]),
        team=each(text, fields["team"]),
        worker_first_name=text(fields["worker_first_name"]),
        words=words,
        sentences=each(_sentence, fields["sentences"]),
        withdrawals=left(each(partial(withdrawal, sieve=sieve), fields["withdrawals"])),
    )


def staff_sharing(value: object) -> StaffSharing:
    """What the person of a thread has said, each thing once."""
    names = ("thread_id", "about", "with_name", "with_relation", "content_language", "words", "sentences")
    fields = closed(value, *names)
    words = each(_staff_words, fields["words"])
    _once([item.id for item in words])
    return StaffSharing(
        thread_id=identifier(fields["thread_id"]),
        about=text(fields["about"]),
        with_name=text(fields["with_name"]),
        with_relation=or_none(_relation, fields["with_relation"]),
        content_language=language(fields["content_language"]),
        words=words,
        sentences=each(_sentence, fields["sentences"]),
    )


def words_of_other(value: object, sieve: Sieve) -> WordsOfOther | None:
    """Somebody else's words; None where they, or what they are about, are not for this reader."""
    fields = closed(value, "id", "author_name", "released", "about", "stance", "body", "since")
    words = WordsOfOther(
        id=identifier(fields["id"]),
        author_name=text(fields["author_name"]),
        about=or_none(partial(_about, sieve=sieve), fields["about"]),
        body=text(fields["body"]),
        since_utc=instant(fields["since"]),
        stance=_stance(fields["stance"]),
    )
    shown = sieve.words_of_other(words, words.id, released=truth(fields["released"]))
    return shown if fields["about"] is None or words.about is not None else None


def _about(value: object, sieve: Sieve) -> str | None:
    fields = closed(value, "id", "text", *MARKS)
    return sieve.item("about", text(fields["text"]), marks(identifier(fields["id"]), fields))


def _mine(value: object, sieve: Sieve) -> MyWordsItem | None:
    names = ("id", "kind", "mine", "about", "stance", "body", "at", "readers", "questions")
    fields = closed(value, *names, "influence", "answer_until")
    item = MyWordsItem(
        id=identifier(fields["id"]),
        kind=one_of(WordsKind, fields["kind"]),
        about=or_none(partial(_about, sieve=sieve), fields["about"]),
        body=text(fields["body"]),
        at_utc=instant(fields["at"]),
        readers=left(_if_known_of(one, one.person, sieve) for one in each(_reader, fields["readers"])),
        questions=left(_if_known_of(one, one.person, sieve) for one in each(_question, fields["questions"])),
        stance=_stance(fields["stance"]),
        influence=or_none(influence, fields["influence"]),
        answer_until=_day_or_none(fields["answer_until"]),
    )
    return sieve.said("words", item, item.id, mine=truth(fields["mine"]))


def _if_known_of(about: T, person: FamilyMember, sieve: Sieve) -> T | None:
    """Where a child is looked after, and so by whom, is a place (rules.md R2)."""
    return sieve.place(about) if person.relation is Relation.FOSTER_CARER else about


def _reader(value: object) -> WordsReader:
    fields = closed(value, "person", "since", "until", "reason_code", "told_from")
    return WordsReader(
        person=_named(fields["person"]),
        since_utc=instant(fields["since"]),
        until_utc=_moment_or_none(fields["until"]),
        reason_code=_text_or_none(fields["reason_code"]),
        told_from=_day_or_none(fields["told_from"]),
    )


def _question(value: object) -> SharingQuestion:
    fields = closed(value, "id", "person", "why", "asked_by", "asked_at", "answer", "answered_at", "settled")
    return SharingQuestion(
        id=identifier(fields["id"]),
        person=_named(fields["person"]),
        why=text(fields["why"]),
        asked_by=text(fields["asked_by"]),
        asked_at_utc=instant(fields["asked_at"]),
        answer=_answer(fields["answer"]),
        answered_at_utc=_moment_or_none(fields["answered_at"]),
        settled=truth(fields["settled"]),
    )


def _sentence(value: object) -> ViewSentence:
    names = ("id", "about", "text", "answer_by", "issued", "right", "correction", "answered_at")
    fields = closed(value, *names)
    return ViewSentence(
        id=identifier(fields["id"]),
        about=text(fields["about"]),
        text=text(fields["text"]),
        answer_by=day(fields["answer_by"]),
        issued=truth(fields["issued"]),
        right=or_none(truth, fields["right"]),
        correction=_text_or_none(fields["correction"]),
        answered_at_utc=_moment_or_none(fields["answered_at"]),
    )


def _staff_words(value: object) -> StaffWords:
    fields = closed(value, "id", "kind", "about", "stance", "body", "at", "assess_before_access", "readers")
    return StaffWords(
        id=identifier(fields["id"]),
        kind=one_of(WordsKind, fields["kind"]),
        about=_text_or_none(fields["about"]),
        body=text(fields["body"]),
        at_utc=instant(fields["at"]),
        assess_first=truth(fields["assess_before_access"]),
        readers=each(_possible, fields["readers"]),
        stance=_stance(fields["stance"]),
    )


def _possible(value: object) -> PossibleReader:
    names = ("person_id", "person", "why", "asked_by", "asked_at", "answer", "answer_words", "answered_at")
    fields = closed(value, *names, "decision", "open_since", "reason_code", "tell_author_from")
    return PossibleReader(
        person_id=identifier(fields["person_id"]),
        person=_named(fields["person"]),
        why=_text_or_none(fields["why"]),
        asked_by=_text_or_none(fields["asked_by"]),
        asked_at_utc=_moment_or_none(fields["asked_at"]),
        answer=_answer(fields["answer"]),
        answer_words=_text_or_none(fields["answer_words"]),
        answered_at_utc=_moment_or_none(fields["answered_at"]),
        decision=_decision(fields["decision"]),
        open_since_utc=_moment_or_none(fields["open_since"]),
        reason_code=_text_or_none(fields["reason_code"]),
        tell_author_from=_day_or_none(fields["tell_author_from"]),
    )


def _named(value: object) -> FamilyMember:
    fields = closed(value, "first_name", "relation")
    return FamilyMember(text(fields["first_name"]), _relation(fields["relation"]))


def _once(ids: list[str]) -> None:
    if len(set(ids)) != len(ids):
        raise CoreFault
