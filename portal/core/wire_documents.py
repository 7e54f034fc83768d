"""Documents as they come over the wire, without what is not for the reader. Upstream words and marks stop here."""

from __future__ import annotations

from functools import partial

from portal.core.errors import CoreFault, NotFound
from portal.core.projection import Sieve, left
from portal.core.wire_family import child, reader
from portal.core.wire_marks import MARKS, marks
from portal.core.wire_shapes import closed, day, each, identifier, language, one_of, text
from portal.domain.document import Document, DocumentCard, DocumentKind, Documents, Paragraph, ParagraphKind


def documents(value: object, sieve: Sieve) -> Documents:
    """The list of a case, no document in it twice."""
    fields = closed(value, "case_id", "child", "reader", "content_language", "documents")
    cards = left(each(partial(_card, sieve=sieve), fields["documents"]))
    if len({card.id for card in cards}) != len(cards):
        raise CoreFault
    return Documents(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        documents=cards,
    )


def document(value: object, sieve: Sieve) -> Document:
    """One document to read. Raises `NotFound` for one that is not for this reader, as the core should have."""
    fields = closed(value, "case_id", "child", "reader", "content_language", "document", "paragraphs")
    card = _card(fields["document"], sieve)
    if card is None:
        raise NotFound
    return Document(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        card=card,
        paragraphs=each(_paragraph, fields["paragraphs"]),
    )


def _card(value: object, sieve: Sieve) -> DocumentCard | None:
    fields = closed(value, "id", "kind", "title", "dated", "author", *MARKS)
    card = DocumentCard(
        id=identifier(fields["id"]),
        kind=one_of(DocumentKind, fields["kind"]),
        title=text(fields["title"]),
        dated=day(fields["dated"]),
        author=text(fields["author"]),
    )
    return sieve.item("document", card, marks(card.id, fields))


def _paragraph(value: object) -> Paragraph:
    fields = closed(value, "kind", "text")
    return Paragraph(kind=one_of(ParagraphKind, fields["kind"]), text=text(fields["text"]))
