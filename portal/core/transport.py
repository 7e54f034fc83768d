"""How a request gets to a core and its answer back: the port under the HTTP adapter. Knows no JSON and no people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from portal.core.errors import CoreError, OutcomeUnknown, Unavailable
from portal.domain.attachment import MOST_BYTES

LARGEST_ANSWER_BYTES = 2_000_000
LARGEST_FILE_BYTES = MOST_BYTES


@dataclass(frozen=True)
class Call:
    """One HTTP request. `path` begins with a slash, below the core's address.

    `effect`: it changes something, so that an answer that got lost leaves the outcome unknown. `large`: a file goes or
    comes, which may take longer and be larger.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    effect: bool = False
    large: bool = field(default=False, repr=False)

    @property
    def most_bytes(self) -> int:
        """Of an answer to it."""
        return LARGEST_FILE_BYTES if self.large else LARGEST_ANSWER_BYTES


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; names of headers in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Transport(Protocol):
    """Sends one request, once: follows no redirect, repeats nothing."""

    def send(self, call: Call) -> Answer:
        """The answer, whatever its status.

        Raises `Unavailable` when the request never left, or changes nothing; `OutcomeUnknown` when it left, changes
        something and was not answered; `CoreFault` for more than `Call.most_bytes`.
        """


def unanswered(call: Call) -> CoreError:
    """The error for a request that left and brought nothing back."""
    return OutcomeUnknown() if call.effect else Unavailable()
