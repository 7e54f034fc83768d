"""What was written in a case and may be read here: letters, decisions, minutes, reports. Text only; no file.

Nothing in these types says that something else is held back (rules.md R11).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.domain.people import Child, Reader


class DocumentKind(StrEnum):
    """What sort of writing it is."""

    LETTER = "letter"
    DECISION = "decision"
    MINUTES = "minutes"
    REPORT = "report"


class ParagraphKind(StrEnum):
    """A heading stands over the text that follows it."""

    HEADING = "heading"
    TEXT = "text"


@dataclass(frozen=True)
class DocumentCard:
    """One document in the list. `dated` is the day it bears; `author` is how its writer may be named to this reader."""

    id: str
    kind: DocumentKind
    title: str = field(repr=False)
    dated: date
    author: str


@dataclass(frozen=True)
class Documents:
    """The documents this reader may see, newest first. Titles are in `content_language`."""

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    documents: tuple[DocumentCard, ...]


@dataclass(frozen=True)
class Paragraph:
    """A piece of plain text; line breaks in it mean nothing."""

    kind: ParagraphKind
    text: str = field(repr=False)


@dataclass(frozen=True)
class Document:
    """One document as it is read, in `content_language`."""

    case_id: str
    child: Child
    reader: Reader
    content_language: str
    card: DocumentCard
    paragraphs: tuple[Paragraph, ...]
