"""What somebody has said so far, as it is kept in the draft and as it is sent. No question must be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from portal.family.views.questions import QUESTIONS, Occasion, Way, choices
from portal.texts import Text
from portal.web.forms import new_id

_CHOSEN = "chosen:"
_WORDS = "words:"


@dataclass(frozen=True)
class Answer:
    """One answer: codes of choices, words, or both; empty where there is none."""

    chosen: tuple[str, ...] = ()
    words: str = field(default="", repr=False)

    @property
    def given(self) -> bool:
        """Was anything answered?"""
        return bool(self.chosen or self.words)


@dataclass(frozen=True)
class Statement:
    """What is being said at one occasion, on its way to being sent."""

    submission_id: str
    answers: Mapping[str, Answer] = field(default_factory=dict, repr=False)

    def answer(self, code: str) -> Answer:
        """The answer to a question; an empty one when it was skipped."""
        return self.answers.get(code, Answer())

    def with_answer(self, code: str, answer: Answer) -> Statement:
        """The same with one answer changed."""
        return replace(self, answers={**self.answers, code: answer})

    def kept(self) -> dict[str, str]:
        """As a draft keeps it: flat, strings only."""
        content = {"submission_id": self.submission_id}
        for code, answer in self.answers.items():
            content[_CHOSEN + code] = " ".join(answer.chosen)
            content[_WORDS + code] = answer.words
        return content

    def sent(self, occasion: Occasion, read: Callable[[Text], str], *, adult: bool) -> dict[str, object]:
        """As it is sent: each thing by its code and as it was read. `read` gives a text in the writer's language."""
        answers: list[dict[str, object]] = []
        for code in occasion.asks:
            question, answer = QUESTIONS[code], self.answer(code)
            chosen = [one for one in choices(occasion, question) if one.code in answer.chosen]
            words = "" if question.way is Way.SCALE else answer.words
            if chosen or words:
                answers.append(
                    {
                        "question": {"code": code, "text": read(question.text.to(adult=adult))},
                        "chosen": [{"code": one.code, "text": read(one.text)} for one in chosen],
                        "words": words,
                    }
                )
        return {"occasion": {"code": occasion.code, "text": read(occasion.name.to(adult=adult))}, "answers": answers}


def statement_from(content: Mapping[str, str]) -> Statement:
    """What a draft kept. A draft of another make is a statement without answers, never an error."""
    codes = [key.removeprefix(_CHOSEN) for key in content if key.startswith(_CHOSEN)]
    answers = {code: Answer(tuple(content[_CHOSEN + code].split()), content.get(_WORDS + code, "")) for code in codes}
    return Statement(content.get("submission_id") or new_id(), answers)
