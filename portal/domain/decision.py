"""Decisions as they are told to one reader (rules.md R8, R9). The text of one is a document; this explains it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from portal.domain.people import Child, Reader
from portal.domain.request import Appeal, AppealWay


@dataclass(frozen=True)
class Decision:
    """That there is one, and what it means. `document_id`: its text, where this reader may read it.

    `appeal_way` is None when this reader cannot appeal; a child of any age can, where it is about moving.
    """

    id: str
    about_moving: bool
    dated: date
    title: str = field(repr=False)
    explanation: str = field(repr=False)
    document_id: str | None
    appeal_way: AppealWay | None
    appeals: tuple[Appeal, ...]


@dataclass(frozen=True)
class Decisions:
    """The decisions of one case, newest first. `worker_first_name`: who reads one together with this reader."""

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    worker_first_name: str
    decisions: tuple[Decision, ...]
