"""Documents as they come over the wire. Whole or not at all; upstream words stop here."""

from __future__ import annotations

from portal.core.errors import CoreFault
from portal.core.wire_family import child, reader
from portal.core.wire_shapes import closed, day, each, identifier, language, one_of, text
from portal.domain.document import Document, DocumentCard, DocumentKind, Documents, Paragraph, ParagraphKind


def documents(value: object) -> Documents:
    """The list of a case, no document in it twice."""
    fields = closed(value, "case_id", "child", "reader", "content_language", "documents")
    cards = each(_card, fields["documents"])
    if len({card.id for card in cards}) != len(cards):
        raise CoreFault
    return Documents(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        documents=cards,
    )


def document(value: object) -> Document:
    """One document to read."""
    fields = closed(value, "case_id", "child", "reader", "content_language", "document", "paragraphs")
    return Document(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        content_language=language(fields["content_language"]),
        card=_card(fields["document"]),
        paragraphs=each(_paragraph, fields["paragraphs"]),
    )


def _card(value: object) -> DocumentCard:
    fields = closed(value, "id", "kind", "title", "dated", "author")
    return DocumentCard(
        id=identifier(fields["id"]),
        kind=one_of(DocumentKind, fields["kind"]),
        title=text(fields["title"]),
        dated=day(fields["dated"]),
        author=text(fields["author"]),
    )


def _paragraph(value: object) -> Paragraph:
    fields = closed(value, "kind", "text")
    return Paragraph(kind=one_of(ParagraphKind, fields["kind"]), text=text(fields["text"]))
