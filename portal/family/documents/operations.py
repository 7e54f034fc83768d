"""Reading the documents of a case for their pages. Which ones there are for whom is the core's word alone."""

from __future__ import annotations

from flask import url_for

from portal.access.grants import Documents as Readable
from portal.core.errors import CoreError
from portal.domain.document import DocumentCard
from portal.domain.people import Relation
from portal.family.documents.pages import DocumentPage, DocumentsPage, NoDocumentsHerePage, ShownDocument
from portal.web.errors import NoError
from portal.web.visit import Visit


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def documents_page(visit: Visit) -> DocumentsPage | NoDocumentsHerePage:
    """The documents this reader may see. Raises `CoreError`."""
    case_id = case_of(visit)
    back_url = url_for("family_overview.overview", case_id=case_id)
    messages_url = url_for("family_conversation.conversation", case_id=case_id)
    if not _offered(visit):
        return NoDocumentsHerePage(
            is_child=visit.grant.relation is Relation.SELF,
            back_url=back_url,
            messages_url=messages_url,
            see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
            asked_url=url_for("family_requests.requests", case_id=case_id),
        )
    found = visit.core.documents(visit.grant, visit.language)
    return DocumentsPage(
        is_child=found.reader.is_child,
        child_name=found.child.first_name,
        content_language=found.content_language,
        documents=tuple(_shown(case_id, card) for card in found.documents),
        together=found.reader.is_child and visit.grant.view.documents is Readable.ALL,
        back_url=back_url,
        messages_url=messages_url,
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
    )


def document_page(visit: Visit) -> DocumentPage:
    """One document, noted as seen once the core has given it and before it leaves. Raises `CoreError`."""
    case_id, document_id = case_of(visit), str(visit.arguments["document_id"])
    found = visit.core.document(visit.grant, document_id, visit.language)
    visit.note_seen("document", document_id)
    return DocumentPage(
        is_child=found.reader.is_child,
        content_language=found.content_language,
        title=found.card.title,
        kind=found.card.kind,
        dated=found.card.dated,
        author=found.card.author,
        paragraphs=found.paragraphs,
        back_url=url_for("family_documents.documents", case_id=case_id),
        messages_url=url_for("family_conversation.conversation", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        asked_url=url_for("family_requests.requests", case_id=case_id),
    )


def _shown(case_id: str, card: DocumentCard) -> ShownDocument:
    url = url_for("family_documents.document", case_id=case_id, document_id=card.id)
    return ShownDocument(card.title, card.kind, card.dated, card.author, url)


def _offered(visit: Visit) -> bool:
    """Does this core have documents? While it cannot say, reading is tried, and fails in its own way."""
    try:
        return visit.core.capabilities().documents
    except CoreError:
        return True
