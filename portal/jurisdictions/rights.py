"""What somebody has a right to, and whom one can turn to outside the service, as a country has it. No promise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.case import Phase
from portal.texts import Text


class RightCode(StrEnum):
    """What a right is about. Every country says something about each."""

    VOLUNTARY = "voluntary"
    LAWYER = "lawyer"
    SUPPORT_PERSON = "support_person"
    INTERPRETER = "interpreter"
    COMPLAINT = "complaint"
    ACCESS = "access"


@dataclass(frozen=True)
class Right:
    """One right, to the child and to an adult. `phases`: where it holds, everywhere when empty.

    `reference`: a name in the pack's references. `can_end`: what was agreed to can be ended by saying so.
    """

    code: RightCode
    child_title: Text
    child: Text
    adult_title: Text
    adult: Text
    reference: str
    phases: frozenset[Phase] = frozenset()
    can_end: bool = False

    def holds_in(self, phase: Phase) -> bool:
        """Is it told to somebody whose case stands there?"""
        return not self.phases or phase in self.phases


@dataclass(frozen=True)
class Outside:
    """Somebody who is no part of the service. `number` and `tel` are both None where each place has its own.

    `web`: the name people type; it is written, not linked. `reference`: a name in the pack's references.
    """

    name: Text
    child: Text
    adult: Text
    number: str | None
    tel: str | None
    web: str
    reference: str
