"""A person's own words: who may read them, what is asked about that, and the sentence on one's view (rules.md R13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from portal.domain.people import Child, Reader, Relation
from portal.domain.view import InfluenceAnswer
from portal.domain.withdrawal import Withdrawal


class WordsKind(StrEnum):
    """Where something was said: about a goal of the plan, as a comment on it, to a worker, or as a view."""

    OWN_WORDS = "own_words"
    COMMENT = "comment"
    STATEMENT = "statement"
    VIEW = "view"


class Stance(StrEnum):
    """What somebody says to a goal or measure, chosen and not written."""

    AGREE = "agree"
    PARTLY = "partly"
    DISAGREE = "disagree"
    NOT_HAPPENING = "not_happening"


class ShareAnswer(StrEnum):
    """The author's answer to whether somebody may read. There is no third one and no default."""

    YES = "yes"
    NO = "no"


class ShareDecision(StrEnum):
    """What the service decides: release after a yes, keep, or override without one for a reason of the pack."""

    RELEASE = "release"
    KEEP = "keep"
    OVERRIDE = "override"


@dataclass(frozen=True)
class FamilyMember:
    """A member of the family by first name and by what they are to the child."""

    first_name: str
    relation: Relation


@dataclass(frozen=True)
class WordsOfOther:
    """Somebody else's words that this reader was let read."""

    id: str
    author_name: str
    about: str | None = field(repr=False)
    body: str = field(repr=False)
    since_utc: datetime
    stance: Stance | None = None


@dataclass(frozen=True)
class WordsReader:
    """Who may read one's words, or could until `until_utc`.

    `reason_code` and `told_from` belong to what was decided without the author's yes.
    """

    person: FamilyMember
    since_utc: datetime
    until_utc: datetime | None
    reason_code: str | None
    told_from: date | None

    def told_on(self, today: date) -> bool:
        """May the author read this yet? What rests on their own yes, always."""
        if self.reason_code is None:
            return True
        return self.told_from is not None and self.told_from <= today


@dataclass(frozen=True)
class SharingQuestion:
    """May this person read it? Open for a change of mind until it is `settled`, that is released on a yes."""

    id: str
    person: FamilyMember
    why: str = field(repr=False)
    asked_by: str
    asked_at_utc: datetime
    answer: ShareAnswer | None
    answered_at_utc: datetime | None
    settled: bool


@dataclass(frozen=True)
class MyWordsItem:
    """One thing the acting person has said. `about` is the goal or measure, as this person sees it.

    `influence`: what became of a view; `answer_until`: the day by which that is promised.
    """

    id: str
    kind: WordsKind
    about: str | None = field(repr=False)
    body: str = field(repr=False)
    at_utc: datetime
    readers: tuple[WordsReader, ...]
    questions: tuple[SharingQuestion, ...]
    influence: InfluenceAnswer | None
    answer_until: date | None
    stance: Stance | None = None


@dataclass(frozen=True)
class ViewSentence:
    """What a decision is going to say that somebody thinks. `right` is None until it was answered."""

    id: str
    about: str = field(repr=False)
    text: str = field(repr=False)
    answer_by: date
    issued: bool
    right: bool | None
    correction: str | None = field(repr=False)
    answered_at_utc: datetime | None


@dataclass(frozen=True)
class MyWords:
    """All of one person's own words in a case, and nobody else's."""

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    team: tuple[str, ...]
    worker_first_name: str
    words: tuple[MyWordsItem, ...]
    sentences: tuple[ViewSentence, ...]
    withdrawals: tuple[Withdrawal, ...] = ()


@dataclass(frozen=True)
class PossibleReader:
    """Somebody who might be let read one thing, and how far that has come. `open_since_utc` while they can."""

    person_id: str
    person: FamilyMember
    why: str | None = field(repr=False)
    asked_by: str | None
    asked_at_utc: datetime | None
    answer: ShareAnswer | None
    answer_words: str | None = field(repr=False)
    answered_at_utc: datetime | None
    decision: ShareDecision | None
    open_since_utc: datetime | None
    reason_code: str | None
    tell_author_from: date | None

    @property
    def asked(self) -> bool:
        """Was the author asked? Then not a second time."""
        return self.asked_at_utc is not None


@dataclass(frozen=True)
class StaffWords:
    """One thing somebody has said, as staff read it. `assess_first`: before anybody is given access (R13)."""

    id: str
    kind: WordsKind
    about: str | None = field(repr=False)
    body: str = field(repr=False)
    at_utc: datetime
    assess_first: bool
    readers: tuple[PossibleReader, ...]
    stance: Stance | None = None

    def reader(self, person_id: str) -> PossibleReader | None:
        """The possible reader of this id."""
        return next((one for one in self.readers if one.person_id == person_id), None)


@dataclass(frozen=True)
class StaffSharing:
    """What the person of a thread has said, for the team."""

    thread_id: str
    about: str
    with_name: str
    with_relation: Relation | None
    content_language: str
    words: tuple[StaffWords, ...]
    sentences: tuple[ViewSentence, ...]

    def find(self, words_id: str, person_id: str) -> PossibleReader | None:
        """How far sharing one thing with one person has come; None where that is not possible."""
        return next((item.reader(person_id) for item in self.words if item.id == words_id), None)
