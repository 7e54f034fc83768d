"""The occasions, and what is asked at each: what one wants, never for evidence (rules.md, safety 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.texts import N_, NP_, Text


class Way(StrEnum):
    """How a question is answered; each but the scale has a box to write in as well."""

    FEELINGS = "feelings"
    SCALE = "scale"
    READY = "ready"
    WAYS = "ways"
    WORDS = "words"


@dataclass(frozen=True)
class Both:
    """The same to a child and to an adult."""

    child: Text
    adult: Text

    def to(self, *, adult: bool) -> Text:
        """For one of them. Whoever is not known is written to in the words that everybody understands."""
        return self.adult if adult else self.child


@dataclass(frozen=True)
class Choice:
    """Something to choose, in words that fit a child and an adult alike. `symbol` is for the eye only."""

    code: str
    text: Text
    symbol: str = ""


@dataclass(frozen=True)
class Question:
    """One question. What is chosen at `Way.READY` belongs to the occasion."""

    code: str
    way: Way
    text: Both
    hint: Both


@dataclass(frozen=True)
class Occasion:
    """What somebody wants to say something about.

    `place` stands for it in an address, so that no history tells it. `at_once`: it is sent from its only page.
    """

    code: str
    place: str
    name: Both
    asks: tuple[str, ...]
    ready: tuple[Choice, ...] = ()
    at_once: bool = False


WRONG = "wrong"
"""The occasion at which whom to call stands first."""

FEELINGS = (
    Choice("glad", NP_("child", "Glad"), "😊"),
    Choice("calm", NP_("child", "Calm"), "😌"),
    Choice("hopeful", NP_("child", "Hopeful"), "☀"),
    Choice("unsure", NP_("child", "Unsure"), "😕"),
    Choice("sad", NP_("child", "Sad"), "😢"),
    Choice("angry", NP_("child", "Angry"), "😠"),
    Choice("afraid", NP_("child", "Afraid"), "😨"),
    Choice("tired", NP_("child", "Tired"), "😴"),
    Choice("none", NP_("child", "None of these"), "·"),
)
SCALE = tuple(Choice(str(number), Text(str(number))) for number in range(11))
WAYS = (
    Choice("myself", NP_("child", "I say it myself")),
    Choice("worker", NP_("child", "My worker says it")),
    Choice("aloud", NP_("child", "Someone reads my words aloud")),
    Choice("ask_first", NP_("child", "Ask me first")),
    Choice("not_yet", NP_("child", "I do not know yet")),
)

_SENTENCES = {
    "ask_me": NP_("child", "Ask me before you decide."),
    "explain": NP_("child", "Explain it to me once more."),
    "short": NP_("child", "Make it short."),
    "know_before": NP_("child", "I want to know what it is about first."),
    "another_day": NP_("child", "I want another day or another place."),
    "agree": NP_("child", "I think it is right."),
    "disagree": NP_("child", "I do not think it is right."),
    "more": NP_("child", "I want it more often."),
    "less": NP_("child", "I want it less often."),
    "as_now": NP_("child", "I want it to stay as it is."),
    "meet_first": NP_("child", "I want to meet the new one first."),
    "keep": NP_("child", "I want to keep the one I have."),
    "not_again": NP_("child", "I do not want to tell it all again."),
    "talk": NP_("child", "I want to talk with someone."),
    "different": NP_("child", "I want something to change."),
    "not_now": NP_("child", "I do not want to talk about it now."),
    "more_of_this": NP_("child", "I want more of this."),
    "just_know": NP_("child", "I just want you to know."),
}


def _ready(*codes: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, _SENTENCES[code]) for code in codes)


_TOGETHER = ("feeling", "scale", "said", "there", "not_there", "with_me", "told")

OCCASIONS = (
    Occasion(
        "meeting",
        "a",
        Both(NP_("child", "A meeting"), N_("A meeting")),
        _TOGETHER,
        _ready("know_before", "short", "another_day", "explain"),
    ),
    Occasion(
        "decision",
        "b",
        Both(NP_("child", "Something to be decided"), N_("A decision")),
        ("feeling", "said", "with_me", "told"),
        _ready("ask_me", "agree", "disagree", "explain"),
    ),
    Occasion(
        "visit",
        "c",
        Both(NP_("child", "A visit"), N_("Time together, a visit")),
        ("feeling", "scale", "said", "there", "not_there", "with_me"),
        _ready("more", "less", "as_now", "another_day"),
    ),
    Occasion(
        "new_worker",
        "d",
        Both(NP_("child", "Someone new works with me"), N_("A new caseworker")),
        ("feeling", "said", "with_me"),
        _ready("meet_first", "keep", "not_again"),
    ),
    Occasion(
        WRONG,
        "e",
        Both(NP_("child", "Something is wrong"), N_("Something is wrong")),
        ("want", "with_me", "told"),
        _ready("talk", "different", "not_now"),
    ),
    Occasion(
        "good",
        "f",
        Both(NP_("child", "Something good"), N_("Something good")),
        ("feeling", "said"),
        _ready("more_of_this", "just_know"),
    ),
    Occasion(
        "week",
        "g",
        Both(NP_("child", "How I am this week"), N_("How I am this week")),
        ("week",),
        at_once=True,
    ),
    Occasion(
        "other",
        "h",
        Both(NP_("child", "Something else"), N_("Something else")),
        _TOGETHER,
        _ready("explain", "different", "talk", "just_know"),
    ),
)
AT: Mapping[str, Occasion] = {occasion.place: occasion for occasion in OCCASIONS}

_MANY = Both(
    NP_("child", "Pick as many as you like."),
    N_("Choose as many as you like."),
)
QUESTIONS: Mapping[str, Question] = {
    question.code: question
    for question in (
        Question(
            "feeling",
            Way.FEELINGS,
            Both(NP_("child", "How does it feel?"), N_("How do you feel about it?")),
            _MANY,
        ),
        Question(
            "week",
            Way.FEELINGS,
            Both(NP_("child", "How are you this week?"), N_("How are you this week?")),
            Both(
                NP_("child", "Pick as many as you like. You choose if you send it. Nobody counts it."),
                N_("Choose as many as you like. It is up to you whether you send it. Nobody counts it."),
            ),
        ),
        Question(
            "scale",
            Way.SCALE,
            Both(NP_("child", "How is it for you, from 0 to 10?"), N_("How is it for you, from 0 to 10?")),
            Both(NP_("child", "0 is very bad. 10 is very good."), N_("0 is very bad. 10 is very good.")),
        ),
        Question(
            "said",
            Way.READY,
            Both(NP_("child", "What do you want to say?"), N_("What do you want to say?")),
            Both(NP_("child", "Tick what fits, or write it yourself."), N_("Tick what fits, or write it yourself.")),
        ),
        Question(
            "want",
            Way.READY,
            Both(NP_("child", "What do you want to happen?"), N_("What do you want to happen?")),
            Both(
                NP_("child", "You need not tell what is wrong. You may write what you like."),
                N_("You need not tell what is wrong. You may write whatever you like."),
            ),
        ),
        Question(
            "there",
            Way.WORDS,
            Both(NP_("child", "Who should be there?"), N_("Who should be there?")),
            Both(NP_("child", "Write the names."), N_("Write the names.")),
        ),
        Question(
            "not_there",
            Way.WORDS,
            Both(NP_("child", "Who should not be there?"), N_("Who should not be there?")),
            Both(NP_("child", "You need not say why."), N_("You need not say why.")),
        ),
        Question(
            "with_me",
            Way.WORDS,
            Both(NP_("child", "Who do you want with you?"), N_("Whom do you want with you?")),
            Both(
                NP_("child", "Someone you trust: a friend, a teacher, a grandparent. Write the name."),
                N_("Somebody you trust, to support you. Write the name."),
            ),
        ),
        Question(
            "told",
            Way.WAYS,
            Both(NP_("child", "How should it be told?"), N_("How should it be told?")),
            Both(NP_("child", "You can change your mind later."), N_("You can change your mind later.")),
        ),
    )
}


def choices(occasion: Occasion, question: Question) -> tuple[Choice, ...]:
    """What can be chosen at a question of an occasion."""
    return {
        Way.FEELINGS: FEELINGS,
        Way.SCALE: SCALE,
        Way.READY: occasion.ready,
        Way.WAYS: WAYS,
        Way.WORDS: (),
    }[question.way]
