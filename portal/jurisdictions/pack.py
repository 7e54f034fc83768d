"""The shape of a country's pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.texts import Text


@dataclass(frozen=True)
class HelpNumber:
    """Somebody to call. `number` is what a person reads, `tel` what a phone dials."""

    name: Text
    number: str
    tel: str
    hours: Text


@dataclass(frozen=True)
class Choice:
    """One answer that can be picked; `code` travels to the core."""

    code: str
    text: Text


@dataclass(frozen=True)
class Question:
    """One question of asking for help, one to a page, never obligatory.

    `code` stands on the list of allowed questions (rules.md, safety 9: never who, what or how often).
    `choices` is empty for a question answered in words; `words` says whether words may be added.
    """

    code: str
    text: Text
    hint: Text
    choices: tuple[Choice, ...] = ()
    words: bool = False


@dataclass(frozen=True)
class Reference:
    """A law, a preparatory work or a finding a rule rests on, as a lawyer cites it; `url` where it can be read."""

    title: str
    url: str | None = None


@dataclass(frozen=True)
class Jurisdiction:
    """One country. `numbers` are in the order they are shown, at most two beside the service's own.

    `referral_days`: within how many days the law wants asking for help to be looked at; told to whoever asks. The
    clock itself is the core's. `references`: by the names under which the rules of access ask for them.
    """

    code: str
    numbers: tuple[HelpNumber, ...]
    child_questions: tuple[Question, ...]
    adult_questions: tuple[Question, ...]
    adult_age: int
    referral_days: int
    references: Mapping[str, Reference]
