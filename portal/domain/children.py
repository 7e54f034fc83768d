"""The children of a worker's own cases, as far as letting one in needs to know them. Never a number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkersChild:
    """One child. `age` is in whole years today, by the core's own calendar; `case_id` the acting worker's case."""

    id: str
    first_name: str
    age: int
    case_id: str


@dataclass(frozen=True)
class WorkersChildren:
    """All of them, by first name."""

    children: tuple[WorkersChild, ...]
