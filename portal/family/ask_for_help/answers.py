"""What somebody has answered so far, as it is kept in the draft and as it is sent. No question must be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from portal.jurisdictions import Jurisdiction, Question
from portal.web.forms import new_id

CHILD = "child"
ADULT = "adult"
WHO = "asks_as"
"""The code under which it is sent whether a child or an adult asks: which words were read, and how it is handled."""

PLACE = "place"
"""The code of the last question, which is not sent: it only chooses the receiving service."""

_CHOICE = "choice:"
_WORDS = "words:"


@dataclass(frozen=True)
class Answer:
    """One answer: a choice's code, words, or both; empty where there is none."""

    choice: str = ""
    words: str = field(default="", repr=False)

    @property
    def given(self) -> bool:
        """Was anything answered?"""
        return bool(self.choice or self.words)


@dataclass(frozen=True)
class Asking:
    """One asking for help on its way to being sent. The answer about the place is a service's id."""

    submission_id: str
    who: str
    answers: Mapping[str, Answer] = field(default_factory=dict, repr=False)

    @property
    def is_child(self) -> bool:
        """Is it a child's? Chosen on the first page: nothing else here knows an age."""
        return self.who == CHILD

    def questions(self, country: Jurisdiction) -> tuple[Question, ...]:
        """The questions for whoever asks."""
        return country.child_questions if self.is_child else country.adult_questions

    def answer(self, code: str) -> Answer:
        """The answer to a question; an empty one when it was skipped."""
        return self.answers.get(code, Answer())

    def with_answer(self, code: str, answer: Answer) -> Asking:
        """The same with one answer changed."""
        return replace(self, answers={**self.answers, code: answer})

    def kept(self) -> dict[str, str]:
        """As a draft keeps it: flat, strings only."""
        content = {"submission_id": self.submission_id, "who": self.who}
        for code, answer in self.answers.items():
            content[_CHOICE + code] = answer.choice
            content[_WORDS + code] = answer.words
        return content

    def sent(self, country: Jurisdiction) -> list[dict[str, str]]:
        """As it is sent: codes of allowed questions, only what was answered, choice before words; first who asks."""
        found = [{"question": WHO, "answer": self.who}]
        for question in self.questions(country):
            answer = self.answer(question.code)
            if answer.choice in {choice.code for choice in question.choices}:
                found.append({"question": question.code, "answer": answer.choice})
            if question.words and answer.words:
                found.append({"question": question.code, "answer": answer.words})
        return found


def asking_from(content: Mapping[str, str]) -> Asking:
    """What a draft kept. A draft of another make is an asking without answers, never an error."""
    codes = [key.removeprefix(_CHOICE) for key in content if key.startswith(_CHOICE)]
    answers = {code: Answer(content.get(_CHOICE + code, ""), content.get(_WORDS + code, "")) for code in codes}
    return Asking(content.get("submission_id") or new_id(), who(content), answers)


def who(content: Mapping[str, str]) -> str:
    """Who asks. Whoever does not say is written to in the words that everybody understands."""
    return ADULT if content.get("who") == ADULT else CHILD
