"""The shape of a country's pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.jurisdictions.calling import HelpNumber, Situation, to_call
from portal.jurisdictions.law import DatedAge, Override, PhaseLaw, Reference, Role
from portal.jurisdictions.leaks import LeakPattern
from portal.jurisdictions.rights import Outside, Right
from portal.texts import Text


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
class Ages:
    """The ages the rules speak of: own sign-in (R4), party (R6), appealing a decision on moving (R8), adult (R15)."""

    sign_in: DatedAge
    party: DatedAge
    appeal_on_moving: DatedAge
    adult: DatedAge

    def __iter__(self) -> Iterator[DatedAge]:
        """All of them, in the order of the rules."""
        return iter((self.sign_in, self.party, self.appeal_on_moving, self.adult))


@dataclass(frozen=True)
class Refusal:
    """A reason for which the law lets a wish to see more be refused. `code` travels to the core.

    `text` is for the worker who chooses it; `reference` is the name of the law among the pack's references.
    """

    code: str
    text: Text
    reference: str


@dataclass(frozen=True)
class Jurisdiction:
    """One country. `numbers` are in the order they are shown; `to_call` says which.

    `referral_days`: within how many days the law wants asking for help to be looked at; told to whoever asks. The
    clock itself is the core's. `references`: by the names under which the rules of access ask for them.
    `rights`: what is told on the page of that name. `outside`: whom one can turn to who is no part of the service.
    `telling_words`: what must stand nowhere outside a page's body (title, file name, sender, address), casefolded.
    """

    code: str
    numbers: tuple[HelpNumber, ...]
    child_questions: tuple[Question, ...]
    adult_questions: tuple[Question, ...]
    ages: Ages
    phases: tuple[PhaseLaw, ...]
    roles: tuple[Role, ...]
    overrides: tuple[Override, ...]
    referral_days: int
    references: Mapping[str, Reference]
    telling_words: tuple[str, ...]
    leak_patterns: tuple[LeakPattern, ...]
    outside: tuple[Outside, ...]
    rights: tuple[Right, ...]
    refusals: tuple[Refusal, ...] = ()

    def to_call(self, situation: Situation | None, at_local: datetime) -> tuple[HelpNumber, ...]:
        """Who answers at that local moment, for this situation or for any; at most two, beside the service's own."""
        return to_call(self.numbers, situation, at_local)

    def override(self, code: str) -> Override | None:
        """The reason with this code; None for one the country does not know."""
        return next((reason for reason in self.overrides if reason.code == code), None)
