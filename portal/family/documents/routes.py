"""Routes of the documents. The list needs what a plan needs; a document itself a fresh and sure sign-in."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.access.actions import SEE_DOCUMENT, SEE_DOCUMENTS
from portal.family.documents import operations
from portal.texts import N_
from portal.web.pages import render
from portal.web.preview import preview
from portal.web.visit import Visit

family_documents = Blueprint("family_documents", __name__)


@family_documents.get("/cases/<uuid:case_id>/documents", access=SEE_DOCUMENTS)
def documents(visit: Visit) -> Response:
    """What there is to read."""
    return render(operations.documents_page(visit))


@family_documents.get("/cases/<uuid:case_id>/documents/<uuid:document_id>", access=SEE_DOCUMENT)
def document(visit: Visit) -> Response:
    """One document."""
    return render(operations.document_page(visit))


preview(family_documents, "/documents", N_("Documents"), SEE_DOCUMENTS, operations.documents_page)
preview(family_documents, "/documents/<uuid:document_id>", N_("Documents"), SEE_DOCUMENT, operations.document_page)
