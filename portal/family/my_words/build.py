"""From the core's page to what is shown: what may be told today, and answers that are on their way."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.submission import SubmissionKind
from portal.domain.words import MyWords, MyWordsItem, SharingQuestion, ViewSentence, WordsReader
from portal.family.my_words.forms import WRITE, words_key
from portal.family.my_words.pages import Box, ShownQuestion, ShownReader, ShownSentence, ShownWords
from portal.texts import N_
from portal.web.forms import new_id
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, begun

ANSWERS = frozenset({SubmissionKind.SHARING_ANSWER, SubmissionKind.SENTENCE_ANSWER})
NO_REASON = N_("Ask us why.")
"""For a reason this country's pack does not know."""


@dataclass(frozen=True)
class Desk:
    """One person's words being laid out. `mending` is a box whose text could not be taken in."""

    visit: Visit
    found: MyWords
    mending: Box | None

    def words(self) -> tuple[ShownWords, ...]:
        """Everything that was said, with its questions."""
        waiting = self._on_its_way()
        return tuple(self._words(item, waiting) for item in self.found.words)

    def sentences(self) -> tuple[ShownSentence, ...]:
        """What is going to be written that one thinks."""
        waiting = self._on_its_way()
        return tuple(self._sentence(one, waiting) for one in self.found.sentences)

    def _words(self, item: MyWordsItem, waiting: dict[str, tuple[OnItsWay, ...]]) -> ShownWords:
        # What must not be told yet stays away here too, should the core have sent it
        told = tuple(self._reader(one) for one in item.readers if one.told_on(self.visit.today))
        return ShownWords(item, told, tuple(self._question(one, waiting) for one in item.questions))

    def _reader(self, reader: WordsReader) -> ShownReader:
        if reader.reason_code is None:
            return ShownReader(reader, None)
        reason = self.visit.jurisdiction.override(reader.reason_code)
        if reason is None:
            return ShownReader(reader, NO_REASON)
        return ShownReader(reader, reason.child if self.found.reader.is_child else reason.adult)

    def _question(self, question: SharingQuestion, waiting: dict[str, tuple[OnItsWay, ...]]) -> ShownQuestion:
        return ShownQuestion(question, waiting.get(question.id, ()), self._box(question.id))

    def _sentence(self, sentence: ViewSentence, waiting: dict[str, tuple[OnItsWay, ...]]) -> ShownSentence:
        return ShownSentence(sentence, waiting.get(sentence.id, ()), self._box(sentence.id), new_id())

    def _box(self, about_id: str) -> Box:
        if self.mending is not None and self.mending.about_id == about_id:
            return self.mending
        if self.visit.query(WRITE) != about_id:
            return Box(about_id, new_id(), "", begun=False, draft_until=None)
        written = begun(self.visit, words_key(self.found.case_id, about_id))
        return Box(about_id, written.id, written.text, begun=True, draft_until=written.draft_until)

    def _on_its_way(self) -> dict[str, tuple[OnItsWay, ...]]:
        """By question or sentence, oldest first: that something was answered, never what."""
        found: dict[str, tuple[OnItsWay, ...]] = {}
        visit = self.visit
        for item in reversed(visit.parts.box.waiting(visit.service.id, visit.session.account_id, self.found.case_id)):
            if item.kind in ANSWERS and item.target_id is not None:
                coming = OnItsWay(item.id, item.composed_at_utc, item.state)
                found[item.target_id] = (*found.get(item.target_id, ()), coming)
        return found


def is_open(found: MyWords, question_id: str) -> bool:
    """Is this a question to the reader that can still be answered?"""
    return any(one.id == question_id and not one.settled for item in found.words for one in item.questions)


def can_be_corrected(found: MyWords, sentence_id: str) -> bool:
    """Is this a sentence about the reader whose decision is not issued yet?"""
    return any(one.id == sentence_id and not one.issued for one in found.sentences)
