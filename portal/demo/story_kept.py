"""What a story keeps from whom: places, single items, and names. In the shape of `story.schema.json`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.offsets import Day


@dataclass(frozen=True)
class Address:
    """What is protected about where the child lives."""

    grade: str
    hidden_from: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Withheld:
    """One item the core holds back from a person: "document KEY", "goal KEY", "step KEY" and so on, and why.

    `assessor` is the role of who decided it, `review` the day by which it is looked at anew, `representative` who may
    see it in that person's place.
    """

    person: str
    item: str
    reason: str
    assessor: str
    review: Day
    investigation_open: bool = True
    representative: str | None = None


@dataclass(frozen=True)
class Shielded:
    """A name some people may not learn, as it is written; JSON writes `from`."""

    kind: str
    text: str
    from_: tuple[str, ...]
