"""The reference contract over HTTP: `Gateway` for every core that speaks `contract/openapi.yaml`.

Takes ids from grants only, checks that each answer is about what was asked, and never holds a page back for later.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from urllib.parse import urlencode

from portal.access import actions
from portal.access.grants import Grant
from portal.access.standing import Standing, Target
from portal.core import (
    files,
    wire_children,
    wire_complaint,
    wire_documents,
    wire_family,
    wire_inbox,
    wire_preview,
    wire_requests,
    wire_staff,
    wire_stays,
    wire_submission,
    wire_system,
    wire_trail,
    wire_visits,
    wire_words,
)
from portal.core.client import CoreClient, Request
from portal.core.errors import CoreFault, Invalid
from portal.core.guard import (
    check_case_page,
    check_same,
    check_service,
    for_delivery,
    for_reading,
    only_open,
    path_uuid,
    path_word,
    sifting,
    submission_path,
)
from portal.core.signing import LOOK, POLL, PREVIEW
from portal.core.transport import Transport
from portal.core.wire_standing import standing
from portal.domain.attachment import FileContent, OutgoingFile
from portal.domain.capability import Capabilities, ChangePage
from portal.domain.case import Home, Overview
from portal.domain.children import WorkersChildren
from portal.domain.complaint import Complaints, StaffComplaints
from portal.domain.conversation import Conversation, HelpConversation, Inbox, StaffConversation
from portal.domain.decision import Decisions
from portal.domain.delivery import Receipt
from portal.domain.document import Document, Documents
from portal.domain.journal import KeptHead
from portal.domain.people import Actor, PersonNumber, Relation
from portal.domain.plan import PlanView
from portal.domain.preview import CasePeople, CasePerson
from portal.domain.request import Requests
from portal.domain.shielding import ShieldedFrom
from portal.domain.stays import WhoStays
from portal.domain.submission import Submission
from portal.domain.trail import Trail
from portal.domain.visits import Visits
from portal.domain.words import MyWords, StaffSharing
from portal.settings import CoreSettings

CAPABILITIES_LIVE = timedelta(minutes=5)


class HttpGateway:
    """One service's core. May be shared by threads; raises only `CoreError` and its kinds."""

    def __init__(
        self, settings: CoreSettings, service_id: str, clock: Callable[[], datetime], transport: Transport
    ) -> None:
        self._service_id = service_id
        self._clock = clock
        self._client = CoreClient(settings, clock, transport)
        self._capabilities: tuple[datetime, Capabilities] | None = None

    def capabilities(self) -> Capabilities:
        """See `Gateway`; asked anew after five minutes."""
        now = self._clock()
        if self._capabilities is None or not timedelta() <= now - self._capabilities[0] < CAPABILITIES_LIVE:
            self._capabilities = (now, wire_system.capabilities(self._client.ask(Request("GET", "/capabilities"))))
        return self._capabilities[1]

    def resolve_person(self, number: PersonNumber) -> str:
        """See `Gateway`. The number stands in the body only."""
        try:
            body = json.dumps({"scheme": number.scheme, "value": number.value}, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise Invalid from None
        return wire_system.person_id(self._client.ask(Request("POST", "/person-resolutions", body=body)))

    def standing(self, actor: Actor, target: Target) -> Standing:
        """See `Gateway`."""
        check_service(actor, self._service_id)
        asked = {
            "case_id": target.case_id,
            "thread_id": target.thread_id,
            "referral_id": target.referral_id,
            "child_id": target.child_id,
        }
        query = urlencode({name: path_word(value) for name, value in asked.items() if value is not None})
        path = f"/me/standing?{query}" if query else "/me/standing"
        return standing(self._client.ask(Request("GET", path, actor)), target)

    def home(self, grant: Grant, language: str) -> Home:
        """See `Gateway`. Doors that the grant does not open are taken out, should the core have sent them."""
        checked = for_reading(grant, self._service_id, actions.SEE_HOME)
        return only_open(checked, wire_family.home(self._page(checked, "/me/pages/home", language)))

    def overview(self, grant: Grant, language: str) -> Overview:
        """See `Gateway`. What the view does not leave is taken out here too, on every page that bears items."""
        fitting = (actions.SEE_OVERVIEW, actions.ASK_TO_SEE_MORE, actions.SEE_RIGHTS, actions.SEE_ON_PAPER)
        checked = for_reading(grant, self._service_id, *fitting)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/overview", language)
        with sifting(checked) as sieve:
            page = wire_family.overview(value, sieve)
        check_case_page(checked, page)
        return page

    def plan(self, grant: Grant, language: str) -> PlanView:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.SEE_PLAN, actions.COMMENT_ON_PLAN, actions.SEE_ON_PAPER)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/plan", language)
        with sifting(checked) as sieve:
            page = wire_family.plan_view(value, sieve)
        check_case_page(checked, page)
        return page

    def conversation(self, grant: Grant, language: str) -> Conversation:
        """See `Gateway`."""
        fitting = (actions.SEE_CONVERSATION, actions.SEE_NEWS, actions.WRITE_MESSAGE)
        checked = for_reading(grant, self._service_id, *fitting)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/conversation", language)
        with sifting(checked) as sieve:
            page = wire_family.conversation(value, sieve)
        check_case_page(checked, page)
        return page

    def documents(self, grant: Grant, language: str) -> Documents:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.SEE_DOCUMENTS)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/documents", language)
        with sifting(checked) as sieve:
            page = wire_documents.documents(value, sieve)
        check_case_page(checked, page)
        return page

    def document(self, grant: Grant, document_id: str, language: str) -> Document:
        """See `Gateway`. Must be about this document of this case; what the view does not leave is `NotFound`."""
        checked = for_reading(grant, self._service_id, actions.SEE_DOCUMENT)
        path = f"/cases/{path_word(checked.target.case_id)}/documents/{path_word(document_id)}"
        value = self._page(checked, path, language)
        with sifting(checked) as sieve:
            page = wire_documents.document(value, sieve)
        check_case_page(checked, page)
        check_same(page.card.id, document_id)
        return page

    def my_words(self, grant: Grant, language: str) -> MyWords:
        """See `Gateway`."""
        fitting = (actions.SEE_MY_WORDS, actions.ANSWER_ABOUT_WORDS, actions.SEE_ON_PAPER)
        checked = for_reading(grant, self._service_id, *fitting)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/my-words", language)
        with sifting(checked) as sieve:
            page = wire_words.my_words(value, sieve)
        check_case_page(checked, page)
        return page

    def staff_sharing(self, grant: Grant, language: str) -> StaffSharing:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.SEE_SHARING, actions.DECIDE_SHARING)
        path = f"/staff/threads/{path_word(checked.target.thread_id)}/pages/sharing"
        page = wire_words.staff_sharing(self._page(checked, path, language))
        check_same(page.thread_id, checked.target.thread_id)
        return page

    def trail(self, grant: Grant, language: str) -> Trail:
        """See `Gateway`. Lines about what this reader does not see are taken out here, too."""
        checked = for_reading(grant, self._service_id, actions.SEE_TRAIL)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/trail", language)
        with sifting(checked) as sieve:
            page = wire_trail.trail(value, sieve)
        check_case_page(checked, page)
        return page

    def who_stays(self, grant: Grant, language: str) -> WhoStays:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.SEE_WHO_STAYS, actions.CHOOSE_WHO_STAYS)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/who-stays", language)
        with sifting(checked) as sieve:
            page = wire_stays.who_stays(value, sieve)
        check_case_page(checked, page)
        return page

    def visits(self, grant: Grant, language: str) -> Visits:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.SEE_VISITS, actions.SAY_ABOUT_VISITS)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/visits", language)
        with sifting(checked) as sieve:
            page = wire_visits.visits(value, sieve)
        check_case_page(checked, page)
        return page

    def requests(self, grant: Grant, language: str) -> Requests:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.SEE_REQUESTS)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/requests", language)
        page = wire_requests.requests(value)
        check_case_page(checked, page)
        return page

    def decisions(self, grant: Grant, language: str) -> Decisions:
        """See `Gateway`. What the grant does not open is taken out here too, should the core have sent it."""
        checked = for_reading(grant, self._service_id, actions.SEE_DECISIONS, actions.SEE_ON_PAPER)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/decisions", language)
        with sifting(checked) as sieve:
            page = wire_requests.decisions(value, sieve)
        check_case_page(checked, page)
        return page

    def complaints(self, grant: Grant, language: str) -> Complaints:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.SEE_OWN_COMPLAINTS, actions.WRITE_COMPLAINT)
        value = self._page(checked, f"/cases/{path_word(checked.target.case_id)}/pages/complaints", language)
        with sifting(checked) as sieve:
            page = wire_complaint.complaints(value, sieve)
        check_case_page(checked, page)
        return page

    def staff_complaints(self, grant: Grant, language: str) -> StaffComplaints:
        """See `Gateway`. What is about the acting worker is taken out here, too."""
        fitting = (actions.SEE_COMPLAINTS, actions.ANSWER_COMPLAINT, actions.SEE_INBOX)
        checked = for_reading(grant, self._service_id, *fitting)
        value = self._page(checked, "/staff/pages/complaints", language)
        with sifting(checked) as sieve:
            return wire_complaint.staff_complaints(value, sieve)

    def help_conversation(self, grant: Grant, language: str) -> HelpConversation:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.SEE_HELP_ANSWER, actions.WRITE_ON_HELP)
        value = self._page(checked, f"/referrals/{path_uuid(checked.target.referral_id)}/pages/conversation", language)
        with sifting(checked) as sieve:
            page = wire_family.help_conversation(value, sieve)
        check_same(page.referral_id, checked.target.referral_id)
        return page

    def inbox(self, grant: Grant, language: str, page: int = 1, undelivered: Collection[str] = ()) -> Inbox:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.SEE_INBOX, actions.SEE_INBOX_NEWS)
        asked = {"page": str(page)} if page > 1 else {}
        asked |= {"undelivered": ",".join(map(path_word, undelivered))} if undelivered else {}
        path = f"/staff/pages/inbox?{urlencode(asked)}" if asked else "/staff/pages/inbox"
        return wire_inbox.inbox(self._page(checked, path, language))

    def staff_conversation(self, grant: Grant, language: str) -> StaffConversation:
        """See `Gateway`."""
        fitting = (
            actions.READ_THREAD,
            actions.REPLY,
            actions.MARK_OPENED,
            actions.STOP_MESSAGE,
            actions.DECIDE_SHARING,
            actions.CLASSIFY,
        )
        checked = for_reading(grant, self._service_id, *fitting)
        path = f"/staff/threads/{path_word(checked.target.thread_id)}/pages/conversation"
        page = wire_staff.staff_conversation(self._page(checked, path, language))
        check_same(page.thread_id, checked.target.thread_id)
        return page

    def shielded(self, grant: Grant, language: str, reader_id: str | None = None) -> ShieldedFrom:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.REPLY, actions.DECIDE_SHARING)
        path = f"/staff/threads/{path_word(checked.target.thread_id)}/shielded"
        path += "" if reader_id is None else f"?reader={path_word(reader_id)}"
        return wire_staff.shielded(self._page(checked, path, language), checked.target.thread_id)

    def children(self, grant: Grant, language: str) -> WorkersChildren:
        """See `Gateway`. Raises `CoreFault` when the child of the grant is not among them."""
        checked = for_reading(grant, self._service_id, actions.SEE_CHILDREN, actions.ENROL_CHILD)
        page = wire_children.children(self._page(checked, "/staff/pages/children", language))
        if checked.target.child_id is not None and checked.target.child_id not in {child.id for child in page.children}:
            raise CoreFault
        return page

    def case_people(self, grant: Grant, language: str) -> CasePeople:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.PREVIEW)
        page = wire_preview.case_people(self._page(checked, _people_path(checked), language))
        check_same(page.case_id, checked.target.case_id)
        return page

    def case_person(self, grant: Grant) -> tuple[CasePerson, Standing, ShieldedFrom]:
        """See `Gateway`."""
        checked = for_reading(grant, self._service_id, actions.PREVIEW)
        path = f"{_people_path(checked)}/{path_word(checked.target.person_id)}"
        found = wire_preview.case_person(self._client.ask(Request("GET", path, checked.actor)), checked.target)
        check_same(found[0].id, checked.target.person_id)
        return found

    def deliver(self, grant: Grant, submission: Submission) -> Receipt:
        """See `Gateway`. Raises `GrantMisuseError` when the grant does not cover this very submission."""
        for_delivery(grant, self._service_id, submission)
        key, body = (
            wire_submission.key(submission),
            wire_submission.body(submission, by_child=grant.relation is Relation.SELF),
        )
        request = Request("PUT", submission_path(submission), submission.actor, body=body, key=key)
        return wire_system.receipt(self._client.ask(request), submission.id)

    def deliver_file(self, grant: Grant, submission: Submission, file: OutgoingFile) -> None:
        """See `Gateway`. Raises `GrantMisuseError` for a file that is not of this submission."""
        files.deliver(self._client, self._service_id, grant, submission, file)

    def attachment(self, grant: Grant, attachment_id: str) -> FileContent:
        """See `Gateway`."""
        return files.read(self._client, self._service_id, grant, attachment_id)

    def receipt(self, operation_id: str) -> Receipt:
        """See `Gateway`."""
        answer = self._client.ask(Request("GET", f"/receipts/{path_word(operation_id)}"))
        return wire_system.receipt(answer, operation_id)

    def changes(self, after: str | None, limit: int) -> ChangePage:
        """See `Gateway`. A core that promises more and does not move on would hold its reader for ever: a fault."""
        query = {"limit": str(limit)} if after is None else {"after": after, "limit": str(limit)}
        page = wire_system.change_page(self._client.ask(Request("GET", f"/changes?{urlencode(query)}")))
        if page.more and page.next_cursor == after:
            raise CoreFault
        return page

    def keep_head(self, sequence: int, digest: str) -> None:
        """See `Gateway`."""
        body = json.dumps({"hash": digest}).encode()
        kept = wire_trail.kept_head(self._client.ask(Request("PUT", f"/journal-heads/{sequence}", body=body)))
        if (kept.sequence, kept.hash) != (sequence, digest):
            raise CoreFault

    def latest_head(self) -> KeptHead:
        """See `Gateway`."""
        return wire_trail.kept_head(self._client.ask(Request("GET", "/journal-heads/latest")))

    def _page(self, grant: Grant, path: str, language: str) -> object:
        if grant.previewed_by is not None:
            check_service(grant.previewed_by, self._service_id)
            worker, of = grant.previewed_by, grant.actor.subject
            return self._client.ask(Request("GET", path, worker, language, purpose=PREVIEW, preview_of=of))
        purpose = POLL if grant.action.polls else LOOK
        return self._client.ask(Request("GET", path, grant.actor, language, purpose=purpose))


def _people_path(grant: Grant) -> str:
    return f"/staff/cases/{path_word(grant.target.case_id)}/people"
