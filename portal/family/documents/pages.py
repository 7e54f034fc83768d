"""The list of documents, one document, and a service whose system has none to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from portal.domain.document import DocumentKind, Paragraph
from portal.web.pages import Page


@dataclass(frozen=True)
class ShownDocument:
    """One line of the list."""

    title: str = field(repr=False)
    kind: DocumentKind
    dated: date
    author: str
    url: str


@dataclass(frozen=True)
class DocumentsPage(Page):
    """What this reader may read; an empty list is no error.

    `together`: a child who is a party is offered to read what was written before together with its worker (R6).
    """

    template: ClassVar[str] = "family/documents.html"
    is_child: bool
    child_name: str
    content_language: str
    documents: tuple[ShownDocument, ...]
    together: bool
    back_url: str
    messages_url: str
    see_more_url: str
    asked_url: str


@dataclass(frozen=True)
class NoDocumentsHerePage(Page):
    """This service's system shows no documents here: a sentence and the phone numbers."""

    template: ClassVar[str] = "family/documents_not_here.html"
    is_child: bool
    back_url: str
    messages_url: str
    see_more_url: str
    asked_url: str


@dataclass(frozen=True)
class DocumentPage(Page):
    """One document to read."""

    template: ClassVar[str] = "family/documents_read.html"
    is_child: bool
    content_language: str
    title: str = field(repr=False)
    kind: DocumentKind
    dated: date
    author: str
    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    back_url: str
    messages_url: str
    see_more_url: str
    asked_url: str
